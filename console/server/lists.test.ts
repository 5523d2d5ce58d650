import fc from 'fast-check'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import type { Condition, FieldTest } from '../kit/model/condition.ts'
import { operatorsOf } from '../kit/model/operators.ts'
import type { Field } from '../kit/model/section.ts'
import type { ListAnswer, ListRow } from '../kit/model/wire.ts'
import type { Access } from '../kit/server/access.ts'
import { selectRows, whereSql } from '../kit/server/read.ts'
import { keepBounded } from '../kit/server/scan-bounds.ts'
import { sortKeys } from '../kit/server/sort-sql.ts'
import { inScope } from '../kit/server/transaction.ts'
import { sectionNames } from '../sections/index.ts'
import { type Harness, type Speaker, startHarness } from '../testing/harness.ts'
import {
  insert,
  makeWorld,
  memberId,
  operators,
  organizers,
  programs,
  saleId,
  worldId,
  worldNowMs,
} from '../testing/world.ts'
import { loadSections } from './sections.ts'

let testDatabase: TestDatabase
let harness: Harness
let operator: Speaker

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  await makeWorld(testDatabase)
  harness = await startHarness(testDatabase)
  operator = await harness.logIn('operator@test')
})
afterAll(async () => {
  await harness?.close()
  await testDatabase?.drop()
})

const page = async (path: string): Promise<ListAnswer> => {
  const response = await operator.get(path)
  expect(response.status, path).toBe(200)
  return (await response.json()) as ListAnswer
}
const key = (row: ListRow): string => `${row.program} ${row.id}`

/** All rows by turning pages of a size. */
const turned = async (base: string, size: number): Promise<readonly string[]> => {
  const keys: string[] = []
  let after = ''
  for (let turn = 0; turn < 100; turn += 1) {
    const answer = await page(`${base}&limit=${size}${after === '' ? '' : `&after=${after}`}`)
    keys.push(...answer.rows.map(key))
    if (answer.next === null) return keys
    after = answer.next
  }
  throw new Error('the list does not end')
}

const sections = await loadSections()
const sortable = sectionNames.flatMap((name) =>
  Object.entries(sections.byName.get(name)?.source.section.fields ?? {}).flatMap(([field, { sort }]) =>
    sort === true
      ? [
          [name, field],
          [name, `-${field}`],
        ]
      : [],
  ),
)

test.each(sortable)(
  '%s by %s: pages of any size give every row once, in the order of one page',
  async (section, sort) => {
    for (const scope of ['', organizers.a, programs[0].publicId]) {
      const base = `/api/sections/${section}/rows?sort=${sort}&scope=${scope}`
      const whole = (await page(`${base}&limit=200`)).rows.map(key)
      expect(new Set(whole).size).toBe(whole.length)
      for (const size of [1, 5]) expect(await turned(base, size)).toEqual(whole)
    }
  },
  60_000,
)

test('what is missing stands last in both directions', async () => {
  for (const sort of ['lastSaleAt', '-lastSaleAt']) {
    const { rows } = await page(`/api/sections/members/rows?columns=lastSaleAt&sort=${sort}&limit=200`)
    const missing = rows.map((row) => row.cells['lastSaleAt'] === null)
    expect(missing.lastIndexOf(false)).toBeLessThan(missing.indexOf(true))
  }
})

test('rows that come in while somebody turns pages shift nothing, and are counted as newer', async () => {
  const base = `/api/sections/sales/rows?scope=${programs[2].publicId}`
  const first = await page(`${base}&limit=5`)
  const newer = `/api/sections/sales/newer?scope=${programs[2].publicId}&first=${first.first}`
  expect(await (await operator.get(newer)).json()).toEqual({ count: 0 })
  const [found] = await testDatabase.admin`SELECT * FROM read.sale_register WHERE document_id = ${saleId(3, 0)}`
  const { number_folded: _computed, ...row } = found ?? {}
  const later = new Date(worldNowMs + 60_000).toISOString()
  await insert(testDatabase.admin, 'read.sale_register', [
    { ...row, document_id: worldId('late', 1), occurred_at: later, booked_at: later },
  ])
  expect(await (await operator.get(newer)).json()).toEqual({ count: 1 })
  const second = await page(`${base}&limit=5&after=${first.next}`)
  expect(second.rows.map((each) => each.id)).toEqual([5, 6, 7, 8, 9].map((n) => saleId(3, n)))
  await testDatabase.admin`DELETE FROM read.sale_register WHERE document_id = ${worldId('late', 1)}`
})

