import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { type Channel, openChannel } from './channel.ts'

const KILLS = 10
/** The driver waits ten seconds for a connection that says nothing. */
const BACK_WITHIN_MS = 8_000
const LIMITS = { lockTimeoutMs: 250, statementTimeoutMs: 5_000 }

let server: TestServer
let database: TestDatabase
let channel: Channel
beforeAll(async () => {
  server = await startTestServer()
  database = await createTestDatabase(server.access)
  channel = openChannel(database.url('premia_engine'), 'test')
}, 120_000)
afterAll(async () => {
  await channel?.close()
  await database?.drop().catch(() => undefined)
  await server?.stop()
})

/** Statements of one database transaction, sent without waiting, as a batch does. */
const transact = async (): Promise<number> => {
  const transaction = channel.begin({ programs: [1] }, LIMITS)
  try {
    const [[row]] = await Promise.all([channel.sql<{ one: number }[]>`SELECT 1 AS one`, transaction.begun])
    if (!transaction.isIntact()) throw new Error('the connection was lost')
    await Promise.all([channel.sql`SELECT pg_sleep(0.001)`, transaction.commit()])
    return row?.one ?? 0
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}

it('a channel whose server is killed at any moment works again within seconds of the server', {
  timeout: 120_000,
}, async () => {
  for (let kill = 0; kill < KILLS; kill += 1) {
    let isKilled = false
    const working = (async () => {
      while (!isKilled) await transact().catch(() => delay(1))
    })()
    await server.embedded.kill()
    isKilled = true
    await working
    await server.embedded.start()
    const begunAt = performance.now()
    await expect.poll(() => transact().catch(() => 0), { timeout: 30_000, interval: 20 }).toBe(1)
    expect(performance.now() - begunAt).toBeLessThan(BACK_WITHIN_MS)
  }
})
