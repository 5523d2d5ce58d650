import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createTestDatabase, createTestJobsDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import { world } from '../testing/world.ts'
import { openDoorbell } from './doorbell.ts'
import type { JobLog } from './jobs.ts'
import { openQueue, type QueueOptions } from './queue.ts'
import { startWork, type Work } from './work.ts'

const redisUrl = inject('redisUrl')
const backends = ['postgres', 'redis'] as const

describe.each(backends)('the jobs on %s', (backend) => {
  if (backend === 'redis' && redisUrl === undefined) {
    it.skip('needs redis-server, which is not installed', () => undefined)
    return
  }
  let database: TestDatabase
  let fixture: Fixture
  let queue: QueueOptions
  let work: Work
  const alarms: string[] = []
  const log: JobLog = { info: () => undefined, alarm: (_fields, text) => alarms.push(text) }

  beforeAll(async () => {
    database = await createTestDatabase()
    queue = {
      jobsUrl: await createTestJobsDatabase(database),
      prefix: `test-${randomUUID()}`,
      onError: () => undefined,
      ...(backend === 'redis' ? { redisUrl } : {}),
    }
    fixture = await openFixture(database)
    work = await startWork({
      sql: database.engine,
      owner: database.owner,
      queue: openQueue(queue),
      clock: fixture.clock,
      log,
      sweepEveryMs: 3_600_000,
    })
  })
  afterAll(async () => {
    await work?.stop()
    await fixture?.close()
    await database?.drop()
  })

  const sell = async (): Promise<void> => {
    expect((await fixture.till.post('/v1/sales', fixture.till.sale({ card: world.cardNumber }))).status).toBe(200)
  }
  const counted = async (): Promise<number> =>
    Number((await database.admin`SELECT coalesce(sum(sales), 0)::int AS n FROM read.daily_outlet`)[0]?.['n'])
  /** Asks until it is so; gives up before the test's own time-out, because nothing ends a loop from outside. */
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    const deadline = performance.now() + 20_000
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error('the jobs did not come to it in time')
      await new Promise((done) => setImmediate(done))
    }
  }
  const untilCounted = (sales: number): Promise<void> => until(async () => (await counted()) === sales)

  it('count a sale soon after the doorbell was rung', async () => {
    const doorbell = openDoorbell(queue)
    await sell()
    for (let ring = 0; ring < 50; ring += 1) doorbell.booked(1)
    await untilCounted(1)
    await doorbell.close()
  })

  it('find by themselves what nobody rang for', async () => {
    await sell()
    expect(await work.sweep()).toBe(1)
    await untilCounted(2)
    // Counted is not yet out of the outbox: the last step of the same job.
    await until(async () => (await work.sweep()) === 0)
  })

  it('lose nothing when the database of the queue is dropped', async () => {
    if (backend === 'redis') return
    const name = `${database.name}_jobs`
    await database.admin.unsafe(`DROP DATABASE "${name}" WITH (FORCE)`)
    await sell()
    const doorbell = openDoorbell(queue)
    doorbell.booked(1)
    await doorbell.close()
    await work.sweep()
    expect(await counted()).toBe(3)
    await database.admin.unsafe(`CREATE DATABASE "${name}" OWNER premia_jobs TEMPLATE template0`)
    await work.sweep()
    await sell()
    expect(await work.sweep()).toBe(1)
    await untilCounted(4)
    expect(alarms).toContain('the job queue does not answer')
  })

  it('have a night for each program, the chain, partitions and the proof', async () => {
    const probe = openQueue(queue)
    expect(await probe.schedules()).toEqual(new Set(['nightly 1', 'chain', 'partitions', 'verify']))
    await probe.close()
  })
})
