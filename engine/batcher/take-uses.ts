import type { Use, Uuid } from '@premia/pos-sdk/contract/till'
import { mulDiv } from '@premia/rules'
import { debit } from '../ledger/member-account.ts'
import type { ToldUse } from '../ledger/sale-content.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import { isUsable, settledBy } from '../vouchers/use.ts'
import { accountOf, type Books, type ToBook } from './books.ts'

export interface TakenUses {
  readonly told: readonly ToldUse[]
  readonly redeemed: readonly { readonly pointType: string; readonly points: number }[]
}

/**
 * What the sale presented or spent. The sale has happened: what is no longer there becomes a shortfall that settlement
 * shows, and the part that is there is taken.
 */
export const takeUses = (books: Books, sale: ToBook): TakenUses => {
  const told: ToldUse[] = []
  const redeemed = new Map<string, number>()
  sale.received.sale.uses.forEach((use, index) => {
    const taken = takeUse(books, sale, { use, index, redeemed })
    if (taken !== null) told.push(taken)
  })
  return { told, redeemed: [...redeemed].map(([pointType, points]) => ({ pointType, points })) }
}

interface Presented {
  readonly use: Use
  readonly index: number
  readonly redeemed: Map<string, number>
}

const takeUse = (books: Books, sale: ToBook, presented: Presented): ToldUse | null => {
  const { use, index } = presented
  switch (use.kind) {
    case 'voucher':
      return takeVoucher(books, sale, index, use.amountMinor)
    case 'points':
      return use.program === books.program.publicId ? takePoints(books, sale, { ...presented, use }) : null
    case 'reward':
    case 'discretionary':
      // Not handled by this version: the sale keeps it, and the till is told that nothing was taken.
      return use.program === books.program.publicId
        ? { useRef: index, status: 'shortfall', code: 'not_permitted' }
        : null
  }
}

const takeVoucher = (books: Books, sale: ToBook, index: number, amountMinor: number): ToldUse | null => {
  const { received, buyer, notices } = sale
  const voucher = books.vouchers.get(received.voucherTokens[index] ?? '')
  // A code that this program does not know may be another one's; where there is no other, it is nobody's.
  if (voucher === undefined && received.programs > 1) return null
  if (voucher === undefined || !isUsable(voucher, buyer?.member.memberId ?? null, received.atMs)) {
    notices.add('voucher_gone', { use: index })
    return { useRef: index, status: 'shortfall', code: 'voucher_gone', shortfallMinor: amountMinor }
  }
  const settledMinor = settledBy(voucher, amountMinor)
  voucher.state = 'used'
  books.voucherUses.push({ voucherId: voucher.voucherId, documentId: received.sale.id, amountMinor: settledMinor })
  if (settledMinor === amountMinor) return { useRef: index, status: 'taken' }
  notices.add('voucher_short', { use: index })
  return { useRef: index, status: 'shortfall', code: 'voucher_short', shortfallMinor: amountMinor - settledMinor }
}

const takePoints = (
  books: Books,
  { buyer, mayRedeem, notices, set }: ToBook,
  { use, index, redeemed }: Presented & { readonly use: Extract<Use, { kind: 'points' }> },
): ToldUse => {
  const member: Uuid | undefined = mayRedeem ? buyer?.member.memberId : undefined
  let taken = 0
  if (member !== undefined && books.program.pointTypes.has(use.pointType)) {
    const account = accountOf(books, member, use.pointType)
    const debited = debit(account, use.points, books.bookedAtMs)
    books.entries.debited(account, debited)
    taken = debited.taken
    if (taken > 0) redeemed.set(use.pointType, (redeemed.get(use.pointType) ?? 0) + taken)
  }
  const settled = settledByPoints(use, taken, set)
  if (settled.status === 'taken') return { useRef: index, status: 'taken' }
  notices.add(settled.code, { use: index })
  return { useRef: index, ...settled }
}

type SettledByPoints =
  | { readonly status: 'taken' }
  | {
      readonly status: 'shortfall'
      readonly code: 'points_short' | 'points_worth_less'
      readonly shortfallMinor: number
    }

/**
 * What points settle of the amount that was taken off for them: as many as there are, and no more than they are worth under
 * the rules that judge the sale. The till rounds in its customer's favour. Points without a declared value settle what it says.
 */
export const settledByPoints = (
  { points, pointType, amountMinor }: Extract<Use, { kind: 'points' }>,
  taken: number,
  { ruleSet }: PublishedSet,
): SettledByPoints => {
  const type = ruleSet.program.pointTypes.find(({ code }) => code === pointType)
  const covered = points === 0 ? amountMinor : mulDiv(amountMinor, taken, points, 'floor')
  const worth =
    type === undefined || type.valueMinor === 0 ? covered : mulDiv(taken, type.valueMinor, 10 ** type.scale, 'ceil')
  const shortfallMinor = amountMinor - Math.min(covered, worth)
  if (taken < points) return { status: 'shortfall', code: 'points_short', shortfallMinor }
  return shortfallMinor === 0 ? { status: 'taken' } : { status: 'shortfall', code: 'points_worth_less', shortfallMinor }
}
