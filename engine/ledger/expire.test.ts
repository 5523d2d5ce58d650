import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recomputeTiers } from '../members/tiers.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, memberId, openFixture } from '../testing/fixture.ts'
import { runScenario } from '../testing/scenario.ts'
import { testDocument, world } from '../testing/world.ts'
import { activate } from './activate.ts'
import { expire } from './expire.ts'
import { verifyPrograms } from './verify.ts'

let database: TestDatabase
let fixture: Fixture

const [points] = testDocument().pointTypes
beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, {
    members: 6,
    // Spendable two days after the sale, gone ten days after that.
    document: {
      pointTypes: [
        { ...points, activation: { kind: 'afterDays', days: 2 }, expiry: { kind: 'afterDays', days: 10 } } as never,
      ],
    },
  })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const DAY_MS = 86_400_000
const accounts = (): Promise<unknown> => database.admin`
  SELECT account_id, balance, pending, due_at, next_expiry_at FROM loyalty.account ORDER BY account_id`
const verified = async (): Promise<void> => {
  const results = await verifyPrograms(database.engine, { replays: 100 })
  expect(results.filter(({ wrong }) => wrong > 0)).toEqual([])
}

describe('points as time passes', () => {
  it('wait, are spendable, and are gone, for those who ask before the night job has run', async () => {
    await runScenario(
      fixture,
      `
      a           m1    100.00       staff 1001    → +100 pending 100 =0
      b           m1    10.00        points 50     → +10 pending 10 =0 points_short short 500
      advance 2d
      c           m1    1.00         points 50     → +1 pending 1 -50 =60
      advance 9d
      d           m1    1.00         -             → +1 pending 1 =61
      advance 2d
      e           m1    1.00         points 5      → +1 pending 1 -2 =0 points_short short 30
      `,
    )
    await verified()
  })

  it('are moved by the jobs, in any repetition, to what was told already', async () => {
    const { clock } = fixture
    await runScenario(fixture, 'a    m2    100.00    -    → +100 pending 100 =0')
    clock.advance(2 * DAY_MS)
    expect(await activate(database.engine, 1, clock())).toBeGreaterThan(0)
    await verified()
    const [row] = await database.admin`SELECT balance, pending FROM loyalty.account WHERE holder_id = ${memberId(2)}`
    expect(row).toEqual({ balance: 100, pending: 0 })
    const after = JSON.stringify(await accounts())
    expect(await activate(database.engine, 1, clock())).toBe(0)
    expect((await expire(database.engine, 1, clock())) >= 0).toBe(true)
    clock.advance(11 * DAY_MS)
    while ((await expire(database.engine, 1, clock())) > 0);
    expect(JSON.stringify(await accounts())).not.toBe(after)
    const last = JSON.stringify(await accounts())
    expect(await expire(database.engine, 1, clock())).toBe(0)
    expect(JSON.stringify(await accounts())).toBe(last)
    const [gone] =
      await database.admin`SELECT balance, pending, next_expiry_at FROM loyalty.account WHERE holder_id = ${memberId(2)}`
    expect(gone).toEqual({ balance: 0, pending: 0, next_expiry_at: null })
    await verified()
  })

  it('of staff expire from their collecting lots, and the slots with them', async () => {
    const { clock } = fixture
    await runScenario(fixture, 's    -    5.00    staff 1001    → +0')
    clock.advance(30 * DAY_MS)
    while ((await activate(database.engine, 1, clock())) > 0);
    while ((await expire(database.engine, 1, clock())) > 0);
    const [row] = await database.admin`
      SELECT sum(s.balance)::int AS balance, sum(s.pending)::int AS pending
      FROM loyalty.account_slot s JOIN loyalty.account a USING (program_id, account_id) WHERE a.holder_id = ${world.staff}`
    expect(row).toEqual({ balance: 0, pending: 0 })
    await verified()
  })

  it('leave members that a sale holds for the next call', async () => {
    const { clock } = fixture
    await runScenario(fixture, 'a    m3    7.00    -    → +7 pending 7 =0')
    clock.advance(20 * DAY_MS)
    const holding = await database.admin.reserve()
    await holding`BEGIN`
    await holding`SELECT 1 FROM loyalty.member WHERE member_id = ${memberId(3)} FOR UPDATE`
    while ((await expire(database.engine, 1, clock())) > 0);
    const balance = () => database.admin`SELECT balance, pending FROM loyalty.account WHERE holder_id = ${memberId(3)}`
    expect(await balance()).toMatchObject([{ balance: 0, pending: 7 }])
    await holding`COMMIT`
    holding.release()
    while ((await expire(database.engine, 1, clock())) > 0);
    expect(await balance()).toMatchObject([{ balance: 0, pending: 0 }])
    await verified()
  })
})

it('a tier is reached by what was earned, from now on and not before', async () => {
  const { clock } = fixture
  await runScenario(fixture, 'a    m4    1000.00    -    → +1000 pending 1000 =0')
  clock.advance(1_000)
  expect(await recomputeTiers(database.engine, 1, clock())).toBe(1)
  expect(await recomputeTiers(database.engine, 1, clock())).toBe(0)
  const tiers = await database.admin`
    SELECT tier, until_at IS NULL AS lasts FROM loyalty.member_period WHERE member_id = ${memberId(4)} ORDER BY from_at`
  expect(tiers).toMatchObject([{ lasts: false }, { tier: 'gold', lasts: true }])
})
