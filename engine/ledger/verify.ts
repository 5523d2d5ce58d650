import type { Sql, Tx } from '../db/pool.ts'
import { scopeSettings } from '../db/transaction.ts'
import { verifyChain } from '../outbox/chain.ts'
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
    ]
  })
  const chain = await verifyChain(sql, programId)
  const links = 'links' in chain ? chain.links : chain.brokenAt
  return [...results, { programId, name: CHAIN, checked: links, wrong: 'links' in chain ? 0 : 1 }]
}

const CHAIN = 'every batch is linked to the one before it'

interface BatchRow {
  readonly batch_id: string
  readonly booked_at: Date
  readonly documents: number
  readonly points: number
  readonly digest: string
}

const verifyDigests = async (tx: Tx, programId: number): Promise<Verified> => {
  let checked = 0
  let wrong = 0
  const batches = tx<BatchRow[]>`
    SELECT batch_id, booked_at, documents, points, encode(digest, 'hex') AS digest FROM loyalty.batch
    WHERE program_id = ${programId} ORDER BY booked_at, batch_id`
  for (const batch of await batches) {
    const documents = await documentsOf(tx, programId, batch)
    const postings = await tx<DigestedPosting[]>`
      SELECT document_id AS "documentId", n, kind, account_id AS "accountId", contra, point_type AS "pointType", amount,
        lot_id AS "lotId"
      FROM loyalty.posting WHERE program_id = ${programId} AND booked_at = ${batch.booked_at}
        AND document_id = ANY (${documents.map((each) => each.documentId)}::uuid[])`
    const points = postings.reduce((sum, { amount }) => sum + amount, 0)
    const same =
      documents.length === batch.documents &&
      points === batch.points &&
      batchDigest(documents, postings) === batch.digest
    checked += 1
    if (!same) wrong += 1
  }
  return { programId, name: 'digests of batches reproduce', checked, wrong }
}

const documentsOf = async (tx: Tx, programId: number, batch: BatchRow): Promise<readonly DigestedDocument[]> => {
  const sales = await tx<DigestedDocument[]>`
    SELECT s.document_id AS "documentId", encode(k.content_hash, 'hex') AS "contentHash",
      encode(s.outcome_hash, 'hex') AS "outcomeHash"
    FROM loyalty.sale s JOIN loyalty.sale_key k ON k.program_id = ${programId} AND k.document_id = s.document_id
    WHERE s.program_id = ${programId} AND s.booked_at = ${batch.booked_at} AND s.batch_id = ${batch.batch_id}`
  const transfers = await tx<{ transfer_id: string }[]>`
    SELECT transfer_id FROM loyalty.transfer
    WHERE program_id = ${programId} AND booked_at = ${batch.booked_at} AND batch_id = ${batch.batch_id}`
  return [...sales, ...transfers.map((row) => digested(row.transfer_id))]
}
