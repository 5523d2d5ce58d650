import type { LineFacts, LineKind, LineMark } from '../sale.ts'
import { allocateWithin, listOf } from './allocation.ts'
import type { Sheet } from './sheet.ts'

const isGoods = ({ kind }: LineFacts): boolean => kind === 'goods' || kind === 'service'
const isMarked = ({ marks }: LineFacts, mark: LineMark): boolean => marks.length > 0 && marks.includes(mark)

/** May this line be reduced? Regulated prices and what the law or the till forbids are below every rule. */
export const mayDiscount = (line: LineFacts): boolean =>
  line.law.discount &&
  !isMarked(line, 'noDiscount') &&
  !isMarked(line, 'regulatedPrice') &&
  (isGoods(line) || line.kind === 'delivery')

/** Is this line a purchase? A reward line is none. Only purchases may count towards a threshold or earn. */
export const isPurchase = (line: LineFacts, alsoEarns: readonly LineKind[]): boolean =>
  isGoods(line) || alsoEarns.includes(line.kind)

/** May points be given for this line, if it is a purchase? */
export const mayEarn = (line: LineFacts): boolean => line.law.earn && !isMarked(line, 'noPoints')

/**
 * Takes a basket reduction that the till already made off the lines: first off those that may be reduced, the rest, where
 * the till gave more, off all. What a third party pays cannot be given away.
 */
export const takeReduction = ({ input, lines, discounts, rank }: Sheet, remaining: number[]): void => {
  let left: number = input.basketReductionMinor
  for (let pass = 0; left > 0 && pass < 2; pass += 1) {
    const room = lines.map(({ reimbursedMinor }, index) =>
      pass === 0 && discounts[index] !== true ? 0 : Math.max(0, (remaining[index] as number) - reimbursedMinor),
    )
    allocateWithin(left, room, room, rank).forEach((share, index) => {
      remaining[index] = (remaining[index] as number) - share
      left -= share
    })
  }
}

/**
 * What follows from the amounts after all reductions. Paying with points is not paying in money; a gift card is, because
 * its purchase did not earn.
 */
export const fillPaid = ({ amounts, input, lines, rank }: Sheet): void => {
  const copayment = listOf<number>(lines.length)
  for (let index = 0; index < lines.length; index += 1) {
    const { reimbursedMinor } = lines[index] as LineFacts
    copayment[index] = Math.max(0, (amounts.afterBasket[index] as number) - reimbursedMinor)
  }
  amounts.copayment = copayment
  amounts.paidInMoney = copayment
  let points = 0
  for (const tender of input.tenders) if (tender.kind === 'points') points += tender.amountMinor
  if (points === 0) return
  const shares = allocateWithin(points, copayment, copayment, rank)
  amounts.paidInMoney = copayment.map((amount, index) => amount - (shares[index] as number))
}
