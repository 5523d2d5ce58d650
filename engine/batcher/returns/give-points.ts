import type { Uuid } from '@premia/pos-sdk/contract/till'
import { unitShare } from '@premia/rules'
import { newId } from '../../clock.ts'
import type { CreditedLot } from '../../ledger/member-account.ts'
import type { Told } from '../../ledger/sale-content.ts'
import { giveBack, type SpentPart } from '../../ledger/take-back.ts'
import type { Original } from '../../returns/original.ts'
import { accountOf } from '../books.ts'
import type { ReturnBooks, ToTakeBack } from './return-books.ts'

/** Points of a lot that has expired since they were spent come back for so long. */
const GRACE_DAYS = 30
const DAY_MS = 86_400_000

export interface GivenPoints {
  readonly givenBack: NonNullable<Told['givenBack']>
  /** What of this return's share of the points was paid back in points. */
  readonly paidInPointsMinor: number
}

/** Gives points that were spent on the sale back, as far as the returned units carry them and the till did not pay money instead. */
export const givePoints = (books: ReturnBooks, back: ToTakeBack): GivenPoints => {
  const { original, memberId, notices } = back
  if (original.spent.length === 0 || memberId === null) return { givenBack: [], paidInPointsMinor: 0 }
  const share = shareOfSpending(back)
  if (share.isPaidInMoney) notices.add('points_paid_in_money')
  const givenBack = [...new Set(original.spent.map(({ pointType }) => pointType))].flatMap((pointType) => {
    const lots = original.spent.filter((each) => each.pointType === pointType)
    const before = givenBefore(original, pointType)
    const points = share.of(lots.reduce((sum, { amount }) => sum + amount, 0)) - before
    if (points <= 0) return []
    const account = accountOf(books, memberId, pointType)
    const parts = partsOf(lots, before, points)
    const nowMs = books.bookedAtMs
    books.entries.gaveBack(account, giveBack(account, { parts, nowMs, lateLot: (amount) => lateLot(amount, nowMs) }))
    return [{ pointType, points }]
  })
  return { givenBack, paidInPointsMinor: share.paidInPointsMinor }
}

const lateLot = (amount: number, nowMs: number): CreditedLot => ({
  lotId: newId(nowMs),
  amount,
  earnedAtMs: nowMs,
  activeFromMs: nowMs,
  expiresAtMs: nowMs + GRACE_DAYS * DAY_MS,
})

const givenBefore = ({ returns }: Original, pointType: string): number =>
  returns
    .flatMap(({ told: { givenBack = [] } }) => givenBack)
    .reduce((sum, each) => sum + (each.pointType === pointType ? each.points : 0), 0)

/** The next `amount` points of the lots, behind those that came back before. */
const partsOf = (lots: Original['spent'], before: number, amount: number): readonly SpentPart[] => {
  const parts: { lotId: Uuid; amount: number }[] = []
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
  /** Of points spent on the sale what is back with this return and all before it. */
  of(points: number): number
  readonly isPaidInMoney: boolean
  readonly paidInPointsMinor: number
}

/**
 * Points that paid for goods come back with the goods, in the share that the returned units had in what points paid; where
 * the till paid money for them instead, they stay spent. Where points lowered prices, the share is that of the units' gross.
 * A till rounds its shares as it likes, so all returns are counted together: they end at what was spent.
 */
const shareOfSpending = ({ original, before, judged, pointsTenderMinor, isVoid }: ToTakeBack): SpendingShare => {
  const inPoints = original.outcome.lines.map(({ number, copaymentMinor, paidInMoneyMinor }) => ({
    number,
    amount: copaymentMinor - paidInMoneyMinor,
  }))
  const isTender = inPoints.some(({ amount }) => amount > 0)
  const amounts = isTender
    ? inPoints
    : original.outcome.lines.map(({ number, grossMinor }) => ({ number, amount: grossMinor as number }))
  const total = amounts.reduce((sum, { amount }) => sum + amount, 0)
  const quantities = new Map<number, number>(
    original.content?.lines.map(({ number, quantityMilli }) => [number, quantityMilli]),
  )
  const backOf = (units: Readonly<Record<number, number>>): number =>
    amounts.reduce(
      (sum, { number, amount }) => sum + unitShare(amount, units[number] ?? 0, quantities.get(number) ?? 1),
      0,
    )
  const after: Record<number, number> = { ...before.returned }
  for (const { line, quantityMilli } of judged.outcome.returned.units) after[line] = (after[line] ?? 0) + quantityMilli
  const now = backOf(after)
  const expected = now - backOf(before.returned)
  if (!isTender) {
    return {
      of: (points) => (total === 0 ? 0 : unitShare(points, now, total)),
      isPaidInMoney: false,
      paidInPointsMinor: 0,
    }
  }
  const paidInPointsMinor = isVoid ? expected : pointsTenderMinor
  const paid = original.returns.reduce((sum, { told }) => sum + (told.paidInPointsMinor ?? 0), paidInPointsMinor)
  return {
    of: (points) => unitShare(points, Math.min(now, paid), total),
    // Until the last unit a till's shares may lag behind ours, by less than a unit of money a line.
    isPaidInMoney: expected > 0 && paidInPointsMinor === 0 && now - paid > (judged.isWhole ? 0 : amounts.length),
    paidInPointsMinor,
  }
}
