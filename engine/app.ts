import { randomInt } from 'node:crypto'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { Gauge, Registry } from 'prom-client'
import { Batcher } from './batcher/batcher.ts'
import { batcherMetrics } from './batcher/metrics.ts'
import type { Clock } from './clock.ts'
import { openChannel } from './db/channel.ts'
import { closePool, openPool, type Sql } from './db/pool.ts'
import { adminRoutes } from './http/admin.ts'
import { cardsRoutes } from './http/cards.ts'
import { GuessBudget } from './http/guess-budget.ts'
import { healthRoutes } from './http/health.ts'
import { openApiRoutes } from './http/openapi.ts'
import { answerProblems, refuseAddress } from './http/problem.ts'
import { QuestionLimit } from './http/question-limit.ts'
import { quotesRoutes } from './http/quotes.ts'
import { keepRawBody } from './http/raw-body.ts'
import { saleStatusRoutes } from './http/sale-status.ts'
import { salesRoutes } from './http/sales.ts'
import { terminalRoutes } from './http/terminals.ts'
import type { EngineKeys } from './keys.ts'
import { outboxGauges } from './outbox/gauges.ts'
import { Directory } from './programs/directory.ts'
import { type Originals, originalsIn } from './returns/programs-of-return.ts'
import { WaitingReturns } from './batcher/returns/waiting.ts'
import { SessionKeys } from './terminals/authenticate.ts'
import { BundlePress } from './terminals/bundle-press.ts'
import { HeardHellos } from './terminals/heard-hellos.ts'
import { TerminalContacts } from './terminals/contacts.ts'
import { TerminalRegister } from './terminals/register.ts'

export interface EngineOptions {
  /** Role premia_engine, under row security. */
  readonly databaseUrl: string
  readonly clock: Clock
  readonly keys: EngineKeys
  /** Seals the acting header of the console's door. */
  readonly consoleKey: string
  /** `false`: silent, for tests. */
  readonly logger: { readonly level: string } | false
  /** Batches in flight at once, over all programs. */
  readonly channels?: number
  /** First of the slots that this process writes to; drawn by lot where absent. */
  readonly slot?: number
  readonly answerWithinMs?: number
  /** Items that may wait; more are answered `engine_busy`. */
  readonly queueItemsMax?: number
  /** Rung after each durable batch. */
  readonly onBooked?: (programId: number) => void
  /** Look for changes by other processes; a test that has only one can do without. */
  readonly watch?: boolean
}

export interface Engine {
  readonly app: FastifyInstance
  readonly sql: Sql
  readonly batcher: Batcher
  readonly directory: Directory
  readonly register: TerminalRegister
  readonly contacts: TerminalContacts
  readonly registry: Registry
  readonly waitingReturns: WaitingReturns
  /** Takes nothing more, finishes what it has, closes. */
  close(): Promise<void>
}

const CHANNELS = 4
const POOL_MAX = 6
const ANSWER_WITHIN_MS = 10_000
const QUEUE_ITEMS_MAX = 10_000
/** Quotes, cards and results being looked up at once: some ten for each connection of the pool. */
const QUESTIONS_MAX = 64
const SLOTS = 32
/** How long our finding of a sale's programs may lag behind a command of another process. */
const WATCH_EVERY_MS = 1_000
/** Returns whose sale came while a process died are found within this. */
const SWEEP_EVERY_MS = 30_000
const SILENT = { error: () => undefined, warn: () => undefined }

