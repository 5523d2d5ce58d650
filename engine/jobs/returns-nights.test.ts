import type { Sale } from '@premia/pos-sdk/contract/till'
import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProgram } from '../db/transaction.ts'
import { verifyPrograms } from '../ledger/verify.ts'
import { rebuildDay } from '../rollups/rebuild-day.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, earningRules, type Fixture, memberId, openFixture } from '../testing/fixture.ts'
import { allOf, returnOf, type Units } from '../testing/sale-returns.ts'
import { drainProgram } from './drain-program.ts'
import { nightly } from './nightly.ts'

const DAY_MS = 86_400_000

const slow: Rule = {
  schema: 1,
  id: 'R-SLOW',
  version: 1,
  name: 'A point for a zloty, in ten days',
  phase: 'accrual.bonus',
  then: [
    {
      do: 'points',
      to: 'customer',
      formula: { kind: 'perValue', minor: 100, points: 1, basis: 'gross' },
      activation: { kind: 'afterDays', days: 10 },
    },
  ],
}

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 9, rules: [...earningRules, slow] })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const post = async (sale: Sale): Promise<Sale> => {
  const answer = await fixture.till.post('/v1/sales', sale)
  expect(answer.body.programs, JSON.stringify(answer.body)).toMatchObject([{ status: 'booked' }])
  return sale
}
const bought = (member: number, zloty: number): Promise<Sale> =>
  post(
    fixture.till.sale({
      card: cardNumber(member),
      staff: { code: '1001' },
      lines: [{ quantityMilli: 2_000 as never, grossMinor: (zloty * 100) as never }, { grossMinor: 500 as never }],
    }),
  )
const back = (sale: Sale, units: Units = allOf(sale), before: Units = {}): Promise<Sale> =>
  post(returnOf(fixture.till, sale, { units, before }))

const account = async (member: number): Promise<object | undefined> =>
  (
    await database.admin`
      SELECT balance, pending, debt, earned_total, tier FROM loyalty.account a
      JOIN loyalty.member m ON m.program_id = 1 AND m.member_id = a.holder_id
      WHERE a.program_id = 1 AND a.holder_id = ${memberId(member)}`
  )[0]
const work = async (): Promise<void> => {
  expect((await drainProgram(database.engine, { programId: 1, nowMs: fixture.clock() + 120_000 })).failed).toEqual([])
}
const night = async (days: number): Promise<void> => {
  fixture.clock.advance(days * DAY_MS)
  await nightly(database.engine, { programId: 1, nowMs: fixture.clock() })
  await work()
}
const expectSound = async (): Promise<void> => {
  const results = await verifyPrograms(database.engine, { replays: 500 })
  expect(results.filter(({ wrong }) => wrong > 0)).toEqual([])
}
const FIGURES = ['daily_outlet', 'daily_staff', 'daily_category', 'daily_points', 'sale_register'] as const
const figures = async (): Promise<object> => {
  const all: Record<string, unknown> = {}
  for (const name of FIGURES) {
    const rows = await database.admin.unsafe(`SELECT row_to_json(t) AS row FROM read.${name} t WHERE program_id = 1`)
    all[name] = rows.map(({ row }) => JSON.stringify(row)).sort()
  }
  return all
}

describe('after returns', () => {
  it('days counted again from what is booked are what the batches added up', async () => {
    const sale = await bought(2, 30)
    await back(sale, { 1: 1_000 })
    const whole = await bought(3, 40)
    await back(whole)
    await work()
    fixture.clock.advance(DAY_MS)
    await back(sale, { 1: 1_000, 2: 1_000 }, { 1: 1_000 })
    await work()
    const before = await figures()
    const days = await database.admin`SELECT DISTINCT business_date::text AS date FROM loyalty.sale`
    expect(days).toHaveLength(2)
    for (const { date } of days) await inProgram(database.engine, 1, (tx) => rebuildDay(tx, { programId: 1, date }))
    expect(await figures()).toEqual(before)
    await expectSound()
    const [outlet] = await database.admin`
      SELECT sum(gross_minor)::bigint AS gross, sum(points)::bigint AS points FROM read.daily_outlet WHERE program_id = 1`
    expect(outlet).toEqual({ gross: 0, points: 0 })
    const points = await database.admin`
      SELECT holder_kind AS kind, sum(earned - clawed_back)::bigint AS points FROM read.daily_points
      WHERE program_id = 1 GROUP BY holder_kind ORDER BY holder_kind`
    expect(points.map(({ kind, points: left }) => `${kind} ${left}`)).toEqual(['member 0', 'owner 0', 'staff 0'])
  })

  it('the night makes spendable what a return has left of pending points', async () => {
    const sale = await bought(4, 30)
    await back(sale, { 1: 1_000 })
    expect(await account(4)).toMatchObject({ balance: 35, pending: 5, debt: 0 })
    await night(10)
    expect(await account(4)).toMatchObject({ balance: 40, pending: 0 })
    await expectSound()
  })

  it('the night gives no tier for points that were taken back, and takes none away', async () => {
    await back(await bought(5, 600))
    const kept = await bought(6, 600)
    await night(1)
    expect(await account(5)).toMatchObject({ balance: 0, pending: 0, earned_total: 0, tier: 'basic' })
    expect(await account(6)).toMatchObject({ tier: 'gold' })
    await back(kept)
    await night(1)
    expect(await account(6)).toMatchObject({ earned_total: 0, tier: 'gold' })
    await expectSound()
  })
})
