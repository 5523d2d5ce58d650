import { cutsPrices } from '@premia/pos-sdk/contract/admin'
import type { Sale, Uuid } from '@premia/pos-sdk/contract/till'
import { evaluate, type EvaluationInput, type LineFacts, type ProductFacts, type RuleSet } from '@premia/rules'

/** A price that was asked of anybody for one unit of a product, at an outlet on one of its local days. */
export interface AskedPrice {
  readonly outlet: Uuid
  readonly product: Uuid
  readonly unitPriceMinor: number
  readonly date: string
}

/** A booked sale with what it was judged by: all of it is kept, so that the record can be proven. */
export interface PricedSale {
  readonly kind: 'sale' | 'return'
  readonly outlet: Uuid
  readonly lines: Sale['lines']
  readonly input: Pick<EvaluationInput, 'lines' | 'at'>
}

/**
 * What a sale tells of prices: the shelf price of each product, and where the till took something off by rules, what these
 * rules make of one unit for somebody without card and voucher, if that is what the till took. What a member, a cashier or a
 * quantity gets off is no price that everybody was asked. Products that nothing may be taken off are left out.
 */
export const askedPrices = (
  { kind, outlet, lines, input }: PricedSale,
  rulesOf: () => { readonly ruleSet: RuleSet } | undefined,
): readonly AskedPrice[] => {
  if (kind !== 'sale') return []
  const asked: AskedPrice[] = []
  const { date } = input.at
  // A plain loop: every sale pays for it.
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as Sale['lines'][number]
    const facts = input.lines[index]
    if (facts === undefined || !isPriced(facts)) continue
    const product = facts.product.id as Uuid
    asked.push({ outlet, product, unitPriceMinor: facts.unitPriceMinor, date })
    if (line.reductions.length === 0) continue
    const unitPriceMinor = cutPrice(line, facts, { input: input as EvaluationInput, rulesOf })
    if (unitPriceMinor !== undefined) asked.push({ outlet, product, unitPriceMinor, date })
  }
  return asked
}

const isPriced = (facts: LineFacts): facts is LineFacts & { readonly product: ProductFacts } =>
  facts.product !== undefined &&
  facts.law.discount &&
  facts.unitPriceMinor > 0 &&
  (facts.kind === 'goods' || facts.kind === 'service')

interface Judging {
  readonly input: EvaluationInput
  readonly rulesOf: () => { readonly ruleSet: RuleSet } | undefined
}

/** What rules made of the shelf price for everybody, where the till took it. */
const cutPrice = (line: Sale['lines'][number], facts: LineFacts, { input, rulesOf }: Judging): number | undefined => {
  if (!line.reductions.some(({ by }) => by === 'rule')) return undefined
  const ruleSet = rulesOf()?.ruleSet
  if (ruleSet === undefined) return undefined
  const cut = priceForAnybody(ruleSet, input, facts)
  return cut > 0 && cut < facts.unitPriceMinor && wasTaken(line, cut, ruleSet) ? cut : undefined
}

/** What one unit costs after the phases price and line, for somebody of whom nothing is known. */
const priceForAnybody = (ruleSet: RuleSet, input: EvaluationInput, facts: LineFacts): number => {
  const { member: _, ...rest } = input
  const unit: LineFacts = {
    ...facts,
    number: 1,
    quantityMilli: UNIT,
    grossMinor: facts.unitPriceMinor,
    reductionMinor: NOTHING,
    reimbursedMinor: NOTHING,
  }
  const basket: EvaluationInput = {
    ...rest,
    mode: 'price',
    lines: [unit],
    basketReductionMinor: NOTHING,
    tenders: [],
    vouchers: [],
    mayEarn: false,
  }
  return evaluate(ruleSet, basket, {}).lines[0]?.afterLineMinor ?? 0
}

const UNIT = 1_000 as LineFacts['quantityMilli']
const NOTHING = 0 as LineFacts['reductionMinor']

/** Whether the till took the line at this price: its own rounding of the line is half a unit either way. */
const wasTaken = (line: Sale['lines'][number], unitPriceMinor: number, ruleSet: RuleSet): boolean => {
  const byRules = line.reductions.reduce(
    (sum, { by, rule, amountMinor }) => sum + (by === 'rule' && isCut(ruleSet, rule) ? amountMinor : 0),
    0,
  )
  return Math.abs(line.grossMinor - byRules - (unitPriceMinor * line.quantityMilli) / 1_000) <= 1
}

const cutRules = new WeakMap<RuleSet, ReadonlySet<string>>()

/** A reduction without a rule's name is taken for one. */
const isCut = (ruleSet: RuleSet, rule: string | undefined): boolean => {
  if (rule === undefined) return true
  let cuts = cutRules.get(ruleSet)
  if (cuts === undefined) cutRules.set(ruleSet, (cuts = new Set(ruleSet.rules.filter(cutsPrices).map(({ id }) => id))))
  return cuts.has(rule)
}
