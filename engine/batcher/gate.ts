import type { Uuid } from '@premia/pos-sdk/contract/till'
import { bytesArray, instantText, plainArray } from '../db/arrays.ts'
import type { Sql } from '../db/pool.ts'
import type { Item, Received } from './item.ts'

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
 * Locks keys that returns have claimed for the sales they take back, before these came: now they are here. What is booked of
 * them is said with `sendAwaitedBooked`; the returns are booked behind it (`returns/waiting.ts`).
 */
export const lockAwaited = async (
  sql: Sql,
  programId: number,
  documents: readonly Uuid[],
): Promise<readonly AwaitedKey[]> =>
  sql<AwaitedKey[]>`
    SELECT document_id AS "documentId", encode(content_hash, 'hex') AS "contentHash" FROM loyalty.sale_key
    WHERE program_id = ${programId} AND document_id = ANY (${plainArray(documents)}::uuid[]) AND state = 'awaited'
    ORDER BY document_id FOR UPDATE`

export interface AwaitedKey {
  readonly documentId: Uuid
  /** `NO_CONTENT`, unless the document itself is here and waits: a return. */
  readonly contentHash: string
}

/** Flush 2: the locked keys of what is booked now. */
export const sendAwaitedBooked = (
  sql: Sql,
  { programId, bookedAtMs }: { readonly programId: number; readonly bookedAtMs: number },
  received: readonly Received[],
): Promise<unknown>[] =>
  received.length === 0
    ? []
    : [
        sql`
          WITH done AS (
            UPDATE loyalty.sale_key AS k SET state = 'booked', booked_at = ${instantText(bookedAtMs)},
              receipt_key = n.receipt, content_hash = n.content
            FROM unnest(${plainArray(received.map(({ sale }) => sale.id))}::uuid[],
              ${bytesArray(received.map(({ receiptKey }) => receiptKey))}::bytea[],
              ${bytesArray(received.map(({ contentHash }) => contentHash))}::bytea[]) AS n(document_id, receipt, content)
            WHERE k.program_id = ${programId} AND k.document_id = n.document_id AND k.state = 'awaited' RETURNING 1)
          SELECT 1 / (count(*) = ${received.length})::int FROM done`.execute(),
      ]

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
