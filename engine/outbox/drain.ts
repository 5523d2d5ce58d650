import { strict as assert } from 'node:assert'
import { setTimeout as delay } from 'node:timers/promises'
import { isFault } from '../db/channel.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { type JobLock, lockJob } from './job-lock.ts'

/**
 * The outbox of one program, emptied. A round takes what waits, runs the effects and marks the batches as relayed, all in one
 * database transaction under the effects' locks: so each happens once however often the doorbell rings, and a batch leaves
 * the outbox when all effects have seen it. Nothing here relies on the order of ids: what is waiting is asked for, row by
 * row. Within a call each batch is met once, so that those whose effect fails, however many, hold up no other.
 */
export interface OutboxEffect {
  readonly name: JobLock
  readonly run: (tx: Tx, at: At, batches: readonly WaitingBatch[]) => Promise<void>
}

export interface At {
  readonly programId: number
  readonly nowMs: number
}

export interface Batch {
  readonly batchId: string
  readonly bookedAt: Date
  readonly documents: number
}

export interface WaitingBatch extends Batch {
  /** What it adds to the rollups, as whoever booked it has counted; null: nobody has. */
  readonly sums: unknown
}

export interface Drained {
  /** Batches that have left the outbox. */
  readonly relayed: number
  /** Batches whose effect failed: they stay, the alarm rings, the others go on. */
  readonly failed: readonly FailedBatch[]
}

export interface FailedBatch {
  readonly batchId: string
  readonly effect: string
  readonly error: unknown
}

/** Of one database transaction, whichever is reached first. */
const BATCHES_MAX = 500
const DOCUMENTS_MAX = 2_000
/** Rounds of one call: the next ring goes on. */
const ROUNDS_MAX = 200
const LIMITS = { lockTimeoutMs: 2_000, statementTimeoutMs: 60_000 }
/** SQLSTATE query_canceled: that may well be one batch's fault. */
const STATEMENT_TIMEOUT = '57014'

export const drainOutbox = async (sql: Sql, at: At, effects: readonly OutboxEffect[]): Promise<Drained> => {
  let relayed = 0
  const failed: FailedBatch[] = []
  let after: Place = { bookedAt: new Date(0), batchId: FIRST_ID }
  for (let turn = 0; turn < ROUNDS_MAX; turn += 1) {
    const startedMs = performance.now()
    const round = await drainRound(sql, at, { effects, after })
    relayed += round.relayed
    failed.push(...round.failed)
    if (round.last === undefined) break
    after = round.last
    // A backlog is no reason to take a core from the sales: as long as was worked, the database has rest.
    await delay(performance.now() - startedMs)
  }
  return { relayed, failed }
}

/** Where in the order of booking. */
export type Place = Pick<Batch, 'bookedAt' | 'batchId'>
/** Before all ids of an instant. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000'

interface Round extends Drained {
  /** Where the next round begins, where there may be one. */
  readonly last?: Place
}

const drainRound = async (
  sql: Sql,
  at: At,
  { effects, after }: { readonly effects: readonly OutboxEffect[]; readonly after: Place },
): Promise<Round> => {
  const { programId } = at
  let running: OutboxEffect | undefined
  let page: Page = { batches: [] }
  const attempt = (take: (tx: Tx) => Promise<Page>): Promise<unknown> =>
    inProgram(
      sql,
      programId,
      async (tx) => {
        for (const { name } of effects) await lockJob(tx, programId, name)
        page = await take(tx)
        if (page.batches.length === 0) return
        for (const effect of effects) {
          running = effect
          await effect.run(tx, at, page.batches)
        }
        await markRelayed(tx, at, page.batches)
      },
      LIMITS,
    )
  try {
    await attempt((tx) => takeWaiting(tx, programId, after))
    return { relayed: page.batches.length, failed: [], ...(page.last === undefined ? {} : { last: page.last }) }
  } catch (error) {
    const { batches, last } = page
    if (isPassing(error) || batches.length === 0) throw error
    // One bad batch must not hold the others: each by itself, and what fails again is told.
    const failed: FailedBatch[] = []
    for (const { bookedAt, batchId } of batches) {
      await attempt((tx) => takeOne(tx, programId, { bookedAt, batchId })).catch((reason: unknown) =>
        failed.push({ batchId, effect: running?.name ?? '', error: reason }),
      )
    }
    return { relayed: batches.length - failed.length, failed, ...(last === undefined ? {} : { last }) }
  }
}

/** No batch's own fault: somebody holds the lock, as a rebuild does for minutes, or the server is away. A later call goes on. */
export const isPassing = (error: unknown): boolean =>
  isFault(error) && (error as { readonly code?: unknown }).code !== STATEMENT_TIMEOUT

interface Page {
  readonly batches: readonly WaitingBatch[]
  /** The last of them, where more may wait behind it. */
  readonly last?: Place
}

/** What waits behind a place, the oldest first. */
const takeWaiting = async (tx: Tx, programId: number, after: Place): Promise<Page> => {
  const rows = await tx<WaitingBatch[]>`
    SELECT batch_id AS "batchId", booked_at AS "bookedAt", documents, sums FROM loyalty.batch
    WHERE program_id = ${programId} AND relayed_at IS NULL AND (booked_at, batch_id) > (${after.bookedAt}, ${after.batchId})
    ORDER BY booked_at, batch_id LIMIT ${BATCHES_MAX}`
  const batches = firstDocuments(rows, DOCUMENTS_MAX)
  const last = batches.at(-1)
  const more = batches.length < rows.length || rows.length === BATCHES_MAX
  return more && last !== undefined ? { batches, last } : { batches }
}

/** One batch, if it still waits. */
const takeOne = async (tx: Tx, programId: number, { bookedAt, batchId }: Place): Promise<Page> => ({
  batches: await tx<WaitingBatch[]>`
    SELECT batch_id AS "batchId", booked_at AS "bookedAt", documents, sums FROM loyalty.batch
    WHERE program_id = ${programId} AND relayed_at IS NULL AND booked_at = ${bookedAt} AND batch_id = ${batchId}`,
})

/** So many batches from the start that they reach a number of documents; at least one. */
export const firstDocuments = <B extends { readonly documents: number }>(
  batches: readonly B[],
  max: number,
): readonly B[] => {
  let documents = 0
  const end = batches.findIndex((batch) => (documents += batch.documents) >= max)
  return end === -1 ? batches : batches.slice(0, end + 1)
}

/**
 * The guard of the effects, in their own database transaction: no batch is marked twice. The sums have done their work; they
 * tell more of a small batch than may be kept.
 */
const markRelayed = async (tx: Tx, { programId, nowMs }: At, batches: readonly Batch[]): Promise<void> => {
  const { count } = await tx`
    UPDATE loyalty.batch SET relayed_at = ${new Date(nowMs)}, sums = NULL
    WHERE program_id = ${programId} AND relayed_at IS NULL
      AND booked_at = ANY(${batches.map(({ bookedAt }) => bookedAt.toISOString())}::timestamptz[])
      AND batch_id = ANY(${batches.map(({ batchId }) => batchId)}::uuid[])`
  assert(count === batches.length, 'whoever holds the lock of the effects relays alone')
}
