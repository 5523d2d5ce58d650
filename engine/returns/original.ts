import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Outcome } from '@premia/rules'
import { plainArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { groupBy } from '../group-by.ts'
import type { HolderKind } from '../ledger/identity.ts'
import { unpackJson } from '../ledger/kept-text.ts'
import type { ReturnOutcome, SaleContent, Told } from '../ledger/sale-content.ts'

/** A booked sale that returns name, with what has come back of it. */
export interface Original {
  readonly documentId: Uuid
  readonly kind: 'sale' | 'return'
  readonly bookedAtMs: number
  readonly atMs: number
  readonly outlet: Uuid
  readonly memberId: Uuid | null
  readonly ruleSet: string
  readonly semantics: number
  readonly outcome: Outcome
  readonly told: Told
  /** `null`: redacted. */
  readonly content: SaleContent | null
  readonly earned: readonly EarnedPosting[]
  /** Lots that it spent from, in the order in which it did. */
  readonly spent: readonly SpentLot[]
  readonly returns: readonly EarlierReturn[]
}

export interface EarnedPosting {
  readonly holderKind: HolderKind
  readonly holderId: Uuid
  readonly accountId: Uuid
  readonly pointType: string
  readonly amount: number
  readonly lotId: Uuid
}

export interface SpentLot {
  readonly lotId: Uuid
  readonly pointType: string
  readonly amount: number
}

export interface EarlierReturn {
  readonly outcome: ReturnOutcome
  readonly told: Told
}

interface SaleRow {
  readonly documentId: Uuid
  readonly kind: 'sale' | 'return'
  readonly booked_at: Date
  readonly occurred_at: Date
  readonly outlet: Uuid
  readonly memberId: Uuid | null
  readonly ruleSet: string
  readonly semantics: number
  readonly outcome: Buffer
  readonly told: Told
  readonly content: Buffer | null
}

interface ReturnRow {
  readonly originalId: Uuid
  readonly outcome: Buffer
  readonly told: Told
}

interface PostingRow extends EarnedPosting {
  readonly documentId: Uuid
}

interface SpentRow extends SpentLot {
  readonly documentId: Uuid
}

/** Statements of one flush: the sales themselves, what they posted and spent, and their returns in the order of booking. */
export const sendOriginals = (
  sql: Sql | Tx,
  programId: number,
  documents: readonly Uuid[],
): (() => Promise<ReadonlyMap<Uuid, Original>>) => {
  if (documents.length === 0) return () => Promise.resolve(new Map())
  const ids = plainArray(documents)
  // The gate's row names the partition.
  const keys = sql`loyalty.sale_key k WHERE k.program_id = ${programId} AND k.document_id = ANY (${ids}::uuid[])
    AND k.state = 'booked'`
  const sales = sql<SaleRow[]>`
    SELECT s.document_id AS "documentId", s.kind, s.booked_at, s.occurred_at, s.outlet_id AS outlet,
      s.member_id AS "memberId", s.rule_set AS "ruleSet", s.semantics, s.outcome, s.told, s.content
    FROM (SELECT document_id, booked_at FROM ${keys}) k JOIN loyalty.sale s
      ON s.program_id = ${programId} AND s.booked_at = k.booked_at AND s.document_id = k.document_id`.execute()
  const earned = sql<PostingRow[]>`
    SELECT p.document_id AS "documentId", a.holder_kind AS "holderKind", a.holder_id AS "holderId",
      p.account_id AS "accountId", p.point_type AS "pointType", p.amount, p.lot_id AS "lotId"
    FROM (SELECT document_id, booked_at FROM ${keys}) k JOIN loyalty.posting p
      ON p.program_id = ${programId} AND p.booked_at = k.booked_at AND p.document_id = k.document_id
    JOIN loyalty.account a ON a.program_id = ${programId} AND a.account_id = p.account_id
    WHERE p.kind = 'earn' ORDER BY p.document_id, p.n`.execute()
  const spent = sql<SpentRow[]>`
    SELECT u.document_id AS "documentId", u.lot_id AS "lotId", l.point_type AS "pointType", u.amount
    FROM (SELECT document_id, booked_at FROM ${keys}) k JOIN loyalty.lot_use u
      ON u.program_id = ${programId} AND u.booked_at = k.booked_at AND u.document_id = k.document_id
    JOIN loyalty.lot l ON l.program_id = ${programId} AND l.lot_id = u.lot_id
    WHERE l.origin_document_id IS DISTINCT FROM u.document_id
    ORDER BY u.document_id, l.expires_at NULLS LAST, l.earned_at, l.lot_id`.execute()
  const returns = sql<ReturnRow[]>`
    SELECT r.original_id AS "originalId", s.outcome, s.told
    FROM loyalty.sale_return r JOIN loyalty.sale s
      ON s.program_id = ${programId} AND s.booked_at = r.booked_at AND s.document_id = r.return_id
    WHERE r.program_id = ${programId} AND r.original_id = ANY (${ids}::uuid[]) AND r.booked_at IS NOT NULL
    ORDER BY r.booked_at, r.return_id`.execute()
  const all = Promise.all([sales, earned, spent, returns])
  all.catch(() => undefined)
  return async () => collect(await all)
}

/** A return that was booked before its sale was known, or when too little was kept of it, has taken nothing back. */
const hasTakenBack = ({ outcome }: { readonly outcome: Partial<ReturnOutcome> }): boolean =>
  outcome.returned !== undefined

type Rows = readonly [readonly SaleRow[], readonly PostingRow[], readonly SpentRow[], readonly ReturnRow[]]

const collect = ([sales, earned, spent, returns]: Rows): ReadonlyMap<Uuid, Original> => {
  const earnedOf = groupBy(earned, ({ documentId }) => documentId)
  const spentOf = groupBy(spent, ({ documentId }) => documentId)
  const returnsOf = groupBy(returns, ({ originalId }) => originalId)
  return new Map(
    sales.map(({ booked_at, occurred_at, content, outcome, ...row }) => [
      row.documentId,
      {
        ...row,
        bookedAtMs: booked_at.getTime(),
        atMs: row.told.atMs ?? occurred_at.getTime(),
        outcome: unpackJson(outcome),
        content: content === null ? null : unpackJson(content),
        earned: earnedOf.get(row.documentId) ?? [],
        spent: spentOf.get(row.documentId) ?? [],
        returns: (returnsOf.get(row.documentId) ?? [])
          .map((each) => ({
            outcome: unpackJson<ReturnOutcome>(each.outcome),
            told: each.told,
          }))
          .filter(hasTakenBack),
      },
    ]),
  )
}
