import type { Sql } from '../db/pool.ts'
import type { Clock } from '../clock.ts'
import { defineJobs, type JobLog, relay } from './jobs.ts'
import type { JobQueue } from './queue.ts'
import { sweep } from './sweep.ts'

export interface WorkOptions {
  readonly sql: Sql
  readonly owner: Sql | undefined
  readonly queue: JobQueue
  readonly clock: Clock
  readonly log: JobLog
  readonly sweepEveryMs?: number
}

export interface Work {
  /** Sweeps now and answers how many programs were rung; never throws. */
  sweep(): Promise<number>
  /** Lets running jobs finish. */
  stop(): Promise<void>
}

const SWEEP_EVERY_MS = 30_000

/** Starts to work: jobs are defined, the queue runs, and every program is visited now and each 30 seconds. */
export const startWork = async (options: WorkOptions): Promise<Work> => {
  const { sql, owner, queue, clock, log } = options
  const onError = (error: unknown): void => log.alarm({ err: error }, 'the job queue does not answer')
  defineJobs({ sql, owner, queue, nowMs: clock, log })
  const drain = (programId: number): Promise<void> => relay({ sql, nowMs: clock, log }, programId)
  let running: Promise<number> | undefined
  // One sweep at a time: a slow one is not overtaken.
  const sweepNow = (): Promise<number> =>
    (running ??= sweep({ sql, queue, onError, drain })
      .catch((error: unknown) => {
        onError(error)
        return 0
      })
      .finally(() => {
        running = undefined
      }))
  await queue.start().catch(onError)
  await sweepNow()
  const timer = setInterval(() => void sweepNow(), options.sweepEveryMs ?? SWEEP_EVERY_MS)
  return {
    sweep: sweepNow,
    stop: async () => {
      clearInterval(timer)
      await running
      await queue.close()
    },
  }
}
