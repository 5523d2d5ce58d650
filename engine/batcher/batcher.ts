import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { type Channel, isFault, isRefusal } from '../db/channel.ts'
import { SLOTS } from '../ledger/identity.ts'
import { KnownHouseAccounts } from '../ledger/write-entries.ts'
import type { Directory } from '../programs/directory.ts'
import { type BatchResult, bookBatch } from './batch.ts'
import type { Item, Settled } from './item.ts'
import { bookReturns } from './returns/return-batch.ts'
import { keysOf, LANE_LIMITS, Lane, type LaneKind } from './lane.ts'
import type { BatcherMetrics } from './metrics.ts'

/** A connection with the slot that its batches use. */
interface Worker {
  readonly channel: Channel
  readonly slot: number
}

/** How a batch is tried. */
interface Trying {
  readonly worker: Worker
  /** After faults. */
  readonly retries: number
  /** When it is no longer divided, by `performance.now()`. */
  readonly untilMs: number
}

export interface BatcherLog {
  error(details: object, message: string): void
  warn(details: object, message: string): void
}

export interface BatcherOptions {
  readonly directory: Directory
  readonly clock: Clock
  /** One batch runs on each at a time. */
  readonly channels: readonly Channel[]
  /** Slot of the first channel; the others take the following ones. */
  readonly slot: number
  readonly metrics: BatcherMetrics
  readonly log: BatcherLog
  /** Items waiting or in flight, over all programs. */
  readonly queueItemsMax: number
  /** Called after each durable batch: the doorbell of after-commit work. */
  readonly onBooked: (programId: number) => void
  /** Called after a batch has booked sales that returns wait for. */
  readonly onAwaited: (programId: number) => void
}

const QUEUE_BYTES_MAX = 64 * 1024 * 1024
const LATE_AFTER_MS = 5 * 60_000
const RETRIES_MAX = 3
const RETRY_PAUSES_MS = [20, 100, 400] as const
/** Judging longer than this keeps members locked and the process deaf: the next batches are smaller. */
const JUDGE_MAX_MS = 20
const SIZE_MIN = 10
/**
 * Where so many wait, a second batch of the same lane goes out before the first is back: judging one overlaps with the database's
 * work on the other. Measured with 64 singles in flight: 24 gave 1.18 times the sales of 100, which never let a second one out.
 */
const BULK_FROM = 24
/** Batches in flight of one lane. */
const IN_FLIGHT_MAX = 2
/** How long a batch that the database refuses is divided: a till waits for its answer meanwhile. */
const HALVES_MAX_MS = 4_000
const LATER_MS = 2_000
/** An item that each batch hands to the next one is told to come again. */
const ATTEMPTS_MAX = 5

/**
 * Micro-batches. Whatever arrives while a batch is in flight forms the next one; under light load a sale is a batch of its
 * own at once. Programs take turns at the channels. One bad sale never fails its neighbours: after a defect each item of
 * the batch is booked alone, and the one that fails answers `later`.
 */
export class Batcher {
  readonly #options: BatcherOptions
  readonly #known = new KnownHouseAccounts()
  readonly #lanes = new Map<string, Lane>()
  /** Lanes with something to do, in the order of their turn. */
  readonly #turns: Lane[] = []
  readonly #idle: Worker[]
  /** By program: what the batches in flight lock. */
  readonly #busy = new Map<number, Set<string>>()
  /** Sales waiting or in flight: a return that comes right behind its sale waits for it here. */
  readonly #sales = new Set<string>()
  #items = 0
  #bytes = 0
  #stopping = false
  #drained: (() => void) | undefined

  constructor(options: BatcherOptions) {
    this.#options = options
    this.#idle = options.channels.map((channel, index) => ({ channel, slot: (options.slot + index) % SLOTS }))
  }

  /** Items waiting or in flight. */
  get length(): number {
    return this.#items
  }

  /** Why nothing can be taken now; asked for all items of a request at once, so that nothing is half done. */
  refusal(items: number, bytes: number): 'engine_stopping' | 'engine_busy' | null {
    if (this.#stopping) return 'engine_stopping'
    return this.#items + items > this.#options.queueItemsMax || this.#bytes + bytes > QUEUE_BYTES_MAX
      ? 'engine_busy'
      : null
  }

  /** Takes items whose room `refusal` has confirmed. Each is settled exactly once. */
  submit(items: readonly Item[]): void {
    for (const item of items) {
      const kind = kindOf(item)
      const name = `${item.programId} ${kind}`
      const lane = this.#lanes.get(name) ?? new Lane(item.programId, kind)
      this.#lanes.set(name, lane)
      lane.push(item)
      if (kind !== 'returns') this.#sales.add(saleName(item.programId, item.received.sale.id))
      this.#items += 1
      this.#bytes += item.received.bytes
      if (!this.#turns.includes(lane)) this.#turns.push(lane)
    }
    this.#dispatch()
  }

  /** Takes nothing more and returns when all that was taken is settled. */
  async drain(): Promise<void> {
    this.#stopping = true
    if (this.#items === 0) return
    await new Promise<void>((resolve) => {
      this.#drained = resolve
    })
  }

  readonly #followsSale = ({ programId, received }: Item): boolean => {
    const original = received.sale.original?.sale
    return original !== undefined && this.#sales.has(saleName(programId, original))
  }

  #dispatch(): void {
    for (let turns = this.#turns.length; turns > 0 && this.#idle.length > 0; turns -= 1) {
      const lane = this.#turns.shift() as Lane
      const may = lane.inFlight === 0 || (lane.inFlight < IN_FLIGHT_MAX && lane.length >= BULK_FROM)
      const busy = this.#busy.get(lane.programId) ?? new Set<string>()
      const items = may ? lane.take(busy, lane.kind === 'returns' ? this.#followsSale : undefined) : []
      if (lane.length > 0) this.#turns.push(lane)
      if (items.length > 0) this.#start(lane, items, busy)
    }
  }

  #start(lane: Lane, items: readonly Item[], busy: Set<string>): void {
    const worker = this.#idle.shift() as Worker
    const keys = items.flatMap(keysOf)
    for (const key of keys) busy.add(key)
    this.#busy.set(lane.programId, busy)
    lane.inFlight += 1
    void this.#run(lane, items, worker).finally(() => {
      // Two items of one batch may share a key: it is free when the batch is.
      for (const key of keys) busy.delete(key)
      lane.inFlight -= 1
      this.#idle.push(worker)
      if (lane.length > 0 && !this.#turns.includes(lane)) this.#turns.push(lane)
      this.#dispatch()
      if (this.#items === 0) this.#drained?.()
    })
  }

  async #run(lane: Lane, items: readonly Item[], worker: Worker): Promise<void> {
    const { metrics } = this.#options
    metrics.batchSize(items.length)
    const again: Item[] = []
    const settle = (item: Item, result: BatchResult): void => {
      if (result.kind !== 'again') this.#settle(item, result)
      else if (++item.attempts < ATTEMPTS_MAX) again.push(item)
      else this.#settle(item, later(this.#options.directory, item))
    }
    const results = await this.#book(lane, items, { worker, retries: RETRIES_MAX, untilMs: Number.POSITIVE_INFINITY })
    items.forEach((item, index) => settle(item, results[index] as BatchResult))
    lane.pushBack(again)
  }

