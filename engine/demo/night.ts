import type { Engine } from '../app.ts'
import type { Clock } from '../clock.ts'
import { drainProgram } from '../jobs/drain-program.ts'
import { settleProgram } from '../jobs/settle-program.ts'
import { nightly } from '../jobs/nightly.ts'
import { programs } from './programs.ts'

/** Rounds of a drain; one round empties more than a simulated day leaves behind. */
const drainsMax = 1_000

/** What the jobs do after each of the demo's days, called directly: the same functions, at the simulated time. */
export class Night {
  readonly #engine: Engine
  readonly #clock: Clock

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine
    this.#clock = clock
  }

  /** Rollups and signatures of the day, then points that become active or expire, and tiers. */
  async work(): Promise<void> {
    await this.#drain()
    const nowMs = this.#clock()
    await Promise.all(this.#programIds().map((programId) => nightly(this.#engine.sql, { programId, nowMs })))
    await this.#engine.contacts.flush()
  }

  /** The end of the demo: nothing waits in an outbox, and the chain reaches to the last batch that is settled. */
  async settle(nowMs: number): Promise<void> {
    await this.#drain()
    for (const programId of this.#programIds()) await settleProgram(this.#engine.sql, { programId, nowMs })
    await this.#engine.contacts.flush()
  }

  async #drain(): Promise<void> {
    const nowMs = this.#clock()
    await Promise.all(
      this.#programIds().map(async (programId) => {
        for (let round = 0; round < drainsMax; round += 1) {
          const { relayed, failed } = await drainProgram(this.#engine.sql, { programId, nowMs })
          if (failed[0] !== undefined)
            throw new Error(`the effect ${failed[0].effect} failed`, { cause: failed[0].error })
          if (relayed === 0) return
        }
      }),
    )
  }

  #programIds(): readonly number[] {
    return programs.flatMap(({ id }) => this.#engine.directory.programOf(id)?.programId ?? [])
  }
}