test('a cursor of another list, another sort, another scope, or made up, is malformed', async () => {
  const { next } = await page(`/api/sections/sales/rows?scope=${programs[2].publicId}&limit=2`)
  expect((await operator.get(`/api/sections/sales/rows?scope=${programs[0].publicId}&after=${next}`)).status).toBe(400)
  expect((await operator.get(`/api/sections/members/rows?after=${next}`)).status).toBe(400)
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json().map((text) => Buffer.from(text).toString('base64url')),
      ),
      async (text) => {
        fc.pre(text !== '')
        expect((await operator.get(`/api/sections/sales/rows?after=${encodeURIComponent(text)}`)).status).toBe(400)
      },
    ),
    { numRuns: 30 },
  )
})

test.each([
  ['limit=0', '/limit'],
  ['limit=201', '/limit'],
  ['columns=secret', '/columns'],
  ['columns=constructor', '/columns'],
  ['sort=gross', '/sort'],
  ['sort=occurredAt,-occurredAt,occurredAt,occurredAt', '/sort'],
  [`filter=${encodeURIComponent('{"field":"gross","is":"gt","value":5}')}`, '/filter/value'],
  ['filter=%7B', '/filter'],
])('a list asked with %s is refused at %s', async (query, path) => {
  const response = await operator.get(`/api/sections/sales/rows?${query}`)
  expect(response.status).toBe(422)
  const problem = (await response.json()) as { errors: readonly { path: string }[] }
  expect(problem.errors[0]?.path).toBe(path)
})

test('money compares within its currency, points in whole points of each program', async () => {
  const rowsWith = async (filter: Condition): Promise<ReadonlySet<string | undefined>> => {
    const { rows } = await page(
      `/api/sections/sales/rows?limit=200&filter=${encodeURIComponent(JSON.stringify(filter))}`,
    )
    return new Set(rows.map((row) => row.program))
  }
  expect(await rowsWith({ field: 'gross', is: 'gt', value: '0 RON' })).toEqual(new Set([programs[2].publicId]))
  expect(await rowsWith({ field: 'gross', is: 'gt', value: '0 EUR' })).toEqual(new Set())
  // Program 2 counts in tenths: its 11 are 1.1 points, the others' 11 are eleven.
  expect(await rowsWith({ field: 'points', is: 'gte', value: 11 })).toEqual(
    new Set([programs[0].publicId, programs[2].publicId]),
  )
})

test('a filter without an index keeps to the latest 31 days and says so; a period given is taken', async () => {
  const filter = (parts: readonly Condition[]) => encodeURIComponent(JSON.stringify({ all: parts }))
  const gross: Condition = { field: 'gross', is: 'gt', value: '0 PLN' }
  const kept = await page(`/api/sections/sales/rows?filter=${filter([gross])}`)
  expect(kept.boundedFrom).toBe('2026-10-22')
  // A receipt's number finds it whenever it was: nothing has to be kept near.
  const old = await page(
    `/api/sections/sales/rows?filter=${filter([gross, { field: 'number', is: 'eq', value: 'W1-9' }])}`,
  )
  expect([old.boundedFrom, old.rows.length]).toEqual([undefined, 1])
  const all = await page(
    `/api/sections/sales/rows?filter=${filter([gross, { field: 'occurredAt', is: 'within', value: { last: 2, unit: 'year' } }])}`,
  )
  expect(all.boundedFrom).toBeUndefined()
})

test('a receipt is found by its number as people type it, however old, and so is the member whose sale it was', async () => {
  for (const typed of ['W1-9', 'w1-9', ' w1 -9 ']) {
    const response = await operator.get(`/api/find?text=${encodeURIComponent(typed)}`)
    const found = (await response.json()) as readonly { section: string; id: string; title: string; detail: string }[]
    expect(found.filter((each) => each.section === 'sales').map((each) => each.id)).toEqual([saleId(1, 9)])
    const [member] = found.filter((each) => each.section === 'members')
    expect(member).toMatchObject({ id: memberId(1, 9 % 6), detail: 'Program 1 · W1-9' })
  }
})

test('an export has a line a row with the right columns, guards formulas, and leaves a trace', async () => {
  await testDatabase.admin`UPDATE read.sale_register SET document_number = '=1+1' WHERE document_id = ${saleId(1, 2)}`
  const response = await operator.get(
    `/api/sections/sales/rows.csv?scope=${programs[0].publicId}&columns=number,gross,points&language=pl`,
  )
  expect(response.headers.get('content-disposition')).toContain('sales-2026-11-21.csv')
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer()).split('\r\n')
  expect(lines[0]).toBe('\uFEFFProgram;Waluta;Numer paragonu;Brutto;Punkty')
  expect(lines[1]).toBe('Program 1;PLN;W1-0;10,00;0')
  expect(lines).toContain("Program 1;PLN;'=1+1;30,00;2")
  expect(lines.length).toBe(12 + 2)
  const [audit] = await harness.database`SELECT action, changes FROM console.audit ORDER BY at DESC LIMIT 1`
  expect(audit).toMatchObject({ action: 'export', changes: { columns: ['number', 'gross', 'points'] } })
})

