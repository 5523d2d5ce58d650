/**
 * Goods come back: the document of a return, made of the sale as the till kept it. Pure, and apart from the core.
 *
 * What units carry of a line follows the cumulative rule: after n of its units are back, n units' share of the gross amount
 * is back, rounded down; a return carries what is back after it less what was back before. So returns of a sale, however
 * many, add up to the sale itself: gross, each reduction, each adjustment, reimbursement, rounding and tenders. What is
 * back is split among these parts one after the other, and none of them ever shrinks, so that no return costs money.
 */
import { allocateWithin, type Minor, type ReturnedUnits, unitShare } from '@premia/rules'
import type { Uuid } from '../ids.ts'
import { checkSums } from './inspect.ts'
import type { Line, Sale } from './sale.ts'

type Told = Pick<Sale, 'kind' | 'channel' | 'document' | 'lines' | 'adjustments' | 'tenders' | 'totals'> &
  Partial<Pick<Sale, 'currency' | 'privacy'>>

/** A finished sale as the till kept it: what it gave to `Terminal.sale`, with the id of the answer. */
export type KnownSale = Told & { readonly id: Uuid }

/** What `Terminal.sale` takes. */
export type ReturnDraft = Told & Pick<Sale, 'cards' | 'uses' | 'original' | 'staff'>

type Tender = Sale['tenders'][number]

/** What a return says of itself. */
export interface ReturnDetails {
  /** The return's own: its number is not that of the sale, nor that of another return. */
  readonly document: Sale['document']
  readonly reason: NonNullable<Sale['original']>['reason']
  /** Who takes the goods back. */
  readonly staff?: NonNullable<Sale['staff']>
  /** Thousandths that came back before, by line: `returnedBy` of the earlier returns. Absent: nothing. */
  readonly returned?: Readonly<Record<number, number>>
  /**
   * How the customer is paid back. Absent: as he paid, in the same proportions. A kind: so, but for the share that he paid
   * with points. A list: as it stands there; it must make what is paid back, and a void pays points back as points.
   */
  readonly paidBack?: Exclude<Tender['kind'], 'points'> | readonly Tender[]
  /** Where what is paid back is rounded as cash; absent: the share of the sale's own rounding. */
  readonly roundingMinor?: Minor
}

/** A return of some units, in thousandths, by line of the sale. */
export interface UnitsBack extends ReturnDetails {
  readonly units: readonly ReturnedUnits[]
}

export type ReturnReply =
  | { readonly status: 'made'; readonly draft: ReturnDraft }
  | { readonly status: 'refused'; readonly reason: ReturnRefusal; readonly detail: string }

/**
 * `nothing`: no unit is named · `line_unknown`: the sale has no such line · `too_much`: more than is left of the line ·
 * `quantity_not_positive` · `amounts_differ`: the tenders do not make what is paid back · `not_a_sale`: not what
 * `Terminal.sale` takes as a sale.
 */
export type ReturnRefusal =
  | 'nothing'
  | 'line_unknown'
  | 'too_much'
  | 'quantity_not_positive'
  | 'amounts_differ'
  | 'not_a_sale'

type Refused = Extract<ReturnReply, { readonly status: 'refused' }>

const refused = (reason: ReturnRefusal, detail: string): Refused => ({ status: 'refused', reason, detail })

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const less = (after: readonly number[], before: readonly number[]): number[] =>
  after.map((value, index) => value - (before[index] ?? 0))

/**
 * Splits an amount by weights: no share shrinks while the amount grows, and the sum of the weights gives each its weight.
 * Each weight in turn, from the last, gets what is left less the floor share of all before it.
 */
const split = (amount: number, weights: readonly number[]): number[] => {
  const shares = weights.map(() => 0)
  let open = amount
  let total = sum(weights)
  for (let index = weights.length - 1; index >= 0 && total > 0; index -= 1) {
    total -= weights[index] ?? 0
    const others = unitShare(total, open, total + (weights[index] ?? 0))
    shares[index] = open - others
    open = others
  }
  return shares
}

/** What a line is made of: together its gross amount. */
interface LineParts {
  readonly line: Line
  /** What was paid for it, rounded down, taken off the basket for it, reimbursed, taken off the line: in this order. */
  readonly weights: readonly number[]
}

