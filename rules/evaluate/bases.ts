import { minor } from '../money.ts'
import type { LineBases } from '../outcome.ts'
import type { EvaluationInput, LineFacts, LineKind } from '../sale.ts'
import { allocateWithin } from './allocation.ts'

/** May this line be reduced? Regulated prices and what the law or the till forbids are below every rule. */
export const mayDiscount = (line: LineFacts): boolean =>
  line.law.discount &&
  !line.marks.includes('noDiscount') &&
  !line.marks.includes('regulatedPrice') &&
  (line.kind === 'goods' || line.kind === 'service' || line.kind === 'delivery')

/** May points be given for this line? */
export const mayEarn = (line: LineFacts, alsoEarns: readonly LineKind[]): boolean =>
  line.law.earn && !line.marks.includes('noPoints') && isOrdinary(line, alsoEarns)

/** May this line count towards a threshold? A reward line is not a purchased one. */
export const mayCount = (line: LineFacts, alsoEarns: readonly LineKind[]): boolean =>
  line.law.count && isOrdinary(line, alsoEarns)

const isOrdinary = (line: LineFacts, alsoEarns: readonly LineKind[]): boolean =>
  line.kind === 'goods' || line.kind === 'service' || alsoEarns.includes(line.kind)

/**
 * The five bases of each line from the facts of a sale. A basket reduction goes to lines that may be reduced, the rest
 * of it, where the till gave more, to all; the part paid with points is spread over what the customer pays.
 */
export const factualBases = (input: EvaluationInput, rank: readonly number[]): LineBases[] => {
  const { lines } = input
  const afterLine = lines.map((line) => Math.max(0, line.grossMinor - line.reductionMinor))
  const basket = spreadReduction(input.basketReductionMinor, lines, afterLine, rank)
  const afterBasket = afterLine.map((value, index) => value - (basket[index] as number))
  const copayment = afterBasket.map((value, index) => Math.max(0, value - (lines[index] as LineFacts).reimbursedMinor))
  let pointsPaid = 0
  for (const tender of input.tenders) if (tender.kind === 'points') pointsPaid += tender.amountMinor
  const points = allocateWithin(Math.max(0, pointsPaid), copayment, copayment, rank)
  return lines.map((line, index) => ({
    number: line.number,
    grossMinor: line.grossMinor,
    afterLineMinor: minor(afterLine[index] as number),
    afterBasketMinor: minor(afterBasket[index] as number),
    copaymentMinor: minor(copayment[index] as number),
    paidInMoneyMinor: minor((copayment[index] as number) - (points[index] as number)),
  }))
}

const spreadReduction = (
  total: number,
  lines: readonly LineFacts[],
  afterLine: readonly number[],
  rank: readonly number[],
): number[] => {
  // What a third party pays cannot be given away: the patient's part is a line's capacity.
  const room = afterLine.map((value, index) => Math.max(0, value - (lines[index] as LineFacts).reimbursedMinor))
  const open = room.map((value, index) => (mayDiscount(lines[index] as LineFacts) ? value : 0))
  const first = allocateWithin(total, open, open, rank)
  const left = total - first.reduce((sum, share) => sum + share, 0)
  if (left <= 0) return first
  const rest = room.map((value, index) => value - (first[index] as number))
  const second = allocateWithin(left, rest, rest, rank)
  return first.map((share, index) => share + (second[index] as number))
}
