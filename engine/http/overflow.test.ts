import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyProgram } from '../ledger/verify.ts'
import { drainOutbox } from '../outbox/drain.ts'
import { rollUp } from '../rollups/roll-up.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture } from '../testing/fixture.ts'
import type { Answer } from '../testing/till.ts'

/** Rules of absurd size: each gives as much as an effect may, 10¹² points, for the dearest line that a sale may have. */
const DEAREST = 100_000_000_000
const RULES = 450
const EACH = 1_000_000_000_000 * RULES
/** A number counts no further exactly. */
const SAFE = Number.MAX_SAFE_INTEGER
const huge = (to: 'customer' | 'owner', index: number): Rule => ({
  schema: 1,
  version: 1,
  id: `${to}-${index}`,
  name: 'Absurd',
  phase: 'accrual.base',
  then: [{ do: 'points', to, formula: { kind: 'perValue', minor: 1, points: 1_000_000_000, basis: 'gross' } }],
})

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  const rules = Array.from({ length: RULES }, (_, index) => [huge('customer', index), huge('owner', index)]).flat()
  fixture = await openFixture(database, { members: 3, rules })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const sale = (member: number) =>
  fixture.till.sale({
    card: cardNumber(member),
    lines: [{ grossMinor: DEAREST as never, unitPriceMinor: DEAREST as never }],
  })
const told = ({ body }: Answer) => {
  const [program] = body.programs
  return {
    status: program.status,
    earned: program.points?.map(({ earned }: { earned: number }) => earned),
    spendable: program.balances?.[0]?.spendable,
    notices: program.notices?.map(({ code }: { code: string }) => code),
  }
}

it('points beyond what can be counted exactly: the sale is booked without points and says so, others go on', async () => {
  const full: number[] = []
  for (let number = 1; full.length < 2; number += 1) {
    const { status, earned, spendable, notices } = told(await fixture.till.post('/v1/sales', sale(2)))
    expect([status, Number.isSafeInteger(spendable)]).toEqual(['booked', true])
    if (notices.includes('balance_full')) full.push(number)
    else expect([earned, spendable]).toEqual([[EACH, EACH], EACH * number])
    expect(number * EACH).toBeLessThan(SAFE)
  }
  // A neighbour in the same request, and the same member in a second one.
  const { body } = await fixture.till.post('/v1/sales', { sales: [sale(2), sale(3), sale(2)] })
  const codes = body.results.map((result: { programs: { notices: { code: string }[] }[] }) =>
    result.programs.flatMap(({ notices }) => notices.map(({ code }) => code)),
  )
  expect(codes).toEqual([['balance_full'], [], ['balance_full']])
  const at = { programId: 1, nowMs: fixture.clock() }
  expect((await drainOutbox(fixture.engine.sql, at, [rollUp])).failed).toEqual([])
  const proven = await verifyProgram(database.admin, 1, { replays: 100 })
  expect(proven.filter(({ wrong }) => wrong > 0)).toEqual([])
})

it('an owner whose points in all are beyond it keeps no sale from being booked', async () => {
  const sums = await database.admin<{ total: string }[]>`
    UPDATE loyalty.account_slot SET balance = balance + ${String(2n ** 60n)}::bigint RETURNING balance::text AS total`
  expect(sums.length).toBeGreaterThan(0)
  expect(told(await fixture.till.post('/v1/sales', sale(3)))).toMatchObject({ status: 'booked', earned: [EACH, EACH] })
})