/** The engine, ready to serve through `app.inject` or `app.listen`. */
export const buildEngine = async (options: EngineOptions): Promise<Engine> => {
  const { databaseUrl, clock, keys } = options
  const sql = openPool(databaseUrl, { name: 'engine', connectionsMax: POOL_MAX })
  const [directory, register] = await Promise.all([Directory.open(sql), TerminalRegister.open(sql)])
  const registry = new Registry()
  const app = buildApp(options.logger)
  const originals = originalsIn(sql)
  const { batcher, waitingReturns, closeChannels } = openBatcher(options, { sql, directory, originals, registry, app })
  outboxGauges(registry, sql, clock)
  const contacts = new TerminalContacts(sql)
  const watched = { directory, register, contacts, waitingReturns }
  const stopWatching = options.watch === false ? () => undefined : watch(watched, app)
  let closing: Promise<void> | undefined
  const shared = {
    sql,
    keys,
    directory,
    register,
    contacts,
    nowMs: clock,
    originals,
    sessions: new SessionKeys(keys.sessionSecret),
    guesses: new GuessBudget(),
    questions: new QuestionLimit(QUESTIONS_MAX),
  }
  healthRoutes(app, { sql, registry, isStopping: () => closing !== undefined })
  salesRoutes(app, { ...shared, batcher, answerWithinMs: options.answerWithinMs ?? ANSWER_WITHIN_MS })
  quotesRoutes(app, shared)
  saleStatusRoutes(app, shared)
  cardsRoutes(app, shared)
  terminalRoutes(app, { ...shared, bundles: new BundlePress(sql, keys), heard: new HeardHellos() })
  adminRoutes(app, {
    sql,
    keys,
    nowMs: clock,
    consoleKey: options.consoleKey,
    onCommand: () => void Promise.allSettled([directory.refresh(), register.refresh()]),
  })
  openApiRoutes(app)
  await app.ready()
  const close = async (): Promise<void> => {
    stopWatching()
    await batcher.drain()
    await waitingReturns.settled()
    await app.close()
    await contacts.stop()
    await Promise.all([closeChannels(), closePool(sql)])
  }
  return {
    app,
    sql,
    batcher,
    directory,
    register,
    contacts,
    registry,
    waitingReturns,
    close: () => (closing ??= close()),
  }
}

interface Booking {
  readonly sql: Sql
  readonly directory: Directory
  readonly originals: Originals
  readonly registry: Registry
  readonly app: FastifyInstance
}

/** What books: the batcher with connections of its own, and behind it the returns that wait for their sales. */
const openBatcher = (
  options: EngineOptions,
  { sql, directory, originals, registry, app }: Booking,
): Pick<Engine, 'batcher' | 'waitingReturns'> & { readonly closeChannels: () => Promise<unknown> } => {
  const { clock, databaseUrl } = options
  const channels = Array.from({ length: options.channels ?? CHANNELS }, () => openChannel(databaseUrl, 'batcher'))
  const batcher = new Batcher({
    directory,
    clock,
    channels,
    slot: options.slot ?? randomInt(SLOTS),
    metrics: batcherMetrics(registry),
    queueItemsMax: options.queueItemsMax ?? QUEUE_ITEMS_MAX,
    log: options.logger === false ? SILENT : app.log,
    onBooked: options.onBooked ?? (() => undefined),
    onAwaited: (programId) => waitingReturns.wake(programId),
  })
  const waitingReturns: WaitingReturns = new WaitingReturns({
    sql,
    clock,
    directory,
    originals,
    batcher,
    onError: (error) => app.log.warn({ err: error }, 'returns that wait could not be booked'),
  })
  const waiting: Gauge = new Gauge({
    name: 'premia_queue_items',
    help: 'Items waiting or in flight',
    registers: [registry],
    collect: (): void => waiting.set(batcher.length),
  })
  return { batcher, waitingReturns, closeChannels: () => Promise.all(channels.map((channel) => channel.close())) }
}

const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_MS = 72_000
const SLOW_CHECK_MS = 5_000

const buildApp = (logger: EngineOptions['logger']): FastifyInstance => {
  const app = Fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Looked at each 30 s, by Node's own default, and counted from the longer of the two: 90 s for a body sent drop by drop.
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: SLOW_CHECK_MS },
    frameworkErrors: refuseAddress,
    keepAliveTimeout: KEEP_ALIVE_MS,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  })
  keepRawBody(app)
  answerProblems(app)
  return app
}

interface Watched {
  readonly directory: Directory
  readonly register: TerminalRegister
  readonly contacts: TerminalContacts
  readonly waitingReturns: WaitingReturns
}

const watch = ({ directory, register, contacts, waitingReturns }: Watched, app: FastifyInstance): (() => void) => {
  const failed = (error: unknown): void => app.log.warn({ err: error }, 'looking for changes failed')
  register.watch(failed)
  contacts.start(failed)
  const timer = setInterval(() => void directory.refresh().catch(failed), WATCH_EVERY_MS)
  timer.unref()
  const sweep = (): void => void waitingReturns.sweep().catch(failed)
  sweep()
  const sweeping = setInterval(sweep, SWEEP_EVERY_MS)
  sweeping.unref()
  return () => {
    clearInterval(timer)
    clearInterval(sweeping)
    register.stop()
  }
}
