import type { Sale, Use } from '@premia/pos-sdk/contract/till'
import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drainProgram } from '../jobs/drain-program.ts'
import { nightly } from '../jobs/nightly.ts'
import { settleProgram } from '../jobs/settle-program.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, earningRules, type Fixture, memberId, openFixture } from '../testing/fixture.ts'
import { damages, unseen } from '../testing/damages.ts'
import { returnOf } from '../testing/sale-returns.ts'
import { runScenario } from '../testing/scenario.ts'
import type { SaleDraft } from '../testing/till.ts'
import { testDocument, testId, world } from '../testing/world.ts'
import { verifyPrograms } from './verify.ts'

const DAY_MS = 86_400_000
const head = { schema: 1, version: 1, phase: 'accrual.bonus' } as const
const rules: readonly Rule[] = [
  ...earningRules,
  {
    ...head,
    id: 'R-LATER',
    name: 'Three points in ten days, at most fifty a month',
    then: [
      {
        do: 'points',
        to: 'customer',
        formula: { kind: 'fixed', points: 3 },
        activation: { kind: 'afterDays', days: 10 },
      },
    ],
    limits: [{ id: 'fifty', per: 'member', period: 'month', measure: 'points', most: 50, over: 'truncate' }],
  },
  {
    ...head,
    id: 'R-SHORT',
    name: 'Two points for a day',
    then: [
      {
        do: 'points',
        to: 'customer',
        formula: { kind: 'fixed', points: 2 },
        expiry: { kind: 'afterDays', days: 1 },
      },
    ],
  },
]

let database: TestDatabase
let fixture: Fixture

/** A world in which there is something of everything that can be damaged. */
beforeAll(async () => {
  database = await createTestDatabase()
  const pointTypes = testDocument().pointTypes.map((type) => ({ ...type, onShortReturn: 'debt' as const }))
  fixture = await openFixture(database, { members: 7, rules, document: { pointTypes } })
  const vouchers = ['SAVE5', 'SAVE6', 'SAVE7'].map((code, index) => ({
    id: testId(10, index + 1),
    code,
    kind: 'five',
    valueMinor: 500,
  }))
  await fixture.give('voucher.issue', { vouchers }, { program: world.program })
  const { clock } = fixture
  const work = async (): Promise<void> => {
    const at = { programId: 1, nowMs: clock() + 120_000 }
    expect((await drainProgram(database.engine, at)).failed).toEqual([])
    expect((await settleProgram(database.engine, at)).failed).toEqual([])
  }
  await runScenario(
    fixture,
    `
    a      m1           1500.00     staff 1001      → +1505 pending 3 =1502
    b      m2           20.00       voucher SAVE5   → +25 pending 3 =22
    c      x999         7.00        -               → +0 card_unknown
    `,
  )
  await work()
  clock.advance(3 * DAY_MS)
  await nightly(database.engine, { programId: 1, nowMs: clock() })
  await runScenario(
    fixture,
    `
    d      m1           10.00       points 30       → +15 pending 3 -30 =1482
    e      m3           10.00       staff 1001      → +15 pending 3 =12
    f      m3           10.00       -               → +15 pending 3 =24
    `,
  )
  await bringBack()
  await work()
  await database.admin.unsafe('CREATE SCHEMA whole')
  for (const table of await allTables()) {
    await database.admin.unsafe(`CREATE TABLE ${shadow(table)} AS SELECT * FROM ${table}`)
  }
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

/** A return that takes from three, one that gives points back, one that makes a debt, one that frees a voucher, one that waits. */
const bringBack = async (): Promise<void> => {
  const { till } = fixture
  const post = async (sale: Sale): Promise<Sale> => {
    expect((await till.post('/v1/sales', sale)).body.status).toBe('recorded')
    return sale
  }
  const points = (count: number): Use =>
    ({ kind: 'points', program: world.program, pointType: 'points', points: count, amountMinor: count }) as never
  const bought = (member: number, draft: SaleDraft = {}): Promise<Sale> =>
    post(till.sale({ card: cardNumber(member), staff: { code: '1001' }, ...draft }))
  const all = { units: { 1: 1_000 } }
  const voucher = { kind: 'voucher', code: 'SAVE7', amountMinor: 500 } as never
  await post(returnOf(till, await bought(4, { uses: [voucher] }), all))
  const spend = (member: number): Promise<Sale> =>
    bought(member, { uses: [points(12)], lines: [{ grossMinor: 90 as never }] })
  const spent = await bought(6)
  await spend(6)
  await post(returnOf(till, spent, all))
  await bought(7)
  await post(returnOf(till, await spend(7), all))
  await post(returnOf(till, await bought(3), { units: { 1: 500 } }))
  await post(returnOf(till, till.sale(), all))
}

const allTables = async (): Promise<readonly string[]> =>
  (
    await database.admin<{ name: string }[]>`
      SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('loyalty', 'read') AND c.relkind IN ('r', 'p') AND NOT c.relispartition`
  ).map(({ name }) => name)
const shadow = (table: string): string => `whole.${table.replace('.', '_')}`

/** Puts a table back as it was. */
const mend = async (table: string): Promise<void> => {
  const { admin } = database
  const columns = await admin<{ name: string }[]>`
    SELECT attname AS name FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`
  const list = columns.map(({ name }) => name).join(', ')
  await admin.unsafe(`DELETE FROM ${table}; INSERT INTO ${table} (${list}) SELECT ${list} FROM ${shadow(table)}`)
}

const wrong = async (): Promise<readonly string[]> =>
  (await verifyPrograms(database.engine, { replays: 1_000 })).filter((each) => each.wrong > 0).map(({ name }) => name)

/** The checks that ring when this has been done; then all is as it was. */
const whenDamaged = async (sql: string): Promise<readonly string[]> => {
  try {
    const { count } = await database.admin.unsafe(sql)
    expect(count === null || count > 0).toBe(true)
    return await wrong()
  } finally {
    for (const table of tablesOf(sql)) await mend(table)
  }
}

interface Damage {
  readonly what: string
  readonly sql: string
  readonly check: string
}

const damagesOf = (text: string): readonly Damage[] => {
  let check = ''
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('    ')) check = line.trim() === '' ? check : line.trim()
    const [, what = '', sql = ''] = /^ {4}(.*?): ((?:UPDATE|DELETE|INSERT).*)$/.exec(line) ?? []
    return sql === '' ? [] : [{ what, sql: filled(sql), check }]
  })
}

