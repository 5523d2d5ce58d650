import { freshnessMs } from '@premia/pos-sdk/contract/till'

/**
 * The hellos of the last minutes, so that none opens a session twice. A hello is answered with a session key: whoever had got
 * hold of one that was sent (from a log of a proxy, say) could send it again and act as the terminal for a quarter of an hour:
 * ask for cards, and send sales of which only the check of signatures, after booking, would tell that they are forged. Without
 * the answer that the terminal got, an overheard hello is now worth nothing here.
 *
 * Each process remembers for itself, because a table would cost every hello a write that meets the others. Where several
 * processes share a database, or one has just been started anew, an overheard hello opens one session at each that has not
 * heard it, while it is fresh. That is what HTTPS up to the engine is for; a log must never hold the bodies of hellos.
 *
 * Sealed requests need no such memory: a sale is booked once whoever sends it how often, and a question that is asked again
 * gives its answer to somebody who has seen the question with its card number.
 */
export class HeardHellos {
  readonly #most: number
  /** Signed texts, each with the moment when it stops being fresh; the oldest first. */
  readonly #until = new Map<string, number>()

  constructor(most = 50_000) {
    this.#most = most
  }

  /** Whether this one was not said before; asked of hellos with a good signature only, so that no stranger fills the memory. */
  isNew(signedText: string, nowMs: number): boolean {
    if ((this.#until.get(signedText) ?? 0) > nowMs) return false
    for (const [text, untilMs] of this.#until) {
      if (untilMs > nowMs && this.#until.size < this.#most) break
      this.#until.delete(text)
    }
    // It may be dated ahead by as much as it may be behind.
    this.#until.set(signedText, nowMs + 2 * freshnessMs)
    return true
  }
}
