import { strict as assert } from 'node:assert'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Reversal } from '@premia/rules'
import { accountOf } from '../books.ts'
import type { HolderKind } from '../../ledger/identity.ts'
import type { Told, ToldClawBack } from '../../ledger/sale-content.ts'
import { clawBack } from '../../ledger/take-back.ts'
import { givePoints } from './give-points.ts'
import type { ReturnBooks, ToTakeBack } from './return-books.ts'
import { type HouseLot, takenVouchers } from './load-returns.ts'
import type { EarnedPosting, Original } from '../../returns/original.ts'

/**
 * Takes back what the sale gave, and gives back what it took: points, vouchers and the use of limits. Points are given back
 * first: then they can be taken, and returns in parts end where one return of everything ends.
 */
export const takeBack = (
  books: ReturnBooks,
  back: ToTakeBack,
): Pick<Told, 'clawedBack' | 'givenBack' | 'paidInPointsMinor'> => {
  const { judged, documentId, original, notices } = back
  books.entries.begin(documentId)
  const { givenBack, paidInPointsMinor } = givePoints(books, back)
  const clawedBack = wantedOf(back, givenBack).map((wanted) =>
    wanted.to === 'customer' ? takeFromMember(books, back, wanted) : takeFromHouse(books, back, wanted),
  )
  if (clawedBack.some(({ uncollected = 0 }) => uncollected > 0)) notices.add('points_uncollected')
  books.counters.claim(judged.outcome.returned.claims.map((claim) => ({ ...claim, amount: -claim.amount })))
  if (judged.isWhole) {
    for (const voucherId of takenVouchers(original)) restoreVoucher(books, { voucherId, documentId, original })
  }
  return {
    ...(clawedBack.length === 0 ? undefined : { clawedBack }),
    ...(givenBack.length === 0 ? undefined : { givenBack }),
    ...(paidInPointsMinor === 0 ? undefined : { paidInPointsMinor }),
  }
}

interface Wanted {
  readonly to: Reversal['points'][number]['to']
  readonly pointType: string
  readonly points: number
  /** What earlier returns of the sale could not collect, as far as this one has given points back. */
  readonly late: number
}

/** By holder and point type: lots tell activation and expiry themselves. */
const wantedOf = ({ judged, original }: ToTakeBack, givenBack: NonNullable<Told['givenBack']>): readonly Wanted[] => {
  const sums = new Map<string, Wanted>()
  for (const { to, pointType, points: amount } of judged.outcome.returned.points) {
    const key = `${to} ${pointType}`
    sums.set(key, { to, pointType, points: (sums.get(key)?.points ?? 0) + amount, late: 0 })
  }
  for (const { pointType, points: given } of givenBack) {
    const earlier = earlierClawBacks(original, { to: 'customer', pointType })
    const late = Math.min(
      given,
      sumOf(earlier, ({ uncollected = 0 }) => uncollected),
    )
    const points = sums.get(`customer ${pointType}`)?.points ?? 0
    if (late > 0) sums.set(`customer ${pointType}`, { to: 'customer', pointType, points, late })
  }
  return [...sums.values()]
}

const earlierClawBacks = (
  { returns }: Original,
  { to, pointType }: Pick<Wanted, 'to' | 'pointType'>,
): readonly ToldClawBack[] =>
  returns.flatMap(({ told: { clawedBack = [] } }) =>
    clawedBack.filter((each) => each.to === to && each.pointType === pointType),
  )

const sumOf = <T>(all: readonly T[], of: (each: T) => number): number => all.reduce((sum, each) => sum + of(each), 0)

const earnedBy = ({ earned }: Original, holderKind: HolderKind, pointType: string): readonly EarnedPosting[] =>
  earned.filter((each) => each.holderKind === holderKind && each.pointType === pointType)

const takeFromMember = (books: ReturnBooks, back: ToTakeBack, wanted: Wanted): ToldClawBack => {
  const { original, memberId } = back
  const { to, pointType, points, late } = wanted
  assert(memberId !== null, 'only a member has earned as a customer')
  const own = new Set(earnedBy(original, 'member', pointType).map(({ lotId }) => lotId))
  const account = accountOf(books, memberId, pointType)
  const taken = clawBack(account, {
    own,
    amount: points + late,
    expired: Math.min(points, expiredNow(books, original, { pointType, own })),
    mayOwe: books.program.pointTypes.get(pointType)?.onShortReturn === 'debt',
    nowMs: books.bookedAtMs,
  })
  books.entries.clawedBack(account, taken)
  return told({ to, pointType, points: taken.taken + taken.owed }, { ...taken, uncollected: taken.uncollected - late })
}

/** What the nights have expired of the sale's own lots, less what earlier returns have been let off for it. */
const expiredNow = (
  { holdings }: ReturnBooks,
  original: Original,
  { pointType, own }: { readonly pointType: string; readonly own: ReadonlySet<Uuid> },
): number => {
  const earlier = earlierClawBacks(original, { to: 'customer', pointType })
  const expired = sumOf([...own], (lotId) => holdings.expired.get(lotId) ?? 0)
  return Math.max(0, expired - sumOf(earlier, (each) => each.expired ?? 0))
}

/** What the sale's postings gave comes back in their order, each from its own lot. */
const takeFromHouse = (
  books: ReturnBooks,
  { original }: ToTakeBack,
  { to, pointType, points }: Wanted,
): ToldClawBack => {
  const earlier = earlierClawBacks(original, { to, pointType })
  let skip = sumOf(earlier, (each) => each.points + (each.expired ?? 0) + (each.uncollected ?? 0))
  let left = points
  let taken = 0
  let expired = 0
  for (const { holderKind, holderId, lotId, amount: earned } of earnedBy(original, to as HolderKind, pointType)) {
    const lot: HouseLot | undefined = books.holdings.houseLots.get(lotId)
    assert(lot !== undefined && holderKind !== 'member', 'lots of the house are loaded before anything is taken back')
    const skipped = Math.min(skip, earned)
    skip -= skipped
    const due = Math.min(left, earned - skipped)
    left -= due
    const amount = Math.min(due, lot.remaining)
    if (amount > 0) books.entries.clawedBackHouse({ holderKind, holderId, lot, amount })
    lot.remaining -= amount
    taken += amount
    // Nobody spends the points of a house yet: what is not there has expired.
    if (lot.expiresAtMs !== null && lot.expiresAtMs <= books.bookedAtMs) expired += due - amount
  }
  return told({ to, pointType, points: taken }, { expired, uncollected: points - taken - expired })
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

interface ToRestore {
  readonly voucherId: Uuid
  readonly documentId: Uuid
  readonly original: Original
}

const restoreVoucher = (
  { holdings, vouchersBack, bookedAtMs }: ReturnBooks,
  { voucherId, documentId, original }: ToRestore,
): void => {
  const voucher = holdings.vouchers.get(voucherId)
  if (voucher?.isUsed !== true || vouchersBack.some((each) => each.voucherId === voucherId)) return
  if (voucher.expiresAtMs !== null && voucher.expiresAtMs <= bookedAtMs) return
  vouchersBack.push({ voucherId, documentId, usedBy: original.documentId })
}
