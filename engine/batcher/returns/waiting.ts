import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Batcher } from '../batcher.ts'
import type { Item, Received, Settled } from '../item.ts'
import type { Clock } from '../../clock.ts'
import { instantText } from '../../db/arrays.ts'
import type { Sql, Tx } from '../../db/pool.ts'
import { inProgram } from '../../db/transaction.ts'
import type { Directory, Operator } from '../../programs/directory.ts'
import type { Program } from '../../programs/program.ts'
import type { Originals } from '../../returns/programs-of-return.ts'
import { readWaiting } from './kept-return.ts'

export interface WaitingReturnsOptions {
  readonly sql: Sql
  readonly clock: Clock
  readonly directory: Directory
  readonly originals: Originals
  readonly batcher: Pick<Batcher, 'refusal' | 'submit'>
  readonly onError: (error: unknown) => void
}

/** A return of this id that waits for its sale. */
export const findWaiting = async (tx: Tx, programId: number, document: Uuid): Promise<Received | undefined> => {
  const [row] = await tx<{ waiting: Buffer }[]>`
    SELECT waiting FROM loyalty.sale_return
    WHERE program_id = ${programId} AND return_id = ${document} AND waiting IS NOT NULL`
  return row === undefined ? undefined : readWaiting(row.waiting)
}

/** Returns that are booked in one go; more come with the next. */
const PAGE = 100
const DAY_MS = 86_400_000
/** So long a return is looked for in the other programs of its operator: a till that was away has sent its sale by then. */
const ELSEWHERE_MS = 3 * DAY_MS

/**
 * Returns that came before their sale. When the sale has come they go through the batcher like any return; whoever books the
 * sale calls `wake`, and a sweep of all programs finds what a process that died has left. Returns whose sale has not come
 * within the program's late limit are booked without it.
 *
 * A return is brought where its sale was not made, and nobody knew then which programs have the sale: those that turn out to
 * have it get the return now, before it is settled here.
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
    const program = this.#options.directory.program(programId)
    const operator = program === undefined ? undefined : this.#options.directory.operator(program.operator)
    if (program === undefined || operator === undefined) return
    for (let after = FIRST; ; ) {
      const rows = await this.#read(program, operator, after)
      const last = rows.at(-1)
      if (last === undefined || !(await this.#book({ program, operator }, rows))) return
      after = last
    }
  }

  /** Those that have something to be done for, behind an earlier page: one that cannot be booked stops nobody. */
  #read(
    { programId, document }: Program,
    { programs }: Operator,
    after: Pick<WaitingRow, 'receivedAt' | 'returnId'>,
  ): Promise<readonly WaitingRow[]> {
    const nowMs = this.#options.clock()
    const ids = programs.map((each) => each.programId)
    return inProgram(
      this.#options.sql,
      ids,
      (tx) => tx<WaitingRow[]>`
        SELECT r.return_id AS "returnId", r.received_at::text AS "receivedAt", r.waiting FROM loyalty.sale_return r
        WHERE r.program_id = ${programId} AND r.waiting IS NOT NULL
          AND (r.received_at, r.return_id) > (${after.receivedAt}::text::timestamptz, ${after.returnId})
          AND (r.received_at < ${instantText(nowMs - document.lateLimitDays * DAY_MS)} OR EXISTS (
            SELECT FROM loyalty.sale_key k
            WHERE k.program_id = ANY (${ids}::bigint[]) AND k.document_id = r.original_id AND k.state = 'booked'
              AND (k.program_id = ${programId} OR r.received_at > ${instantText(nowMs - ELSEWHERE_MS)})))
        ORDER BY r.received_at, r.return_id LIMIT ${PAGE}`,
    )
  }

  /** Answers whether there was room for them in the queue. */
  async #book({ program, operator }: Place, rows: readonly WaitingRow[]): Promise<boolean> {
    const { batcher, originals, onError } = this.#options
    const { programId } = program
    const here: Send[] = []
    const elsewhere: Send[] = []
    for (const row of rows) {
      try {
        const received = readWaiting(row.waiting)
        const programs = await originals.programsOf(received.sale, { operator, programs: [program] })
        for (const each of programs) {
          if (each.programId !== programId) elsewhere.push({ received, programId: each.programId })
        }
        here.push({ received, programId, soldElsewhere: programs.every((each) => each.programId !== programId) })
      } catch (error) {
        onError(error)
      }
    }
    const all = [...elsewhere, ...here]
    const bytes = all.reduce((sum, { received }) => sum + received.bytes, 0)
    if (batcher.refusal(all.length, bytes) !== null) return false
    const settled = await this.#submit(elsewhere)
    // What the others have not got yet is kept here, so that nothing is lost: the next sweep tries again.
    const open = new Set(
      elsewhere.filter((_, index) => !isFinal(settled[index])).map(({ received }) => received.sale.id),
    )
    await this.#submit(here.filter(({ received }) => !open.has(received.sale.id)))
    return true
  }

  #submit(sent: readonly Send[]): Promise<readonly Settled[]> {
    if (sent.length === 0) return Promise.resolve([])
    return new Promise((resolve) => {
      const results: Settled[] = []
      let open = sent.length
      const items = sent.map(
        (each, index): Item => ({
          ...each,
          attempts: 0,
          settle: (result) => {
            results[index] = result
            open -= 1
            if (open === 0) resolve(results)
          },
        }),
      )
      this.#options.batcher.submit(items)
    })
  }
}

type Send = Pick<Item, 'received' | 'programId' | 'soldElsewhere'>

interface Place {
  readonly program: Program
  readonly operator: Operator
}

interface WaitingRow {
  readonly returnId: Uuid
  /** As text: a date knows no microseconds. */
  readonly receivedAt: string
  readonly waiting: Buffer
}

const FIRST = { receivedAt: '-infinity', returnId: '00000000-0000-0000-0000-000000000000' as Uuid }

const isFinal = (settled: Settled | undefined): boolean =>
  settled !== undefined && (settled.kind === 'refused' || settled.result.status !== 'later')
