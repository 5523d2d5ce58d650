import type { Batcher } from '../batcher.ts'
import type { Item } from '../item.ts'
import type { Clock } from '../../clock.ts'
import { instantText } from '../../db/arrays.ts'
import type { Sql } from '../../db/pool.ts'
import { inProgram } from '../../db/transaction.ts'
import type { Directory } from '../../programs/directory.ts'
import { readWaiting } from './kept-return.ts'

export interface WaitingReturnsOptions {
  readonly sql: Sql
  readonly clock: Clock
  readonly directory: Directory
  readonly batcher: Pick<Batcher, 'refusal' | 'submit'>
  readonly onError: (error: unknown) => void
}

/** Returns that are booked in one go; more come with the next. */
const PAGE = 100
const DAY_MS = 86_400_000

/**
 * Returns that came before their sale. When the sale has come they go through the batcher like any return; whoever books the
 * sale calls `wake`, and a sweep of all programs finds what a process that died has left. Returns whose sale has not come
 * within the program's late limit are booked without it.
 */
export class WaitingReturns {
  readonly #options: WaitingReturnsOptions
  /** Programs whose waiting returns are being read and booked. */
  readonly #awake = new Map<number, Promise<void>>()
  /** Programs that were woken meanwhile: something may have come behind what was read. */
  readonly #again = new Set<number>()

  constructor(options: WaitingReturnsOptions) {
    this.#options = options
  }

  wake(programId: number): void {
    if (this.#awake.has(programId)) {
      this.#again.add(programId)
      return
    }
    const run = this.#run(programId)
      .catch(this.#options.onError)
      .finally(() => {
        this.#awake.delete(programId)
        if (this.#again.delete(programId)) this.wake(programId)
      })
    this.#awake.set(programId, run)
  }

  /** Resolves when nothing that was woken is still on its way. */
  async settled(): Promise<void> {
    while (this.#awake.size > 0) await Promise.all(this.#awake.values())
  }

  /** All programs, one after the other; resolves when what was ready is settled. */
  async sweep(): Promise<void> {
    for (const { programId } of this.#options.directory.programs()) {
      this.wake(programId)
      await this.#awake.get(programId)
    }
  }

  async #run(programId: number): Promise<void> {
    for (let found = PAGE; found === PAGE; ) found = await this.#bookPage(programId)
  }

  /** Answers how many it has settled for good. */
  async #bookPage(programId: number): Promise<number> {
    const { sql, clock, directory, batcher } = this.#options
    const lateLimitDays = directory.program(programId)?.document.lateLimitDays
    if (lateLimitDays === undefined) return 0
    const rows = await inProgram(
      sql,
      programId,
      (tx) => tx<{ waiting: Buffer }[]>`
        SELECT r.waiting FROM loyalty.sale_return r
        JOIN loyalty.sale_key k ON k.program_id = ${programId} AND k.document_id = r.original_id
        WHERE r.program_id = ${programId} AND r.waiting IS NOT NULL
          AND (k.state = 'booked' OR r.received_at < ${instantText(clock() - lateLimitDays * DAY_MS)})
        ORDER BY r.received_at, r.return_id LIMIT ${PAGE}`,
    )
    const received = rows.map(({ waiting }) => readWaiting(waiting))
    const bytes = received.reduce((sum, each) => sum + each.bytes, 0)
    if (received.length === 0 || batcher.refusal(received.length, bytes) !== null) return 0
    const settled = await new Promise<number>((resolve) => {
      let open = received.length
      let done = 0
      const items = received.map(
        (each): Item => ({
          received: each,
          programId,
          attempts: 0,
          settle: (result) => {
            open -= 1
            if (result.kind === 'result' && result.result.status === 'booked') done += 1
            if (open === 0) resolve(done)
          },
        }),
      )
      batcher.submit(items)
    })
    // What was not settled would be read again and again.
    return settled === received.length ? settled : 0
  }
}
