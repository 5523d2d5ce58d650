import type { Uuid } from '@premia/pos-sdk/contract/till'
import { instantText } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { lockMembers, MEMBERS_MAX, readAccounts } from './due-accounts.ts'
import { Entries } from './entries.ts'
import { activateHouseLots } from './house-lots.ts'
import { activateDue, assertAccount, refreshTimes } from './member-account.ts'
import { writeMemberEntries } from './write-entries.ts'

/**
 * Makes pending points spendable whose day has come: of at most 200 members and 200 collecting lots, in one database
 * transaction. Answers how many it settled; the caller goes on until that is 0. Nothing is posted: the points are the
 * holder's already, only their lot changes from pending to active.
 */
export const activate = (sql: Sql, programId: number, nowMs: number): Promise<number> =>
  inProgram(sql, programId, async (tx) => {
    const members = await activateMembers(tx, programId, nowMs)
    return members + (await activateHouseLots(tx, programId, nowMs))
  })

const activateMembers = async (tx: Tx, programId: number, nowMs: number): Promise<number> => {
  const due = await tx<{ holder_id: Uuid }[]>`
    SELECT DISTINCT a.holder_id FROM (
      SELECT l.account_id FROM loyalty.lot l
      WHERE l.program_id = ${programId} AND l.pending AND l.active_from <= ${instantText(nowMs)}
        AND l.origin_document_id IS NOT NULL
      ORDER BY l.active_from LIMIT ${MEMBERS_MAX}) AS l
    JOIN loyalty.account a ON a.program_id = ${programId} AND a.account_id = l.account_id AND a.holder_kind = 'member'`
  const members = await lockMembers(
    tx,
    programId,
    due.map((row) => row.holder_id),
  )
  if (members.length === 0) return 0
  const accounts = await readAccounts(tx, programId, members)
  for (const account of accounts) {
    activateDue(account, nowMs)
    refreshTimes(account, nowMs)
    account.changed = true
    assertAccount(account)
  }
  await Promise.all(writeMemberEntries(tx, { programId, bookedAtMs: nowMs, entries: new Entries(), accounts }))
  return members.length
}
