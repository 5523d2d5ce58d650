import type { EvaluationInput, LineFacts, LineKind, LineMark } from '../sale.ts'
import { allocateWithin, listOf, sumOf } from './allocation.ts'
import type { Amounts } from './sheet.ts'

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
 * The share of a basket reduction that the till already made, for each line: first over lines that may be reduced, the
 * rest, where the till gave more, over all. What a third party pays cannot be given away.
 */
export const spreadReduction = (
  total: number,
  lines: readonly LineFacts[],
  afterLine: readonly number[],
  rank: () => readonly number[],
): number[] => {
  if (total === 0) return lines.map(() => 0)
  const room = afterLine.map((value, index) => Math.max(0, value - (lines[index] as LineFacts).reimbursedMinor))
  const open = room.map((value, index) => (mayDiscount(lines[index] as LineFacts) ? value : 0))
  const first = allocateWithin(total, open, open, rank)
  const left = total - sumOf(first)
  if (left === 0) return first
  const rest = room.map((value, index) => value - (first[index] as number))
  const second = allocateWithin(left, rest, rest, rank)
  return first.map((share, index) => share + (second[index] as number))
}

/**
 * What follows from the amounts after all reductions. Paying with points is not paying in money; a gift card is, because
 * its purchase did not earn.
 */
export const fillPaid = (
  amounts: Amounts,
  input: EvaluationInput,
  lines: readonly LineFacts[],
  rank: () => readonly number[],
): void => {
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
