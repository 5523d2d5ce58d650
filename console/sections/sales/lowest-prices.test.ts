import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drainProgram } from '../../../engine/jobs/drain-program.ts'
import { createTestDatabase, type TestDatabase } from '../../../engine/testing/database.ts'
import { type Fixture, openFixture } from '../../../engine/testing/fixture.ts'
import { world } from '../../../engine/testing/world.ts'
import { hashPassword } from '../../server/password.ts'
import { type Harness, password, type Speaker, startHarness } from '../../testing/harness.ts'
import type { SaleRecord } from './record.ts'
import { texts as en } from './texts.en.ts'
import { texts as pl } from './texts.pl.ts'
import { texts as ro } from './texts.ro.ts'

const head = { schema: 1, version: 1, slots: [{ name: 'care', items: { categories: ['care'] } }] } as const
const rules: readonly Rule[] = [
  {
    ...head,
    id: 'R-ALWAYS',
    name: 'Cream for 8.00',
    phase: 'price',
    then: [{ do: 'setPrice', of: 'care', unitPriceMinor: 800 }],
  },
  {
    ...head,
    id: 'R-DECEMBER',
    name: 'A tenth off in December',
    phase: 'line',
    valid: { from: '2026-12-01T00:00' },
    then: [{ do: 'priceOff', of: 'care', off: { kind: 'percent', ppm: 100_000 } }],
  },
]

let database: TestDatabase
let fixture: Fixture
let harness: Harness
let operator: Speaker

/** The world of the engine's tests, seen by a user of its operator. */
beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { rules })
  harness = await startHarness(database)
  await database.admin`
    INSERT INTO console."user" (user_id, login, name, password_hash, role, operator_id, created_at)
    VALUES (gen_random_uuid(), 'prices@test', 'prices', ${await hashPassword(password)}, 'operator', ${world.operator},
      ${new Date(harness.clock.nowMs)})`
  operator = await harness.logIn('prices@test')
  fixture.clock.set(Date.parse('2026-12-05T10:00:00.000Z'))
})
afterAll(async () => {
  await harness?.close()
  await fixture?.close()
  await database?.drop()
})

const sell = async (date: string, lines: readonly object[]): Promise<string> => {
  const sale = fixture.till.sale({ atMs: Date.parse(`${date}T09:00:00.000Z`), lines: lines as never })
  expect((await fixture.till.post('/v1/sales', sale)).body).toMatchObject({ status: 'recorded' })
  await drainProgram(database.engine, { programId: 1, nowMs: fixture.clock() })
  return sale.id
}
const priced = (unitPriceMinor: number, reductions: readonly object[] = []) => ({
  unitPriceMinor,
  grossMinor: unitPriceMinor,
  reductions,
})
const cut = (rule: string, amountMinor: number) => ({ by: 'rule', rule, amountMinor })
const recordOf = async (id: string): Promise<SaleRecord> => {
  const answer = (await (await operator.get(`/api/sections/sales/records/${id}`)).json()) as { more: SaleRecord }
  return answer.more
}

test('PRO-03: the record of a sale has, with each price cut, the lowest price of the 30 days before it', async () => {
  await sell('2026-11-10', [priced(950)])
  await sell('2026-11-25', [priced(1_000, [cut('R-ALWAYS', 200)])])
  const id = await sell('2026-12-05', [
    priced(1_000, [cut('R-ALWAYS', 200)]),
    priced(1_000, [cut('R-DECEMBER', 100)]),
    priced(1_000, [cut('R-ALWAYS', 200), cut('R-DECEMBER', 80)]),
    priced(1_000, [{ by: 'staff', amountMinor: 100 }]),
    { ...priced(1_000, [cut('R-ALWAYS', 200)]), product: { code: 'X' } },
  ])
  // One began on 20 November, when it was published, the other on the first of December.
  expect((await recordOf(id)).lowestPrices).toEqual({ 1: 950, 2: 800, 3: 800 })
})

test('and no number where the record knows none', async () => {
  await database.admin`DELETE FROM loyalty.asked_price`
  const id = await sell('2026-12-05', [priced(1_000)])
  expect((await recordOf(id)).lowestPrices).toEqual({})
})

test('PRO-03: it is told in Polish, English and Romanian', () => {
  const said = [pl, en, ro].map((texts) => texts.sale.receipt.lowest('9.50'))
  expect(new Set(said).size).toBe(3)
  for (const text of said) expect(text).toContain('9.50')
})