/** A sale taken apart, so that units can carry their parts. */
interface Parts {
  readonly lines: readonly LineParts[]
  /** What no line can carry and so comes back with the last unit: rounding up, and of each adjustment the rest. */
  readonly roundedUp: number
  readonly rest: readonly number[]
}

/** Lines from which a discount on the basket is taken last: the law seldom lets it. */
const isProtected = ({ reimbursement, marks }: Line): boolean =>
  reimbursement !== undefined || marks.includes('regulatedPrice') || marks.includes('noDiscount')

/** Spreads an amount over what is left of the lines, and answers each line's share. */
const spread = (amount: number, lines: readonly Line[], left: readonly number[]): number[] => {
  const rank = lines.map((_, index) => index)
  const open = left.map((value, index) => (isProtected(lines[index] as Line) ? 0 : value))
  const first = allocateWithin(amount, open, open, rank)
  const room = less(left, first)
  const second = allocateWithin(amount - sum(first), room, room, rank)
  return first.map((share, index) => share + (second[index] ?? 0))
}

const partsOf = ({ lines, adjustments, totals }: KnownSale): Parts => {
  let left = lines.map(
    ({ grossMinor, reductions, reimbursement }) =>
      grossMinor - sum(reductions.map(({ amountMinor }) => amountMinor)) - (reimbursement?.amountMinor ?? 0),
  )
  const take = (amount: number): number[] => {
    const shares = spread(amount, lines, left)
    left = less(left, shares)
    return shares
  }
  const taken = adjustments.map(({ amountMinor }) => take(amountMinor))
  const roundedDown = take(Math.max(0, 0 - totals.roundingMinor))
  return {
    lines: lines.map((line, index) => ({
      line,
      weights: [
        left[index] ?? 0,
        roundedDown[index] ?? 0,
        ...taken.map((shares) => shares[index] ?? 0),
        line.reimbursement?.amountMinor ?? 0,
        ...line.reductions.map(({ amountMinor }) => amountMinor),
      ],
    })),
    roundedUp: Math.max(0, totals.roundingMinor),
    rest: adjustments.map(({ amountMinor }, index) => amountMinor - sum(taken[index] ?? [])),
  }
}

/** What the first so many thousandths of a line carry, part by part. */
const carriedBy = ({ line, weights }: LineParts, quantityMilli: number): number[] =>
  split(unitShare(line.grossMinor, quantityMilli, line.quantityMilli), weights)

/** Units of one line that come back now. */
interface Step {
  readonly line: Line
  readonly quantityMilli: number
  /** Their parts, as `LineParts.weights`. */
  readonly carried: readonly number[]
}

type Counts = ReadonlyMap<number, number>

const isWhole = ({ lines }: Parts, counts: Counts): boolean =>
  lines.every(({ line }) => counts.get(line.number) === line.quantityMilli)

/** What the customer has got back when so much is back. */
const paidBackBy = (parts: Parts, counts: Counts): number =>
  sum(parts.lines.map((each) => carriedBy(each, counts.get(each.line.number) ?? 0)[0] ?? 0)) +
  (isWhole(parts, counts) ? parts.roundedUp - sum(parts.rest) : 0)

/** Why these units cannot come back, as the counts stand; they go on. */
const refuseUnits = (
  { lines }: Pick<KnownSale, 'lines'>,
  counts: Map<number, number>,
  units: readonly ReturnedUnits[],
): Refused | null => {
  if (units.length === 0) return refused('nothing', 'no unit comes back')
  const quantities = new Map(lines.map((line) => [line.number, line.quantityMilli]))
  for (const { line, quantityMilli } of units) {
    const sold = quantities.get(line)
    if (sold === undefined) return refused('line_unknown', `the sale has no line ${line}`)
    if (!Number.isSafeInteger(quantityMilli) || quantityMilli <= 0) {
      return refused('quantity_not_positive', `line ${line}: ${quantityMilli} is no quantity`)
    }
    const left = sold - (counts.get(line) ?? 0)
    if (quantityMilli > left) return refused('too_much', `line ${line}: ${left} thousandths are left to come back`)
    counts.set(line, (counts.get(line) ?? 0) + quantityMilli)
  }
  return null
}

