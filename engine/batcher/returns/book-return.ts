import { strict as assert } from 'node:assert'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import { type Reversal, unitShare } from '@premia/rules'
import { accountOf, type Books } from '../books.ts'
import type { Notices } from '../notices.ts'
import { newId } from '../../clock.ts'
import type { HolderKind } from '../../ledger/identity.ts'
import type { Told, ToldClawBack } from '../../ledger/sale-content.ts'
import { clawBack, giveBack, type SpentPart } from '../../ledger/take-back.ts'
import type { ReturnedSale, ReturnJudgement } from '../../returns/judge-return.ts'
import { type HouseLot, type LoadedHoldings, takenVouchers } from './load-returns.ts'
import type { EarnedPosting, Original } from '../../returns/original.ts'

export interface ReturnBooks extends Books {
  readonly holdings: LoadedHoldings
  /** Vouchers that become usable again. */
  readonly vouchersBack: { readonly voucherId: Uuid; readonly documentId: Uuid }[]
}

export interface ToTakeBack {
  readonly documentId: Uuid
  readonly original: Original
  readonly before: ReturnedSale['before']
  readonly judged: ReturnJudgement
  readonly memberId: Uuid | null
  /** What the till paid back in points, in minor units. */
  readonly pointsTenderMinor: number
  readonly isVoid: boolean
  readonly notices: Notices
}

/** Points of a lot that has expired since they were spent come back for so long. */
const GRACE_DAYS = 30
const DAY_MS = 86_400_000

/** Takes back what the sale gave, and gives back what it took: points, vouchers and the use of limits. */
export const takeBack = (books: ReturnBooks, back: ToTakeBack): Pick<Told, 'clawedBack' | 'givenBack'> => {
  const { judged, documentId, original } = back
  books.entries.begin(documentId)
  const clawedBack = sumByHolder(judged.outcome.returned.points).map((wanted) =>
    wanted.to === 'customer' ? takeFromMember(books, back, wanted) : takeFromHouse(books, back, wanted),
  )
  if (clawedBack.some(({ uncollected = 0 }) => uncollected > 0)) back.notices.add('points_uncollected')
  const givenBack = givePoints(books, back)
  books.counters.claim(judged.outcome.returned.claims.map((claim) => ({ ...claim, amount: -claim.amount })))
  if (judged.isWhole) {
    for (const voucher of takenVouchers(original)) restoreVoucher(books, voucher, documentId)
  }
  return {
    ...(clawedBack.length === 0 ? undefined : { clawedBack }),
    ...(givenBack.length === 0 ? undefined : { givenBack }),
  }
}

interface Wanted {
  readonly to: Reversal['points'][number]['to']
  readonly pointType: string
  readonly points: number
}

/** Lots tell activation and expiry themselves. */
const sumByHolder = (points: Reversal['points']): readonly Wanted[] => {
  const sums = new Map<string, Wanted>()
  for (const { to, pointType, points: amount } of points) {
    const key = `${to} ${pointType}`
    sums.set(key, { to, pointType, points: (sums.get(key)?.points ?? 0) + amount })
  }
  return [...sums.values()]
}

const earnedBy = ({ earned }: Original, holderKind: HolderKind, pointType: string): readonly EarnedPosting[] =>
  earned.filter((each) => each.holderKind === holderKind && each.pointType === pointType)

const takeFromMember = (books: ReturnBooks, back: ToTakeBack, { to, pointType, points }: Wanted): ToldClawBack => {
  const { original, memberId } = back
  assert(memberId !== null, 'only a member has earned as a customer')
  const own = new Set(earnedBy(original, 'member', pointType).map(({ lotId }) => lotId))
  const account = accountOf(books, memberId, pointType)
  const expired = Math.min(points, expiredNow(books, back, { pointType, own }))
  const taken = clawBack(account, {
    own,
    amount: points,
    expired,
    mayOwe: books.program.pointTypes.get(pointType)?.onShortReturn === 'debt',
    nowMs: books.bookedAtMs,
  })
  books.entries.clawedBack(account, taken)
  return told({ to, pointType, points: taken.taken + taken.owed }, { ...taken, expired })
}

/** What the nights have expired of the sale's own lots, less what earlier returns have been let off for it. */
const expiredNow = (
  { holdings }: ReturnBooks,
  { original }: ToTakeBack,
  { pointType, own }: { readonly pointType: string; readonly own: ReadonlySet<Uuid> },
): number => {
  let expired = 0
  for (const lotId of own) expired += holdings.expired.get(lotId) ?? 0
  for (const { told: earlier } of original.returns) {
    for (const each of earlier.clawedBack ?? []) {
      if (each.to === 'customer' && each.pointType === pointType) expired -= each.expired ?? 0
    }
  }
  return Math.max(0, expired)
}

const takeFromHouse = (
  books: ReturnBooks,
  { original }: ToTakeBack,
  { to, pointType, points }: Wanted,
): ToldClawBack => {
  let left = points
  let expired = false
  for (const { holderKind, holderId, lotId, amount: earned } of earnedBy(original, to as HolderKind, pointType)) {
    const lot: HouseLot | undefined = books.holdings.houseLots.get(lotId)
    assert(lot !== undefined && holderKind !== 'member', 'lots of the house are loaded before anything is taken back')
    const amount = Math.min(left, lot.remaining, earned)
    if (amount > 0) {
      books.entries.clawedBackHouse({ holderKind, holderId, lot, amount })
      lot.remaining -= amount
      left -= amount
    }
    expired ||= lot.expiresAtMs !== null && lot.expiresAtMs <= books.bookedAtMs
  }
  // Nobody spends the points of a house yet: what is not there has expired.
  return told({ to, pointType, points: points - left }, expired ? { expired: left } : { uncollected: left })
}

