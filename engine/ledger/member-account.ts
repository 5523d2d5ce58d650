import { strict as assert } from 'node:assert'
import type { Uuid } from '@premia/pos-sdk/contract/till'

/** A lot with something left in it. */
export interface OpenLot {
  readonly lotId: Uuid
  readonly earnedAtMs: number
  readonly activeFromMs: number
  readonly expiresAtMs: number | null
  pending: boolean
  remaining: number
  /** The row in the database has to follow. */
  changed: boolean
  /** It has no row yet: whatever happens to it in this batch is in the row when it is made. */
  readonly isNew: boolean
}

/**
 * A member's account while a batch holds the member's row. `balance` is what is active, `pending` what is not yet; both
 * are exact until `dueAtMs`, from then on the lots say it, and the load brings them along.
 */
export interface MemberAccount {
  readonly accountId: Uuid
  readonly holderId: Uuid
  readonly pointType: string
  balance: number
  pending: number
  readonly held: number
  debt: number
  earnedTotal: number
  dueAtMs: number | null
  nextExpiryAtMs: number | null
  nextExpiryPoints: number
  /** Loaded where the account is due or something is spent from it. */
  lots: OpenLot[] | undefined
  readonly isNew: boolean
  changed: boolean
  /** Balance and pending less debt when it was loaded: what changes is what is posted. */
  readonly before: number
  /** Credited now with an expiry that has passed already: in `balance` until the night job, never spendable. */
  bornExpired: number
}

export const newMemberAccount = (accountId: Uuid, holderId: Uuid, pointType: string): MemberAccount => ({
  accountId,
  holderId,
  pointType,
  balance: 0,
  pending: 0,
  held: 0,
  debt: 0,
  earnedTotal: 0,
  dueAtMs: null,
  nextExpiryAtMs: null,
  nextExpiryPoints: 0,
  lots: [],
  isNew: true,
  changed: false,
  before: 0,
  bornExpired: 0,
})

export interface CreditedLot {
  readonly lotId: Uuid
  readonly amount: number
  readonly earnedAtMs: number
  readonly activeFromMs: number
  readonly expiresAtMs: number | null
}

/** What a credit left in its lot after it had paid the member's debt. */
export interface Credit {
  readonly settled: number
  readonly lot: OpenLot
}

/** A credit pays the debt first; only what is left becomes points. */
export const credit = (account: MemberAccount, lot: CreditedLot, bookedAtMs: number): Credit => {
  assert(lot.amount > 0, 'a credit is positive')
  const settled = Math.min(account.debt, lot.amount)
  const remaining = lot.amount - settled
  const pending = remaining > 0 && lot.activeFromMs > bookedAtMs
  account.debt -= settled
  account.earnedTotal += lot.amount
  account.changed = true
  const { lotId, earnedAtMs, activeFromMs, expiresAtMs } = lot
  const open = { lotId, earnedAtMs, activeFromMs, expiresAtMs, pending, remaining, changed: false, isNew: true }
  if (remaining > 0) {
    if (pending) account.pending += remaining
    else account.balance += remaining
    account.dueAtMs = earliest(account.dueAtMs, pending ? activeFromMs : expiresAtMs)
    if (!pending && expiresAtMs !== null) noteExpiry(account, expiresAtMs, remaining, bookedAtMs)
    account.lots?.push(open)
  }
  return { settled, lot: open }
}

const noteExpiry = (account: MemberAccount, expiresAtMs: number, points: number, bookedAtMs: number): void => {
  if (expiresAtMs <= bookedAtMs) {
    account.bornExpired += points
  } else if (account.nextExpiryAtMs === null || expiresAtMs < account.nextExpiryAtMs) {
    account.nextExpiryAtMs = expiresAtMs
    account.nextExpiryPoints = points
  } else if (expiresAtMs === account.nextExpiryAtMs) {
    account.nextExpiryPoints += points
  }
}

const earliest = (a: number | null, b: number | null): number | null => {
  if (a === null) return b
  return b === null ? a : Math.min(a, b)
}

export const isExpired = (lot: OpenLot, nowMs: number): boolean => lot.expiresAtMs !== null && lot.expiresAtMs <= nowMs
export const isSpendable = (lot: OpenLot, nowMs: number): boolean =>
  lot.remaining > 0 && lot.activeFromMs <= nowMs && !isExpired(lot, nowMs)

/** Soonest to expire first, never-expiring last, then earned first, then id. */
export const spendingOrder = (a: OpenLot, b: OpenLot): number =>
  (a.expiresAtMs ?? Number.MAX_SAFE_INTEGER) - (b.expiresAtMs ?? Number.MAX_SAFE_INTEGER) ||
  a.earnedAtMs - b.earnedAtMs ||
  (a.lotId < b.lotId ? -1 : a.lotId > b.lotId ? 1 : 0)

