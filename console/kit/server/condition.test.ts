import fc from 'fast-check'
import { sql } from 'drizzle-orm'
import { bigint, date, pgView, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../engine/testing/database.ts'
import { openDatabase } from '../../server/database.ts'
import type { Condition } from '../model/condition.ts'
import { foldedFrom, foldText } from '../model/fold-text.ts'
import { matches } from '../model/matches.ts'
import { operatorsOf } from '../model/operators.ts'
import { parseCondition } from '../model/parse-condition.ts'
import { defineSection } from '../model/section.ts'
import type { Cell } from '../model/wire.ts'
import type { Access, ProgramReach } from './access.ts'
import { conditionSql } from './condition-sql.ts'
import { engineSource, type Source } from './source.ts'
import { compile, type Database } from './transaction.ts'

const runs = Number(process.env['FC_RUNS'] ?? 300)

const things = defineSection({
  name: 'things',
  group: 'test',
  icon: 'x',
  order: 1,
  owner: 'engine',
  scope: 'program',
  title: 'words',
  fields: {
    words: { type: 'text', max: 100, filter: 'scan' },
    count: { type: 'integer', filter: 'scan' },
    price: { type: 'money', filter: 'scan' },
    points: { type: 'points', filter: 'scan' },
    day: { type: 'date', filter: 'scan' },
    at: { type: 'instant', filter: 'scan' },
    kind: { type: 'choice', of: ['a', 'b'], filter: 'scan' },
    owner: { type: 'ref', to: 'owners', filter: 'scan' },
  },
  list: { columns: ['words'], sort: ['words'] },
  record: { facts: [] },
  can: [],
})

const view = pgView('thing', {
  id: uuid('id').notNull(),
  programId: bigint('program_id', { mode: 'number' }).notNull(),
  words: text('words'),
  wordsFolded: text('words_folded'),
  count: bigint('count', { mode: 'number' }),
  price: bigint('price', { mode: 'number' }),
  points: bigint('points', { mode: 'number' }),
  day: date('day', { mode: 'string' }),
  at: timestamp('at', { withTimezone: true, mode: 'string' }),
  kind: text('kind'),
  owner: uuid('owner'),
}).existing()

const source: Source = engineSource(
  things,
  {
    view,
    id: view.id,
    scope: { program: view.programId },
    columns: {
      words: view.words,
      count: view.count,
      price: { amountMinor: view.price },
      points: view.points,
      day: view.day,
      at: view.at,
      kind: view.kind,
      owner: view.owner,
    },
    computed: {},
  },
  {},
)

/** The same rows where the folded words are kept beside them. */
const keeping: Source = { ...source, binding: { ...source.binding, folded: { words: view.wordsFolded } } }

const reach = (programId: number, currency: string, pointScale: number): ProgramReach => ({
  programId,
  currency,
  pointScale,
  publicId: '',
  organizerId: '',
  name: '',
  zone: 'Europe/Warsaw',
  state: 'active',
  mainPointType: 'main',
  pointValueMinor: 1,
  tiers: {},
})
const programs = [reach(1, 'PLN', 0), reach(2, 'PLN', 2), reach(3, 'RON', 0)]
// The night in which the clocks go back is part of the period.
const nowMs = Date.parse('2026-10-26T10:30:00.000Z')
const access = { programs, nowMs, zone: 'Europe/Warsaw' } as unknown as Access
const context = { section: things, clock: { nowMs, zone: access.zone } }

const owners = ['0199f41a-cd82-7595-8b47-dbfe6841b5ce', '0199f41a-cd83-7d2f-82bb-362a53ae5c62']
const wordList = [
  '',
  'Łódź',
  'lodz',
  'ŁÓDŹ i Kraków',
  'Șerban',
  'serban',
  'straße',
  'İstanbul',
  '100%',
  "a'b_c",
  'Ĳ',
  'Ω σς',
]
const dayList = ['2026-10-24', '2026-10-25', '2026-10-26', '2026-10-27', '2025-12-31', '2026-01-01']
const instantList = [
  '2026-10-24T21:59:59.999Z',
  '2026-10-24T22:00:00.000Z',
  '2026-10-25T00:30:00.000Z',
  '2026-10-25T01:30:00.000Z',
  '2026-10-25T22:59:59.999Z',
  '2026-10-25T23:00:00.000Z',
  '2026-10-26T10:30:00.000Z',
  '2026-09-30T22:00:00.000Z',
]
const few = fc.integer({ min: -3, max: 12 })
const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 4, nil: null })