const told = (
  clawedBack: Pick<ToldClawBack, 'to' | 'pointType' | 'points'>,
  { owed = 0, uncollected = 0, expired = 0 }: { owed?: number; uncollected?: number; expired?: number },
): ToldClawBack => ({
  ...clawedBack,
  ...(owed === 0 ? undefined : { owed }),
  ...(uncollected === 0 ? undefined : { uncollected }),
  ...(expired === 0 ? undefined : { expired }),
})

const givePoints = (books: ReturnBooks, back: ToTakeBack): NonNullable<Told['givenBack']> => {
  const { original, memberId, notices } = back
  if (original.spent.length === 0 || memberId === null) return []
  const share = shareOfSpending(back)
  if (share.paidInMoney) notices.add('points_paid_in_money')
  return [...new Set(original.spent.map(({ pointType }) => pointType))].flatMap((pointType) => {
    const lots = original.spent.filter((each) => each.pointType === pointType)
    const all = lots.reduce((sum, { amount }) => sum + amount, 0)
    const points = share.of(all)
    if (points === 0) return []
    const before = original.returns.reduce(
      (sum, each) =>
        sum + (each.told.givenBack ?? []).reduce((own, one) => own + (one.pointType === pointType ? one.points : 0), 0),
      0,
    )
    const account = accountOf(books, memberId, pointType)
    const { bookedAtMs } = books
    const given = giveBack(account, {
      parts: partsOf(lots, before, Math.min(points, all - before)),
      nowMs: bookedAtMs,
      lateLot: (amount) => ({
        lotId: newId(bookedAtMs),
        amount,
        earnedAtMs: bookedAtMs,
        activeFromMs: bookedAtMs,
        expiresAtMs: bookedAtMs + GRACE_DAYS * DAY_MS,
      }),
    })
    books.entries.gaveBack(account, given)
    return [{ pointType, points }]
  })
}

/** The next `amount` points of the lots, behind those that came back before. */
const partsOf = (lots: Original['spent'], before: number, amount: number): readonly SpentPart[] => {
  const parts: SpentPart[] = []
  let skip = before
  let left = amount
  for (const lot of lots) {
    const skipped = Math.min(skip, lot.amount)
    skip -= skipped
    const taken = Math.min(left, lot.amount - skipped)
    left -= taken
    if (taken > 0) parts.push({ lotId: lot.lotId, amount: taken })
  }
  return parts
}

interface SpendingShare {
  /** Of an amount of points spent on the sale what this return gives back. */
  of(points: number): number
  readonly paidInMoney: boolean
}

/**
 * Points that paid for goods come back with the goods, in the share that the returned units had in what points paid; where
 * the till paid money for them instead, they stay spent. Where points lowered prices, the share is that of the units' gross.
 */
const shareOfSpending = ({ original, before, judged, pointsTenderMinor, isVoid }: ToTakeBack): SpendingShare => {
  const inPoints = original.outcome.lines.map(({ number, copaymentMinor, paidInMoneyMinor }) => ({
    number,
    amount: copaymentMinor - paidInMoneyMinor,
  }))
  const asTender = inPoints.some(({ amount }) => amount > 0)
  const amounts = asTender
    ? inPoints
    : original.outcome.lines.map(({ number, grossMinor }) => ({ number, amount: grossMinor as number }))
  const total = amounts.reduce((sum, { amount }) => sum + amount, 0)
  const after: Record<number, number> = { ...before.returned }
  for (const { line, quantityMilli } of judged.outcome.returned.units) after[line] = (after[line] ?? 0) + quantityMilli
  const quantities = new Map<number, number>(
    original.content?.lines.map(({ number, quantityMilli }) => [number, quantityMilli]),
  )
  const backOf = (units: Readonly<Record<number, number>>): number =>
    amounts.reduce(
      (sum, { number, amount }) => sum + unitShare(amount, units[number] ?? 0, quantities.get(number) ?? 1),
      0,
    )
  const [from, to] = [backOf(before.returned), backOf(after)]
  const expected = to - from
  const paidInMoney = asTender && expected > 0 && pointsTenderMinor === 0 && !isVoid
  const part = (points: number): number =>
    total === 0 ? 0 : unitShare(points, to, total) - unitShare(points, from, total)
  return {
    paidInMoney,
    of: (points) => {
      if (paidInMoney) return 0
      const whole = part(points)
      const isCut = asTender && !isVoid && pointsTenderMinor < expected
      return isCut ? Math.min(whole, unitShare(whole, pointsTenderMinor, expected)) : whole
    },
  }
}

const restoreVoucher = (
  { holdings, vouchersBack, bookedAtMs }: ReturnBooks,
  voucherId: Uuid,
  documentId: Uuid,
): void => {
  const voucher = holdings.vouchers.get(voucherId)
  if (voucher?.isUsed !== true || vouchersBack.some((each) => each.voucherId === voucherId)) return
  if (voucher.expiresAtMs === null || voucher.expiresAtMs > bookedAtMs) vouchersBack.push({ voucherId, documentId })
}
