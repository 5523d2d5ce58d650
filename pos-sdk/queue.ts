/**
 * The queue between the till and the engine: persist → send → settle → delete.
 *
 * A sale enters when it is durable (`journal.append`) and leaves by one of two doors: **settled**, when the result of
 * every program is final: the host is told first, then the sale is deleted; or **parked**, when it is refused for ever or
 * failed five times, with the reason, for a person. Everything else (silence, a busy engine, a terminal that must be
 * inspected, `later` for one program) keeps it here, and the same bytes are sent again. A crash between any two steps
 * repeats the step: the engine answers `duplicate`, the host is told again.
 *
 * One request is under way at a time, so that the engine meets the sales in the order in which they were made.
 */
import type { Clock } from './clock.ts'
import type { SaleResult, SalesAnswer, Uuid } from './contract/till/index.ts'
import { tillPaths } from './contract/till/paths.ts'
import { limits } from './contract/till/limits.ts'
import type { Journal, ParkedSale, QueuedSale } from './journal.ts'
import { backOffMs, decide, decideLeft, type Exchange, type RetryLimits } from './retry.ts'
import { isFinal, laterMs, parkedSale, tooManyFailures } from './settle.ts'
import type { Send } from './transport.ts'

export interface QueueOptions {
  readonly journal: Journal
  /** The device key of this terminal. */
  readonly keyId: string
  readonly send: Send
  readonly clock: Clock
  readonly retry: RetryLimits
  /** Sales of one request: at most 500. */
  readonly salesPerRequest: number
  readonly random: () => number
  /** Told before the sale is deleted; when it fails the sale stays and is told again. */
  readonly onSettled: (result: SaleResult) => void | Promise<void>
  readonly onParked: (parked: ParkedSale) => void | Promise<void>
  /** The results of these sales in this order, `undefined` where an answer does not hold them. */
  readonly resultsOf: (ids: readonly Uuid[], answer: unknown) => readonly SaleResult[] | undefined
}

/** Why the queue does not move, as of the last exchange. */
export interface Trouble {
  /** A code of the catalogue; `silent`: no answer; `host`: `onSettled` or `onParked` failed; `store`: the disk failed. */
  readonly code: string
  readonly detail: string
  readonly sinceMs: number
}

interface Entry {
  readonly sale: QueuedSale
  /** Answers of the engine without a final result. Counted anew after a restart. */
  failures: number
  /** By `clock.elapsed`, as all waiting here: a clock that is set back must not stop a queue. */
  notBeforeMs: number
}

type Waiter = (result: SaleResult | undefined) => void

/** Leaves room for the frame of the request. */
const BODY_BYTES_MAX = limits.bodyBytes - 1_024
/** A new sale may wake a silent queue, but not more often than this. */
const WAKE_MS = 1_000
const FOREVER_MS = 2_000_000_000

export class SaleQueue {
  readonly #options: QueueOptions
  readonly #entries = new Map<Uuid, Entry>()
  readonly #waiters = new Map<Uuid, Waiter[]>()
  readonly #closing = new AbortController()
  #alarm = new AbortController()
  #emptied: (() => void)[] = []
  #batchMax: number
  #failures = 0
  #lastAttemptMs = 0
  #pausedUntilMs = 0
  #hintUntilMs = 0
  #trouble: Trouble | undefined
  #running: Promise<void> | undefined

  constructor(options: QueueOptions) {
    this.#options = options
    this.#batchMax = options.salesPerRequest
  }

  get length(): number {
    return this.#entries.size
  }