const row = fc.record({
  program: fc.constantFrom(...programs),
  words: orNull(fc.constantFrom(...wordList)),
  count: orNull(few),
  price: orNull(few),
  points: orNull(few),
  day: orNull(fc.constantFrom(...dayList)),
  at: orNull(fc.constantFrom(...instantList)),
  kind: orNull(fc.constantFrom('a', 'b')),
  owner: orNull(fc.constantFrom(...owners)),
})
type Thing = typeof row extends fc.Arbitrary<infer T> ? T : never

const unit = fc.constantFrom('day', 'week', 'month', 'quarter', 'year')
const period = fc.oneof(
  fc.record({ last: fc.integer({ min: 1, max: 40 }), unit }),
  fc.record({ next: fc.integer({ min: 1, max: 3 }), unit }),
  fc.record({ this: unit }),
)
const values: Readonly<Record<string, fc.Arbitrary<string | number>>> = {
  words: fc.constantFrom('Łódź', 'lodz', 'o', 'ser', '%', '_', "'", 'ß', 'i̇', 'σ'),
  count: few,
  price: fc.tuple(few, fc.constantFrom('PLN', 'RON', 'EUR')).map(([amount, currency]) => `${amount} ${currency}`),
  points: fc.constantFrom(0, 1, 2.5, 0.07, 0.05, 12),
  day: fc.constantFrom(...dayList),
  at: fc.oneof(fc.constantFrom(...dayList), fc.constantFrom(...instantList)),
  kind: fc.constantFrom('a', 'b'),
  owner: fc.constantFrom(...owners),
}

const fieldTest = fc.constantFrom(...(Object.keys(things.fields) as (keyof typeof things.fields)[])).chain((field) =>
  fc.constantFrom(...operatorsOf(things.fields[field])).chain((is): fc.Arbitrary<Condition> => {
    const value = values[field] as fc.Arbitrary<string | number>
    if (is === 'empty') return fc.constant({ field, is })
    if (is === 'within') return period.map((operand) => ({ field, is, value: operand }) as Condition)
    if (is === 'in') return fc.array(value, { maxLength: 3 }).map((list) => ({ field, is, value: list }))
    if (is === 'between') return fc.tuple(value, value).map((pair) => ({ field, is, value: pair }))
    return value.map((operand) => ({ field, is, value: operand }))
  }),
)

const condition: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fieldTest,
    fc.array(tie('tree'), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('tree').map((not) => ({ not })),
  ),
})).tree

const cellsOf = ({ program, price, points, owner, ...rest }: Thing): Readonly<Record<string, Cell>> => ({
  ...rest,
  price: price === null ? null : { amountMinor: price, currency: program.currency },
  points: points === null ? null : { points, scale: program.pointScale },
  owner: owner === null ? null : { id: owner, label: '' },
})

let testDatabase: TestDatabase
let database: Database
beforeAll(async () => {
  testDatabase = await createTestDatabase()
  database = openDatabase(testDatabase.url('premia_owner'))
})
afterAll(async () => {
  await database?.end({ timeout: 5 })
  await testDatabase?.drop()
})

