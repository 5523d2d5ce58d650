/**
 * Makes the demo through the engine's own doors: the world by commands, then day after day the sales of its tills, and
 * after each day the work of the night. Everything carries the same ids each time and each finished day leaves a mark, so
 * that a seeding that was ended anywhere goes on where it was.
 */
import { adminClient, type AdminClient, type AdminResponse } from '@premia/pos-sdk/contract/admin'
import type { SaleResult } from '@premia/pos-sdk/contract/till'
import { buildEngine, type Engine } from '../app.ts'
import type { EngineConfig } from '../config.ts'
import { hasMark, setMark } from '../db/marks.ts'
import { ensurePartitions } from '../db/partitions.ts'
import { closePool, openPool, type Sql } from '../db/pool.ts'
import { StartError } from '../db/start-error.ts'
import { engineKeys } from '../keys.ts'
import { type Calendar, calendarAt, calendarFounded } from './calendar.ts'
import { demoActor, type Given, morningCommands, setUpCommands, terminalCommand } from './commands.ts'
import { demoDays } from './days.ts'
import { type Delivery, deliveriesOf, requestsOf } from './deliveries.ts'
import { Night } from './night.ts'
import { type DemoTerminal, terminals } from './outlets.ts'
import { programs } from './programs.ts'
import { DemoSales } from './sales/day-sales.ts'
import { planDay } from './sales/plan.ts'
import { type ChainedSale, signed } from './sales/till.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { TerminalDoor } from './terminal-door.ts'

export interface SeedOptions {
  readonly config: Pick<EngineConfig, 'databaseUrl' | 'ownerUrl' | 'engineKey' | 'consoleKey'>
  /** The real time: the last simulated day is told up to it. */
  readonly nowMs: () => number
  readonly report: (progress: SeedProgress) => void
  /** True when the seeding shall end as soon as it can. */
  readonly isStopping?: () => boolean
  /** Only so many days; all of them where absent. */
  readonly days?: number
}

export interface SeedProgress {
  readonly phase: string
  readonly done: number
  readonly total: number
}

const minuteMs = 60_000
/** Sales of most days are told in steps of four hours, those of the last days nearly as they came. */
const coarseStepMs = 240 * minuteMs
const fineStepMs = 10 * minuteMs
const fineDays = 2
/** By then the tables of sales have rows to look at. */
const analyzeDay = 7
/** A sale that some program could not take at once is sent again so often. */
const attemptsMax = 8

/** Seeds, or goes on seeding; resolves to whether the demo is complete. */
export const seedDemo = async (options: SeedOptions): Promise<boolean> => {
  const { databaseUrl, ownerUrl, engineKey, consoleKey } = options.config
  if (ownerUrl === undefined) throw new StartError('The demo needs the address of the database for its owner.')
  const owner = openPool(ownerUrl, { name: 'demo', connectionsMax: 1 })
  try {
    const calendar = await findCalendar(owner, options.nowMs())
    await ensurePartitions(owner, { from: calendar.morningMs(0), to: options.nowMs() })
    await ensurePartitions(owner, options.nowMs())
    const clock = new SimulatedClock(calendar.morningMs(0))
    const keys = engineKeys(engineKey)
    const logger = { level: 'error' }
    const engine = await buildEngine({ databaseUrl, clock: clock.now, keys, consoleKey, logger, watch: false })
    const door = new TerminalDoor({ app: engine.app, clock: clock.now, sessionSecret: keys.sessionSecret })
    const client = adminClient({ send: injected(engine), key: consoleKey, nowMs: clock.now })
    try {
      const seeding = new Seeding({ ...options, owner, calendar, clock, engine, door, client })
      await seeding.foundWorld()
      return await seeding.tellDays()
    } finally {
      await engine.close()
    }
  } finally {
    await closePool(owner)
  }
}

const injected =
  ({ app }: Engine) =>
  async ({
    method,
    path,
    headers,
    body,
  }: Parameters<Parameters<typeof adminClient>[0]['send']>[0]): Promise<AdminResponse> => {
    const answer = await app.inject({ method, url: path, headers, payload: body })
    return { status: answer.statusCode, body: answer.body }
  }

/** The demo's days: its own when it was begun before, else those that end today. Never over other data. */
const findCalendar = async (owner: Sql, nowMs: number): Promise<Calendar> => {
  const rows = await owner<{ id: string; startsAt: Date }[]>`
    SELECT public_id AS id, starts_at AS "startsAt" FROM directory.program`
  const ours = rows.find((row) => row.id === programs[0]?.id)
  if (ours !== undefined) return calendarFounded(ours.startsAt.getTime())
  if (rows.length > 0)
    throw new StartError('The database already holds other programs: the demo is not mixed with them.')
  return calendarAt(nowMs)
}

interface Parts extends SeedOptions {
  readonly owner: Sql
  readonly calendar: Calendar
  readonly clock: SimulatedClock
  readonly engine: Engine
  readonly door: TerminalDoor
  readonly client: AdminClient
}

