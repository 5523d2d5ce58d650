import { textArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { scopeSettings } from '../db/transaction.ts'
import { groupBy } from '../group-by.ts'
import { verifyChain } from '../outbox/chain.ts'
import { FIRST_ID, firstDocuments } from '../outbox/drain.ts'
import { verifyPrices } from '../prices/verify-prices.ts'
import { batchDigest, type DigestedDocument, type DigestedPosting } from './digest.ts'
import { digested } from './transfers.ts'
import type { Verified } from './verified.ts'
import { verifyIdentities } from './verify-identities.ts'
import { verifyOutcomes } from './verify-outcomes.ts'
import { ledgerQueries } from './verify-queries.ts'
import { readQueries } from './verify-read-queries.ts'
import { verifyStored } from './verify-stored.ts'

export interface VerifyOptions {
  /** Sales of each program whose judgement is repeated, drawn by lot. */
  readonly replays: number
}

const LIMITS = { lockTimeoutMs: 5_000, statementTimeoutMs: 600_000 }

export const verifyPrograms = async (sql: Sql, options: VerifyOptions): Promise<readonly Verified[]> => {
  const programs = await sql<{ program_id: number }[]>`SELECT program_id FROM directory.program ORDER BY program_id`
  const results: Verified[] = []
  for (const { program_id } of programs) results.push(...(await verifyProgram(sql, program_id, options)))
  return results
}

/**
 * Proves what one program has: sums, references, digests and the chain over them, what the console shows, and that stored
 * judgements can be repeated. `verify-damage.test.ts` says which check finds which damage, and what none can find.
 */
export const verifyProgram = async (
  sql: Sql,
  programId: number,
  { replays }: VerifyOptions,
): Promise<readonly Verified[]> => {
  const results = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    await tx.unsafe(scopeSettings({ programs: [programId] }, LIMITS))
    const counts: Verified[] = []
    for (const query of [...ledgerQueries, ...readQueries]) {
      const [row] = await tx.unsafe<{ checked: number; wrong: number }[]>(query.sql, [programId])
      counts.push({ programId, name: query.name, checked: row?.checked ?? 0, wrong: row?.wrong ?? 0 })
    }
    return [
      ...counts,
      ...(await verifyIdentities(tx, programId)),
      ...(await verifyOutcomes(tx, programId)),
      await verifyDigests(tx, programId),
      ...(await verifyStored(sql, tx, { programId, replays })),
      ...(await verifyPrices(tx, { programId, replays })),
    ]
  })
  const chain = await verifyChain(sql, programId)
  const links = 'links' in chain ? chain.links : chain.brokenAt
  return [...results, { programId, name: CHAIN, checked: links, wrong: 'links' in chain ? 0 : 1 }]
}

const CHAIN = 'every batch is linked to the one before it'

interface BatchRow {
  readonly batchId: string
  /** As text: whoever damages rows may write microseconds, which a date does not know. */
  readonly bookedAt: string
  readonly documents: number
  readonly points: number
  readonly digest: string
}

interface DocumentRow extends DigestedDocument {
  readonly batchId: string
}

/** Batches that are read together, whichever is reached first. */
const BATCHES_MAX = 500
const DOCUMENTS_MAX = 5_000

const verifyDigests = async (tx: Tx, programId: number): Promise<Verified> => {
  let checked = 0
  let wrong = 0
  let after = { bookedAt: '-infinity', batchId: FIRST_ID }
  for (;;) {
    const rows = await tx<BatchRow[]>`
      SELECT batch_id AS "batchId", booked_at::text AS "bookedAt", documents, points, encode(digest, 'hex') AS digest
      FROM loyalty.batch WHERE program_id = ${programId} AND (booked_at, batch_id) > (${after.bookedAt}::text::timestamptz, ${after.batchId})
      ORDER BY booked_at, batch_id LIMIT ${BATCHES_MAX}`
    const page = firstDocuments(rows, DOCUMENTS_MAX)
    const last = page.at(-1)
    if (last === undefined) return { programId, name: 'digests of batches reproduce', checked, wrong }
    checked += page.length
    wrong += await countUnlike(tx, programId, page)
    after = last
  }
}

/** How many of some batches are not what their digest says. */
const countUnlike = async (tx: Tx, programId: number, batches: readonly BatchRow[]): Promise<number> => {
  const instants = textArray([...new Set(batches.map(({ bookedAt }) => bookedAt))])
  const ids = batches.map(({ batchId }) => batchId)
  const sales = await tx<DocumentRow[]>`
    SELECT s.batch_id AS "batchId", s.document_id AS "documentId", encode(k.content_hash, 'hex') AS "contentHash",
      encode(s.outcome_hash, 'hex') AS "outcomeHash"
    FROM loyalty.sale s JOIN loyalty.sale_key k ON k.program_id = ${programId} AND k.document_id = s.document_id
    WHERE s.program_id = ${programId} AND s.booked_at = ANY (${instants}::text[]::timestamptz[])
      AND s.batch_id = ANY (${ids}::uuid[])`
  const transfers = await tx<{ batchId: string; transferId: string }[]>`
    SELECT batch_id AS "batchId", transfer_id AS "transferId" FROM loyalty.transfer
    WHERE program_id = ${programId} AND booked_at = ANY (${instants}::text[]::timestamptz[]) AND batch_id = ANY (${ids}::uuid[])`
  const documents = [...sales, ...transfers.map((row) => ({ ...digested(row.transferId), batchId: row.batchId }))]
  const postings = await tx<DigestedPosting[]>`
    SELECT document_id AS "documentId", n, kind, account_id AS "accountId", contra, point_type AS "pointType", amount,
      lot_id AS "lotId"
    FROM loyalty.posting WHERE program_id = ${programId} AND booked_at = ANY (${instants}::text[]::timestamptz[])
      AND document_id = ANY (${documents.map(({ documentId }) => documentId)}::uuid[])`
  const postingsOf = groupBy(postings, ({ documentId }) => documentId)
  const documentsOf = groupBy(documents, ({ batchId }) => batchId)
  return batches.filter((batch) => {
    const own = documentsOf.get(batch.batchId) ?? []
    const posted = own.flatMap(({ documentId }) => postingsOf.get(documentId) ?? [])
    const points = posted.reduce((sum, { amount }) => sum + amount, 0)
    return own.length !== batch.documents || points !== batch.points || batchDigest(own, posted) !== batch.digest
  }).length
}
