/**
 * How a sale and what is known about it become the canonical evaluation input of one program: the one function for the
 * engine (booking, quote) and the till (estimate), so that both judge the same. Pure; a few microseconds a sale.
 */
import type {
  Applied,
  EvaluationInput,
  LawFacts,
  LineFacts,
  LineMark,
  MemberFacts,
  Minor,
  ProductFacts,
  ProgramDocument,
} from '@premia/rules'
import type { Uuid } from '../ids.ts'
import type { LowestPrice } from './result.ts'
import type { Line, QuoteRequest, Use } from './sale.ts'

/** What the catalogue knew of a product at the time of the sale. */
export interface CatalogueProduct {
  readonly facts: ProductFacts
  /** Regime class, for example `medicine`; the key into `Law`. Absent: `general`. */
  readonly regime?: string
  /** Added to the till's own marks, which they never remove. */
  readonly marks: readonly LineMark[]
  readonly floorMinor?: Minor
  /** By rule of the program that steers prices here: lowest price of the 30 days before its cut, as far as it is known. */
  readonly lowestPrices?: LineFacts['lowestPrices']
}

/**
 * The legal regime of the outlet's country and type at the time of the sale, by class. Besides the classes of products
 * three are asked for by name: `rx` and `reimbursed` (for lines with that mark or a reimbursement, on top of the
 * product's own class) and `unknown` (for lines whose product is not in the catalogue). A class that is not listed is
 * judged as `general`, and where that is missing everything is allowed.
 */
export type Law = Readonly<Record<string, LawFacts>>

export interface JudgedOutlet {
  readonly id: Uuid
  readonly groups: readonly string[]
  readonly type: string
  readonly country: string
  readonly region?: string
  readonly owner?: Uuid
}

/** What one program knows of a sale. */
export interface SaleFacts {
  readonly program: { readonly id: Uuid; readonly document: Pick<ProgramDocument, 'alsoEarns'> }
  readonly outlet: JudgedOutlet
  /** Local time at the outlet and limit periods in the program's zone, both of the instant that is judged. */
  readonly at: EvaluationInput['at']
  readonly periods: EvaluationInput['periods']
  readonly law: Law
  /** By code, GTIN or national code, in the order the caller prefers. */
  readonly product: (line: Line) => CatalogueProduct | undefined
  /** The kind of a presented voucher, `undefined` when it is none of this program's. */
  readonly voucherKind?: (code: string) => string | undefined
  /** Absent: anonymous in this program. */
  readonly member?: MemberFacts
  readonly staff?: string
  /** False where the sale is older than the program's points limit, or the card may not earn. */
  readonly mayEarn: boolean
}

/**
 * The member a till assumes behind a card it cannot look up: a plain person. The engine can so repeat an estimate, whose
 * hash stands in `Sale.offline`, and name what made the booking differ.
 */
export const offlineMember: MemberFacts = {
  id: 'offline',
  kind: 'person',
  segments: [],
  attributes: {},
  firstPurchase: false,
  birthday: false,
  visits: 1,
}

const ALLOW: LawFacts = { earn: true, discount: true, count: true }

/** The eight possible answers of the law, so that a line allocates none. */
const lawByBits: readonly LawFacts[] = Array.from({ length: 8 }, (_, bits) => ({
  earn: (bits & 1) !== 0,
  discount: (bits & 2) !== 0,
  count: (bits & 4) !== 0,
}))
const bitsOf = (law: LawFacts): number => (law.earn ? 1 : 0) | (law.discount ? 2 : 0) | (law.count ? 4 : 0)

const classBits = (law: Law, regime: string): number => bitsOf(law[regime] ?? law.general ?? ALLOW)

const markSets = new Map<number, readonly LineMark[]>()
const MARKS = ['rx', 'regulatedPrice', 'noDiscount', 'noPoints', 'ageLimited'] as const
const RX = 1
const NO_DISCOUNT = 2 | 4
const NO_POINTS = 8

const markBits = (marks: readonly LineMark[]): number => {
  let bits = 0
  for (const mark of marks) bits |= 1 << MARKS.indexOf(mark)
  return bits
}

/** Marks as a sorted set: equal whatever the order in which till and catalogue named them. */
const marksOf = (bits: number): readonly LineMark[] => {
  let marks = markSets.get(bits)
  // At most 32 sets.
  if (marks === undefined) markSets.set(bits, (marks = MARKS.filter((_, index) => (bits & (1 << index)) !== 0)))
  return marks
}

