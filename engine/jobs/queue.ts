import {
  createPostgresBackend,
  createRedisBackend,
  type Job,
  type Queue,
  type RepeatOptions,
  type Worker,
  withBackend,
} from 'bullmq'

/**
 * All that the project knows of its job queue. Jobs are BullMQ: in a PostgreSQL database of their own, or in Redis where
 * there is one. A job is a doorbell and nothing more: whatever it starts asks the loyalty database what there is to do, and
 * is done once however often it rings. So the queue's database may be lost at any time; `reopen` makes it anew.
 */
export interface JobQueue {
  /** What a job of this name does. Before `start`. */
  define(name: string, run: (payload: JobPayload) => Promise<void>): void
  /** At most one job of a key waits and one runs; without a key each one counts. */
  add(name: string, payload: JobPayload, key?: string): Promise<void>
  /** Again and again; the same key replaces the schedule. */
  schedule(key: string, when: Schedule, job: { readonly name: string; readonly payload: JobPayload }): Promise<void>
  unschedule(key: string): Promise<void>
  /** Keys of all schedules that the queue knows. */
  schedules(): Promise<ReadonlySet<string>>
  /** Begins to work. */
  start(): Promise<void>
  /** Connects again, making tables where they are missing. Schedules have to be given again. */
  reopen(): Promise<void>
  /** Lets running jobs finish. */
  close(): Promise<void>
}

/** Ids and numbers alone: no name, no card, no amount stands in a job. */
export type JobPayload = Readonly<Record<string, number | string>>

export type Schedule = { readonly everyMs: number } | { readonly cron: string; readonly zone: string }

export interface QueueOptions {
  /** Address of the queue's own PostgreSQL database; used where there is no Redis. */
  readonly jobsUrl: string
  readonly redisUrl?: string | undefined
  readonly onError: (error: unknown) => void
  /** Jobs that run at the same time in this process. */
  readonly concurrency?: number
  /** Names apart what several installations keep in one Redis. */
  readonly prefix?: string
}

const QUEUE = 'premia'
const CONCURRENCY = 4
const ATTEMPTS = 5
const BACKOFF_MS = 1_000
/** Kept for a person who asks what happened. */
const KEEP = { removeOnComplete: { count: 200 }, removeOnFail: { count: 1_000, age: 7 * 86_400 } }
const CONNECTIONS_MAX = 4
const SCHEDULES_MAX = 100_000
const ANSWER_TIMEOUT_MS = 5_000
const CLOSE_TIMEOUT_MS = 3_000

/** How a backend makes its two ends. A worker is made only for a queue that has answered. */
interface Ends {
  readonly queue: () => Queue
  readonly worker: (run: Process) => Worker
}

type Process = (job: Job) => Promise<void>

const postgresEnds = ({ jobsUrl, concurrency = CONCURRENCY }: QueueOptions): Ends => {
  const classes = withBackend(createPostgresBackend)
  const connection = {
    connectionString: jobsUrl,
    max: CONNECTIONS_MAX,
    migrate: true,
    application_name: 'premia-jobs',
  }
  const options = { connection, concurrency, autorun: false }
  return {
    queue: () => new classes.Queue(QUEUE, { connection }) as unknown as Queue,
    worker: (run) => new classes.Worker(QUEUE, run, options) as unknown as Worker,
  }
}

const redisEnds = ({ prefix = 'premia', concurrency = CONCURRENCY }: QueueOptions, url: string): Ends => {
  const classes = withBackend(createRedisBackend)
  // A producer fails at once when Redis is away; a worker waits for it.
  const producer = { url, maxRetriesPerRequest: 1, enableOfflineQueue: false }
  const options = { connection: { url, maxRetriesPerRequest: null }, prefix, concurrency, autorun: false }
  return {
    queue: () => new classes.Queue(QUEUE, { connection: producer, prefix }) as unknown as Queue,
    worker: (run) => new classes.Worker(QUEUE, run, options) as unknown as Worker,
  }
}

export const openQueue = (options: QueueOptions): JobQueue => {
  const { onError, redisUrl } = options
  const definitions = new Map<string, (payload: JobPayload) => Promise<void>>()
  const process: Process = async ({ name, data }) => {
    const run = definitions.get(name)
    if (run === undefined) throw new Error(`no job is named ${name}`)
    await run(data as JobPayload)
  }
  const ends = redisUrl === undefined ? postgresEnds(options) : redisEnds(options, redisUrl)
  const openOne = (): Queue => {
    const queue = ends.queue()
    queue.on('error', onError)
    return queue
  }
  let working = false
  let queue = openOne()
  let worker: Worker | undefined
  const closeBoth = async (): Promise<void> => {
    const ending = [worker, queue]
    worker = undefined
    for (const each of ending) if (each !== undefined) await closeInTime(each, onError)
  }
  const reopen = async (): Promise<void> => {
    await closeBoth()
    queue = openOne()
    await inTime(queue.waitUntilReady())
    if (!working) return
    // The worker's loop begins when it is ready and not before: with a database that is not there it would turn on the
    // spot and let nothing else run.
    const next = ends.worker(process)
    next.on('error', onError)
    next.on('failed', (_job, error) => onError(error))
    worker = next
    await inTime(next.waitUntilReady())
    next.run().catch(onError)
  }
  return {
    define: (name, run) => {
      definitions.set(name, run)
    },
    add: async (name, payload, key) => {
      const adding = queue.add(name, payload, {
        ...KEEP,
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: BACKOFF_MS },
        ...(key === undefined ? {} : { deduplication: { id: key, keepLastIfActive: true } }),
      })
      await inTime(adding)
    },
    schedule: async (key, when, { name, payload }) => {
      const repeat: Omit<RepeatOptions, 'key'> =
        'everyMs' in when ? { every: when.everyMs } : { pattern: when.cron, tz: when.zone }
      const opts = { ...KEEP, attempts: ATTEMPTS, backoff: { type: 'exponential', delay: BACKOFF_MS } }
      await inTime(queue.upsertJobScheduler(key, repeat, { name, data: payload, opts }))
    },
    unschedule: async (key) => {
      await inTime(queue.removeJobScheduler(key))
    },
    schedules: async () => {
      const known = await inTime(queue.getJobSchedulers(0, SCHEDULES_MAX - 1))
      return new Set(known.map(({ key }) => key))
    },
    start: () => {
      working = true
      return reopen()
    },
    reopen,
    close: closeBoth,
  }
}

/** A queue that is away answers late or never; whoever asks goes on without it. */
const inTime = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_done, fail) => {
    timer = setTimeout(
      () => fail(new Error(`the job queue did not answer within ${ANSWER_TIMEOUT_MS} ms`)),
      ANSWER_TIMEOUT_MS,
    )
  })
  // What comes after its time is nobody's concern any more.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

/** Never hangs on a database that is not there any more. */
const closeInTime = async (end: Queue | Worker, onError: (error: unknown) => void): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<void>((done) => {
    timer = setTimeout(done, CLOSE_TIMEOUT_MS)
  })
  await Promise.race([end.close().catch(onError), tooLong])
  clearTimeout(timer)
}
