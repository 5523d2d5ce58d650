import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, memberId, openFixture } from '../testing/fixture.ts'

const MANY = 30

let database: TestDatabase
let fixture: Fixture
beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: MANY + 1 })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

describe('a member whose row somebody holds', () => {
  it('keeps its own sale waiting and no neighbour of its batch', { timeout: 20_000 }, async () => {
    const held = 17
    const sales = Array.from({ length: MANY }, (_, index) => fixture.till.sale({ card: cardNumber(index + 2) }))
    const send = async (): Promise<readonly { programs: readonly { status: string }[] }[]> =>
      (await fixture.till.post('/v1/sales', { sales })).body.results
    const statuses = await database.admin.begin(async (tx) => {
      await tx`SELECT 1 FROM loyalty.member WHERE member_id = ${memberId(held + 2)} FOR UPDATE`
      return (await send()).map(({ programs }) => programs[0]?.status)
    })
    expect(statuses).toEqual(sales.map((_, index) => (index === held ? 'later' : 'booked')))
    const again = (await send()).map(({ programs }) => programs[0]?.status)
    expect(again).toEqual(sales.map(() => 'booked'))
    expect((await verifyPrograms(database.engine, { replays: 500 })).filter(({ wrong }) => wrong > 0)).toEqual([])
  })
})
