import type { Uuid } from '@premia/pos-sdk/contract/till'
import { NO_CONTENT, sendAwaitedBooked, sendGateRelease } from '../gate.ts'
import { documentOf, type Item, type Received } from '../item.ts'
import { bytesArray, instantArray, instantText, plainArray } from '../../db/arrays.ts'
import type { Sql } from '../../db/pool.ts'
import type { ReturnState, ReturnVerdict } from './decide-return.ts'
import { keepWaiting } from './kept-return.ts'
import { type KeyRow, originalOf } from './load-returns.ts'

/** Each item with what was decided of it. */
interface Decided {
  readonly items: readonly Item[]
  readonly verdicts: readonly ReturnVerdict[]
}

/** What a batch of returns writes beside bookings and ledger: keys, which sale each takes back, and vouchers. */
export const writeReturns = (sql: Sql, state: ReturnState, decided: Decided): Promise<unknown>[] => {
  const sent = [
    ...settleKeys(sql, state, decided),
    ...insertReturns(sql, state, decided),
    ...releaseAwaited(sql, state, decided),
    ...restoreVouchers(sql, state),
  ]
  for (const promise of sent) promise.catch(() => undefined)
  return sent
}

/**
 * Keys are made as awaited ones: of what is booked they say so, and what neither is booked nor waits gives them back. A
 * return whose key another one had made before it, because it wants to take it back, puts itself into it.
 */
const settleKeys = (
  sql: Sql,
  { program: { programId }, bookedAtMs, keys }: ReturnState,
  { items, verdicts }: Decided,
): Promise<unknown>[] => {
  const ofKind = (kind: ReturnVerdict['kind']): readonly Item[] =>
    items.filter((_, index) => verdicts[index]?.kind === kind)
  const waiting = ofKind('waiting')
  const booked = ofKind('booked').map(({ received }) => received)
  const named = waiting
    .filter((item) => isNamedOnly(keys.byDocument.get(documentOf(item))))
    .map(({ received }) => received)
  const needed = new Set([...ofKind('booked'), ...waiting].map(documentOf))
  for (const item of waiting) needed.add(originalOf(item) as Uuid)
  const released = [...keys.made].filter((document) => !needed.has(document))
  return [
    ...sendGateRelease(sql, programId, released),
    ...sendAwaitedBooked(sql, { programId, bookedAtMs }, booked),
    ...sendAwaitedNamed(sql, programId, named),
  ]
}

const isNamedOnly = (key: KeyRow | undefined): boolean => key?.contentHash === NO_CONTENT

const sendAwaitedNamed = (sql: Sql, programId: number, received: readonly Received[]): Promise<unknown>[] =>
  received.length === 0
    ? []
    : [
        sql`
          UPDATE loyalty.sale_key AS k SET receipt_key = n.receipt, content_hash = n.content
          FROM unnest(${plainArray(received.map(({ sale }) => sale.id))}::uuid[],
            ${bytesArray(received.map(({ receiptKey }) => receiptKey))}::bytea[],
            ${bytesArray(received.map(({ contentHash }) => contentHash))}::bytea[]) AS n(document_id, receipt, content)
          WHERE k.program_id = ${programId} AND k.document_id = n.document_id AND k.state = 'awaited'`.execute(),
      ]

/** Nobody waits for a sale any more whose last return has waited enough. */
const releaseAwaited = (sql: Sql, { program: { programId }, originals }: ReturnState, { items, verdicts }: Decided) => {
  const left = items.flatMap((item, index) => {
    const original = originalOf(item)
    return verdicts[index]?.kind === 'booked' && original !== undefined && !originals.has(original) ? [original] : []
  })
  if (left.length === 0) return []
  return [
    sql`
      DELETE FROM loyalty.sale_key k
      WHERE k.program_id = ${programId} AND k.document_id = ANY (${plainArray(left)}::uuid[]) AND k.state = 'awaited'
        AND k.content_hash = ${Buffer.from(NO_CONTENT, 'hex')} AND NOT EXISTS (
          SELECT FROM loyalty.sale_return r
          WHERE r.program_id = ${programId} AND r.original_id = k.document_id AND r.waiting IS NOT NULL)`.execute(),
  ]
}

interface ReturnRow {
  readonly original: Uuid
  readonly returned: Uuid
  readonly receivedAtMs: number
  /** Of one that waits. */
  readonly kept: Buffer | null
}

const insertReturns = (
  sql: Sql,
  { program: { programId }, bookedAtMs }: ReturnState,
  { items, verdicts }: Decided,
): Promise<unknown>[] => {
  const rows = items.flatMap((item, index): ReturnRow[] => {
    const verdict = verdicts[index]
    if (verdict?.kind === 'waiting') {
      const { received, original, isNew } = verdict
      const { receivedAtMs, sale } = received
      return isNew ? [{ original, returned: sale.id, receivedAtMs, kept: keepWaiting(received) }] : []
    }
    const original = originalOf(item)
    if (verdict?.kind !== 'booked' || original === undefined) return []
    const { receivedAtMs, sale } = item.received
    return [{ original, returned: sale.id, receivedAtMs, kept: null }]
  })
  if (rows.length === 0) return []
  const booked = rows.map(({ kept }) => (kept === null ? bookedAtMs : null))
  return [
    sql`
      INSERT INTO loyalty.sale_return AS r (program_id, original_id, return_id, received_at, booked_at, waiting)
      SELECT ${programId}, o, d, received, booked, w FROM unnest(
        ${plainArray(rows.map(({ original }) => original))}::uuid[],
        ${plainArray(rows.map(({ returned }) => returned))}::uuid[],
        ${instantArray(rows.map(({ receivedAtMs }) => receivedAtMs))}::timestamptz[],
        ${instantArray(booked)}::timestamptz[],
        ${keptArray(rows.map(({ kept }) => kept))}::bytea[]) AS n(o, d, received, booked, w)
      ON CONFLICT (program_id, original_id, return_id) DO UPDATE SET booked_at = excluded.booked_at, waiting = NULL`.execute(),
  ]
}

const keptArray = (values: readonly (Buffer | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : `"\\\\x${value.toString('hex')}"`)).join(',')}}`

const restoreVouchers = (sql: Sql, { program, bookedAtMs, vouchersBack }: ReturnState): Promise<unknown>[] => {
  if (vouchersBack.length === 0) return []
  const { programId } = program
  const ids = plainArray(vouchersBack.map(({ voucherId }) => voucherId))
  return [
    sql`
      WITH done AS (
        UPDATE loyalty.voucher SET state = 'issued'
        WHERE program_id = ${programId} AND voucher_id = ANY (${ids}::uuid[]) AND state = 'used' RETURNING 1)
      SELECT 1 / (count(*) = ${vouchersBack.length})::int FROM done`.execute(),
    sql`
      INSERT INTO loyalty.voucher_use (program_id, voucher_id, document_id, amount_minor, used_at)
      SELECT ${programId}, n.voucher_id, n.document_id, -u.amount_minor, ${instantText(bookedAtMs)}
      FROM unnest(${ids}::uuid[], ${plainArray(vouchersBack.map(({ documentId }) => documentId))}::uuid[],
        ${plainArray(vouchersBack.map(({ usedBy }) => usedBy))}::uuid[]) AS n(voucher_id, document_id, used_by)
      JOIN loyalty.voucher_use u ON u.program_id = ${programId} AND u.voucher_id = n.voucher_id
        AND u.document_id = n.used_by`.execute(),
  ]
}
