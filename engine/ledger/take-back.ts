import { strict as assert } from 'node:assert'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import {
  activateDue,
  type CreditedLot,
  credit,
  type Credit,
  type Debit,
  isExpired,
  isSpendable,
  type MemberAccount,
  type OpenLot,
  refreshTimes,
  spendingOrder,
} from './member-account.ts'

export interface ClawBackQuery {
  /** Lots that the sale made. */
  readonly own: ReadonlySet<Uuid>
  readonly amount: number
  /** What the night has expired of the sale's own lots: nobody has had it, so nobody gives it back. */
  readonly expired: number
  /** What cannot be found becomes the member's debt; otherwise it is let go. */
  readonly mayOwe: boolean
  readonly nowMs: number
}

export interface ClawBack extends Debit {
  readonly owed: number
  /** Let go, because it had expired unused. */
  readonly expired: number
  /** Let go, because the points were spent and the point type knows no debt. */
  readonly uncollected: number
}

/**
 * Takes points of a returned sale back: from what that sale left that is not spendable yet, from what else it left, then from
 * the member's other points in the order in which they would be spent. What is held for somebody else stays, and what has
 * expired of the sale's own points is asked of no others.
 */
export const clawBack = (account: MemberAccount, query: ClawBackQuery): ClawBack => {
  const { own, nowMs, mayOwe } = query
  assert(account.lots !== undefined, 'lots are loaded before anything is taken back')
  activateDue(account, nowMs)
  const isFree = (lot: OpenLot): boolean => isSpendable(lot, nowMs)
  const spendable = account.lots.filter(isFree).sort(spendingOrder)
  const mine = account.lots.filter(({ lotId, remaining }) => own.has(lotId) && remaining > 0)
  const parts: { lotId: Uuid; amount: number }[] = []
  let left = query.amount
  let free = Math.max(0, spendable.reduce((sum, { remaining }) => sum + remaining, 0) - account.held)
  const take = (lot: OpenLot): void => {
    const counts = isFree(lot)
    const amount = Math.min(left, lot.remaining, counts ? free : left)
    if (amount === 0) return
    lot.remaining -= amount
    lot.changed = true
    if (lot.pending) account.pending -= amount
    else account.balance -= amount
    // Nothing is left that could become spendable: the night has nothing to do for it.
    if (lot.remaining === 0) lot.pending = false
    left -= amount
    if (counts) free -= amount
    parts.push({ lotId: lot.lotId, amount })
  }
  for (const lot of mine.sort((a, b) => Number(b.pending) - Number(a.pending) || spendingOrder(a, b))) take(lot)
  const expired = Math.min(left, query.expired)
  left -= expired
  for (const lot of spendable) if (!own.has(lot.lotId)) take(lot)
  const taken = query.amount - expired - left
  const owed = mayOwe ? left : 0
  account.debt += owed
  account.earnedTotal -= taken + owed
  account.changed ||= taken + owed > 0
  refreshTimes(account, nowMs)
  return { parts, taken, owed, expired, uncollected: left - owed }
}

/** Points that were spent from one lot. */
export interface SpentPart {
  readonly lotId: Uuid
  readonly amount: number
}

export interface GiveBack {
  /** Into lots that still hold. */
  readonly parts: readonly SpentPart[]
  /** What paid a debt first; not in `parts`. */
  readonly settled: number
  /** Of lots that have expired since: a lot of their own. */
  readonly late: { readonly lot: CreditedLot; readonly credit: Credit } | undefined
}

export interface GiveBackQuery {
  readonly parts: readonly SpentPart[]
  readonly nowMs: number
  /** A lot for points whose own has expired meanwhile. */
  readonly lateLot: (amount: number) => CreditedLot
}

/** Gives points that were spent on a returned sale back to the very lots they came from, whose expiry stays as it was. */
export const giveBack = (account: MemberAccount, { parts, nowMs, lateLot }: GiveBackQuery): GiveBack => {
  const { lots } = account
  assert(lots !== undefined, 'lots are loaded before anything is given back')
  activateDue(account, nowMs)
  const given: SpentPart[] = []
  let settled = 0
  let lateAmount = 0
  for (const { lotId, amount } of parts) {
    const lot = lots.find((each) => each.lotId === lotId)
    if (lot === undefined || isExpired(lot, nowMs)) {
      lateAmount += amount
      continue
    }
    const debt = Math.min(account.debt, amount)
    account.debt -= debt
    settled += debt
    if (amount === debt) continue
    lot.remaining += amount - debt
    lot.changed = true
    account.balance += amount - debt
    given.push({ lotId, amount: amount - debt })
  }
  let late: GiveBack['late']
  if (lateAmount > 0) {
    const lot = lateLot(lateAmount)
    const earnedBefore = account.earnedTotal
    late = { lot, credit: credit(account, lot, nowMs) }
    // Points that come back have been earned once already.
    account.earnedTotal = earnedBefore
  }
  account.changed ||= parts.length > 0
  refreshTimes(account, nowMs)
  return { parts: given, settled, late }
}