  /**
   * Books a batch, or as much of it as can be booked: after a defect each item alone; where the database refuses all of it
   * again and again (somebody holds a row, a statement takes too long), halves of it, so that one item does not stop its
   * neighbours, as long as a till would wait.
   */
  async #book(lane: Lane, items: readonly Item[], trying: Trying): Promise<readonly BatchResult[]> {
    const results = await this.#attempt(lane, items, trying)
    if (typeof results !== 'string') return results
    const isOver = performance.now() >= trying.untilMs
    if (items.length === 1 || results === 'away' || isOver) {
      return items.map((item) => later(this.#options.directory, item))
    }
    const middle = items.length >> 1
    const parts = results === 'defect' ? items.map((item) => [item]) : [items.slice(0, middle), items.slice(middle)]
    const untilMs = results === 'defect' ? trying.untilMs : Math.min(trying.untilMs, performance.now() + HALVES_MAX_MS)
    const next = results === 'defect' ? trying : { ...trying, retries: 0, untilMs }
    const booked: BatchResult[] = []
    for (const part of parts) booked.push(...(await this.#book(lane, part, next)))
    return booked
  }

  /** Books a batch; faults are tried again, same documents, so that a commit whose answer was lost is found as booked. */
  async #attempt(
    lane: Lane,
    items: readonly Item[],
    { worker: { channel, slot }, retries }: Trying,
  ): Promise<readonly BatchResult[] | 'defect' | 'stuck' | 'away'> {
    const { directory, clock, metrics, log, onBooked, onAwaited } = this.#options
    const observe = (phase: 'load' | 'judge' | 'write', elapsedMs: number): void => {
      metrics.phase(phase, elapsedMs)
      if (phase === 'judge') adapt(lane, elapsedMs)
    }
    for (let attempt = 0; ; attempt += 1) {
      try {
        const known = this.#known
        const dependencies = { channel, directory, clock, known, slot, observe, onAwaited }
        const run = lane.kind === 'returns' ? bookReturns : bookBatch
        const results = await run(dependencies, lane.programId, items)
        onBooked(lane.programId)
        return results
      } catch (error) {
        if (!isFault(error)) {
          metrics.defect()
          log.error(
            { err: error, program: lane.programId, documents: items.map(({ received }) => received.sale.id) },
            'a batch met a defect',
          )
          return 'defect'
        }
        metrics.fault()
        if (attempt >= retries) {
          log.warn({ err: error, program: lane.programId, items: items.length }, 'a batch could not be booked')
          return isRefusal(error) ? 'stuck' : 'away'
        }
        const pause = RETRY_PAUSES_MS[attempt] ?? 0
        // Two that met in a deadlock must not meet again at once.
        await delay(pause + (slot * pause) / SLOTS)
      }
    }
  }

  #settle(item: Item, settled: Settled): void {
    this.#items -= 1
    this.#bytes -= item.received.bytes
    if (item.received.sale.kind === 'sale') this.#sales.delete(saleName(item.programId, item.received.sale.id))
    this.#options.metrics.settled(settled)
    item.settle(settled)
  }
}

const kindOf = ({ received }: Item): LaneKind => {
  if (received.sale.kind === 'return') return 'returns'
  return received.receivedAtMs - received.atMs > LATE_AFTER_MS ? 'late' : 'live'
}

const saleName = (programId: number, sale: string): string => `${programId} ${sale}`

const later = (directory: Directory, item: Item): Settled => ({
  kind: 'result',
  duplicate: false,
  result: {
    program: directory.program(item.programId)?.publicId as never,
    status: 'later',
    retryAfterMs: LATER_MS,
  },
})

const adapt = (lane: Lane, judgeMs: number): void => {
  if (judgeMs > JUDGE_MAX_MS) lane.sizeMax = Math.max(SIZE_MIN, Math.floor(lane.sizeMax / 2))
  else if (lane.sizeMax < LANE_LIMITS.items) lane.sizeMax = Math.min(LANE_LIMITS.items, lane.sizeMax + SIZE_MIN)
}
