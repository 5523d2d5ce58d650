import type { Uuid } from '@premia/pos-sdk/contract/till'
import { instantText, plainArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { type AccountRow, type LotRow, lotsByAccount } from './account-rows.ts'
import { balanceOfLots, type MemberBalance } from './member-account.ts'

export interface ReadBalance extends MemberBalance {
  readonly pointType: string
  readonly held: number
  readonly debt: number
}

interface Row extends Omit<AccountRow, 'earned_total' | 'due_at'> {
  readonly due: boolean
}

/**
 * Balances of members as of an instant, without a lock. An account that time alone has changed since it was written is
 * told from its lots: expired ones are gone and activated ones are there, whether the night job has run or not.
 */
export const readBalances = async (
  sql: Sql | Tx,
  programId: number,
  members: readonly Uuid[],
  nowMs: number,
): Promise<ReadonlyMap<Uuid, readonly ReadBalance[]>> => {
  if (members.length === 0) return new Map()
  const now = instantText(nowMs)
  const rows = await sql<Row[]>`
    SELECT account_id, holder_id, point_type, balance, pending, held, debt, next_expiry_at, next_expiry_points,
      coalesce(due_at <= ${now}, false) AS due
    FROM loyalty.account
    WHERE program_id = ${programId} AND holder_kind = 'member' AND holder_id = ANY (${plainArray(members)}::uuid[])
    ORDER BY holder_id, point_type`
  const due = rows.filter((row) => row.due).map((row) => row.account_id)
  const lots = lotsByAccount(due.length === 0 ? [] : await readOpenLots(sql, programId, due))
  const balances = new Map<Uuid, ReadBalance[]>()
  for (const row of rows) {
    const balance = row.due ? balanceOfLots(lots.get(row.account_id) ?? [], row.held, nowMs) : asWritten(row)
    const told = { pointType: row.point_type, held: row.held, debt: row.debt, ...balance }
    balances.set(row.holder_id, [...(balances.get(row.holder_id) ?? []), told])
  }
  return balances
}

const asWritten = (row: Row): MemberBalance => ({
  spendable: row.balance - row.held,
  pending: row.pending,
  nextExpiryAtMs: row.next_expiry_at?.getTime() ?? null,
  nextExpiryPoints: row.next_expiry_points ?? 0,
})

/** All lots of these accounts that have something left. */
export const readOpenLots = (sql: Sql | Tx, programId: number, accounts: readonly Uuid[]): Promise<readonly LotRow[]> =>
  sql<LotRow[]>`
    SELECT account_id, lot_id, earned_at, active_from, expires_at, pending, remaining FROM loyalty.lot
    WHERE program_id = ${programId} AND account_id = ANY (${plainArray(accounts)}::uuid[]) AND open`
