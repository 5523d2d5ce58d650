import { setTimeout as delay } from 'node:timers/promises'
import { isFault } from '../db/channel.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { type JobLock, lockJob } from './job-lock.ts'

/**
 * The outbox of one program, emptied. A round takes what waits, runs the effects and marks the batches as relayed, all in one
 * database transaction under the effects' locks and together with their `effect` rows: so each happens once however often
 * the doorbell rings, and a batch leaves the outbox when all effects have seen it. Nothing here relies on the order of ids:
 * what is waiting is asked for, row by row.
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
  for (let turn = 0; turn < ROUNDS_MAX; turn += 1) {
    const startedMs = performance.now()
    const round = await drainRound(sql, at, effects)
    relayed += round.relayed
    // What waits is done, or cannot go on.
    if (round.failed.length > 0 || !round.more) return { relayed, failed: round.failed }
    // A backlog is no reason to take a core from the sales: as long as was worked, the database has rest.
    await delay(performance.now() - startedMs)
  }
  return { relayed, failed: [] }
}

interface Round extends Drained {
  readonly more: boolean
}

const drainRound = async (sql: Sql, at: At, effects: readonly OutboxEffect[]): Promise<Round> => {
  let running: OutboxEffect | undefined
  const attempt = (only?: string): Promise<Round> =>
    inProgram(
      sql,
      at.programId,
      async (tx) => {
        for (const { name } of effects) await lockJob(tx, at.programId, name)
        const { batches, more } = await takeWaiting(tx, at.programId, only)
        if (batches.length === 0) return { relayed: 0, failed: [], more }
        for (const effect of effects) {
          running = effect
          const fresh = await claimEffect(tx, at, effect, batches)
          if (fresh.length > 0) await effect.run(tx, at, fresh)
        }
        await markRelayed(tx, at, batches)
        return { relayed: batches.length, failed: [], more }
      },
      LIMITS,
    )
  try {
    return await attempt()
  } catch (error) {
    if (isPassing(error)) throw error
    // One bad batch must not hold the others: each by itself, and what fails again is told.
    const { batches } = await inProgram(sql, at.programId, (tx) => takeWaiting(tx, at.programId))
    if (batches.length === 0) throw error
    const failed: FailedBatch[] = []
    for (const { batchId } of batches) {
      await attempt(batchId).catch((reason: unknown) =>
        failed.push({ batchId, effect: running?.name ?? '', error: reason }),
      )
    }
    return { relayed: batches.length - failed.length, failed, more: false }
  }
}

/** No batch's own fault: somebody holds the lock, as a rebuild does for minutes, or the server is away. A later call goes on. */
export const isPassing = (error: unknown): boolean =>
  isFault(error) && (error as { readonly code?: unknown }).code !== STATEMENT_TIMEOUT

/** The oldest first; whether more of them wait. */
const takeWaiting = async (
  tx: Tx,
  programId: number,
  only?: string,
): Promise<{ readonly batches: readonly WaitingBatch[]; readonly more: boolean }> => {
  const rows = await tx<WaitingBatch[]>`
    SELECT batch_id AS "batchId", booked_at AS "bookedAt", documents, sums FROM loyalty.batch
    WHERE program_id = ${programId} AND relayed_at IS NULL ORDER BY booked_at, batch_id LIMIT ${BATCHES_MAX}`
  if (only !== undefined) return { batches: rows.filter(({ batchId }) => batchId === only), more: false }
  const batches = firstDocuments(rows, DOCUMENTS_MAX)
  return { batches, more: batches.length < rows.length || rows.length === BATCHES_MAX }
}

/** So many batches from the start that they reach a number of documents; at least one. */
export const firstDocuments = <B extends { readonly documents: number }>(
  batches: readonly B[],
  max: number,
): readonly B[] => {
  let documents = 0
  const end = batches.findIndex((batch) => (documents += batch.documents) >= max)
  return end === -1 ? batches : batches.slice(0, end + 1)
}

const claimEffect = async (
  tx: Tx,
  { programId, nowMs }: At,
  effect: OutboxEffect,
  batches: readonly WaitingBatch[],
): Promise<readonly WaitingBatch[]> => {
  const ids = batches.map(({ batchId }) => batchId)
  const fresh = await tx<{ id: string }[]>`
    INSERT INTO loyalty.effect (program_id, effect, source_id, done_at)
    SELECT ${programId}, ${effect.name}, id, ${new Date(nowMs)} FROM unnest(${ids}::uuid[]) AS b (id) ORDER BY id
    ON CONFLICT DO NOTHING RETURNING source_id AS id`
  const claimed = new Set(fresh.map(({ id }) => id))
  return batches.filter(({ batchId }) => claimed.has(batchId))
}

/** The sums have done their work; they tell more of a small batch than may be kept. */
const markRelayed = async (tx: Tx, { programId, nowMs }: At, batches: readonly Batch[]): Promise<void> => {
  await tx`
    UPDATE loyalty.batch SET relayed_at = ${new Date(nowMs)}, sums = NULL
    WHERE program_id = ${programId} AND relayed_at IS NULL
      AND booked_at = ANY(${batches.map(({ bookedAt }) => bookedAt.toISOString())}::timestamptz[])
      AND batch_id = ANY(${batches.map(({ batchId }) => batchId)}::uuid[])`
}
