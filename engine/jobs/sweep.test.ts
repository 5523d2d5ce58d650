import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture, secondProgram } from '../testing/fixture.ts'
import { world } from '../testing/world.ts'
import { type JobLog, verifyAll } from './jobs.ts'
import type { JobQueue } from './queue.ts'
import { sweep } from './sweep.ts'

let database: TestDatabase
let fixture: Fixture
beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 3, twoPrograms: true })
  const answer = await fixture.till.post('/v1/sales', fixture.till.sale({ card: cardNumber(2) }))
  expect(answer.body.programs).toMatchObject([
    { program: world.program, status: 'booked' },
    { program: secondProgram, status: 'booked' },
  ])
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

it('a program whose outbox cannot be emptied while the queue is away keeps none of the others waiting', async () => {
  const drained: number[] = []
  const errors: unknown[] = []
  const away = (): Promise<never> => Promise.reject(new Error('the queue is away'))
  const queue = { schedules: away, reopen: async () => undefined } as unknown as JobQueue
  const drain = async (programId: number): Promise<void> => {
    drained.push(programId)
    if (programId === 1) throw new Error('planted')
  }
  const swept = sweep({ sql: database.engine, queue, drain, onError: (error) => errors.push(error) })
  // The queue stays away: the sweep says so at its end, when all programs are done.
  await expect(swept).rejects.toThrow('the queue is away')
  expect([drained, errors.length]).toEqual([[1, 2], 2])
})

it('a program whose rows cannot even be read is told, and the others are proven', async () => {
  const alarms: Readonly<Record<string, unknown>>[] = []
  const log: JobLog = { info: () => undefined, alarm: (fields) => alarms.push(fields) }
  await database.admin`UPDATE loyalty.sale SET outcome = '\\xff' WHERE program_id = 1`
  const nowMs = fixture.clock
  await verifyAll({ sql: database.engine, owner: undefined, queue: undefined as never, nowMs, log })
  const proofs = await database.admin`
    SELECT program_id, note->>'wrong' AS wrong FROM loyalty.job WHERE job = 'verify' ORDER BY 1`
  expect(proofs).toMatchObject([{ program_id: 1 }, { program_id: 2, wrong: '0' }])
  expect(Number(proofs[0]?.['wrong'])).toBeGreaterThan(0)
  expect(alarms).toMatchObject([{ programId: 1 }])
})