const lawOf = (line: Line, product: CatalogueProduct | undefined, marks: number, facts: SaleFacts): LawFacts => {
  const { law } = facts
  let bits = product === undefined ? classBits(law, 'unknown') : classBits(law, product.regime ?? 'general')
  if ((marks & RX) !== 0) bits &= classBits(law, 'rx')
  if (line.reimbursement !== undefined) bits &= classBits(law, 'reimbursed')
  if ((marks & NO_DISCOUNT) !== 0) bits &= ~2
  if ((marks & NO_POINTS) !== 0) bits &= ~1
  const ordinary =
    line.kind === 'goods' || line.kind === 'service' || facts.program.document.alsoEarns.includes(line.kind)
  // What is not bought as goods neither earns nor counts towards a threshold: a reward line is no purchased unit.
  if (!ordinary) bits &= 2
  return lawByBits[bits] as LawFacts
}

const lineFacts = (line: Line, facts: SaleFacts): LineFacts => {
  const product = facts.product(line)
  const marks = markBits(line.marks) | (product === undefined ? 0 : markBits(product.marks))
  let reductionMinor = 0
  for (const reduction of line.reductions) reductionMinor += reduction.amountMinor
  return {
    number: line.number,
    kind: line.kind,
    ...(product === undefined ? undefined : { product: product.facts }),
    quantityMilli: line.quantityMilli,
    unitPriceMinor: line.unitPriceMinor,
    grossMinor: line.grossMinor,
    reductionMinor: reductionMinor as Minor,
    reimbursedMinor: line.reimbursement?.amountMinor ?? (0 as Minor),
    marks: marksOf(marks),
    law: lawOf(line, product, marks, facts),
    ...(product?.floorMinor === undefined ? undefined : { floorMinor: product.floorMinor }),
    ...(product?.lowestPrices === undefined ? undefined : { lowestPrices: product.lowestPrices }),
  }
}

const isOfProgram = (use: Use, program: Uuid): boolean => !('program' in use) || use.program === program

const voucherFacts = (sale: QuoteRequest, facts: SaleFacts): EvaluationInput['vouchers'] =>
  sale.uses.flatMap((use, index) => {
    if (use.kind === 'voucher') {
      return [{ use: index, kind: facts.voucherKind?.(use.code) ?? 'external', amountMinor: use.amountMinor }]
    }
    if (use.kind === 'points' && !isOfProgram(use, facts.program.id)) {
      return [{ use: index, kind: 'external', amountMinor: use.amountMinor }]
    }
    return []
  })

/**
 * The evaluation input of a sale (or a quote) in one program. Vouchers and points of other programs appear as
 * `external` without their ids; card numbers, codes and names never appear.
 *
 * @example evaluate(ruleSet, evaluationInput({ sale, facts, mode: 'judge' }), counters).totals.grossMinor // 1299
 */
export const evaluationInput = ({
  sale,
  facts,
  mode,
}: {
  readonly sale: QuoteRequest
  readonly facts: SaleFacts
  readonly mode: EvaluationInput['mode']
}): EvaluationInput => {
  let basketReductionMinor = 0
  for (const reduction of sale.adjustments) basketReductionMinor += reduction.amountMinor
  const { id, groups, type, country, region, owner } = facts.outlet
  return {
    schema: 1,
    mode,
    kind: sale.kind,
    currency: sale.currency,
    at: facts.at,
    periods: facts.periods,
    outlet: {
      id,
      groups,
      type,
      country,
      ...(region === undefined ? undefined : { region }),
      ...(owner === undefined ? undefined : { owner }),
    },
    channel: sale.channel,
    ...(facts.staff === undefined ? undefined : { staff: facts.staff }),
    ...(facts.member === undefined ? undefined : { member: facts.member }),
    lines: sale.lines.map((line) => lineFacts(line, facts)),
    basketReductionMinor: basketReductionMinor as Minor,
    tenders: sale.tenders.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
    vouchers: sale.uses.length === 0 ? [] : voucherFacts(sale, facts),
    mayEarn: facts.mayEarn,
  }
}

/** What has to be told beside a rule's price cuts, in quote and estimate alike; `undefined` where nothing is known. */
export const lowestPricesTold = (
  amountShares: Applied['amountShares'] = [],
): { readonly lowestPrices: readonly LowestPrice[] } | undefined => {
  const lowestPrices = amountShares.flatMap(({ line, lowestPrice30DaysMinor }) =>
    lowestPrice30DaysMinor === undefined ? [] : { line, lowestPrice30DaysMinor },
  )
  return lowestPrices.length === 0 ? undefined : { lowestPrices }
}
