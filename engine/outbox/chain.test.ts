import { afterAll, beforeAll, expect, it } from 'vitest'
import { settleProgram } from '../jobs/settle-program.ts'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import { chainStart, readChainHead, verifyChain } from './chain.ts'

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

it('the chain of a program whose first batches are not settled yet is empty, and no break', async () => {
  await fixture.till.post('/v1/sales', fixture.till.sale())
  expect(await settleProgram(database.engine, { programId: 1, nowMs: fixture.clock() })).toMatchObject({ linked: 0 })
  expect(await verifyChain(database.engine, 1)).toEqual({ links: 0 })
  expect(await readChainHead(database.engine, 1)).toEqual(chainStart)
  expect((await verifyPrograms(database.engine, { replays: 10 })).filter(({ wrong }) => wrong > 0)).toEqual([])
})
