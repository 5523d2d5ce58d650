import type { ProgramDocument, RuleGroup } from '../program.ts'
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

/** The outermost group of a rule, or nothing where it stacks freely. */
export const rootGroup = (rule: Rule, groups: ReadonlyMap<string, RuleGroup>): string | undefined => {
  let code = rule.group
  // A chain longer than the number of groups is a circle, which `groupTable` refuses.
  for (let parent = code; parent !== undefined; parent = groups.get(parent)?.parent) code = parent
  return code
}

/** The program's groups by code. Throws on a circle or an unknown parent. */
export const groupTable = (program: ProgramDocument): Map<string, RuleGroup> => {
  const groups = new Map((program.groups ?? []).map((group) => [group.code, group]))
  for (const group of groups.values()) {
    let steps = 0
    for (let parent = group.parent; parent !== undefined; parent = groups.get(parent)?.parent) {
      if (!groups.has(parent)) throw new RangeError(`group ${group.code} lies in unknown group ${parent}`)
      steps += 1
      if (steps > groups.size) throw new RangeError(`group ${group.code} lies in itself`)
    }
  }
  return groups
}

/**
 * The total order of rules: phase, pass, priority, id by code unit. Where the rules of a group stand as a whole depends on
 * which of them match, so that a rule that does not match moves nothing: see `evaluate/groups.ts`.
 */
export const orderRules = (rules: readonly Rule[], groups: ReadonlyMap<string, RuleGroup>): Rule[] => {
  for (const rule of rules) {
    if (rule.group !== undefined && !groups.has(rule.group)) {
      throw new RangeError(`rule ${rule.id} names unknown group ${rule.group}`)
    }
  }
  return rules
    .map((rule) => ({ rule, step: phaseOf(rule) * 3 + passOf(rule) }))
    .sort((a, b) => a.step - b.step || byPriority(a.rule, b.rule))
    .map(({ rule }) => rule)
}
