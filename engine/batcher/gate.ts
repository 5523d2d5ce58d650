import type { Uuid } from '@premia/pos-sdk/contract/till'
import { bytesArray, instantText, plainArray } from '../db/arrays.ts'
import type { Sql } from '../db/pool.ts'
import { documentOf, type Item } from './item.ts'

/**
 * The gate of exactly-once: one row a document and program, claimed before anything is read. Who meets a twin in flight
 * waits here for its commit, bounded by the lock time-out. What does not come back has met its id or its receipt.
 */
export const sendGate = (
  sql: Sql,
  programId: number,
  items: readonly Item[],
  bookedAtMs: number,
): Promise<readonly { document_id: Uuid }[]> => {
  const documents = plainArray(items.map(({ received }) => received.sale.id))
  return sql<{ document_id: Uuid }[]>`
    INSERT INTO loyalty.sale_key (program_id, document_id, receipt_key, content_hash, state, booked_at)
    SELECT ${programId}, d, r, c, 'booked', ${instantText(bookedAtMs)} FROM unnest(
      ${documents}::uuid[],
      ${bytesArray(items.map(({ received }) => received.receiptKey))}::bytea[],
      ${bytesArray(items.map(({ received }) => received.contentHash))}::bytea[]) AS g(d, r, c)
    ORDER BY d ON CONFLICT DO NOTHING RETURNING document_id`.execute()
}

/**
 * Keys that a return has claimed for the sale it takes back, before that came: now it is here. Who holds such a row books the
 * sale; the return is booked behind it (`returns/waiting.ts`).
 */
export const takeAwaited = async (
  sql: Sql,
  programId: number,
  items: readonly Item[],
  bookedAtMs: number,
): Promise<readonly Uuid[]> => {
  const rows = await sql<{ document_id: Uuid }[]>`
    UPDATE loyalty.sale_key AS k
    SET state = 'booked', receipt_key = n.receipt, content_hash = n.content, booked_at = ${instantText(bookedAtMs)}
    FROM unnest(${plainArray(items.map(documentOf))}::uuid[],
      ${bytesArray(items.map(({ received }) => received.receiptKey))}::bytea[],
      ${bytesArray(items.map(({ received }) => received.contentHash))}::bytea[]) AS n(document_id, receipt, content)
    WHERE k.program_id = ${programId} AND k.document_id = n.document_id AND k.state = 'awaited'
      AND k.content_hash = ${Buffer.from(NO_CONTENT, 'hex')} RETURNING k.document_id`
  return rows.map((row) => row.document_id)
}

/** Of a document that is only awaited nobody knows the content yet. */
export const NO_CONTENT = '0'.repeat(64)

/** Only booked documents hold their key: what is outside of the program gives its row back. */
export const sendGateRelease = (sql: Sql, programId: number, documents: readonly Uuid[]): Promise<unknown>[] =>
  documents.length === 0
    ? []
    : [
        sql`DELETE FROM loyalty.sale_key
          WHERE program_id = ${programId} AND document_id = ANY (${plainArray(documents)}::uuid[])`.execute(),
      ]
