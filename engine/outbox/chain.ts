import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { type At, type Batch, type FailedBatch, FIRST_ID, firstDocuments, isPassing, type Place } from './drain.ts'
import { lockJob, noteJob } from './job-lock.ts'

/**
 * The hash chain of a program's batches, made after the fact and never inside a sale. Links follow (booked_at, id); a batch
 * that committed so late that a later one is already linked comes at the end and is marked. Whoever has a head from another
 * day can prove that nothing before it was changed. A batch is linked when its documents have been inspected, so one column
 * tells both: what is not linked is inspected again.
 */
export interface ChainHead {
  readonly n: number
  /** Hex. */
  readonly hash: string
}

export interface Link {
  readonly n: number
  readonly batchId: string
  readonly bookedAt: Date
  readonly documents: number
  readonly points: number
  readonly digest: Buffer
  readonly late: boolean
}

/** Looks at what some batches have booked, in the database transaction that links them. */
export type Inspection = (tx: Tx, at: At, batches: readonly Batch[]) => Promise<void>

export interface Settled {
  /** Batches that are inspected and linked. */
  readonly linked: number
  /** Batches whose inspection failed: they stay for the next call, and the chain goes on without them. */
  readonly failed: readonly FailedBatch[]
}

/** Batches younger than this may still be followed by one that was booked before them. */
const SETTLED_MS = 60_000
/** Of one database transaction, whichever is reached first; the more documents, the longer the runs of one terminal. */
const PAGE = 1_000
const DOCUMENTS_MAX = 5_000
const PAGES_MAX = 1_000
const LIMITS = { lockTimeoutMs: 2_000, statementTimeoutMs: 60_000 }
export const chainStart: ChainHead = { n: 0, hash: '0'.repeat(64) }

/** What the chainer remembers: the head, and where in the order of booking it stands. */
interface Kept extends ChainHead {
  readonly bookedAt: string
  readonly batchId: string
}
const nothingLinked: Kept = { ...chainStart, bookedAt: '', batchId: '' }

export const linkHash = (previous: string, link: Link): string => {
  const { n, batchId, bookedAt, documents, points, digest, late } = link
  const text = [previous, n, batchId, bookedAt.toISOString(), documents, points, digest.toString('hex'), late ? 1 : 0]
  return createHash('sha256').update(text.join('\n')).digest('hex')
}

/** Inspects and links what is settled, each batch once. */
export const settleBatches = async (sql: Sql, at: At, inspect: Inspection): Promise<Settled> => {
  let linked = 0
  const failed: FailedBatch[] = []
  let after: Place = { bookedAt: new Date(0), batchId: FIRST_ID }
  for (let turn = 0; turn < PAGES_MAX; turn += 1) {
    const startedMs = performance.now()
    const page = await settlePage(sql, at, { after, inspect })
    linked += page.linked
    failed.push(...page.failed)
    if (page.last === undefined) break
    after = page.last
    // A backlog is no reason to take a core from the sales: as long as was worked, the database has rest.
    await delay(performance.now() - startedMs)
  }
  return { linked, failed }
}

interface Page {
  readonly after: Place
  readonly inspect: Inspection
}

/** `last`: where the next page begins, where there may be one. */
const settlePage = (sql: Sql, at: At, { after, inspect }: Page): Promise<Settled & { readonly last?: Batch }> =>
  inProgram(
    sql,
    at.programId,
    async (tx) => {
      const { programId, nowMs } = at
      const note = await lockJob(tx, programId, 'chain')
      const rows = await tx<(Batch & Pick<Link, 'points' | 'digest'>)[]>`
        SELECT batch_id AS "batchId", booked_at AS "bookedAt", documents, points, digest FROM loyalty.batch
        WHERE program_id = ${programId} AND chain_n IS NULL AND booked_at <= ${new Date(nowMs - SETTLED_MS)}
          AND (booked_at, batch_id) > (${after.bookedAt}, ${after.batchId})
        ORDER BY booked_at, batch_id LIMIT ${PAGE}`
      const batches = firstDocuments(rows, DOCUMENTS_MAX)
      if (batches.length === 0) return { linked: 0, failed: [] }
      const failed = await inspectAll(tx, at, { batches, inspect })
      const refused = new Set(failed.map(({ batchId }) => batchId))
      const passed = batches.filter(({ batchId }) => !refused.has(batchId))
      await linkBatches(tx, programId, { note: { ...nothingLinked, ...note } as Kept, batches: passed })
      const more = batches.length < rows.length || rows.length === PAGE
      return { linked: passed.length, failed, ...(more ? { last: batches.at(-1) as Batch } : {}) }
    },
    LIMITS,
  )

