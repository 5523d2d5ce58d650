import type { ProgramDocument, RuleGroup } from '../program.ts'
import type { Rule } from '../rule.ts'

export const PHASES = ['price', 'line', 'basket', 'payment', 'accrual.base', 'accrual.bonus'] as const

/** Within the bonus phase: points first, then multipliers that add, then those that multiply. */
const passOf = (rule: Rule): number => {
  let pass = 0
  for (const effect of rule.then) if (effect.do === 'multiply') pass = Math.max(pass, effect.how === 'add' ? 1 : 2)
  return pass
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byPriority = (a: Rule, b: Rule): number => (b.priority ?? 0) - (a.priority ?? 0) || compareText(a.id, b.id)

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

interface Unit {
  readonly phase: number
  readonly pass: number
  readonly rules: Rule[]
}

/**
 * The total order of evaluation: phase, pass, priority, id by code unit. The rules of one outermost group stand together,
 * at the place of their first rule in the last pass that any of them needs.
 */
export const orderRules = (rules: readonly Rule[], groups: ReadonlyMap<string, RuleGroup>): Rule[] => {
  const units = new Map<string, Unit>()
  for (const rule of [...rules].sort(byPriority)) {
    if (rule.group !== undefined && !groups.has(rule.group)) {
      throw new RangeError(`rule ${rule.id} names unknown group ${rule.group}`)
    }
    const phase = PHASES.indexOf(rule.phase)
    const root = rootGroup(rule, groups)
    const key = root === undefined ? `rule:${rule.id}` : `group:${phase}:${root}`
    const unit = units.get(key)
    const pass = passOf(rule)
    units.set(key, unit ? { ...unit, pass: Math.max(unit.pass, pass) } : { phase, pass, rules: [] })
    units.get(key)?.rules.push(rule)
  }
  return [...units.values()]
    .sort((a, b) => a.phase - b.phase || a.pass - b.pass || byPriority(a.rules[0] as Rule, b.rules[0] as Rule))
    .flatMap((unit) => unit.rules)
}