const filled = (sql: string): string => {
  const [, table = ''] = TABLES.exec(sql) ?? []
  const one = (where: string): string =>
    `(ctid, tableoid) = (SELECT ctid, tableoid FROM ${table} WHERE ${where} ORDER BY ctid LIMIT 1)`
  return sql
    .replace(/WHERE ONE( \w+)?/, (_, where?: string) => `WHERE ${one(where ?? 'true')}`)
    .replace(/\$m(\d)/g, (_, number: string) => memberId(Number(number)))
    .replace('$outlet2', world.outlets[1])
}

const TABLES = /(?:UPDATE|DELETE FROM|INSERT INTO) ((?:loyalty|read)\.\w+)/
const tablesOf = (sql: string): readonly string[] =>
  [...sql.matchAll(new RegExp(TABLES, 'g'))].map(([, table]) => table as string)

describe('npm run verify', () => {
  it('finds nothing in a world that is right, and checks something of everything', async () => {
    const results = await verifyPrograms(database.engine, { replays: 1_000 })
    expect(results.filter((each) => each.wrong > 0)).toEqual([])
    const idle = results.filter(({ checked, name }) => checked === 0 && !name.startsWith('nothing in the default'))
    expect(idle).toEqual([])
    expect(new Set(results.map(({ name }) => name)).size).toBe(results.length)
  })

  it.each(damagesOf(damages))('finds $what ($check)', async ({ sql, check }) => {
    expect(await whenDamaged(sql)).toContain(check)
  })

  it.each(damagesOf(unseen))('cannot find $what', async ({ sql }) => {
    expect(await whenDamaged(sql)).toEqual([])
  })

  it('every check is the one that finds some damage, and the world is as right as before', async () => {
    const results = await verifyPrograms(database.engine, { replays: 1_000 })
    expect(results.filter((each) => each.wrong > 0)).toEqual([])
    const finding = new Set(damagesOf(damages).map(({ check }) => check))
    expect(results.map(({ name }) => name).filter((name) => !finding.has(name))).toEqual([])
    expect(finding.size).toBe(results.length)
  })
})
