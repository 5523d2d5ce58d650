import type { Uuid } from '@premia/pos-sdk/contract/till'
import { bytesArray, instantText, plainArray } from '../db/arrays.ts'
import type { Sql } from '../db/pool.ts'
import type { Item } from './item.ts'

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

/** Only booked documents hold their key: what is outside of the program gives its row back. */
export const sendGateRelease = (sql: Sql, programId: number, documents: readonly Uuid[]): Promise<unknown>[] =>
  documents.length === 0
    ? []
    : [
        sql`DELETE FROM loyalty.sale_key
          WHERE program_id = ${programId} AND document_id = ANY (${plainArray(documents)}::uuid[])`.execute(),
      ]