test('an export that would be too long says in its last line that it is not all', async () => {
  const short = await startHarness(testDatabase, { exportRowsMax: 5 })
  const speaker = await short.logIn('operator@test')
  const response = await speaker.get(
    `/api/sections/sales/rows.csv?scope=${programs[0].publicId}&columns=number&language=ro`,
  )
  const lines = (await response.text()).split('\r\n')
  expect(lines).toHaveLength(1 + 5 + 1 + 1)
  expect(lines.at(-2)).toBe('S-a exportat doar începutul: 5 rânduri. Restrângeți filtrul pentru rest.')
  await short.close()
})

describe('under row security, as the console, every filter', () => {
  const access: Access = {
    userId: worldId('user', 1),
    name: 'x',
    role: 'organizer',
    language: 'pl',
    operatorId: operators.first,
    programs: [
      {
        ...programs[0],
        organizerId: organizers.a,
        name: '',
        zone: 'Europe/Warsaw',
        state: 'active',
        mainPointType: 'main',
        pointScale: 0,
        pointValueMinor: 5,
        tiers: {},
      },
    ],
    personal: true,
    staffNames: true,
    rights: new Set(),
    zone: 'Europe/Warsaw',
    nowMs: worldNowMs,
  }
  const operands: Readonly<Record<string, FieldTest['value']>> = {
    instant: { last: 7, unit: 'day' },
    ref: [memberId(1, 1)],
    text: 'W1-1',
    choice: ['return'],
    money: '100 PLN',
    points: 5,
    integer: 1,
  }
  const source = sections.byName.get('sales')?.source
  const filterable = Object.entries<Field>(source?.section.fields ?? {}).filter(
    ([, field]) => operatorsOf(field).length > 0,
  )
  const columnOf: Readonly<Record<string, string>> = {
    occurredAt: 'occurred_at',
    outlet: 'outlet_id',
    member: 'member_id',
    number: 'document_number',
  }

  interface Plan {
    readonly 'Relation Name'?: string
    readonly 'Node Type': string
    readonly 'Index Cond'?: string
    readonly Plans?: readonly Plan[]
  }
  const salesNodes = (plan: Plan): readonly Plan[] => [
    ...(plan['Relation Name'] === 'sale_register' ? [plan] : []),
    ...(plan.Plans ?? []).flatMap(salesNodes),
  ]

  test.each(filterable)(
    'of sales by %s is served by an index, or bounded by the period of one',
    async (name, field) => {
      if (source === undefined) throw new Error('there is no section of sales')
      const is =
        field.type === 'instant'
          ? 'within'
          : field.type === 'ref' || field.type === 'choice'
            ? 'in'
            : field.type === 'text'
              ? 'eq'
              : 'gte'
      const filter: Condition = { field: name, is, value: operands[field.type] ?? '' }
      const nodes = await inScope(harness.database, access, async (tx) => {
        // So few rows are read through anyhow: what is asked is whether the index can serve at all.
        await tx.run(sql`SET LOCAL enable_seqscan = off`)
        const keys = sortKeys(source, '-occurredAt', source.section.fields)
        const bounded = await keepBounded(source, filter, keys, tx)
        const where = whereSql(source, access, bounded.filter)
        const query =
          field.filter === 'indexed'
            ? sql`SELECT 1 FROM ${source.binding.view} WHERE ${source.binding.scope.program} = 1 AND ${where}`
            : selectRows({ source, columns: ['occurredAt'], keys, where, limit: 51, scans: bounded.scans }, access)
        const [row] = await tx.run<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(sql`EXPLAIN (FORMAT JSON) ${query}`)
        return salesNodes(row?.['QUERY PLAN'][0]?.Plan as Plan)
      })
      expect(nodes.length).toBeGreaterThan(0)
      for (const node of nodes) {
        expect(node['Node Type']).toMatch(/Index|Bitmap/)
        expect(node['Index Cond'] ?? '').toContain('program_id')
      }
      const conditions = nodes.map((node) => node['Index Cond'] ?? '').join('\n')
      expect(conditions).toMatch(
        field.filter === 'scan' && field.find !== 'exact' ? /occurred_at >=/ : new RegExp(columnOf[name] ?? name),
      )
    },
  )
})
