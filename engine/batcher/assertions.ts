import { strict as assert } from 'node:assert'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Booking } from './book.ts'
import type { Books } from './books.ts'

/**
 * What must hold before a batch writes, whatever the code above did. A failure is a defect: the batch dies, each of its
 * sales is booked alone, and the one that fails waits for us.
 */
export const assertBatch = (
  { entries, loaded }: Pick<Books, 'entries' | 'loaded'>,
  bookings: readonly Booking[],
): void => {
  const byDocument = new Map<Uuid, number>()
  for (const { documentId, kind, amount } of entries.postings) {
    if (kind === 'earn') byDocument.set(documentId, (byDocument.get(documentId) ?? 0) + amount)
    assert(kind === 'earn' ? amount > 0 : amount < 0, 'a sale credits what it earns and debits what it spends')
  }
  for (const { received, judgement } of bookings) {
    const awarded = judgement.outcome.awards.reduce((sum, { points }) => sum + points, 0)
    assert((byDocument.get(received.sale.id) ?? 0) === awarded, 'postings of a sale are its awards')
    assertShares(judgement)
  }
  assertAccounts({ entries, loaded })
  assertLots(entries)
}

/** What is left of a lot that this batch makes is what it was made with, less what this batch used of it. */
export const assertLots = ({ lots, lotUses }: Books['entries']): void => {
  const used = new Map<Uuid, number>()
  for (const { lotId, amount } of lotUses) used.set(lotId, (used.get(lotId) ?? 0) + amount)
  for (const { lotId, amount, open } of lots) {
    assert(open.remaining === amount - (used.get(lotId) ?? 0), `lot ${lotId} differs from its uses`)
  }
}

/** Parts by line add up to the whole of each effect. */
const assertShares = ({ outcome }: Booking['judgement']): void => {
  for (const { rule, points, pointShares } of outcome.applied) {
    if (points === undefined || pointShares === undefined) continue
    const sum = pointShares.reduce((total, share) => total + share.points, 0)
    assert(sum === points, `shares of rule ${rule} do not add up`)
  }
}

/** Σ postings of an account is what changed in it: in lots and slots alike. */
export const assertAccounts = ({ entries, loaded }: Pick<Books, 'entries' | 'loaded'>): void => {
  const sums = new Map(entries.sumByAccount())
  for (const { accountId, balance, pending } of entries.house.values()) {
    assert(sums.get(accountId) === balance + pending, `slot of ${accountId} differs from its postings`)
    sums.delete(accountId)
  }
  for (const account of loaded.accounts.values()) {
    if (!account.changed) continue
    const change = account.balance + account.pending - account.debt - account.before
    assert((sums.get(account.accountId) ?? 0) === change, `account ${account.accountId} differs from its postings`)
    sums.delete(account.accountId)
  }
  assert(sums.size === 0, 'every posting has its account')
}
