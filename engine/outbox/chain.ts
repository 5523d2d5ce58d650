import { createHash } from 'node:crypto'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { lockJob, noteJob } from './job-lock.ts'

/**
 * The hash chain of a program's batches, made after the fact and never inside a sale. Links follow (booked_at, id); a batch
 * that committed so late that a later one is already linked comes at the end and is marked. Whoever has a head from another
 * day can prove that nothing before it was changed.
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

/** Batches younger than this may still be followed by one that was booked before them. */
const SETTLED_MS = 60_000
const PAGE = 1_000
const PAGES_MAX = 100
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

/** Links what is settled and answers how many batches that were. */
export const chainBatches = async (
  sql: Sql,
  { programId, nowMs }: { readonly programId: number; readonly nowMs: number },
): Promise<number> => {
  let linked = 0
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const count = await linkPage(sql, programId, nowMs)
    linked += count
    if (count < PAGE) break
  }
  return linked
}

const linkPage = (sql: Sql, programId: number, nowMs: number): Promise<number> =>
  inProgram(sql, programId, async (tx) => {
    const note = await lockJob(tx, programId, 'chain')
    let { n, hash, bookedAt: lastAt, batchId: lastId } = { ...nothingLinked, ...note } as Kept
    const batches = await tx<Omit<Link, 'n' | 'late'>[]>`
      SELECT batch_id AS "batchId", booked_at AS "bookedAt", documents, points, digest FROM loyalty.batch
      WHERE program_id = ${programId} AND chain_n IS NULL AND booked_at <= ${new Date(nowMs - SETTLED_MS)}
      ORDER BY booked_at, batch_id LIMIT ${PAGE}`
    const links = batches.map((batch) => {
      const at = batch.bookedAt.toISOString()
      const late = at < lastAt || (at === lastAt && batch.batchId < lastId)
      if (!late) [lastAt, lastId] = [at, batch.batchId]
      n += 1
      const link: Link = { ...batch, n, late }
      hash = linkHash(hash, link)
      return { batch_id: batch.batchId, booked_at: at, chain_n: n, chain_hash: hash, chain_late: late }
    })
    if (links.length === 0) return 0
    await tx`
      UPDATE loyalty.batch b
      SET chain_n = l.chain_n, chain_hash = decode(l.chain_hash, 'hex'), chain_late = l.chain_late
      FROM jsonb_to_recordset(${JSON.stringify(links)}::text::jsonb) AS l (batch_id uuid, booked_at timestamptz,
        chain_n bigint, chain_hash text, chain_late boolean)
      WHERE b.program_id = ${programId} AND b.booked_at = l.booked_at AND b.batch_id = l.batch_id`
    await noteJob(tx, { programId, job: 'chain' }, { n, hash, bookedAt: lastAt, batchId: lastId })
    return links.length
  })

/** The head as it is kept: what leaves the machine each day. */
export const readChainHead = (sql: Sql, programId: number): Promise<ChainHead> =>
  inProgram(sql, programId, async (tx) => {
    const [row] = await tx<ChainHead[]>`SELECT n, hash FROM read.chain_head WHERE program_id = ${programId}`
    return row ?? chainStart
  })

/** Follows the chain from its start; answers the first link that does not fit, or how many do. */
export const verifyChain = (
  sql: Sql,
  programId: number,
): Promise<{ readonly links: number } | { readonly brokenAt: number }> =>
  inProgram(
    sql,
    programId,
    async (tx) => {
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
      const [kept] = await tx<ChainHead[]>`SELECT n, hash FROM read.chain_head WHERE program_id = ${programId}`
      const same = (kept ?? chainStart).n === head.n && (kept ?? chainStart).hash === head.hash
      return same ? { links: head.n } : { brokenAt: head.n + 1 }
    },
    { lockTimeoutMs: 2_000, statementTimeoutMs: 600_000 },
  )
