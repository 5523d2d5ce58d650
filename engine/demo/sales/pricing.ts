/**
 * What the tills of the demo do before payment: they judge the basket by the rules of the program that steers prices at
 * their outlet, and take off what those rules say.
 */
import {
  type CatalogueProduct,
  evaluationInput,
  type Line,
  localTime,
  periodsOf,
  type QuoteRequest,
} from '@premia/pos-sdk/contract/till'
import {
  compileRuleSet,
  evaluate,
  type MemberFacts,
  type Minor,
  type Outcome,
  type Rule,
  type RuleSet,
} from '@premia/rules'
import { categories } from '../catalogue/categories.ts'
import { products } from '../catalogue/product.ts'
import type { DemoDay } from '../days.ts'
import { lawOf } from '../law.ts'
import { ownerId } from '../organizations.ts'
import { type DemoOutlet, outlets } from '../outlets.ts'
import { type DemoProgram, programs } from '../programs.ts'
import { programRules } from '../rules/program-rules.ts'
import type { DemoStaff } from '../staff.ts'

const parents = new Map(categories.map(({ id, parent }) => [id, parent]))

const pathOf = (category: string): readonly string[] => {
  const path: string[] = []
  for (let id: string | undefined = category; id !== undefined; id = parents.get(id)) path.push(id)
  return path
}

const facts = new Map<string, CatalogueProduct>(
  products.map((product) => [
    product.code,
    {
      facts: { id: product.id, categories: pathOf(product.category), producer: product.producer, tags: product.tags },
      regime: product.regimeClass,
      marks: product.marks,
    },
  ]),
)

const laws = new Map(outlets.map((outlet) => [outlet.id, lawOf(outlet.country, outlet.type)]))

export interface Pricing {
  /** The program that steers prices at an outlet. */
  readonly steering: (outlet: DemoOutlet) => DemoProgram
  readonly judge: (basket: PricedBasket) => Outcome
  readonly rule: (id: string) => Rule | undefined
}

export interface PricedBasket {
  readonly quote: QuoteRequest
  readonly outlet: DemoOutlet
  readonly staff: DemoStaff
  readonly member: MemberFacts | undefined
  readonly voucherKind: (code: string) => string | undefined
}

/** Compiles the three rule sets once. */
export const pricingOf = (days: readonly DemoDay[]): Pricing => {
  const sets = new Map<string, RuleSet>(
    programs.map((program) => [program.id, compileRuleSet(programRules(program.key, days), program.document)]),
  )
  const rules = new Map([...sets.values()].flatMap((set) => set.rules.map((rule) => [rule.id, rule] as const)))
  const steering = (outlet: DemoOutlet): DemoProgram => {
    const found = programs.find((program) => program.steers.includes(outlet))
    if (found === undefined) throw new RangeError(`nobody steers the prices of ${outlet.code}`)
    return found
  }
  return {
    steering,
    rule: (id) => rules.get(id),
    judge: ({ quote, outlet, staff, member, voucherKind }) => {
      const program = steering(outlet)
      const atMs = Date.parse(quote.occurredAt)
      const input = evaluationInput({
        sale: quote,
        mode: 'price',
        facts: {
          program,
          outlet: { ...outlet, owner: ownerId(outlet.owner) },
          at: localTime(outlet.zone, atMs),
          periods: periodsOf(program.document.zone, atMs),
          law: laws.get(outlet.id) ?? {},
          product: (line) => facts.get(line.product?.code ?? ''),
          voucherKind,
          ...(member === undefined ? {} : { member }),
          staff: staff.id,
          mayEarn: true,
        },
      })
      return evaluate(sets.get(program.id) as RuleSet, input, {})
    },
  }
}

export interface Reduced {
  readonly lines: readonly Line[]
  readonly adjustments: QuoteRequest['adjustments']
}

/** The lines and adjustments of a basket after its outcome: line rules on their lines, basket rules on the whole. */
export const reduced = (lines: readonly Line[], outcome: Outcome, pricing: Pricing): Reduced => {
  const adjustments: QuoteRequest['adjustments'][number][] = []
  const reductions = lines.map((line) => [...line.reductions])
  for (const { rule, amountMinor, amountShares } of outcome.applied) {
    if (amountMinor === undefined || amountMinor <= 0) continue
    const phase = pricing.rule(rule)?.phase
    if (phase === 'basket') {
      const use = outcome.redeemed?.find((redeemed) => redeemed.rule === rule)?.use
      adjustments.push(
        use === undefined ? { by: 'rule', amountMinor, rule } : { by: 'voucher', amountMinor, rule, useRef: use },
      )
      continue
    }
    if (phase !== 'price' && phase !== 'line') continue
    for (const share of amountShares ?? [])
      reductions[share.line - 1]?.push({ by: 'rule', amountMinor: share.amountMinor, rule })
  }
  return { lines: lines.map((line, index) => ({ ...line, reductions: reductions[index] ?? [] })), adjustments }
}

/** Gross, reductions and reimbursement of a basket, and what is left to pay. */
export const totalsOf = ({ lines, adjustments }: Reduced): QuoteRequest['totals'] => {
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
  const grossMinor = sum(lines.map((line) => line.grossMinor))
  const reductionMinor =
    sum(lines.flatMap((line) => line.reductions.map((reduction) => reduction.amountMinor))) +
    sum(adjustments.map((reduction) => reduction.amountMinor))
  const reimbursedMinor = sum(lines.map((line) => line.reimbursement?.amountMinor ?? 0))
  return {
    grossMinor: grossMinor as Minor,
    reductionMinor: reductionMinor as Minor,
    reimbursedMinor: reimbursedMinor as Minor,
    roundingMinor: 0 as Minor,
    payableMinor: (grossMinor - reductionMinor - reimbursedMinor) as Minor,
  }
}
