import type { Uuid } from '@premia/pos-sdk/contract/till'
import { bytesArray, instantText, plainArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'

/** A voucher of this program that a sale presented, while a batch holds its row. */
export interface VoucherRow {
  readonly voucherId: Uuid
  readonly token: string
  readonly kind: string
  readonly valueMinor: number
  readonly memberId: Uuid | null
  readonly expiresAtMs: number | null
  state: 'issued' | 'held' | 'used' | 'expired' | 'cancelled'
}

export interface VoucherUse {
  readonly voucherId: Uuid
  readonly documentId: Uuid
  readonly amountMinor: number
}

/** The vouchers of these codes, locked in id order unless one only looks. Codes of other programs find nothing here. */
export const sendVoucherLoad = (
  sql: Sql | Tx,
  programId: number,
  { tokens, lock }: { readonly tokens: readonly string[]; readonly lock: boolean },
): (() => Promise<ReadonlyMap<string, VoucherRow>>) => {
  if (tokens.length === 0) return () => Promise.resolve(new Map())
  const rows = sql<
    (Omit<VoucherRow, 'expiresAtMs'> & { expires_at: Date | null })[]
  >`SELECT voucher_id AS "voucherId", encode(code_token, 'hex') AS token, kind, state, value_minor AS "valueMinor",
      member_id AS "memberId", expires_at
    FROM loyalty.voucher WHERE program_id = ${programId} AND code_token = ANY (${bytesArray(tokens)}::bytea[])
    ORDER BY voucher_id ${lock ? sql`FOR UPDATE` : sql``}`.execute()
  rows.catch(() => undefined)
  return async () =>
    new Map((await rows).map((row) => [row.token, { ...row, expiresAtMs: row.expires_at?.getTime() ?? null }]))
}

/**
 * Whether a voucher may be used in a sale: its state is judged as of booking, its expiry as of the sale, and one that
 * belongs to a member serves that member alone.
 */
export const isUsable = (voucher: VoucherRow, member: Uuid | null, atMs: number): boolean =>
  (voucher.state === 'issued' || voucher.state === 'held') &&
  (voucher.expiresAtMs === null || voucher.expiresAtMs > atMs) &&
  (voucher.memberId === null || voucher.memberId === member)

/** How much of an amount a voucher settles; one without a value of its own settles what a rule gave for it. */
export const settledBy = ({ valueMinor }: VoucherRow, amountMinor: number): number =>
  valueMinor === 0 ? amountMinor : Math.min(amountMinor, valueMinor)

/** Flush 2: the vouchers used by this batch and who used them. */
export const writeVoucherUses = (
  sql: Sql,
  programId: number,
  uses: readonly VoucherUse[],
  bookedAtMs: number,
): Promise<unknown>[] => {
  if (uses.length === 0) return []
  const ids = plainArray(uses.map((use) => use.voucherId))
  return [
    sql`
      WITH done AS (
        UPDATE loyalty.voucher SET state = 'used'
        WHERE program_id = ${programId} AND voucher_id = ANY (${ids}::uuid[]) AND state IN ('issued', 'held')
        RETURNING 1)
      SELECT 1 / (count(*) = ${uses.length})::int FROM done`.execute(),
    sql`
      INSERT INTO loyalty.voucher_use (program_id, voucher_id, document_id, amount_minor, used_at)
      SELECT ${programId}, v, d, amount, ${instantText(bookedAtMs)} FROM unnest(
        ${ids}::uuid[],
        ${plainArray(uses.map((use) => use.documentId))}::uuid[],
        ${plainArray(uses.map((use) => use.amountMinor))}::bigint[]) AS u(v, d, amount)`.execute(),
  ]
}