/** Numbers of the rows that pass, judged by PostgreSQL. */
const passingInSql = async (rows: readonly Thing[], tree: Condition, from: Source): Promise<readonly number[]> => {
  const listed = rows.map(({ program, ...rest }, n) => ({
    n,
    program_id: program.programId,
    words_folded: rest.words === null ? null : foldText(rest.words),
    ...rest,
  }))
  const query = sql`SELECT thing.n FROM jsonb_to_recordset(${JSON.stringify(listed)}::text::jsonb)
    AS thing(n int, program_id bigint, words text, words_folded text COLLATE "C", count bigint, price bigint, points bigint, day date, at timestamptz,
      kind text, owner uuid)
    WHERE ${conditionSql(tree, from, access)} ORDER BY thing.n`
  const { text: statement, values: parameters } = compile(query, access)
  const found = (await database.unsafe(statement, parameters as never[])) as unknown as readonly { n: number }[]
  return found.map(({ n }) => n)
}

test.each([
  ['a condition', source],
  ['a condition on texts that are kept folded', keeping],
] as const)(
  '%s means the same in SQL and in JS, whatever is missing',
  async (_name, from) => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 25 }), condition, async (rows, tree) => {
        fc.pre(parseCondition(tree, things).ok)
        const inJs = rows.flatMap((each, n) => (matches(tree, cellsOf(each), context) ? [n] : []))
        expect(await passingInSql(rows, tree, from)).toEqual(inJs)
      }),
      { numRuns: runs },
    )
  },
  120_000,
)

test('the register keeps the number of a receipt folded as searches are', async () => {
  const letters = Array.from(foldedFrom)
  const numbers = [
    ...wordList,
    ...letters,
    ...letters.map((letter) => letter.toUpperCase()),
    'FV/2026/11/0042 KR',
    'Ć-1_%\\',
  ]
  const kept = await testDatabase.admin<{ number: string; folded: string }[]>`
    INSERT INTO read.sale_register (program_id, occurred_at, booked_at, received_at, document_id, outlet_id, terminal_id,
      gross_minor, reduction_minor, reimbursed_minor, payable_minor, points, spent, notices, kind, document_number,
      business_date)
    SELECT 1, at, at, at, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 0, 0, 0, 0, 0, 0, 0, 'sale', number,
      '2026-10-26'
    FROM unnest(${numbers}::text[]) AS number, (SELECT '2026-10-26T10:30:00Z'::timestamptz AS at) AS made
    RETURNING document_number AS number, number_folded AS folded`
  expect(kept).toHaveLength(numbers.length)
  for (const { number, folded } of kept) expect(folded, number).toBe(foldText(number))
})

test('nothing matches both a condition and its negation, and everything one of them', () => {
  fc.assert(
    fc.property(row, condition, (each, tree) => {
      fc.pre(parseCondition(tree, things).ok)
      expect(matches({ not: tree }, cellsOf(each), context)).toBe(!matches(tree, cellsOf(each), context))
    }),
  )
})

test.each([
  ['a field that is not there', { field: 'secret', is: 'eq', value: 'x' }],
  ['an inherited name', { field: 'constructor', is: 'eq', value: 'x' }],
  ['an operator of another type', { field: 'count', is: 'contains', value: 'x' }],
  ['money without its currency', { field: 'price', is: 'gt', value: 5 }],
  ['a day that is not in the calendar', { field: 'day', is: 'eq', value: '2026-02-30' }],
  ['a choice that is none', { field: 'kind', is: 'eq', value: 'c' }],
  ['an id that is none', { field: 'owner', is: 'in', value: ["'; DROP TABLE x"] }],
  ['too long a list', { field: 'count', is: 'in', value: Array.from({ length: 1001 }, (_, n) => n) }],
  ['an empty any', { any: [] }],
  ['a second key', { all: [], any: [] }],
  ['no object', 'true'],
  ['too deep', { not: { not: { not: { not: { not: { not: { all: [] } } } } } } }],
])('%s is refused with the place of the fault', (_name, tree) => {
  const parsed = parseCondition(tree, things)
  expect(parsed.ok).toBe(false)
})
