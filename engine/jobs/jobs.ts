import type { Sql } from '../db/pool.ts'
import { verifyProgram } from '../ledger/verify.ts'
import type { FailedBatch } from '../outbox/drain.ts'
import { noteProof } from '../outbox/proof.ts'
import { forgetPrices } from '../prices/forget.ts'
import { drainProgram } from './drain-program.ts'
import { settleProgram } from './settle-program.ts'
import { nightly } from './nightly.ts'
import { keepPartitions } from './partitions.ts'
import { type JobProgram, readPrograms } from './programs.ts'
import type { JobPayload, JobQueue } from './queue.ts'
import { ringProgram } from './sweep.ts'

export interface JobParts {
  readonly sql: Sql
  /** Role premia_owner, for partitions; absent where another process keeps them. */
  readonly owner: Sql | undefined
  readonly queue: JobQueue
  readonly nowMs: () => number
  readonly log: JobLog
}

export interface JobLog {
  info(fields: Readonly<Record<string, unknown>>, text: string): void
  /** We were wrong, or somebody has to look. */
  alarm(fields: Readonly<Record<string, unknown>>, text: string): void
}

/** Tells the queue what each job does. Every one of them may run at any time, twice, or beside itself. */
export const defineJobs = (parts: JobParts): void => {
  const { queue } = parts
  queue.define('relay', (payload) => relay(parts, programOf(payload)))
  queue.define('nightly', (payload) => night(parts, programOf(payload)))
  queue.define('chain', () => settle(parts))
  queue.define('partitions', () => partitions(parts))
  queue.define('verify', () => verifyAll(parts))
}

const programOf = ({ program }: JobPayload): number => {
  if (typeof program !== 'number') throw new Error('the job names no program')
  return program
}

/** Empties a program's outbox; batches whose effect fails ring the alarm and stay. */
export const relay = async (
  { sql, nowMs, log }: Omit<JobParts, 'queue' | 'owner'>,
  programId: number,
): Promise<void> => {
  const { failed } = await drainProgram(sql, { programId, nowMs: nowMs() })
  tellFailed(log, programId, failed)
}

const tellFailed = (log: JobLog, programId: number, failed: readonly FailedBatch[]): void => {
  for (const { batchId, effect, error } of failed) {
    log.alarm({ programId, batchId, effect, err: error }, 'an effect of a booked batch failed')
  }
}

const night = async ({ sql, queue, nowMs, log }: JobParts, programId: number): Promise<void> => {
  const done = await nightly(sql, { programId, nowMs: nowMs() })
  const forgotten = await forgetPrices(sql, programId, nowMs())
  log.info({ programId, ...done, forgotten }, 'the night is done')
  await ringProgram(queue, programId)
}

/** One program after the other: what a minute has left behind, and never more than one core of it. */
const settle = async ({ sql, nowMs, log }: JobParts): Promise<void> => {
  await forEachProgram(await readPrograms(sql), async ({ programId }) => {
    const { failed } = await settleProgram(sql, { programId, nowMs: nowMs() })
    tellFailed(log, programId, failed)
  })
}

/** A program that cannot be worked on keeps none of the others waiting; then the job fails, and is tried again. */
const forEachProgram = async (
  programs: readonly JobProgram[],
  work: (program: JobProgram) => Promise<void>,
): Promise<void> => {
  const errors: unknown[] = []
  for (const program of programs) await work(program).catch((error: unknown) => errors.push(error))
  if (errors.length > 0) throw errors[0]
}

const partitions = async ({ owner, nowMs, log }: JobParts): Promise<void> => {
  if (owner === undefined) return
  const { made, astray } = await keepPartitions(owner, nowMs())
  if (made.length > 0) log.info({ made }, 'partitions made')
  if (astray.length > 0) log.alarm({ astray }, 'rows lie in a default partition')
}

/** Judgements that the daily proof repeats in each program, drawn by lot. */
const REPLAYS = 1_000

/** Balances against postings and lots, digests, judgements, and the chain against its links: each program, each day. */
export const verifyAll = async ({ sql, nowMs, log }: JobParts): Promise<void> => {
  await forEachProgram(await readPrograms(sql), async ({ programId }) => {
    const found = await verifyProgram(sql, programId, { replays: REPLAYS })
    const wrong = found.reduce((sum, each) => sum + each.wrong, 0)
    await noteProof(sql, { programId, nowMs: nowMs(), wrong })
    if (wrong === 0) return
    const names = found.filter((each) => each.wrong > 0).map(({ name }) => name)
    log.alarm({ programId, wrong, names }, 'the proof of a program failed')
  })
}
