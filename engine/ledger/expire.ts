import type { Uuid } from '@premia/pos-sdk/contract/till'
import { newId } from '../clock.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { lockDueMembers } from './due-accounts.ts'
import { Entries } from './entries.ts'
import { expireHouseLots } from './house-lots.ts'
import { activateDue, assertAccount, type MemberAccount, refreshTimes } from './member-account.ts'
import { writeTransfers } from './transfers.ts'
import { writeMemberEntries } from './write-entries.ts'

const REASON = 'expired'

/**
 * Expires what is past its day: of at most 200 members and 200 collecting lots, in one database transaction. Answers how
 * many members and lots it settled; the caller goes on until that is 0. Members that a sale holds are left for the next
 * call. Doing it again changes nothing: an expired lot is empty.
 *
 * Until it has run, balances are right all the same, because reading ignores expired lots.
 */
export const expire = (sql: Sql, programId: number, nowMs: number): Promise<number> =>
  inProgram(sql, programId, async (tx) => {
    const members = await expireMembers(tx, programId, nowMs)
    return members + (await expireHouseLots(tx, programId, nowMs))
  })

const expireMembers = async (tx: Tx, programId: number, nowMs: number): Promise<number> => {
  const { members, accounts } = await lockDueMembers(tx, programId, { change: 'expiry', nowMs })
  if (members.length === 0) return 0
  const entries = new Entries()
  const transfers: Uuid[] = []
  for (const member of members) {
    const documentId = newId(nowMs)
    entries.begin(documentId)
    const expired = accounts
      .filter((account) => account.holderId === member)
      .reduce((sum, account) => sum + expireAccount(entries, account, nowMs), 0)
    if (expired > 0) transfers.push(documentId)
  }
  for (const account of accounts) assertAccount(account)
  await Promise.all(writeMemberEntries(tx, { programId, bookedAtMs: nowMs, entries, accounts }))
  await writeTransfers(tx, { programId, bookedAtMs: nowMs, kind: 'expire', reason: REASON, transfers, entries })
  return members.length
}

/** Takes what is left in expired lots; only the unspent remainder expires. */
const expireAccount = (entries: Entries, account: MemberAccount, nowMs: number): number => {
  activateDue(account, nowMs)
  const parts: { lotId: Uuid; amount: number }[] = []
  for (const lot of account.lots ?? []) {
    if (lot.expiresAtMs === null || lot.expiresAtMs > nowMs || lot.remaining === 0) continue
    parts.push({ lotId: lot.lotId, amount: lot.remaining })
    if (lot.pending) account.pending -= lot.remaining
    else account.balance -= lot.remaining
    lot.remaining = 0
    lot.pending = false
    lot.changed = true
  }
  const taken = parts.reduce((sum, { amount }) => sum + amount, 0)
  if (taken > 0) entries.expired(account, { taken, parts })
  account.changed = true
  refreshTimes(account, nowMs)
  return taken
}