  /** How many of them another key has signed. */
  get takenOver(): number {
    let count = 0
    for (const { sale } of this.#entries.values()) if (sale.keyId !== this.#options.keyId) count += 1
    return count
  }

  get trouble(): Trouble | undefined {
    return this.#trouble
  }

  get oldest(): QueuedSale | undefined {
    return this.#entries.values().next().value?.sale
  }

  find(id: Uuid): QueuedSale | undefined {
    return this.#entries.get(id)?.sale
  }

  /** Takes a durable sale. */
  add(sale: QueuedSale): void {
    this.#entries.set(sale.id, { sale, failures: 0, notBeforeMs: 0 })
    // The next sale is a good moment to look whether a silent engine is back; what the engine asked for is kept.
    this.#pausedUntilMs = Math.min(this.#pausedUntilMs, Math.max(this.#hintUntilMs, this.#lastAttemptMs + WAKE_MS))
    this.#alarm.abort()
  }

  /** The next result of a queued sale; `undefined` when an attempt ended without one or the queue is closed. */
  nextResult(id: Uuid): Promise<SaleResult | undefined> {
    return new Promise((resolve) => {
      if (this.#closing.signal.aborted) return resolve(undefined)
      this.#waiters.set(id, [...(this.#waiters.get(id) ?? []), resolve])
    })
  }

  /** Resolves when nothing is queued any more, or the queue is closed. */
  whenEmpty(): Promise<void> {
    if (this.#entries.size === 0 || this.#closing.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => this.#emptied.push(resolve))
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Stops sending. What is queued stays in the store. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#alarm.abort()
    await this.#running
    for (const id of this.#waiters.keys()) this.#tell(id, undefined)
    this.#tellEmptied()
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    try {
      while (!this.#closing.signal.aborted) {
        const idleMs = this.#idleMs(clock.elapsed())
        if (idleMs === 0) await this.#sendBatch()
        else await this.#sleep(idleMs)
      }
    } catch (error) {
      // Only the store throws here. Nothing may be sent or deleted on a disk that has failed.
      this.#trouble = { code: 'store', detail: String(error), sinceMs: clock.now() }
      for (const id of this.#waiters.keys()) this.#tell(id, undefined)
    }
  }

  async #sleep(ms: number): Promise<void> {
    this.#alarm = new AbortController()
    await this.#options.clock.wait(ms, this.#alarm.signal)
  }

  #idleMs(nowMs: number): number {
    let dueMs = Number.POSITIVE_INFINITY
    for (const entry of this.#entries.values()) {
      dueMs = Math.min(dueMs, entry.notBeforeMs)
      if (dueMs <= nowMs) break
    }
    return Math.min(FOREVER_MS, Math.max(0, Math.max(dueMs, this.#pausedUntilMs) - nowMs))
  }

  /** The oldest due sales that fit into one request, at least one. */
  #dueBatch(): Entry[] {
    const nowMs = this.#options.clock.elapsed()
    const batch: Entry[] = []
    let bytes = 0
    for (const entry of this.#entries.values()) {
      if (entry.notBeforeMs > nowMs) continue
      // Three bytes a UTF-16 unit are the most that UTF-8 takes.
      const size = entry.sale.text.length * 3 + 1
      if (batch.length >= this.#batchMax || (batch.length > 0 && bytes + size > BODY_BYTES_MAX)) break
      batch.push(entry)
      bytes += size
    }
    return batch
  }

  async #sendBatch(): Promise<void> {
    const { send, clock, salesPerRequest, resultsOf } = this.#options
    const batch = this.#dueBatch()
    this.#lastAttemptMs = clock.elapsed()
    const body = `{"sales":[${batch.map(({ sale }) => sale.text).join(',')}]}`
    const answer = await send<SalesAnswer>({ ...tillPaths.sales, body })
    if (this.#closing.signal.aborted) return
    const ids = batch.map(({ sale }) => sale.id)
    const results = answer.kind === 'answered' ? resultsOf(ids, answer.value) : undefined
    if (results === undefined) return this.#onFailure(batch, answer)
    this.#failures = 0
    this.#trouble = undefined
    this.#batchMax = Math.min(salesPerRequest, this.#batchMax * 2)
    await this.#settle(batch, results)
    if (this.#entries.size === 0) this.#tellEmptied()
  }

  async #onFailure(batch: readonly Entry[], answer: Exchange<unknown>): Promise<void> {
    if (answer.kind === 'refused') {
      const { code, detail, errors } = answer.problem
      const decision = decide(code, batch.length)
      if (decision !== 'wait') {
        // The engine is there and speaks: it is the content that it does not take.
        this.#failures = 0
        this.#trouble = undefined
      }
      if (decision === 'park') {
        for (const entry of batch) await this.#park(entry, { code, detail, errors })
        return
      }
      if (decision === 'split') {
        this.#batchMax = Math.max(1, Math.floor(batch.length / 2))
        return
      }
      this.#pause(answer.retryAfterMs, code, detail)
    } else if (answer.kind === 'silent') this.#pause(answer.retryAfterMs, 'silent', answer.reason)
    else this.#pause(undefined, 'silent', 'the answer does not fit the request')
    // Perhaps it was too much at once; a tenth of the usual is small enough for that reason.
    this.#batchMax = Math.max(Math.ceil(this.#options.salesPerRequest / 10), Math.floor(this.#batchMax / 2))
    for (const { sale } of batch) this.#tell(sale.id, undefined)
  }

  #pause(hintMs: number | undefined, code: string, detail: string): void {
    this.#failures += 1
    this.#pausedUntilMs = this.#later(this.#failures, hintMs)
    this.#hintUntilMs = hintMs === undefined ? 0 : this.#pausedUntilMs
    this.#complain(code, detail)
  }

  #later(failures: number, hintMs?: number): number {
    const { clock, retry, random } = this.#options
    return clock.elapsed() + backOffMs({ failures, limits: retry, random: random(), hintMs })
  }

  #complain(code: string, detail: string): void {
    const before = this.#trouble
    this.#trouble = { code, detail, sinceMs: before?.code === code ? before.sinceMs : this.#options.clock.now() }
  }

  async #settle(batch: readonly Entry[], results: readonly SaleResult[]): Promise<void> {
    const done: QueuedSale[] = []
    for (const [index, entry] of batch.entries()) {
      const result = results[index] as SaleResult
      if (result.status === 'rejected') {
        const { code, detail } = result.problem
        const decision = entry.sale.keyId === this.#options.keyId ? decide(code, 1) : decideLeft(code)
        if (decision === 'park') {
          await this.#park(entry, result.problem)
          this.#tell(entry.sale.id, result)
        } else {
          // Terminal or engine are at fault: the sale waits here until that has been put right.
          entry.notBeforeMs = this.#later((entry.failures += 1))
          this.#complain(code, detail)
          this.#tell(entry.sale.id, undefined)
        }
      } else if (isFinal(result)) {
        if (await this.#tellHost(entry, result)) done.push(entry.sale)
        this.#tell(entry.sale.id, result)
      } else await this.#keep(entry, result)
    }
    if (done.length === 0) return
    await this.#options.journal.remove(done)
    for (const { id } of done) this.#entries.delete(id)
  }

  /** Not final: the same again, after what the engine asked for; the fifth time it is parked. */
  async #keep(entry: Entry, result: SaleResult): Promise<void> {
    entry.failures += 1
    if (tooManyFailures(entry.failures)) {
      await this.#park(entry, { code: 'later', detail: 'not booked in five attempts', errors: [] })
    } else entry.notBeforeMs = this.#later(entry.failures, laterMs(result))
    this.#tell(entry.sale.id, result)
  }

  async #tellHost(entry: Entry, result: SaleResult): Promise<boolean> {
    try {
      await this.#options.onSettled(result)
      return true
    } catch (error) {
      entry.notBeforeMs = this.#later((entry.failures += 1))
      this.#complain('host', String(error))
      return false
    }
  }

  async #park({ sale }: Entry, reason: Pick<ParkedSale, 'code' | 'detail' | 'errors'>): Promise<void> {
    const { journal, clock, onParked } = this.#options
    const parked = parkedSale(sale, reason, clock.now())
    await journal.park(sale, parked)
    this.#entries.delete(sale.id)
    // The sale is safe where it is: an alarm that fails must not stop the others.
    void (async () => onParked(parked))().catch((error: unknown) => this.#complain('host', String(error)))
    this.#tell(sale.id, { sale: sale.id, status: 'rejected', problem: reason })
    if (this.#entries.size === 0) this.#tellEmptied()
  }

  #tell(id: Uuid, result: SaleResult | undefined): void {
    const waiters = this.#waiters.get(id) ?? []
    this.#waiters.delete(id)
    for (const resolve of waiters) resolve(result)
  }

  #tellEmptied(): void {
    const emptied = this.#emptied
    this.#emptied = []
    for (const resolve of emptied) resolve()
  }
}
