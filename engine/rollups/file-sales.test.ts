import { afterAll, beforeAll, expect, it } from 'vitest'
import { inProgram } from '../db/transaction.ts'
import { drainProgram } from '../jobs/drain-program.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture } from '../testing/fixture.ts'
import { world } from '../testing/world.ts'
import { rebuildDay } from './rebuild-day.ts'

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 3, twoPrograms: true })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const programIds = [1, 2]
const drain = async (): Promise<void> => {
  for (const programId of programIds) {
    expect((await drainProgram(database.engine, { programId, nowMs: fixture.clock() })).failed).toEqual([])
  }
}
/** What is booked and what is filed, where they differ: both lists are empty when the register is right. */
const differences = async (): Promise<readonly object[]> => {
  const columns = `program_id, occurred_at, booked_at, received_at, document_id, outlet_id, terminal_id, staff_id, member_id,
    points, notices, kind, document_number`
  const amounts = ['gross_minor', 'reduction_minor', 'reimbursed_minor', 'payable_minor']
  const signed = amounts.map((column) => `CASE kind WHEN 'return' THEN -1 ELSE 1 END * ${column}`).join(', ')
  const booked = `SELECT ${columns}, ${signed}, coalesce((SELECT -sum(p.amount)::bigint FROM loyalty.posting p
    WHERE p.document_id = s.document_id AND p.program_id = s.program_id AND p.kind IN ('redeem', 'giveBack')), 0)
    FROM loyalty.sale s`
  const filed = `SELECT ${columns}, ${amounts.join(', ')}, spent FROM read.sale_register`
  return await database.admin.unsafe(
    `(SELECT 'not filed' AS what, document_id FROM (${booked} EXCEPT ALL ${filed}) a)
     UNION ALL (SELECT 'not booked', document_id FROM (${filed} EXCEPT ALL ${booked}) b)`,
  )
}
const spending = { kind: 'points', program: world.program, pointType: 'points', points: 4, amountMinor: 40 } as const

it('files each booked sale once in each program, with what was spent, however often the outbox is drained', async () => {
  for (let n = 1; n <= 6; n += 1) {
    const sale = fixture.till.sale({ number: `R-${n}`, card: cardNumber(1 + (n % 3)), staff: { code: '1001' } })
    expect((await fixture.till.post('/v1/sales', { sales: [sale] })).status).toBe(200)
  }
  expect(await differences()).toHaveLength(12)
  await drain()
  const sale = fixture.till.sale({ number: 'S-1', card: cardNumber(2), uses: [spending as never] })
  expect((await fixture.till.post('/v1/sales', { sales: [sale] })).status).toBe(200)
  await drain()
  await Promise.all([drain(), drain()])
  expect(await differences()).toEqual([])
  const [row] =
    await database.admin`SELECT spent FROM read.sale_register WHERE document_number = 'S-1' AND program_id = 1`
  expect(row?.['spent']).toBe(4)
})

it('TRX-05: files a return with a minus: what was paid back, and the points that were spent and came back', async () => {
  const [sale] = await database.admin`SELECT document_id AS id FROM loyalty.sale WHERE document_number = 'S-1' LIMIT 1`
  const back = fixture.till.sale({
    number: 'S-1-Z',
    kind: 'return',
    original: { sale: sale?.['id'], reason: 'customer' },
    lines: [{ originalLine: 1 }],
  })
  expect((await fixture.till.post('/v1/sales', { sales: [back] })).status).toBe(200)
  await drain()
  expect(await differences()).toEqual([])
  const [row] = await database.admin`SELECT spent, gross_minor AS gross, payable_minor AS paid, points
    FROM read.sale_register WHERE document_number = 'S-1-Z' AND program_id = 1`
  expect(row).toMatchObject({ spent: -4, gross: -1_000, paid: -1_000 })
  expect(row?.['points']).toBeLessThan(0)
})

it('files again what is missing when a day is rebuilt', async () => {
  await database.admin`DELETE FROM read.sale_register WHERE document_number IN ('R-2', 'S-1')`
  const [day] = await database.admin`SELECT DISTINCT business_date::text AS date FROM loyalty.sale`
  for (const programId of programIds) {
    await inProgram(database.engine, programId, (tx) => rebuildDay(tx, { programId, date: String(day?.['date']) }))
  }
  expect(await differences()).toEqual([])
})
