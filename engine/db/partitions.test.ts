import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { ensurePartitions } from './partitions.ts'

let database: TestDatabase
const at = (text: string): number => Date.parse(text)
const partitionsOf = async (table: string) =>
  (
    await database.owner<{ name: string }[]>`
      SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = ${table}::regclass ORDER BY 1`
  ).map((row) => row.name)

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('the month of now and the next three are there, over the turn of a year, and asking again makes nothing', async () => {
  expect(await ensurePartitions(database.owner, at('2031-11-30T23:59:59Z'))).toContain('loyalty.sale_2032_02')
  expect(await ensurePartitions(database.owner, at('2031-11-01T00:00:00Z'))).toEqual([])
  const months = (await partitionsOf('loyalty.posting')).filter((name) => /203[12]/.test(name))
  expect(months).toEqual(['_2031_11', '_2031_12', '_2032_01', '_2032_02'].map((month) => `loyalty.posting${month}`))
})

test('a simulated clock gets every month it touches', async () => {
  const made = await ensurePartitions(database.owner, {
    from: at('2019-12-31T23:00:00Z'),
    to: at('2020-02-01T00:00:00Z'),
  })
  expect(made.filter((name) => name.startsWith('loyalty.batch'))).toEqual([
    'loyalty.batch_2019_12',
    'loyalty.batch_2020_01',
    'loyalty.batch_2020_02',
  ])
})

test('rows that had to wait in the default partition move to their month, and its indexes and rights hold', async () => {
  const batch = (id: string, bookedAt: string) =>
    database.engine.begin(async (tx) => {
      await tx.unsafe("SET LOCAL app.programs = '{7}'")
      await tx`INSERT INTO loyalty.batch ${tx({ program_id: 7, booked_at: bookedAt, batch_id: id, documents: 1, points: 0, digest: Buffer.alloc(32) })}`
    })
  await batch('00000000-0000-7000-8000-000000000001', '2040-05-31T23:59:59.999Z')
  await batch('00000000-0000-7000-8000-000000000002', '2040-06-01T00:00:00Z')
  await ensurePartitions(database.owner, { from: at('2040-05-15T00:00:00Z'), to: at('2040-05-16T00:00:00Z') })
  expect(
    await database.owner`SELECT tableoid::regclass::text AS part, batch_id FROM loyalty.batch WHERE program_id = 7 ORDER BY booked_at`,
  ).toEqual([
    { part: 'loyalty.batch_2040_05', batch_id: '00000000-0000-7000-8000-000000000001' },
    { part: 'loyalty.batch_default', batch_id: '00000000-0000-7000-8000-000000000002' },
  ])
  const [indexes] = await database.owner`SELECT count(*)::int AS n FROM pg_indexes WHERE tablename = 'batch_2040_05'`
  const [parent] = await database.owner`SELECT count(*)::int AS n FROM pg_indexes WHERE tablename = 'batch'`
  expect(indexes).toEqual(parent)
  await expect(database.engine`SELECT 1 FROM loyalty.batch_2040_05`).rejects.toMatchObject({ code: '42501' })
})

test('two processes at once make each month once', async () => {
  const when = { from: at('2050-01-01T00:00:00Z'), to: at('2050-03-01T00:00:00Z') }
  const made = await Promise.all([ensurePartitions(database.owner, when), ensurePartitions(database.owner, when)])
  expect(made.flat().sort()).toEqual([...new Set(made.flat())].sort())
  expect(made.flat()).toHaveLength(12)
})

test('a clock that is centuries wrong makes nothing', async () => {
  await expect(ensurePartitions(database.owner, { from: 0, to: at('2090-01-01T00:00:00Z') })).rejects.toThrow(
    /120 months/,
  )
})