class Seeding {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async foundWorld(): Promise<void> {
    const { owner, calendar, report, client } = this.#parts
    if (await hasMark(owner, 'demo-world')) return
    const commands = setUpCommands(calendar)
    const total = commands.length + terminals.length
    let done = 0
    for (const command of commands) {
      await this.#give(command)
      done += 1
      report({ phase: 'world', done, total })
    }
    await this.#refresh()
    const { name, input, details } = terminalCommand(calendar)
    const { result } = await client.command(demoActor, name, input, details)
    const codes = new Map(result.codes.map(({ terminal, code }) => [terminal, code]))
    for (const terminal of await this.#newTerminals())
      await this.#parts.door.enrol(terminal, codes.get(terminal.id) ?? '')
    report({ phase: 'world', done: total, total })
    // Thousands of rows have come at once: the planner shall know before the first sale.
    await owner`ANALYZE`
    await setMark(owner, 'demo-world')
  }

  /** Tells the days in their order; false when it was told to stop. */
  async tellDays(): Promise<boolean> {
    const { calendar, report, nowMs, isStopping = () => false, days = calendar.days.length } = this.#parts
    const night = new Night(this.#parts.engine, this.#parts.clock.now)
    const planned = calendar.days.map((day) => planDay(calendar.days, day).length)
    let total = planned.reduce((sum, sales) => sum + sales, 0)
    const demo = new DemoSales(calendar.days)
    // The queues of tills that are offline: made on one day, sent on a later one.
    let queued: readonly ChainedSale[] = []
    let done = 0
    for (const { index } of calendar.days.slice(0, days)) {
      const endMs = Math.min(calendar.nightMs(index), nowMs())
      const today = demo.nextDay()
      // What comes back is known when its day is made.
      total += today.length - (planned[index] ?? 0)
      const made = [...queued, ...today]
      const due = made.filter((sale) => sale.sentAtMs <= endMs)
      queued = made.filter((sale) => sale.sentAtMs > endMs)
      done += due.length
      if (await this.#isTold(index)) continue
      if (!(await this.#tellDay(index, due, isStopping))) return false
      // The last day has no night yet.
      if (calendar.nightMs(index) <= nowMs()) {
        this.#parts.clock.advanceTo(calendar.nightMs(index))
        await night.work()
        await setMark(this.#parts.owner, markOf(index))
      }
      report({ phase: 'sales', done, total })
    }
    await night.settle(nowMs())
    await this.#parts.owner`ANALYZE`
    return true
  }

  async #tellDay(index: number, due: readonly ChainedSale[], isStopping: () => boolean): Promise<boolean> {
    const { calendar, clock, engine } = this.#parts
    clock.advanceTo(calendar.morningMs(index))
    for (const command of morningCommands(index, calendar)) await this.#give(command)
    await this.#refresh()
    if (index === analyzeDay) await this.#parts.owner`ANALYZE`
    const stepMs = index < demoDays - fineDays ? coarseStepMs : fineStepMs
    for (const delivery of deliveriesOf(due, stepMs)) {
      if (isStopping()) return false
      clock.advanceTo(delivery.atMs)
      await this.#deliver(delivery)
      // Returns whose sale has come now are booked at its time.
      await engine.waitingReturns.settled()
    }
    // A seeding that was ended may have left some whose sale had come.
    await engine.waitingReturns.sweep()
    return true
  }

  async #deliver({ byTerminal }: Delivery): Promise<void> {
    await Promise.all(
      [...byTerminal].map(async ([terminal, sales]) => {
        for (const request of requestsOf(sales)) await this.#send(terminal, request)
      }),
    )
  }

  /** Sends until every program has told its final word. */
  async #send(terminal: DemoTerminal, sales: readonly ChainedSale[]): Promise<void> {
    let rest = sales.map(signed)
    for (let attempt = 0; rest.length > 0; attempt += 1) {
      if (attempt === attemptsMax) throw new Error(`${terminal.name}: not booked in ${attemptsMax} attempts`)
      const results = new Map((await this.#parts.door.send(terminal, rest)).map((result) => [result.sale, result]))
      rest = rest.filter((sale) => !isFinal(results.get(sale.id), terminal))
    }
  }

  async #give({ name, input, details }: Given): Promise<void> {
    // The union of commands is checked where it is made; here name and input belong together.
    await this.#parts.client.command(demoActor, name, input as never, details)
  }

  async #refresh(): Promise<void> {
    await Promise.all([this.#parts.engine.directory.refresh(), this.#parts.engine.register.refresh()])
  }

  async #isTold(index: number): Promise<boolean> {
    return hasMark(this.#parts.owner, markOf(index))
  }

  async #newTerminals(): Promise<readonly DemoTerminal[]> {
    const active = await this.#parts.owner<{ id: string }[]>`
      SELECT terminal_id AS id FROM directory.terminal WHERE state = 'active'`
    const known = new Set(active.map(({ id }) => id))
    return terminals.filter(({ id }) => !known.has(id))
  }
}

const markOf = (index: number): string => `demo-day-${String(index).padStart(2, '0')}`

const isFinal = (result: SaleResult | undefined, terminal: DemoTerminal): boolean => {
  if (result === undefined) return false
  if (result.status === 'rejected') throw new Error(`${terminal.name}: ${result.problem.code} ${result.problem.detail}`)
  return result.status !== 'incomplete'
}
