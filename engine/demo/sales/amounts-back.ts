/**
 * What units that come back carry of their sale, by the rule every till follows: so many of n units carry their share of the
 * line's gross amount, rounded down, split among what was paid, taken off and reimbursed; the last unit brings what is left.
 * A sale of the demo comes back at most once and is never rounded, so nothing that came back before is counted here.
 */
import type { Line, Sale, UnsignedSale } from '@premia/pos-sdk/contract/till'
import { allocateWithin, type Minor, type ReturnedUnits, unitShare } from '@premia/rules'

export type AmountsBack = Pick<Sale, 'lines' | 'adjustments' | 'tenders' | 'totals'>

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const amounts = (parts: readonly { readonly amountMinor: Minor }[]): readonly number[] =>
  parts.map(({ amountMinor }) => amountMinor)

const less = (from: readonly number[], taken: readonly number[]): number[] =>
  from.map((value, index) => value - (taken[index] ?? 0))

/** Splits an amount by weights; the weights' own sum gives each its weight. */
const split = (amount: number, weights: readonly number[]): number[] => {
  const shares = weights.map(() => 0)
  let open = amount
  let total = sum(weights)
  for (let index = weights.length - 1; index >= 0 && total > 0; index -= 1) {
    const all = total
    total -= weights[index] ?? 0
    const others = unitShare(total, open, all)
    shares[index] = open - others
    open = others
  }
  return shares
}

/** Lines from which a reduction of the basket is taken last. */
const isProtected = ({ reimbursement, marks }: Line): boolean =>
  reimbursement !== undefined || marks.includes('regulatedPrice') || marks.includes('noDiscount')

const spread = (amount: number, lines: readonly Line[], left: readonly number[]): readonly number[] => {
  const rank = lines.map((_, index) => index)
  const open = left.map((value, index) => (isProtected(lines[index] as Line) ? 0 : value))
  const first = allocateWithin(amount, open, open, rank)
  const room = less(left, first)
  const second = allocateWithin(amount - sum(first), room, room, rank)
  return first.map((share, index) => share + (second[index] ?? 0))
}

interface Parts {
  /** By line what was paid for it, its share of each adjustment, what was reimbursed, each of its reductions. */
  readonly weights: readonly (readonly number[])[]
  /** Of each adjustment what no line can carry. */
  readonly rest: readonly number[]
}

const partsOf = ({ lines, adjustments }: AmountsBack): Parts => {
  let left = lines.map(
    ({ grossMinor, reductions, reimbursement }) =>
      grossMinor - sum(amounts(reductions)) - (reimbursement?.amountMinor ?? 0),
  )
  const taken = adjustments.map(({ amountMinor }) => {
    const shares = spread(amountMinor, lines, left)
    left = less(left, shares)
    return shares
  })
  return {
    weights: lines.map(({ reimbursement, reductions }, index) => [
      left[index] ?? 0,
      ...taken.map((shares) => shares[index] ?? 0),
      reimbursement?.amountMinor ?? 0,
      ...amounts(reductions),
    ]),
    rest: adjustments.map(({ amountMinor }, index) => amountMinor - sum(taken[index] ?? [])),
  }
}

/** Reductions without the use they named: a return presents nothing. */
const reductionsOf = (reductions: Sale['adjustments'], shares: readonly number[]): Sale['adjustments'] =>
  reductions.flatMap(({ useRef: _, ...reduction }, index) => {
    const amountMinor = (shares[index] ?? 0) as Minor
    return amountMinor === 0 ? [] : [{ ...reduction, amountMinor }]
  })

interface Step {
  readonly line: Line
  readonly quantityMilli: number
  /** As `Parts.weights`. */
  readonly carried: readonly number[]
}

const lineOf = ({ line, quantityMilli, carried }: Step, index: number, adjustments: number): Line => {
  const { reimbursement, reductions, ...rest } = line
  const [reimbursed = 0, ...reduced] = carried.slice(1 + adjustments)
  return {
    ...rest,
    number: index + 1,
    originalLine: line.number,
    quantityMilli: quantityMilli as Line['quantityMilli'],
    grossMinor: sum(carried) as Minor,
    reductions: reductionsOf(reductions, reduced),
    ...(reimbursement === undefined ? {} : { reimbursement: { ...reimbursement, amountMinor: reimbursed as Minor } }),
  }
}

/** Lines, adjustments, tenders and totals of a return of these units; the customer is paid back as he paid. */
export const amountsBack = (sale: UnsignedSale, units: readonly ReturnedUnits[]): AmountsBack => {
  const parts = partsOf(sale)
  const steps = sale.lines.flatMap((line, index): Step[] => {
    const quantityMilli = units.find((each) => each.line === line.number)?.quantityMilli ?? 0
    if (quantityMilli === 0) return []
    const carriedMinor = unitShare(line.grossMinor, quantityMilli, line.quantityMilli)
    return [{ line, quantityMilli, carried: split(carriedMinor, parts.weights[index] ?? []) }]
  })
  const isWhole =
    steps.length === sale.lines.length && steps.every((step) => step.quantityMilli === step.line.quantityMilli)
  const carried = (part: number): number => sum(steps.map((step) => step.carried[part] ?? 0))
  const rest = isWhole ? parts.rest : []
  const payableMinor = (carried(0) - sum(rest)) as Minor
  const lines = steps.map((step, index) => lineOf(step, index, sale.adjustments.length))
  const adjustments = reductionsOf(
    sale.adjustments,
    sale.adjustments.map((_, index) => carried(1 + index) + (rest[index] ?? 0)),
  )
  const paid = split(payableMinor, amounts(sale.tenders))
  return {
    lines,
    adjustments,
    tenders: sale.tenders.flatMap(({ kind }, index) => {
      const amountMinor = (paid[index] ?? 0) as Minor
      return amountMinor === 0 ? [] : [{ kind, amountMinor }]
    }),
    totals: {
      grossMinor: sum(lines.map(({ grossMinor }) => grossMinor)) as Minor,
      reductionMinor: sum(amounts([...lines.flatMap((line) => line.reductions), ...adjustments])) as Minor,
      reimbursedMinor: sum(lines.map(({ reimbursement }) => reimbursement?.amountMinor ?? 0)) as Minor,
      roundingMinor: 0 as Minor,
      payableMinor,
    },
  }
}
