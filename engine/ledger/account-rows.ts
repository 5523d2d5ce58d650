import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { MemberAccount, OpenLot } from './member-account.ts'

/** Accounts and open lots of members as the database has them, for all who read them. */
export interface AccountRow {
  readonly account_id: Uuid
  readonly holder_id: Uuid
  readonly point_type: string
  readonly balance: number
  readonly pending: number
  readonly held: number
  readonly debt: number
  readonly earned_total: number
  readonly due_at: Date | null
  readonly next_expiry_at: Date | null
  readonly next_expiry_points: number | null
}

export interface LotRow {
  readonly account_id: Uuid
  readonly lot_id: Uuid
  readonly earned_at: Date
  readonly active_from: Date
  readonly expires_at: Date | null
  readonly pending: boolean
  readonly remaining: number
}

export const openLot = (row: LotRow): OpenLot => ({
  lotId: row.lot_id,
  earnedAtMs: row.earned_at.getTime(),
  activeFromMs: row.active_from.getTime(),
  expiresAtMs: row.expires_at?.getTime() ?? null,
  pending: row.pending,
  remaining: row.remaining,
  changed: false,
  isNew: false,
})

export const lotsByAccount = (rows: readonly LotRow[]): ReadonlyMap<Uuid, OpenLot[]> => {
  const lots = new Map<Uuid, OpenLot[]>()
  for (const row of rows) {
    const own = lots.get(row.account_id)
    if (own === undefined) lots.set(row.account_id, [openLot(row)])
    else own.push(openLot(row))
  }
  return lots
}

/** `lots` of all accounts; `undefined` where this one's were not loaded. */
export const memberAccount = (row: AccountRow, lots: ReadonlyMap<Uuid, OpenLot[]> | undefined): MemberAccount => ({
  accountId: row.account_id,
  holderId: row.holder_id,
  pointType: row.point_type,
  balance: row.balance,
  pending: row.pending,
  held: row.held,
  debt: row.debt,
  earnedTotal: row.earned_total,
  dueAtMs: row.due_at?.getTime() ?? null,
  nextExpiryAtMs: row.next_expiry_at?.getTime() ?? null,
  nextExpiryPoints: row.next_expiry_points ?? 0,
  lots: lots === undefined ? undefined : (lots.get(row.account_id) ?? []),
  isNew: false,
  changed: false,
  before: row.balance + row.pending - row.debt,
  bornExpired: 0,
})