export interface Debit {
  readonly taken: number
  readonly parts: readonly { readonly lotId: Uuid; readonly amount: number }[]
}

/** Takes as much of `wanted` as can be spent now. What is held for somebody else stays. */
export const debit = (account: MemberAccount, wanted: number, nowMs: number): Debit => {
  assert(account.lots !== undefined, 'lots are loaded before anything is spent')
  activateDue(account, nowMs)
  // Time may have left less than is held.
  let left = Math.max(0, Math.min(wanted, balanceOf(account, nowMs).spendable))
  const parts: { lotId: Uuid; amount: number }[] = []
  for (const lot of account.lots.filter((each) => isSpendable(each, nowMs)).sort(spendingOrder)) {
    if (left === 0) break
    const amount = Math.min(left, lot.remaining)
    lot.remaining -= amount
    lot.changed = true
    left -= amount
    parts.push({ lotId: lot.lotId, amount })
  }
  const taken = parts.reduce((sum, part) => sum + part.amount, 0)
  account.balance -= taken
  account.changed ||= taken > 0
  refreshTimes(account, nowMs)
  return { taken, parts }
}

/** Lots whose day has come move from pending to active, as the night job would have done. */
export const activateDue = (account: MemberAccount, nowMs: number): void => {
  for (const lot of account.lots ?? []) {
    if (!lot.pending || lot.activeFromMs > nowMs) continue
    lot.pending = false
    lot.changed = true
    account.pending -= lot.remaining
    account.balance += lot.remaining
    account.changed = true
  }
}

/** `dueAtMs` and the next expiry from the lots themselves. */
export const refreshTimes = (account: MemberAccount, nowMs: number): void => {
  assert(account.lots !== undefined, 'times are computed from loaded lots')
  account.dueAtMs = null
  account.nextExpiryAtMs = null
  account.nextExpiryPoints = 0
  for (const lot of account.lots) {
    if (lot.remaining === 0) continue
    account.dueAtMs = earliest(account.dueAtMs, lot.pending ? lot.activeFromMs : lot.expiresAtMs)
    if (!lot.pending && lot.expiresAtMs !== null && !isExpired(lot, nowMs)) {
      noteExpiry(account, lot.expiresAtMs, lot.remaining, nowMs)
    }
  }
}

export interface MemberBalance {
  readonly spendable: number
  readonly pending: number
  readonly nextExpiryAtMs: number | null
  readonly nextExpiryPoints: number
}

/** The balance as of an instant, whatever the night job has or has not done yet. */
export const balanceOf = (account: MemberAccount, nowMs: number): MemberBalance => {
  const { balance, pending, held, bornExpired, nextExpiryAtMs, nextExpiryPoints } = account
  const due = account.dueAtMs !== null && account.dueAtMs <= nowMs
  if (!due || account.lots === undefined) {
    return { spendable: balance - bornExpired - held, pending, nextExpiryAtMs, nextExpiryPoints }
  }
  return balanceOfLots(account.lots, held, nowMs)
}

export const balanceOfLots = (lots: readonly OpenLot[], held: number, nowMs: number): MemberBalance => {
  let spendable = 0
  let pending = 0
  let next = { atMs: null as number | null, points: 0 }
  for (const lot of lots) {
    if (lot.activeFromMs > nowMs) pending += isExpired(lot, nowMs) ? 0 : lot.remaining
    if (!isSpendable(lot, nowMs)) continue
    spendable += lot.remaining
    if (lot.expiresAtMs === null) continue
    if (next.atMs === null || lot.expiresAtMs < next.atMs) next = { atMs: lot.expiresAtMs, points: lot.remaining }
    else if (lot.expiresAtMs === next.atMs) next.points += lot.remaining
  }
  return { spendable: spendable - held, pending, nextExpiryAtMs: next.atMs, nextExpiryPoints: next.points }
}

/** Whether Σ lots = balance and pending, as far as lots are loaded. */
export const isSound = ({ balance, pending, lots }: MemberAccount): boolean => {
  let active = 0
  let waiting = 0
  for (const lot of lots ?? []) {
    if (lot.pending) waiting += lot.remaining
    else active += lot.remaining
  }
  return lots === undefined || (active === balance && waiting === pending)
}

/** Sound and nothing negative: where this fails we were wrong, and nothing is written. */
export const assertAccount = (account: MemberAccount): void => {
  const { accountId, balance, pending, held, debt, lots } = account
  assert(balance >= 0 && pending >= 0 && held >= 0 && debt >= 0, `account ${accountId} would be negative`)
  assert([balance, pending, debt].every(Number.isSafeInteger), `account ${accountId} is no safe integer`)
  for (const lot of lots ?? []) assert(lot.remaining >= 0, `lot ${lot.lotId} would be negative`)
  assert(isSound(account), `account ${accountId} differs from its lots: ${balance} and ${pending}`)
}