/** One bad batch must not hold the others: when all together fail, each by itself. */
const inspectAll = async (
  tx: Tx,
  at: At,
  { batches, inspect }: { readonly batches: readonly Batch[]; readonly inspect: Inspection },
): Promise<readonly FailedBatch[]> => {
  const attempt = (some: readonly Batch[]): Promise<unknown> => tx.savepoint((inner) => inspect(inner, at, some))
  try {
    await attempt(batches)
    return []
  } catch (error) {
    if (isPassing(error)) throw error
    const failed: FailedBatch[] = []
    for (const batch of batches) {
      await attempt([batch]).catch((reason: unknown) =>
        failed.push({ batchId: batch.batchId, effect: 'inspection', error: reason }),
      )
    }
    return failed
  }
}

const linkBatches = async (
  tx: Tx,
  programId: number,
  { note, batches }: { readonly note: Kept; readonly batches: readonly Omit<Link, 'n' | 'late'>[] },
): Promise<void> => {
  if (batches.length === 0) return
  let { n, hash, bookedAt: lastAt, batchId: lastId } = note
  const links = batches.map((batch) => {
    const at = batch.bookedAt.toISOString()
    const late = at < lastAt || (at === lastAt && batch.batchId < lastId)
    if (!late) [lastAt, lastId] = [at, batch.batchId]
    n += 1
    const link: Link = { ...batch, n, late }
    hash = linkHash(hash, link)
    return { batch_id: batch.batchId, booked_at: at, chain_n: n, chain_hash: hash, chain_late: late }
  })
  await tx`
    UPDATE loyalty.batch b
    SET chain_n = l.chain_n, chain_hash = decode(l.chain_hash, 'hex'), chain_late = l.chain_late
    FROM jsonb_to_recordset(${JSON.stringify(links)}::text::jsonb) AS l (batch_id uuid, booked_at timestamptz,
      chain_n bigint, chain_hash text, chain_late boolean)
    WHERE b.program_id = ${programId} AND b.booked_at = l.booked_at AND b.batch_id = l.batch_id`
  await noteJob(tx, { programId, job: 'chain' }, { n, hash, bookedAt: lastAt, batchId: lastId })
}

/** Until something is linked, the chainer has at most a row without a head. */
const keptHead = async (tx: Tx, programId: number): Promise<ChainHead> => {
  const [row] = await tx<ChainHead[]>`
    SELECT n, hash FROM read.chain_head WHERE program_id = ${programId} AND n IS NOT NULL`
  return row ?? chainStart
}

/** The head as it is kept: what leaves the machine each day. */
export const readChainHead = (sql: Sql, programId: number): Promise<ChainHead> =>
  inProgram(sql, programId, (tx) => keptHead(tx, programId))

/** Follows the chain from its start; answers the first link that does not fit, or how many do. */
export const verifyChain = (
  sql: Sql,
  programId: number,
): Promise<{ readonly links: number } | { readonly brokenAt: number }> =>
  inProgram(
    sql,
    programId,
    async (tx) => {
      // One snapshot for links and head: the chainer goes on meanwhile, and what it links is no break.
      await tx.unsafe('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
      let head = chainStart
      const rows = tx<(Link & { hash: Buffer })[]>`
        SELECT chain_n AS n, batch_id AS "batchId", booked_at AS "bookedAt", documents, points, digest,
          chain_late AS late, chain_hash AS hash
        FROM loyalty.batch WHERE program_id = ${programId} AND chain_n IS NOT NULL ORDER BY chain_n`
      for await (const page of rows.cursor(PAGE)) {
        for (const link of page) {
          const expected = linkHash(head.hash, link)
          if (link.n !== head.n + 1 || expected !== link.hash.toString('hex')) return { brokenAt: head.n + 1 }
          head = { n: link.n, hash: expected }
        }
      }
      const kept = await keptHead(tx, programId)
      return kept.n === head.n && kept.hash === head.hash ? { links: head.n } : { brokenAt: head.n + 1 }
    },
    { lockTimeoutMs: 2_000, statementTimeoutMs: 600_000 },
  )
