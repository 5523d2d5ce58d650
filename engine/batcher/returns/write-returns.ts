import type { Uuid } from '@premia/pos-sdk/contract/till'
import { documentOf, type Item } from '../item.ts'
import { bytesArray, instantArray, instantText, plainArray } from '../../db/arrays.ts'
import type { Sql } from '../../db/pool.ts'
import type { ReturnState, ReturnVerdict } from './decide-return.ts'
import { keepWaiting } from './kept-return.ts'
import { originalOf } from './load-returns.ts'

/** What a batch of returns writes beside bookings and ledger: keys, which sale each takes back, and vouchers. */
export const writeReturns = (
  sql: Sql,
  state: ReturnState,
  { items, verdicts }: { readonly items: readonly Item[]; readonly verdicts: readonly ReturnVerdict[] },
): Promise<unknown>[] => {
  const sent = [
    ...settleKeys(sql, state, { items, verdicts }),
    ...insertReturns(sql, state, verdicts),
    ...restoreVouchers(sql, state),
  ]
  for (const promise of sent) promise.catch(() => undefined)
  return sent
}

/** Keys are made as awaited ones: of what is booked they say so, and what neither is booked nor waits gives them back. */
const settleKeys = (
  sql: Sql,
  { program: { programId }, bookedAtMs, keys }: ReturnState,
  { items, verdicts }: { readonly items: readonly Item[]; readonly verdicts: readonly ReturnVerdict[] },
): Promise<unknown>[] => {
  const sent: Promise<unknown>[] = []
  const settled = items.filter((_, index) => ['booked', 'waiting'].includes(verdicts[index]?.kind ?? ''))
  const needed = new Set(settled.map(documentOf))
  const booked: Item[] = []
  items.forEach((item, index) => {
    if (verdicts[index]?.kind === 'booked') booked.push(item)
    const original = originalOf(item)
    if (verdicts[index]?.kind === 'waiting' && original !== undefined) needed.add(original)
  })
  const released = [...keys.made].filter((document) => !needed.has(document))
  if (released.length > 0) {
    sent.push(
      sql`DELETE FROM loyalty.sale_key
        WHERE program_id = ${programId} AND document_id = ANY (${plainArray(released)}::uuid[])`.execute(),
    )
  }
  if (booked.length > 0) {
    sent.push(
      sql`
        WITH done AS (
          UPDATE loyalty.sale_key AS k SET state = 'booked', booked_at = ${instantText(bookedAtMs)},
            receipt_key = n.receipt, content_hash = n.content
          FROM unnest(${plainArray(booked.map(documentOf))}::uuid[],
            ${bytesArray(booked.map(({ received }) => received.receiptKey))}::bytea[],
            ${bytesArray(booked.map(({ received }) => received.contentHash))}::bytea[]) AS n(document_id, receipt, content)
          WHERE k.program_id = ${programId} AND k.document_id = n.document_id AND k.state = 'awaited' RETURNING 1)
        SELECT 1 / (count(*) = ${booked.length})::int FROM done`.execute(),
    )
  }
  return sent
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
  verdicts: readonly ReturnVerdict[],
): Promise<unknown>[] => {
  const rows = verdicts.flatMap((verdict): ReturnRow[] => {
    if (verdict.kind === 'waiting') {
      const { received, original, isNew } = verdict
      const { receivedAtMs, sale } = received
      return isNew ? [{ original, returned: sale.id, receivedAtMs, kept: keepWaiting(received) }] : []
    }
    const original = verdict.kind === 'booked' ? verdict.booking.received.sale.original?.sale : undefined
    if (verdict.kind !== 'booked' || original === undefined) return []
    const { receivedAtMs, sale } = verdict.booking.received
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
      FROM unnest(${ids}::uuid[], ${plainArray(vouchersBack.map(({ documentId }) => documentId))}::uuid[])
        AS n(voucher_id, document_id)
      CROSS JOIN LATERAL (SELECT amount_minor FROM loyalty.voucher_use u
        WHERE u.program_id = ${programId} AND u.voucher_id = n.voucher_id
        ORDER BY used_at DESC, amount_minor DESC LIMIT 1) AS u`.execute(),
  ]
}
