import { compareText } from '../compile/order.ts'
import type { LineFacts } from '../sale.ts'

/** Total order of lines by what they are, never by the order of scanning; the number decides between equal lines only. */
const compareLines = (a: LineFacts, b: LineFacts): number =>
  compareText(a.product?.id ?? '', b.product?.id ?? '') ||
  compareText(a.kind, b.kind) ||
  a.unitPriceMinor - b.unitPriceMinor ||
  a.grossMinor - b.grossMinor ||
  a.quantityMilli - b.quantityMilli ||
  a.reductionMinor - b.reductionMinor ||
  a.reimbursedMinor - b.reimbursedMinor ||
  a.number - b.number

/** For each line its place in the canonical order: the tie-break of every allocation. */
export const canonicalRank = (lines: readonly LineFacts[]): number[] => {
  const order = lines.map((_, index) => index)
  order.sort((a, b) => compareLines(lines[a] as LineFacts, lines[b] as LineFacts))
  const rank = order.map(() => 0)
  order.forEach((line, place) => {
    rank[line] = place
  })
  return rank
}
