import type { Uuid } from '@premia/pos-sdk/contract/till'
import { instantText, plainArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import type { MemberAccount, OpenLot } from './member-account.ts'

/** Jobs take few members at a time, so that a sale never waits long for one of them. */
export const MEMBERS_MAX = 200

interface AccountRow {
  readonly account_id: Uuid
  readonly holder_id: Uuid
  readonly point_type: string
  readonly balance: number
  readonly pending: number
  readonly held: number
  readonly debt: number
  readonly earned_total: number
}

interface LotRow {
  readonly account_id: Uuid
  readonly lot_id: Uuid
  readonly earned_at: Date
  readonly active_from: Date
  readonly expires_at: Date | null
  readonly pending: boolean
  readonly remaining: number
}

/** Locks members that nobody holds, in id order; those that a sale holds are left for the next call. */
export const lockMembers = async (tx: Tx, programId: number, wanted: readonly Uuid[]): Promise<readonly Uuid[]> => {
  const rows = await tx<{ member_id: Uuid }[]>`
    SELECT member_id FROM loyalty.member
    WHERE program_id = ${programId} AND member_id = ANY (${plainArray(wanted)}::uuid[])
    ORDER BY member_id LIMIT ${MEMBERS_MAX} FOR UPDATE SKIP LOCKED`
  return rows.map((row) => row.member_id)
}

/** What time does to a lot of a member, as an index tells it. */
const DUE = {
  activation: { wanted: 'pending AND active_from <= $2', first: 'active_from' },
  expiry: { wanted: 'open AND expires_at <= $2', first: 'expires_at' },
} as const

/** Locks members with lots that are due, those that wait longest, and reads all they have. */
export const lockDueMembers = async (
  tx: Tx,
  programId: number,
  { change, nowMs }: { readonly change: keyof typeof DUE; readonly nowMs: number },
): Promise<{ readonly members: readonly Uuid[]; readonly accounts: readonly MemberAccount[] }> => {
  const { wanted, first } = DUE[change]
  const due = await tx.unsafe<{ holder_id: Uuid }[]>(
    `SELECT DISTINCT a.holder_id FROM (
       SELECT account_id FROM loyalty.lot
       WHERE program_id = $1 AND ${wanted} AND origin_document_id IS NOT NULL
       ORDER BY ${first} LIMIT ${MEMBERS_MAX}) AS l
     JOIN loyalty.account a ON a.program_id = $1 AND a.account_id = l.account_id AND a.holder_kind = 'member'`,
    [programId, instantText(nowMs)],
  )
  const members = await lockMembers(
    tx,
    programId,
    due.map((row) => row.holder_id),
  )
  return { members, accounts: members.length === 0 ? [] : await readAccounts(tx, programId, members) }
}

/** All accounts of locked members, with their open lots. */
const readAccounts = async (tx: Tx, programId: number, members: readonly Uuid[]): Promise<readonly MemberAccount[]> => {
  const accounts = await tx<AccountRow[]>`
    SELECT account_id, holder_id, point_type, balance, pending, held, debt, earned_total FROM loyalty.account
    WHERE program_id = ${programId} AND holder_kind = 'member' AND holder_id = ANY (${plainArray(members)}::uuid[])
    ORDER BY account_id`
  const lots = await tx<LotRow[]>`
    SELECT account_id, lot_id, earned_at, active_from, expires_at, pending, remaining FROM loyalty.lot
    WHERE program_id = ${programId} AND open
      AND account_id = ANY (${plainArray(accounts.map((row) => row.account_id))}::uuid[])
    ORDER BY lot_id`
  const lotsOf = new Map<Uuid, OpenLot[]>()
  for (const row of lots) {
    const lot = {
      lotId: row.lot_id,
      earnedAtMs: row.earned_at.getTime(),
      activeFromMs: row.active_from.getTime(),
      expiresAtMs: row.expires_at?.getTime() ?? null,
      pending: row.pending,
      remaining: row.remaining,
      changed: false,
      isNew: false,
    }
    lotsOf.set(row.account_id, [...(lotsOf.get(row.account_id) ?? []), lot])
  }
  return accounts.map((row) => ({
    accountId: row.account_id,
    holderId: row.holder_id,
    pointType: row.point_type,
    balance: row.balance,
    pending: row.pending,
    held: row.held,
    debt: row.debt,
    earnedTotal: row.earned_total,
    dueAtMs: null,
    nextExpiryAtMs: null,
    nextExpiryPoints: 0,
    lots: lotsOf.get(row.account_id) ?? [],
    isNew: false,
    changed: false,
    before: row.balance + row.pending - row.debt,
    bornExpired: 0,
  }))
}
