import type { EvaluationInput, LineFacts, LineKind } from '../sale.ts'
import { allocateWithin } from './allocation.ts'
import type { Amounts } from './sheet.ts'

const isOrdinary = (line: LineFacts, alsoEarns: readonly LineKind[]): boolean =>
  line.kind === 'goods' || line.kind === 'service' || alsoEarns.includes(line.kind)

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

const sumOf = (values: readonly number[]): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

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
 * Fills in what follows from the amounts after all reductions. Paying with points is not paying in money; a gift card
 * is, because its purchase did not earn.
 */
export const fillPaid = (
  amounts: Amounts,
  input: EvaluationInput,
  lines: readonly LineFacts[],
  rank: () => readonly number[],
): void => {
  const { afterBasket, copayment, paidInMoney } = amounts
  lines.forEach((line, index) => {
    copayment[index] = Math.max(0, (afterBasket[index] as number) - line.reimbursedMinor)
    paidInMoney[index] = copayment[index]
  })
  let points = 0
  for (const tender of input.tenders) if (tender.kind === 'points') points += tender.amountMinor
  if (points === 0) return
  allocateWithin(points, copayment, copayment, rank).forEach((share, index) => {
    paidInMoney[index] = (copayment[index] as number) - share
  })
}
