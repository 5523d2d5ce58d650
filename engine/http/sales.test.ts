import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import { world } from '../testing/world.ts'

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database)
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

describe('a sale', () => {
  it('is booked for customer, staff and owner and answered when it is durable', async () => {
    const { till } = fixture
    const sale = till.sale({ card: world.cardNumber, staff: { code: '1001' }, lines: [{ grossMinor: 2_350 as never }] })
    const answer = await till.post('/v1/sales', sale)
    expect(answer.body).toMatchObject({
      sale: sale.id,
      status: 'recorded',
      programs: [{ status: 'booked', booking: sale.id }],
    })
    expect(answer.status).toBe(200)
  })
})
