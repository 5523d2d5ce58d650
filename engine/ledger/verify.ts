import type { ProgramDocument } from '@premia/rules'
import { canonicalJson, type Counters, type EvaluationInput, evaluate, SEMANTICS } from '@premia/rules'
import type { Sql, Tx } from '../db/pool.ts'
import { scopeSettings } from '../db/transaction.ts'
import { sha256 } from '../keys.ts'
import { loadRuleSet, type PublishedSet, publishedSet } from '../programs/rule-sets.ts'
import { batchDigest, type DigestedDocument, type DigestedPosting } from './digest.ts'
import { unpackJson } from './kept-text.ts'
import type { SaleContent } from './sale-content.ts'
import { digested } from './transfers.ts'
import type { Verified } from './verified.ts'
import { verifyOutcomes } from './verify-outcomes.ts'
import { verifyQueries } from './verify-queries.ts'

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

/** Proves the ledger of one program: sums, references, digests, and that stored judgements can be repeated. */
export const verifyProgram = (sql: Sql, programId: number, { replays }: VerifyOptions): Promise<readonly Verified[]> =>
  sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    await tx.unsafe(scopeSettings({ programs: [programId] }, LIMITS))
    const results: Verified[] = []
    for (const query of verifyQueries) {
      const [row] = await tx.unsafe<{ checked: number; wrong: number }[]>(query.sql, [programId])
      results.push({ programId, name: query.name, checked: row?.checked ?? 0, wrong: row?.wrong ?? 0 })
    }
    results.push(...(await verifyOutcomes(tx, programId)))
    results.push(await verifyDigests(tx, programId))
    results.push(await verifyReplays(sql, tx, { programId, replays }))
    return results
  })

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

interface ReplayRow {
  readonly rule_set: string
  readonly outcome_hash: string
  readonly content: Buffer
}

/** Judges stored input again: the outcome must be the same, byte for byte. Redacted sales and totals have no input. */
const verifyReplays = async (
  sql: Sql,
  tx: Tx,
  { programId, replays }: { readonly programId: number; readonly replays: number },
): Promise<Verified> => {
  const documents = await tx<{ version: number; document: ProgramDocument }[]>`
    SELECT version, document FROM loyalty.program_version WHERE program_id = ${programId}`
  const byVersion = new Map(documents.map((row) => [row.version, row.document]))
  const sets = new Map<string, PublishedSet | undefined>()
  let checked = 0
  let wrong = 0
  const [all] = await tx<
    { sales: number }[]
  >`SELECT count(*) AS sales FROM loyalty.sale WHERE program_id = ${programId}`
  // Twice as many as are wanted, so that the sample is rarely too small; LIMIT takes the rest away.
  const share = Math.min(100, (200 * replays) / Math.max(1, all?.sales ?? 1))
  const rows = await tx<ReplayRow[]>`
    SELECT rule_set, encode(outcome_hash, 'hex') AS outcome_hash, content
    FROM loyalty.sale TABLESAMPLE BERNOULLI (${share})
    WHERE program_id = ${programId} AND content IS NOT NULL AND semantics = ${SEMANTICS} LIMIT ${replays}`
  for (const row of rows) {
    const { input, counters = {} } = unpackJson<SaleContent>(row.content)
    if (input === undefined) continue
    if (!sets.has(row.rule_set)) sets.set(row.rule_set, await setOf(sql, programId, { hash: row.rule_set, byVersion }))
    const set = sets.get(row.rule_set)
    checked += 1
    if (set === undefined || replayed(set, input, counters) !== row.outcome_hash) wrong += 1
  }
  return { programId, name: 'stored judgements repeat byte for byte', checked, wrong }
}

const replayed = ({ ruleSet }: PublishedSet, input: EvaluationInput, counters: Counters): string =>
  sha256(canonicalJson(evaluate(ruleSet, input, counters)))

const setOf = async (
  sql: Sql,
  programId: number,
  { hash, byVersion }: { readonly hash: string; readonly byVersion: ReadonlyMap<number, ProgramDocument> },
): Promise<PublishedSet | undefined> => {
  const loaded = await loadRuleSet(sql, programId, hash, byVersion)
  if (loaded !== undefined) return loaded.set
  // Before its first set a program judges with none: the set without rules.
  return [...byVersion.values()].map((document) => publishedSet([], document)).find((set) => set.ruleSet.hash === hash)
}
