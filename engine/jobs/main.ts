import { constants, setPriority } from 'node:os'
import { systemClock } from '../clock.ts'
import { readEngineConfig } from '../config.ts'
import { closePool, openPool } from '../db/pool.ts'
import { reportStartError } from '../db/start-error.ts'
import { lineLog } from './log.ts'
import { openQueue } from './queue.ts'
import { startWork } from './work.ts'

const POOL_MAX = 4
const ERRORS_EVERY_MS = 10_000

/** A queue that is away complains ten times a second: one line in ten seconds says as much. */
const seldom = (tell: (error: unknown) => void): ((error: unknown) => void) => {
  let toldMs = Number.NEGATIVE_INFINITY
  return (error) => {
    if (performance.now() - toldMs < ERRORS_EVERY_MS) return
    toldMs = performance.now()
    tell(error)
  }
}

/** The process that does what comes after commit; npm start keeps one beside the engine. */
const main = async (): Promise<void> => {
  // Sales first: what comes after commit takes the processor time that they leave.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  const config = readEngineConfig(process.env)
  const log = lineLog((line) => console.log(line))
  const sql = openPool(config.databaseUrl, { name: 'jobs', connectionsMax: POOL_MAX })
  const owner =
    config.ownerUrl === undefined
      ? undefined
      : openPool(config.ownerUrl, { name: 'jobs-owner', connectionsMax: 1, statementTimeoutMs: 120_000 })
  const queue = openQueue({
    jobsUrl: config.jobsUrl,
    redisUrl: config.redisUrl,
    onError: seldom((error) => log.info({ err: error }, 'job queue')),
  })
  const work = await startWork({ sql, owner, queue, clock: systemClock, log })
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    await work.stop()
    await Promise.all([closePool(sql), ...(owner === undefined ? [] : [closePool(owner)])])
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
  process.send?.({ ready: true })
}

try {
  await main()
} catch (error) {
  reportStartError(error)
  process.exit(1)
}
