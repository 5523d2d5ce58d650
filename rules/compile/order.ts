import type { RuleGroup } from '../program.ts'
import type { Rule } from '../rule.ts'

export const PHASES = ['price', 'line', 'basket', 'payment', 'accrual.base', 'accrual.bonus'] as const

export const phaseOf = ({ phase }: Rule): number => PHASES.indexOf(phase)

/** Within the bonus phase: points first, then multipliers that add, then those that multiply. */
export const passOf = (rule: Rule): number => {
  let pass = 0
  for (const effect of rule.then) if (effect.do === 'multiply') pass = Math.max(pass, effect.how === 'add' ? 1 : 2)
  return pass
}

/** By code unit. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** Greater priority first, then the id. */
export const byPriority = (a: Rule, b: Rule): number => (b.priority ?? 0) - (a.priority ?? 0) || compareText(a.id, b.id)

/** What a code names. Throws `RangeError` where it names nothing, which validation would have refused. */
export const named = <T>(known: ReadonlyMap<string, T>, code: string, what: string): T => {
  const found = known.get(code)
  if (found === undefined) throw new RangeError(`unknown ${what} ${code}`)
  return found
}

/** The outermost group of a rule, or nothing where it stacks freely. Throws on an unknown group and on a circle. */
export const rootGroup = ({ group }: Rule, groups: ReadonlyMap<string, RuleGroup>): string | undefined => {
  let root = group
  let steps = 0
  for (let code = group; code !== undefined; code = named(groups, code, 'group').parent) {
    root = code
    steps += 1
    if (steps > groups.size) throw new RangeError(`group ${code} lies in itself`)
  }
  return root
}

/**
 * The total order of rules: phase, pass, priority, id by code unit. Where the rules of a group stand as a whole depends on
 * which of them match, so that a rule that does not match moves nothing: see `evaluate/groups.ts`.
 */
export const orderRules = (rules: readonly Rule[]): Rule[] =>
  rules
    .map((rule) => ({ rule, step: phaseOf(rule) * 3 + passOf(rule) }))
    .sort((a, b) => a.step - b.step || byPriority(a.rule, b.rule))
    .map(({ rule }) => rule)
