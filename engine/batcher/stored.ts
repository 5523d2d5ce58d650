import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Outcome } from '@premia/rules'
import { bytesArray, plainArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { unpackJson } from '../ledger/kept-text.ts'
import type { Told } from '../ledger/sale-content.ts'

/** A document that is booked already, with all that its till was told. */
export interface StoredBooking {
  readonly documentId: Uuid
  readonly kind: 'sale' | 'return'
  readonly receiptKey: string
  readonly contentHash: string
  readonly bookedAtMs: number
  readonly occurredAtMs: number
  readonly terminal: Uuid
  readonly outlet: Uuid
  readonly memberId: Uuid | null
  readonly ruleSet: string
  readonly semantics: number
  readonly outcomeHash: string
  readonly outcome: Outcome
  readonly told: Told
}

interface Row extends Omit<StoredBooking, 'bookedAtMs' | 'occurredAtMs' | 'outcome'> {
  readonly outcome: Buffer
  readonly booked_at: Date
  readonly occurred_at: Date
}

const stored = ({ booked_at, occurred_at, outcome, ...row }: Row): StoredBooking => ({
  ...row,
  outcome: unpackJson(outcome),
  bookedAtMs: booked_at.getTime(),
  occurredAtMs: occurred_at.getTime(),
})

/** Bookings by document or by receipt. The gate's row names the partition. */
export const readStored = async (
  sql: Sql | Tx,
  programId: number,
  wanted: { readonly documents: readonly Uuid[]; readonly receipts: readonly string[] },
): Promise<readonly StoredBooking[]> => {
  const rows = await sql<Row[]>`
    WITH found AS (
      SELECT document_id, receipt_key, content_hash, booked_at FROM loyalty.sale_key
      WHERE program_id = ${programId} AND document_id = ANY (${plainArray(wanted.documents)}::uuid[])
      UNION
      SELECT document_id, receipt_key, content_hash, booked_at FROM loyalty.sale_key
      WHERE program_id = ${programId} AND receipt_key = ANY (${bytesArray(wanted.receipts)}::bytea[]))
    SELECT s.document_id AS "documentId", s.kind, encode(f.receipt_key, 'hex') AS "receiptKey",
      encode(f.content_hash, 'hex') AS "contentHash", s.booked_at, s.occurred_at, s.terminal_id AS terminal, s.outlet_id AS outlet,
      s.member_id AS "memberId", s.rule_set AS "ruleSet", s.semantics, encode(s.outcome_hash, 'hex') AS "outcomeHash",
      s.outcome, s.told
    FROM found f JOIN loyalty.sale s
      ON s.program_id = ${programId} AND s.booked_at = f.booked_at AND s.document_id = f.document_id`
  return rows.map(stored)
}
