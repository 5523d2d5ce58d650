import type { Uuid } from '@premia/pos-sdk/contract/till'

/** A till that asks for numbers nobody has is mistyping, or trying them out: so many in so long, then it has to wait. */
const MISSES_MAX = 30
const WINDOW_MS = 10 * 60_000
const TERMINALS_MAX = 50_000
/** Numbers remembered of a terminal, so that one customer's unknown card is one guess, however often it is shown. */
const NUMBERS_MAX = 200

interface Bucket {
  misses: number
  atMs: number
  readonly numbers: Set<string>
}

/**
 * A bucket a terminal, refilled evenly; kept by each process for itself. A number counts from the moment it is asked for
 * until it turns out to be somebody's, so that asking for many at once gains nothing.
 */
export class GuessBudget {
  readonly #buckets = new Map<Uuid, Bucket>()

  /** Milliseconds until the next question; 0: these numbers, told by their tokens, may be looked up. */
  ask(terminal: Uuid, tokens: readonly string[], nowMs: number): number {
    if (tokens.length === 0) return 0
    const bucket = this.#bucket(terminal, nowMs)
    const { numbers } = bucket
    if (bucket.misses >= MISSES_MAX) return Math.ceil(((bucket.misses - MISSES_MAX + 1) * WINDOW_MS) / MISSES_MAX)
    if (numbers.size > NUMBERS_MAX) numbers.clear()
    for (const token of tokens) {
      if (numbers.has(token)) continue
      numbers.add(token)
      bucket.misses += 1
    }
    return 0
  }

  /** They were no guesses: somebody has these numbers, or they were not looked up after all. */
  forgive(terminal: Uuid, tokens: readonly string[]): void {
    const bucket = this.#buckets.get(terminal)
    if (bucket === undefined) return
    for (const token of tokens) if (bucket.numbers.delete(token)) bucket.misses = Math.max(0, bucket.misses - 1)
  }

  #bucket(terminal: Uuid, nowMs: number): Bucket {
    const known = this.#buckets.get(terminal)
    if (known !== undefined) {
      // A clock that is set back takes nothing away and gives nothing back.
      const passedMs = Math.max(0, nowMs - known.atMs)
      known.misses = Math.max(0, known.misses - (passedMs * MISSES_MAX) / WINDOW_MS)
      known.atMs = nowMs
      if (known.misses === 0) known.numbers.clear()
      return known
    }
    // An emptied register forgives everybody once; it needs more terminals than a process serves.
    if (this.#buckets.size >= TERMINALS_MAX) this.#buckets.clear()
    const bucket = { misses: 0, atMs: nowMs, numbers: new Set<string>() }
    this.#buckets.set(terminal, bucket)
    return bucket
  }
}
