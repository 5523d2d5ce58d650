import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createTestDatabase, createTestJobsDatabase, type TestDatabase } from '../testing/database.ts'
import { type JobQueue, openQueue } from './queue.ts'

const redisUrl = inject('redisUrl')

/** Resolves when `count` calls have come. */
const gate = (count: number) => {
  const seen: unknown[] = []
  let open: () => void = () => undefined
  const reached = new Promise<void>((done) => {
    open = done
  })
  return {
    seen,
    reached,
    pass: (value: unknown) => {
      seen.push(value)
      if (seen.length === count) open()
    },
  }
}

const backends = ['postgres', 'redis'] as const
describe.each(backends)('the job queue on %s', (backend) => {
  if (backend === 'redis' && redisUrl === undefined) {
    it.skip('needs redis-server, which is not installed', () => undefined)
    return
  }
  let database: TestDatabase
  let jobsUrl: string
  const errors: unknown[] = []
  const open = (prefix: string): JobQueue =>
    openQueue({
      jobsUrl,
      prefix: `test-${database.name}-${prefix}`,
      onError: (error) => errors.push(error),
      ...(backend === 'redis' ? { redisUrl } : {}),
    })

  beforeAll(async () => {
    database = await createTestDatabase()
    jobsUrl = await createTestJobsDatabase(database)
  })
  afterAll(() => database?.drop())

  it('runs what was added, from one process to another', async () => {
    const [producer, worker] = [open('a'), open('a')]
    const { seen, reached, pass } = gate(2)
    worker.define('double', async (payload) => pass(payload))
    await worker.start()
    await producer.add('double', { program: 1 })
    await producer.add('double', { program: 2 })
    await reached
    expect(seen).toEqual(expect.arrayContaining([{ program: 1 }, { program: 2 }]))
    await Promise.all([producer.close(), worker.close()])
  })

  it('holds one waiting job a key, and remembers a ring that comes while it runs', async () => {
    const queue = open('b')
    let finish: () => void = () => undefined
    const held = new Promise<void>((done) => {
      finish = done
    })
    const first = gate(1)
    const { seen, reached, pass } = gate(2)
    queue.define('bell', async (payload) => {
      pass(payload)
      first.pass(payload)
      if (seen.length === 1) await held
    })
    await queue.start()
    await queue.add('bell', { program: 1 }, 'bell 1')
    await first.reached
    for (let ring = 0; ring < 5; ring += 1) await queue.add('bell', { program: 1 }, 'bell 1')
    finish()
    await reached
    await queue.close()
    expect(seen).toHaveLength(2)
  })

  it('tries a job again that failed', async () => {
    const queue = open('c')
    const { seen, reached, pass } = gate(2)
    queue.define('weak', async (payload) => {
      pass(payload)
      if (seen.length === 1) throw new Error('not yet')
    })
    await queue.start()
    await queue.add('weak', { program: 1 })
    await reached
    await queue.close()
    expect(errors.map((error) => (error as Error).message)).toContain('not yet')
  })

  it('repeats what is scheduled, and replaces a schedule of the same key', async () => {
    const queue = open('d')
    const { seen, reached, pass } = gate(2)
    queue.define('tick', async (payload) => pass(payload))
    await queue.start()
    await queue.schedule('tick', { cron: '0 15 2 * * *', zone: 'Europe/Warsaw' }, { name: 'tick', payload: { n: 1 } })
    await queue.schedule('tick', { everyMs: 100 }, { name: 'tick', payload: { n: 2 } })
    await reached
    expect(await queue.schedules()).toEqual(new Set(['tick']))
    await queue.unschedule('tick')
    expect(await queue.schedules()).toEqual(new Set())
    await queue.close()
    expect(seen).toEqual([{ n: 2 }, { n: 2 }])
  })
})
