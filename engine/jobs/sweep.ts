import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import type { JobPayload, JobQueue, Schedule } from './queue.ts'
import { type JobProgram, readPrograms } from './programs.ts'

/**
 * The second look at every program. A ring may be lost: the process died before it rang, the queue was away, its database was
 * dropped. The sweeper asks the outbox itself and rings again. Where the queue does not answer it opens it anew, gives it its
 * schedules back, and does what waits by itself.
 */
export interface Sweep {
  readonly sql: Sql
  readonly queue: JobQueue
  /** The work that a ring asks for. */
  readonly drain: (programId: number) => Promise<void>
  readonly onError: (error: unknown) => void
}

const NIGHT = '0 15 2 * * *'
const CHAIN_EVERY_MS = 60_000

/** Programs whose outbox is not empty: one look at the start of each one's part of the index. */
export const programsWithWork = async (sql: Sql, programs: readonly JobProgram[]): Promise<readonly number[]> => {
  if (programs.length === 0) return []
  const ids = programs.map(({ programId }) => programId)
  const rows = await inProgram(
    sql,
    ids,
    (tx) => tx<{ id: number }[]>`
      SELECT id FROM unnest(${ids}::bigint[]) AS p (id) WHERE EXISTS (
        SELECT FROM loyalty.batch b WHERE b.program_id = p.id AND b.relayed_at IS NULL) ORDER BY id`,
  )
  return rows.map(({ id }) => id)
}

/**
 * The regular work: each program's night by its own clock, the chain each minute, partitions and proof each day. Only what
 * the queue does not know is given: giving a schedule again would start its interval anew.
 */
export const giveSchedules = async ({ sql, queue }: Sweep): Promise<void> => {
  const known = await queue.schedules()
  const give = async (key: string, when: Schedule, name: string, payload: JobPayload): Promise<void> => {
    if (!known.has(key)) await queue.schedule(key, when, { name, payload })
  }
  for (const { programId, zone } of await readPrograms(sql)) {
    await give(`nightly ${programId}`, { cron: NIGHT, zone }, 'nightly', { program: programId })
  }
  await give('chain', { everyMs: CHAIN_EVERY_MS }, 'chain', {})
  await give('partitions', { cron: '0 40 0 * * *', zone: 'UTC' }, 'partitions', {})
  await give('verify', { cron: '0 30 3 * * *', zone: 'UTC' }, 'verify', {})
}

/** Answers how many programs had something waiting. */
export const sweep = async (parts: Sweep): Promise<number> => {
  const { sql, queue, drain, onError } = parts
  const waiting = await programsWithWork(sql, await readPrograms(sql))
  try {
    // Also where nothing waits: a queue that lost its schedules would never wake up for a night.
    await giveSchedules(parts)
    for (const programId of waiting) await ringProgram(queue, programId)
  } catch (error) {
    onError(error)
    for (const programId of waiting) await drain(programId).catch(onError)
    await queue.reopen()
    await giveSchedules(parts)
  }
  return waiting.length
}

/** At most one such job of a program waits. */
export const ringProgram = (queue: JobQueue, programId: number): Promise<void> =>
  queue.add('relay', { program: programId }, `relay ${programId}`)