/** Takes the units one after the other. */
const stepsOf = ({ lines }: Parts, before: Counts, units: readonly ReturnedUnits[]): Step[] => {
  const byNumber = new Map(lines.map((parts) => [parts.line.number, parts]))
  const counts = new Map(before)
  return units.flatMap(({ line, quantityMilli }) => {
    const parts = byNumber.get(line)
    if (parts === undefined) return []
    const from = counts.get(line) ?? 0
    counts.set(line, from + quantityMilli)
    const carried = less(carriedBy(parts, from + quantityMilli), carriedBy(parts, from))
    return [{ line: parts.line, quantityMilli, carried }]
  })
}

/** A reduction without the use it named: a return presents nothing. */
const reductionsOf = (reductions: Sale['adjustments'], amounts: readonly number[]): Sale['adjustments'] =>
  reductions.flatMap(({ useRef: _, ...reduction }, index) => {
    const amountMinor = (amounts[index] ?? 0) as Minor
    return amountMinor === 0 ? [] : [{ ...reduction, amountMinor }]
  })

const lineOf = ({ line, quantityMilli, carried }: Step, index: number, adjustments: number): Line => {
  const { reimbursement, reductions, ...rest } = line
  const [reimbursed = 0, ...reduced] = carried.slice(2 + adjustments)
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

/** The tenders that pay `payableMinor` back, of which `asPaid` is each tender's share of what was paid. */
const tendersOf = (
  sale: KnownSale,
  payableMinor: number,
  { asPaid, paidBack }: { readonly asPaid: readonly number[]; readonly paidBack: ReturnDetails['paidBack'] },
): Sale['tenders'] => {
  if (typeof paidBack === 'object') return paidBack
  const shares = sale.tenders.flatMap(({ kind }, index): Tender[] => {
    const amountMinor = (asPaid[index] ?? 0) as Minor
    return amountMinor === 0 || (paidBack !== undefined && kind !== 'points') ? [] : [{ kind, amountMinor }]
  })
  const rest = (payableMinor - sum(shares.map(({ amountMinor }) => amountMinor))) as Minor
  return paidBack === undefined || rest <= 0 ? shares : [...shares, { kind: paidBack, amountMinor: rest }]
}

const inPoints = ({ tenders }: Pick<ReturnDraft, 'tenders'>): number =>
  sum(tenders.map(({ kind, amountMinor }) => (kind === 'points' ? amountMinor : 0)))

interface Counted {
  readonly before: Counts
  readonly after: Counts
}

/** What of the sale as a whole goes with these steps. */
const settle = (sale: KnownSale, { parts, steps }: { parts: Parts; steps: readonly Step[] }, counts: Counted) => {
  const isLast = isWhole(parts, counts.after)
  const carried = (index: number): number => sum(steps.map((step) => step.carried[index] ?? 0))
  const adjusted = sale.adjustments.map((_, index) => carried(2 + index) + (isLast ? (parts.rest[index] ?? 0) : 0))
  const paid = { before: paidBackBy(parts, counts.before), after: paidBackBy(parts, counts.after) }
  const weights = sale.tenders.map(({ amountMinor }) => amountMinor)
  return {
    adjustments: reductionsOf(sale.adjustments, adjusted),
    roundingMinor: (isLast ? parts.roundedUp : 0) - carried(1),
    paidBackMinor: paid.after - paid.before,
    asPaid: less(split(paid.after, weights), split(paid.before, weights)),
  }
}

const draftOf = (sale: KnownSale, details: UnitsBack, counts: Counted): ReturnDraft => {
  const parts = partsOf(sale)
  const steps = stepsOf(parts, counts.before, details.units)
  const lines = steps.map((step, index) => lineOf(step, index, sale.adjustments.length))
  const { adjustments, asPaid, ...settled } = settle(sale, { parts, steps }, counts)
  const roundingMinor = details.roundingMinor ?? (settled.roundingMinor as Minor)
  const payableMinor = settled.paidBackMinor - settled.roundingMinor + roundingMinor
  // Only cash is rounded.
  const paidBack = details.paidBack ?? (details.roundingMinor === undefined ? undefined : 'cash')
  const reductions = [...lines.flatMap((line) => line.reductions), ...adjustments]
  const { document, staff, reason } = details
  return {
    kind: 'return',
    channel: sale.channel,
    document,
    original: { sale: sale.id, document: sale.document.number, reason },
    ...(staff === undefined ? {} : { staff }),
    ...(sale.currency === undefined ? {} : { currency: sale.currency }),
    ...(sale.privacy === undefined ? {} : { privacy: sale.privacy }),
    // Whose points these are is known of the sale: a card adds nothing.
    cards: [],
    lines,
    adjustments,
    uses: [],
    tenders: tendersOf(sale, payableMinor, { asPaid, paidBack }),
    totals: {
      grossMinor: sum(lines.map(({ grossMinor }) => grossMinor)) as Minor,
      reductionMinor: sum(reductions.map(({ amountMinor }) => amountMinor)) as Minor,
      reimbursedMinor: sum(lines.map(({ reimbursement }) => reimbursement?.amountMinor ?? 0)) as Minor,
      roundingMinor,
      payableMinor: payableMinor as Minor,
    },
  }
}

/**
 * The draft of a return of some units of a sale, for `Terminal.sale`. The amounts are the units' shares of what was paid, so
 * that the returns of a sale add up to it. Business refusals are values.
 *
 * @example
 * const back = returnOf(kept, {
 *   units: [{ line: 1, quantityMilli: 1_000 }],
 *   document: { kind: 'receipt', number: 'R-17' },
 *   reason: 'customer',
 * })
 * if (back.status === 'made') await till.sale(back.draft)
 */
export const returnOf = (sale: KnownSale, details: UnitsBack): ReturnReply => {
  const wrong = sale.kind === 'sale' ? checkSums(sale, 'sale')[0] : { path: '/kind', message: 'is not sale' }
  if (wrong !== undefined) return refused('not_a_sale', `${wrong.path} ${wrong.message}`)
  const before = new Map(
    sale.lines.map(({ number, quantityMilli }) => [number, Math.min(details.returned?.[number] ?? 0, quantityMilli)]),
  )
  const after = new Map(before)
  const refusedUnits = refuseUnits(sale, after, details.units)
  if (refusedUnits !== null) return refusedUnits
  const draft = draftOf(sale, details, { before, after })
  if (details.reason === 'void' && typeof details.paidBack === 'object') {
    // The engine gives the points of a voided sale back: money for them would be paid on top.
    const due = inPoints(draftOf(sale, { ...details, paidBack: 'cash' }, { before, after }))
    if (inPoints(draft) < due) return refused('amounts_differ', `a void pays ${due} back as points`)
  }
  const differs = checkSums(draft, 'sale')[0]
  return differs === undefined
    ? { status: 'made', draft }
    : refused('amounts_differ', `${differs.path} ${differs.message}`)
}

/**
 * The draft that takes a whole sale back, or what is left of it.
 *
 * @example voidOf(kept, { document: { kind: 'receipt', number: 'R-18' } }).status // 'made'
 */
export const voidOf = (
  sale: KnownSale,
  { reason = 'void', ...details }: Omit<ReturnDetails, 'reason'> & Partial<Pick<ReturnDetails, 'reason'>>,
): ReturnReply => returnOf(sale, { ...details, reason, units: unitsLeft(sale, details.returned) })

/**
 * What may still come back of a sale.
 *
 * @example unitsLeft(kept) // [{ line: 1, quantityMilli: 1000 }]
 */
export const unitsLeft = (
  { lines }: Pick<KnownSale, 'lines'>,
  returned: NonNullable<ReturnDetails['returned']> = {},
): readonly ReturnedUnits[] =>
  lines.flatMap(({ number, quantityMilli }) => {
    const left = quantityMilli - (returned[number] ?? 0)
    return left > 0 ? [{ line: number, quantityMilli: left }] : []
  })

/**
 * What earlier returns of a sale have brought back, by line.
 *
 * @example returnedBy([]) // {}
 */
export const returnedBy = (returns: readonly Pick<Sale, 'lines'>[]): Readonly<Record<number, number>> => {
  const returned: Record<number, number> = {}
  for (const { originalLine, quantityMilli } of returns.flatMap(({ lines }) => lines)) {
    if (originalLine !== undefined) returned[originalLine] = (returned[originalLine] ?? 0) + quantityMilli
  }
  return returned
}
