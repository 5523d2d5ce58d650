import type { Reduction, Sale } from '@premia/pos-sdk/contract/till'
import type { Applied, Claim, Outcome, RuleSet } from '@premia/rules'

/** Rules that take something off, before anything is paid. */
const PHASES: ReadonlySet<string> = new Set(['price', 'line', 'basket'])

interface PricingRules {
  /** Phase by rule. */
  readonly phases: ReadonlyMap<string, string>
  /** The rules that a limit belongs to; several may share one. */
  readonly owners: ReadonlyMap<string, readonly string[]>
}

const known = new WeakMap<RuleSet, PricingRules>()

const pricingRulesOf = (ruleSet: RuleSet): PricingRules => {
  const before = known.get(ruleSet)
  if (before !== undefined) return before
  const phases = new Map<string, string>()
  const owners = new Map<string, string[]>()
  for (const { id, phase, limits = [] } of ruleSet.rules) {
    if (!PHASES.has(phase)) continue
    phases.set(id, phase)
    limits.forEach((limit, index) => {
      const name = limit.id ?? `${id}.${index + 1}`
      owners.set(name, [...(owners.get(name) ?? []), id])
    })
  }
  const made = { phases, owners }
  known.set(ruleSet, made)
  return made
}

/** Whether the set has limits on what is taken off at all: without, nobody asks what was taken. */
export const limitsPrices = (ruleSet: RuleSet): boolean => pricingRulesOf(ruleSet).owners.size > 0

/**
 * What a finished sale has used up of the limits on prices and discounts. What the till took is a fact and is not judged, so
 * of the rules' own answer (`priced`, mode `price`) those claims count whose rules the till has followed: it names them in a
 * reduction, or its prices are theirs. Once a limit is used up the answer has no claim of its rule any more: what a till
 * gave beyond it, because it was alone, is told as another price and not counted.
 */
export const takenClaims = (
  sale: Sale,
  { ruleSet, priced }: { readonly ruleSet: RuleSet; readonly priced: Outcome },
  isAsSteered: (line: number) => boolean,
): readonly Claim[] => {
  const { phases, owners } = pricingRulesOf(ruleSet)
  const claims = priced.claims.filter(({ limit }) => owners.has(limit))
  if (claims.length === 0) return []
  const byRule = [...sale.lines.flatMap(({ reductions }) => reductions), ...sale.adjustments].filter(
    ({ by }: Reduction) => by === 'rule',
  )
  const named = new Set(byRule.flatMap(({ rule }) => rule ?? []))
  const hasNameless = byRule.some(({ rule }) => rule === undefined)
  const isTaken = ({ rule, amountShares = [] }: Applied): boolean => {
    if (named.has(rule)) return true
    return phases.get(rule) === 'price' ? amountShares.every(({ line }) => isAsSteered(line)) : hasNameless
  }
  const taken = new Set(priced.applied.filter((each) => phases.has(each.rule) && isTaken(each)).map(({ rule }) => rule))
  return claims.filter(({ limit }) => owners.get(limit)?.some((rule) => taken.has(rule)) === true)
}
