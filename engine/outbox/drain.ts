import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { type JobLock, lockJob } from './job-lock.ts'

/**
 * The outbox of one program, emptied. Each effect runs in a database transaction of its own together with its `effect` rows,
 * so that it happens once however often the doorbell rings; a batch leaves the outbox when all effects have seen it. Nothing
 * here relies on the order of ids: what is waiting is asked for, row by row, and rows that others hold are left to them.
 */
export interface OutboxEffect {
  readonly name: JobLock
  readonly run: (
    tx: Tx,
    at: { readonly programId: number; readonly nowMs: number },
    batches: readonly Batch[],
  ) => Promise<void>
}

export interface Batch {
  readonly batchId: string
  readonly bookedAt: Date
}

export interface Drained {
  /** Batches that have left the outbox. */
  readonly relayed: number
  /** Batches whose effect failed: they stay, the alarm rings, the others go on. */
  readonly failed: readonly { readonly batchId: string; readonly effect: string; readonly error: unknown }[]
}

/** Batches in one database transaction, and rounds in one call: the next ring goes on. */
const ROUND = 25
const ROUNDS_MAX = 200
const LIMITS = { lockTimeoutMs: 5_000, statementTimeoutMs: 60_000 }

export const drainOutbox = async (
  sql: Sql,
  at: { readonly programId: number; readonly nowMs: number },
  effects: readonly OutboxEffect[],
): Promise<Drained> => {
  let relayed = 0
  let failed: Drained['failed'] = []
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    failed = []
    for (const effect of effects) failed = [...failed, ...(await runEffect(sql, at, effect))]
    const moved = await markRelayed(sql, at, effects)
    relayed += moved
    // Less than a round was waiting, or what is waiting cannot go on.
    if (moved < ROUND) break
  }
  return { relayed, failed }
}

const waiting = (tx: Tx, programId: number): Promise<Batch[]> =>
  tx<Batch[]>`
    SELECT batch_id AS "batchId", booked_at AS "bookedAt" FROM loyalty.batch
    WHERE program_id = ${programId} AND relayed_at IS NULL
    ORDER BY booked_at, batch_id LIMIT ${ROUND} FOR UPDATE SKIP LOCKED`.then((rows) => [...rows])

const runEffect = async (
  sql: Sql,
  at: { readonly programId: number; readonly nowMs: number },
  effect: OutboxEffect,
): Promise<Drained['failed']> => {
  const attempt = (only?: string): Promise<readonly Batch[]> =>
    inProgram(
      sql,
      at.programId,
      async (tx) => {
        await lockJob(tx, at.programId, effect.name)
        const batches = (await waiting(tx, at.programId)).filter(
          ({ batchId }) => only === undefined || batchId === only,
        )
        const fresh = await claimEffect(tx, at, effect, batches)
        if (fresh.length > 0) await effect.run(tx, at, fresh)
        return batches
      },
      LIMITS,
    )
  try {
    await attempt()
    return []
  } catch (error) {
    return alone(sql, at, attempt, { effect: effect.name, error })
  }
}

/** One bad batch must not hold the others: each by itself, and what fails again is told. */
const alone = async (
  sql: Sql,
  { programId }: { readonly programId: number },
  attempt: (only: string) => Promise<unknown>,
  failure: { readonly effect: string; readonly error: unknown },
): Promise<Drained['failed']> => {
  const batches = await inProgram(sql, programId, (tx) => waiting(tx, programId))
  if (batches.length === 0) throw failure.error
  const failed: { batchId: string; effect: string; error: unknown }[] = []
  for (const { batchId } of batches) {
    await attempt(batchId).catch((error: unknown) => failed.push({ batchId, effect: failure.effect, error }))
  }
  return failed
}

const claimEffect = async (
  tx: Tx,
  { programId, nowMs }: { readonly programId: number; readonly nowMs: number },
  effect: OutboxEffect,
  batches: readonly Batch[],
): Promise<readonly Batch[]> => {
  const ids = batches.map(({ batchId }) => batchId)
  const fresh = await tx<{ id: string }[]>`
    INSERT INTO loyalty.effect (program_id, effect, source_id, done_at)
    SELECT ${programId}, ${effect.name}, id, ${new Date(nowMs)} FROM unnest(${ids}::uuid[]) AS b (id) ORDER BY id
    ON CONFLICT DO NOTHING RETURNING source_id AS id`
  const claimed = new Set(fresh.map(({ id }) => id))
  return batches.filter(({ batchId }) => claimed.has(batchId))
}

const markRelayed = async (
  sql: Sql,
  { programId, nowMs }: { readonly programId: number; readonly nowMs: number },
  effects: readonly OutboxEffect[],
): Promise<number> =>
  inProgram(sql, programId, async (tx) => {
    const ids = (await waiting(tx, programId)).map(({ batchId }) => batchId)
    const names = effects.map(({ name }) => name)
    const marked = await tx`
      UPDATE loyalty.batch b SET relayed_at = ${new Date(nowMs)}
      WHERE b.program_id = ${programId} AND b.relayed_at IS NULL AND b.batch_id IN (
        SELECT e.source_id FROM loyalty.effect e
        WHERE e.program_id = ${programId} AND e.effect = ANY(${names}::text[]) AND e.source_id = ANY(${ids}::uuid[])
        GROUP BY e.source_id HAVING count(*) = ${names.length})
      RETURNING 1`
    return marked.length
  })
