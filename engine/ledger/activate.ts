import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { lockDueMembers } from './due-accounts.ts'
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
  const { members, accounts } = await lockDueMembers(tx, programId, { change: 'activation', nowMs })
  if (members.length === 0) return 0
  for (const account of accounts) {
    activateDue(account, nowMs)
    refreshTimes(account, nowMs)
    account.changed = true
    assertAccount(account)
  }
  await Promise.all(writeMemberEntries(tx, { programId, bookedAtMs: nowMs, entries: new Entries(), accounts }))
  return members.length
}
