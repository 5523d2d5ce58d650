import type { Clock } from '../clock.ts'

/** A clock that stands until it is set, and never goes back: what is booked later in the demo has the later time. */
export class SimulatedClock {
  #nowMs: number

  constructor(startMs: number) {
    this.#nowMs = startMs
  }

  readonly now: Clock = () => this.#nowMs

  advanceTo(ms: number): void {
    this.#nowMs = Math.max(this.#nowMs, ms)
  }
}
