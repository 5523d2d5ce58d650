/** The provisional answer: what the rules of the last bundle give, while the engine is away. */
import { compileRuleSet, evaluate, hashOutcome, offlineCounters, type Outcome, type RuleSet } from '@premia/rules'
import type {
  BundleDocument,
  BundleProduct,
  BundleProgram,
  LowestPrice,
  QuoteRequest,
  SaleFacts,
  Uuid,
} from './contract/till/index.ts'
import { bundleHash, productCodes } from './contract/till/bundle.ts'
import { evaluationInput, lowestPricesTold, offlineMember } from './contract/till/judge.ts'
import { localTime, periodsOf } from './contract/till/local-time.ts'

export interface EstimatedProgram {
  readonly program: Uuid
  readonly name: string
  readonly ruleSet: string
  /** Hash of the whole outcome: what the sale carries as `offline.outcomes`. */
  readonly outcome: string
  readonly points: readonly { readonly to: string; readonly pointType: string; readonly points: number }[]
  readonly applied: readonly {
    readonly rule: string
    readonly name: string
    readonly points?: number
    readonly lowestPrices?: readonly LowestPrice[]
  }[]
  /** Rules that a limit keeps from giving anything while the till is alone; the booking may give it yet. */
  readonly denied: readonly { readonly rule: string; readonly name: string }[]
  readonly steered: Outcome['steered']
}

/**
 * What the till may tell the customer: earning only, as for a plain member behind each card. Booking may differ where a
 * rule looks at the member's tier, attributes or limits; the engine then names the cause.
 */
export interface Estimate {
  /** Hash of the bundle that was used. */
  readonly bundle: string
  readonly programs: readonly EstimatedProgram[]
}

export interface Estimator {
  readonly bundle: string
  readonly validUntil: string | undefined
  /** `null` when no part of the bundle is valid any more. */
  readonly estimate: (sale: QuoteRequest, mode: 'judge' | 'price', nowMs: number) => Estimate | null
}

const factsOf = (
  bundle: BundleDocument,
  program: BundleProgram,
  product: SaleFacts['product'],
  sale: QuoteRequest,
): SaleFacts => {
  const atMs = Date.parse(sale.occurredAt)
  const { outlet, holidays, law } = bundle
  const staff = sale.staff?.id ?? bundle.staff.find(({ code }) => code === sale.staff?.code)?.id
  const identified = sale.cards.some(({ role }) => role === 'identify')
  return {
    program: { id: program.program, document: program.document },
    outlet,
    at: localTime(outlet.zone, atMs, (date) => holidays.includes(date)),
    periods: periodsOf(program.document.zone, atMs),
    law,
    product,
    ...(identified ? { member: offlineMember } : undefined),
    ...(staff === undefined ? undefined : { staff }),
    mayEarn: true,
  }
}

const estimated = (program: BundleProgram, ruleSet: RuleSet, outcome: Outcome): EstimatedProgram => {
  const names = new Map(ruleSet.rules.map(({ id, name }) => [id, name]))
  return {
    program: program.program,
    name: program.name,
    ruleSet: ruleSet.hash,
    outcome: hashOutcome(outcome),
    points: outcome.awards.map(({ to, pointType, points }) => ({ to, pointType, points })),
    applied: outcome.applied.map(({ rule, points, amountShares }) => ({
      rule,
      name: names.get(rule) ?? rule,
      ...(points === undefined ? undefined : { points }),
      ...lowestPricesTold(amountShares),
    })),
    denied: (outcome.denied ?? []).map(({ rule }) => ({ rule, name: names.get(rule) ?? rule })),
    steered: outcome.steered,
  }
}

/** Prepares a verified bundle. Rules are compiled when first used, once. */
export const createEstimator = (text: string): Estimator => {
  const bundle = JSON.parse(text) as BundleDocument
  const hash = bundleHash(text)
  const byCode = new Map<string, BundleProduct>()
  for (const product of bundle.products) for (const code of product.codes) byCode.set(code, product)
  const product: SaleFacts['product'] = (line) => {
    for (const code of productCodes(line)) {
      const found = byCode.get(code)
      if (found !== undefined) return found
    }
    return undefined
  }
  const compiled = new Map<Uuid, RuleSet | null>()
  const ruleSetOf = (program: BundleProgram): RuleSet | null => {
    const known = compiled.get(program.program)
    if (known !== undefined) return known
    const ruleSet = compileRuleSet(program.rules, program.document)
    // Another hash means other semantics than the engine's: better no answer than a wrong one.
    const same = ruleSet.hash === program.ruleSet ? ruleSet : null
    compiled.set(program.program, same)
    return same
  }
  const judge = (program: BundleProgram, sale: QuoteRequest, mode: 'judge' | 'price'): EstimatedProgram[] => {
    const ruleSet = ruleSetOf(program)
    if (ruleSet === null) return []
    const facts = factsOf(bundle, program, product, sale)
    const input = evaluationInput({ sale, facts, mode: program.steersPrices ? mode : 'judge' })
    return [estimated(program, ruleSet, evaluate(ruleSet, input, offlineCounters()))]
  }
  return {
    bundle: hash,
    validUntil: bundle.programs
      .map(({ validUntil }) => validUntil)
      .sort()
      .at(-1),
    estimate: (sale, mode, nowMs) => {
      const programs = bundle.programs
        .filter(({ validUntil, document }) => Date.parse(validUntil) > nowMs && document.currency === sale.currency)
        .flatMap((program) => judge(program, sale, mode))
      return programs.length === 0 ? null : { bundle: hash, programs }
    },
  }
}
