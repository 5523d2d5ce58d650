import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, type FixtureOptions, memberId, openFixture } from '../testing/fixture.ts'
import { runScenario } from '../testing/scenario.ts'
import { testDocument } from '../testing/world.ts'
import { nightly } from './nightly.ts'

const DAY_MS = 86_400_000
const opened: { database: TestDatabase; fixture: Fixture }[] = []
let database: TestDatabase
let fixture: Fixture

const open = async (pointType: object, options: FixtureOptions = {}): Promise<void> => {
  const [points] = testDocument().pointTypes
  fixture = await openFixture(database, {
    members: 4,
    document: { pointTypes: [{ ...points, ...pointType } as never] },
    ...options,
  })
  opened.push({ database, fixture })
}
beforeEach(async () => {
  database = await createTestDatabase()
})
const close = async (): Promise<void> => {
  for (const each of opened.splice(0)) {
    await each.fixture.close()
    await each.database.drop()
  }
}
afterEach(close)
afterAll(close)

const night = () => nightly(database.engine, { programId: 1, nowMs: fixture.clock() })
const wrong = async (): Promise<readonly string[]> =>
  (await verifyPrograms(database.engine, { replays: 100 })).filter((each) => each.wrong > 0).map(({ name }) => name)
const accounts = () => database.admin`
  SELECT a.holder_kind AS kind, a.balance + coalesce(s.balance, 0)::int AS balance,
    a.pending + coalesce(s.pending, 0)::int AS pending
  FROM loyalty.account a LEFT JOIN (
    SELECT account_id, sum(balance) AS balance, sum(pending) AS pending FROM loyalty.account_slot GROUP BY 1) s
    USING (account_id) ORDER BY 1, 2, 3`

describe('points whose last day comes before their first', () => {
  it('are never spendable, and do not stop the night of everybody else', async () => {
    await open({ activation: { kind: 'afterDays', days: 14 }, expiry: { kind: 'onDate', date: '2026-11-30' } })
    await runScenario(
      fixture,
      `
      a           m1    100.00       staff 1001    → +100 pending 100 =0
      advance 12d
      b           m1    1.00         points 5      → +1 =0 points_short short 50
      `,
    )
    await night()
    expect(await wrong()).toEqual([])
    // A till that was offline brings a sale of the same day once all of that day is gone.
    await runScenario(fixture, 'c    m1    7.00    staff 1001 age 11d    → +7 =0')
    expect(await wrong()).toEqual([])
    await night()
    expect(await wrong()).toEqual([])
    expect(await accounts()).toEqual(['member', 'owner', 'staff'].map((kind) => ({ kind, balance: 0, pending: 0 })))
    expect(await night()).toEqual({ activated: 0, expired: 0, tiers: 0 })
  })
})

describe('an account that differs from its lots', () => {
  it('is left as it is for the proof to find, and its neighbours have their night', async () => {
    await open({ expiry: { kind: 'afterDays', days: 10 } })
    for (const member of [2, 3, 4]) {
      await fixture.till.post('/v1/sales', fixture.till.sale({ card: cardNumber(member) }))
    }
    await database.admin`UPDATE loyalty.account SET balance = balance - 1 WHERE holder_id = ${memberId(3)}`
    fixture.clock.advance(12 * DAY_MS)
    expect((await night()).expired).toBeGreaterThanOrEqual(2)
    const left = await database.admin`
      SELECT holder_id, balance FROM loyalty.account WHERE holder_kind = 'member' AND balance <> 0`
    expect(left).toEqual([{ holder_id: memberId(3), balance: 9 }])
    expect(await wrong()).toEqual(['members: account = postings', 'members: account = open lots'])
  })
})
