import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import { world } from '../testing/world.ts'
import { drainProgram } from './drain-program.ts'
import { type JobLog, verifyAll } from './jobs.ts'
import { nightly } from './nightly.ts'
import { keepPartitions } from './partitions.ts'

const DAY_MS = 86_400_000

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  const rule: Rule = {
    schema: 1,
    id: 'R-SLOW',
    version: 1,
    name: 'Points after ten days, for thirty',
    phase: 'accrual.base',
    then: [
      {
        do: 'points',
        to: 'customer',
        formula: { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' },
        activation: { kind: 'afterDays', days: 10 },
        expiry: { kind: 'afterDays', days: 30 },
      },
    ],
  }
  fixture = await openFixture(database, { rules: [rule] })
  // 1,500 points reach the tier that begins at 1,000.
  await fixture.till.post(
    '/v1/sales',
    fixture.till.sale({ card: world.cardNumber, lines: [{ grossMinor: 150_000 as never }] }),
  )
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const night = (days: number) => nightly(database.engine, { programId: 1, nowMs: fixture.clock() + days * DAY_MS })
const account = async () =>
  (await database.admin`SELECT balance, pending FROM loyalty.account WHERE holder_kind = 'member'`)[0]
/** All that a night could change. */
const state = async (): Promise<string> =>
  JSON.stringify(
    await Promise.all(
      ['account', 'account_slot', 'lot', 'posting', 'transfer', 'member', 'member_period'].map((table) =>
        database.admin.unsafe(`SELECT t::text FROM loyalty.${table} t ORDER BY 1`),
      ),
    ),
  )

describe('the night of a program', () => {
  it('activates, gives tiers, expires, in this order, and a second run changes nothing', async () => {
    expect(await account()).toEqual({ balance: 0, pending: 1_500 })
    const first = await night(0)
    expect([first.activated, first.expired]).toEqual([0, 0])

    expect((await night(11)).activated).toBeGreaterThan(0)
    expect(await account()).toEqual({ balance: 1_500, pending: 0 })
    expect((await database.admin`SELECT tier FROM loyalty.member`)[0]).toEqual({ tier: 'gold' })
    const activated = await state()
    expect(await night(11)).toEqual({ activated: 0, expired: 0, tiers: 0 })
    expect(await state()).toBe(activated)

    expect((await night(60)).expired).toBeGreaterThan(0)
    expect(await account()).toEqual({ balance: 0, pending: 0 })
    const expired = await state()
    expect(await night(60)).toEqual({ activated: 0, expired: 0, tiers: 0 })
    expect(await state()).toBe(expired)
  })

  it('reaches the rollups through the outbox, on the local day of the expiry', async () => {
    await drainProgram(database.engine, { programId: 1, nowMs: fixture.clock() + 60 * DAY_MS })
    const days = await database.admin`
      SELECT business_date::text AS day, earned, expired FROM read.daily_points WHERE holder_kind = 'member' ORDER BY 1`
    expect(days).toMatchObject([
      { day: '2026-11-20', earned: 1_500, expired: 0 },
      { day: '2027-01-19', earned: 0, expired: 1_500 },
    ])
  })
})

describe('the daily proof', () => {
  const alarms: string[] = []
  const log: JobLog = { info: () => undefined, alarm: (_fields, text) => alarms.push(text) }
  const prove = () =>
    verifyAll({ sql: database.engine, owner: undefined, queue: undefined as never, nowMs: fixture.clock, log })

  it('ACC-07: finds nothing wrong in a world that is right, and rings for one unit too many', async () => {
    await prove()
    expect(alarms).toEqual([])
    await database.admin`UPDATE loyalty.account SET balance = balance + 1 WHERE holder_kind = 'member'`
    await prove()
    expect(alarms).toEqual(['the proof of a program failed'])
    const metrics = await fixture.engine.registry.metrics()
    expect(Number(/premia_proof_wrong\{program="1"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(0)
  })
})

describe('partitions', () => {
  it('are there three months ahead, and a row in a default one is found', async () => {
    const atMs = Date.parse('2031-05-15T00:00:00.000Z')
    await database.admin`
      INSERT INTO loyalty.batch (program_id, booked_at, batch_id, documents, points, digest)
      VALUES (1, '2035-01-01T00:00:00Z', gen_random_uuid(), 0, 0, '\\x00')`
    const { made, astray } = await keepPartitions(database.owner, atMs)
    expect(made).toContain('loyalty.sale_2031_08')
    expect(astray).toEqual(['loyalty.batch'])
    expect((await keepPartitions(database.owner, atMs)).made).toEqual([])
  })
})
