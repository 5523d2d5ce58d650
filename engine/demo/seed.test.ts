import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { calendarAt } from './calendar.ts'
import { DemoSales } from './sales/day-sales.ts'
import { type SeedOptions, seedDemo } from './seed.ts'

const nowMs = Date.UTC(2026, 10, 21, 15, 30)
const days = 3
let database: TestDatabase

const options = (): SeedOptions => ({
  config: {
    databaseUrl: database.url('premia_engine'),
    ownerUrl: database.url('premia_owner'),
    engineKey: 'engine-key-of-the-test-0123456789abcdefghij',
    consoleKey: 'console-key-of-the-test-0123456789abcdefgh',
  },
  nowMs: () => nowMs,
  report: () => undefined,
  days,
})

const booked = async (): Promise<readonly string[]> =>
  (await database.admin<{ id: string }[]>`SELECT DISTINCT document_id AS id FROM loyalty.sale`)
    .map(({ id }) => id)
    .sort()

/** Returns whose sale nobody has sent. */
const waiting = async (): Promise<readonly string[]> =>
  (
    await database.admin<{ id: string }[]>`
      SELECT DISTINCT return_id AS id FROM loyalty.sale_return WHERE waiting IS NOT NULL`
  )
    .map(({ id }) => id)
    .sort()

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('a seeding that was ended in the middle goes on where it was, and each sale is booked once in each program', async () => {
  const calendar = calendarAt(nowMs)
  const demo = new DemoSales(calendar.days)
  const due = Array.from({ length: days }, () => demo.nextDay())
    .flat()
    .filter((sale) => sale.sentAtMs <= calendar.nightMs(days - 1))
  const sent = new Set(due.map(({ sale }) => sale.id))
  const early = due.flatMap(({ sale: { id, original } }) =>
    original?.sale === undefined || sent.has(original.sale) ? [] : [id],
  )
  let asked = 0
  expect(await seedDemo({ ...options(), isStopping: () => (asked += 1) > 6 })).toBe(false)
  const first = await booked()
  expect(first.length).toBeGreaterThan(0)
  expect(first.length).toBeLessThan(due.length)
  expect(await seedDemo(options())).toBe(true)
  expect(early).not.toHaveLength(0)
  expect(await waiting()).toEqual([...early].sort())
  expect([...(await booked()), ...early].sort()).toEqual([...sent].sort())
  const twice = await database.admin`
    SELECT 1 FROM loyalty.sale GROUP BY program_id, document_id HAVING count(*) > 1`
  expect(twice).toHaveLength(0)
  expect(await seedDemo(options())).toBe(true)
  expect(await booked()).toHaveLength(due.length - early.length)
}, 240_000)

test('bookings lie in the month in which they were made, each with its rollups', async () => {
  const [spare] = await database.admin<{ rows: number }[]>`SELECT count(*)::int AS rows FROM loyalty.sale_default`
  expect(spare?.rows).toBe(0)
  const [sums] = await database.admin<{ booked: number; rolled: number }[]>`
    SELECT (SELECT sum(CASE kind WHEN 'return' THEN -payable_minor ELSE payable_minor END)
        FROM loyalty.sale)::bigint AS booked,
      (SELECT sum(payable_minor) FROM read.daily_outlet)::bigint AS rolled`
  expect(sums?.rolled).toBe(sums?.booked)
})

test('PRO-03: the record of prices has what its tills asked, shelf prices and prices that rules cut for everybody', async () => {
  const results = await verifyPrograms(database.engine, { replays: 2_000 })
  const prices = results.filter(({ name }) => name.includes('price'))
  expect(prices.reduce((sum, { wrong }) => sum + wrong, 0)).toBe(0)
  expect(prices.some(({ checked }) => checked > 0)).toBe(true)
  const [record] = await database.admin<{ cut: number; shelf: number }[]>`
    SELECT count(*) FILTER (WHERE unit_price_minor = 1599)::int AS cut,
      count(*) FILTER (WHERE unit_price_minor > 1599)::int AS shelf FROM loyalty.asked_price`
  expect(record?.cut).toBeGreaterThan(0)
  expect(record?.shelf).toBeGreaterThan(0)
})

test('what comes back is booked behind its sale, with points taken, given back, owed and not to be had', async () => {
  expect(await seedDemo({ ...options(), days: 10 })).toBe(true)
  const [found] = await database.admin<Record<string, number>[]>`
    WITH back AS (
      SELECT s.outlet_id, s.told, p.name, r.received_at, r.booked_at, r.original_id, o.outlet_id AS sold_at
      FROM loyalty.sale s JOIN directory.program p USING (program_id)
      LEFT JOIN loyalty.sale_return r ON r.program_id = s.program_id AND r.return_id = s.document_id
      LEFT JOIN loyalty.sale o ON o.program_id = s.program_id AND o.document_id = r.original_id
      WHERE s.kind = 'return')
    SELECT count(*) FILTER (WHERE booked_at > received_at + interval '1 hour')::int AS early,
      count(*) FILTER (WHERE outlet_id <> sold_at)::int AS elsewhere,
      count(*) FILTER (WHERE told @? '$.givenBack[*] ? (@.points > 0)')::int AS given,
      count(*) FILTER (WHERE name = 'Rumianek Plus' AND told @? '$.clawedBack[*] ? (@.owed > 0)')::int AS owed,
      count(*) FILTER (WHERE name = 'Karta Sąsiedzka' AND told @> '{"notices": [{"code": "points_uncollected"}]}')::int
        AS uncollected,
      count(*) FILTER (WHERE original_id IS NULL AND told @> '{"notices": [{"code": "original_unknown"}]}')::int AS bare
    FROM back`
  expect(Object.entries(found ?? {}).filter(([, count]) => count === 0)).toEqual([])
  expect(found?.['bare']).toBe(2)
  expect(await waiting()).toEqual([])
  const results = await verifyPrograms(database.engine, { replays: 5_000 })
  expect(results.filter(({ wrong }) => wrong > 0)).toEqual([])
  const repeated = results.filter(({ name }) => name === 'stored returns repeat byte for byte')
  expect(repeated.filter(({ checked }) => checked > 0)).toHaveLength(3)
}, 240_000)

test('the demo is never mixed with other programs', async () => {
  const other = await createTestDatabase()
  try {
    await other.admin`
      INSERT INTO directory.program (program_id, public_id, operator_id, organizer_id, name, currency, zone, state,
        starts_at, created_at)
      VALUES (1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'Other', 'PLN', 'Europe/Warsaw', 'active',
        '2026-01-01', '2026-01-01')`
    const config = { ...options().config, databaseUrl: other.url('premia_engine'), ownerUrl: other.url('premia_owner') }
    await expect(seedDemo({ ...options(), config })).rejects.toThrow('already holds other programs')
  } finally {
    await other.drop()
  }
})
