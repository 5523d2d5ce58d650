import type { Uuid } from '@premia/pos-sdk/contract/till'
import { instantText, plainArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import { type AccountRow, lotsByAccount, memberAccount } from './account-rows.ts'
import { isSound, type MemberAccount } from './member-account.ts'
import { readOpenLots } from './read-balances.ts'

/** Jobs take few members at a time, so that a sale never waits long for one of them. */
export const MEMBERS_MAX = 200

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
  activation: { wanted: 'open AND pending AND active_from <= $2', first: 'active_from' },
  expiry: { wanted: 'open AND expires_at <= $2', first: 'expires_at' },
} as const

/**
 * Locks members with lots that are due, those that wait longest, and reads all they have. A member with an account that
 * differs from its lots is left out: nothing may be built upon it, the proof tells of it, and the others have their night.
 */
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
  const wantedMembers = due.map((row) => row.holder_id)
  const locked = await lockMembers(tx, programId, wantedMembers)
  if (locked.length === 0) return { members: [], accounts: [] }
  const accounts = await readAccounts(tx, programId, locked)
  const unsound = new Set(accounts.filter((account) => !isSound(account)).map(({ holderId }) => holderId))
  return {
    members: locked.filter((member) => !unsound.has(member)),
    accounts: accounts.filter(({ holderId }) => !unsound.has(holderId)),
  }
}

/** All accounts of locked members, with their open lots. */
const readAccounts = async (tx: Tx, programId: number, members: readonly Uuid[]): Promise<readonly MemberAccount[]> => {
  const rows = await tx<AccountRow[]>`
    SELECT account_id, holder_id, point_type, balance, pending, held, debt, earned_total, due_at, next_expiry_at,
      next_expiry_points
    FROM loyalty.account
    WHERE program_id = ${programId} AND holder_kind = 'member' AND holder_id = ANY (${plainArray(members)}::uuid[])
    ORDER BY account_id`
  const accounts = rows.map((row) => row.account_id)
  const lots = lotsByAccount(await readOpenLots(tx, programId, accounts))
  return rows.map((row) => memberAccount(row, lots))
}
