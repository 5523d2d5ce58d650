/**
 * The doorbell. Whoever books a batch says so in memory, after the commit, and the relay adds a job for the program: at once
 * where all was quiet, so that a console sees a lone sale right away; less and less often while batches keep coming, because
 * a ring costs as much processor time as booking twenty sales, and what waits longer is folded into fewer rows.
 * A ring that is lost, with this process or with the queue's database, is made up by the sweeper of the jobs.
 */
export interface RelayOptions {
  readonly ring: (programId: number) => Promise<void>
  readonly onError: (error: unknown) => void
}

/** Between two rings of a program: at first, and after each doubling at most. */
const PAUSE_MS = 500
const PAUSE_MAX_MS = 4_000
/** A queue that does not answer must not gather promises: so many rings may be on their way. */
const RINGING_MAX = 100

interface Bell {
  /** Set while a ring is due. */
  timer: NodeJS.Timeout | undefined
  rungMs: number
  /** How long after the last ring the next one may come. */
  pauseMs: number
}

export class Relay {
  readonly #options: RelayOptions
  readonly #bells = new Map<number, Bell>()
  readonly #ringing = new Set<Promise<void>>()

  constructor(options: RelayOptions) {
    this.#options = options
  }

  /** A batch of the program is committed. */
  booked(programId: number): void {
    const bell = this.#bell(programId)
    if (bell.timer !== undefined) return
    const sinceMs = performance.now() - bell.rungMs
    const busy = sinceMs < bell.pauseMs
    const waitMs = busy ? bell.pauseMs - sinceMs : 0
    bell.pauseMs = busy ? Math.min(2 * bell.pauseMs, PAUSE_MAX_MS) : PAUSE_MS
    bell.timer = setTimeout(() => this.#ring(programId, bell), waitMs)
    bell.timer.unref()
  }

  /** Rings what still waits, and lets what is on its way arrive. */
  async close(): Promise<void> {
    for (const [programId, bell] of this.#bells) {
      if (bell.timer === undefined) continue
      clearTimeout(bell.timer)
      this.#ring(programId, bell)
    }
    await Promise.all(this.#ringing)
  }

  #bell(programId: number): Bell {
    const known = this.#bells.get(programId)
    if (known !== undefined) return known
    const bell: Bell = { timer: undefined, rungMs: Number.NEGATIVE_INFINITY, pauseMs: PAUSE_MS }
    this.#bells.set(programId, bell)
    return bell
  }

  #ring(programId: number, bell: Bell): void {
    bell.timer = undefined
    bell.rungMs = performance.now()
    if (this.#ringing.size >= RINGING_MAX) return
    const ringing = this.#options
      .ring(programId)
      .catch(this.#options.onError)
      .finally(() => this.#ringing.delete(ringing))
    this.#ringing.add(ringing)
  }
}
