/**
 * The doorbell. Whoever books a batch says so in memory, after the commit; the relay adds at most one job a program in 200 ms.
 * A ring that is lost, with this process or with the queue's database, is made up by the sweeper of the jobs.
 */
export interface RelayOptions {
  readonly ring: (programId: number) => Promise<void>
  readonly onError: (error: unknown) => void
  readonly everyMs?: number
}

const EVERY_MS = 200
/** A queue that does not answer must not gather promises: so many rings may be on their way. */
const RINGING_MAX = 100

export class Relay {
  readonly #options: RelayOptions
  readonly #waiting = new Map<number, NodeJS.Timeout>()
  readonly #ringing = new Set<Promise<void>>()
  readonly #lastMs = new Map<number, number>()

  constructor(options: RelayOptions) {
    this.#options = options
  }

  /** A batch of the program is committed. */
  booked(programId: number): void {
    if (this.#waiting.has(programId)) return
    const { everyMs = EVERY_MS } = this.#options
    const sinceMs = performance.now() - (this.#lastMs.get(programId) ?? Number.NEGATIVE_INFINITY)
    const timer = setTimeout(() => this.#ring(programId), Math.max(0, everyMs - sinceMs))
    timer.unref()
    this.#waiting.set(programId, timer)
  }

  /** Rings what still waits, and lets what is on its way arrive. */
  async close(): Promise<void> {
    for (const [programId, timer] of this.#waiting) {
      clearTimeout(timer)
      this.#ring(programId)
    }
    await Promise.all(this.#ringing)
  }

  #ring(programId: number): void {
    this.#waiting.delete(programId)
    this.#lastMs.set(programId, performance.now())
    if (this.#ringing.size >= RINGING_MAX) return
    const ringing = this.#options
      .ring(programId)
      .catch(this.#options.onError)
      .finally(() => this.#ringing.delete(ringing))
    this.#ringing.add(ringing)
  }
}
