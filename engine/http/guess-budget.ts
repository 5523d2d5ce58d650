import type { Uuid } from '@premia/pos-sdk/contract/till'

/** A till that asks for numbers nobody has is mistyping, or trying them out: so many in so long, then it has to wait. */
const MISSES_MAX = 30
const WINDOW_MS = 10 * 60_000
const TERMINALS_MAX = 50_000

/** A bucket a terminal, refilled evenly; kept by each process for itself. */
export class GuessBudget {
  readonly #buckets = new Map<Uuid, { misses: number; atMs: number }>()

  /** Milliseconds until the next question; 0: it may ask. */
  waitMs(terminal: Uuid, nowMs: number): number {
    const misses = this.#level(terminal, nowMs)
    return misses < MISSES_MAX ? 0 : Math.ceil(((misses - MISSES_MAX + 1) * WINDOW_MS) / MISSES_MAX)
  }

  miss(terminal: Uuid, nowMs: number): void {
    const misses = this.#level(terminal, nowMs) + 1
    // An emptied register forgives everybody once; it needs more terminals than a process serves.
    if (this.#buckets.size >= TERMINALS_MAX) this.#buckets.clear()
    this.#buckets.set(terminal, { misses, atMs: nowMs })
  }

  #level(terminal: Uuid, nowMs: number): number {
    const bucket = this.#buckets.get(terminal)
    if (bucket === undefined) return 0
    return Math.max(0, bucket.misses - ((nowMs - bucket.atMs) * MISSES_MAX) / WINDOW_MS)
  }
}
