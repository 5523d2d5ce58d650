import { canonicalJson } from '../canonical.ts'
import type { ProgramDocument } from '../program.ts'
import type { Rule } from '../rule.ts'
import { sha256Hex } from '../sha256.ts'

/** Version of the semantics. A change that alters any golden vector raises it. */
export const SEMANTICS = 1

/** What the caller knows of the catalogue when it publishes rules; product facts of lines come with each sale. */
export interface CatalogueFacts {
  readonly categories: readonly { readonly id: string; readonly parent?: string }[]
  readonly outletGroups?: readonly string[]
}

export interface RuleSetStats {
  readonly rules: number
  readonly slots: number
  readonly postings: number
  readonly wholeBasket: number
  readonly limits: number
}

/** A published, immutable list of rule versions, ready to evaluate. */
export interface RuleSet {
  /** Hash of rules, the part of the program they are judged by, and the semantics. */
  readonly hash: string
  /** In the order of evaluation. */
  readonly rules: readonly Rule[]
  readonly program: ProgramDocument
  readonly stats: RuleSetStats
}

const PHASES = ['price', 'line', 'basket', 'payment', 'accrual.base', 'accrual.bonus'] as const

const compareRules = (a: Rule, b: Rule): number =>
  PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) ||
  (b.priority ?? 0) - (a.priority ?? 0) ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** What of a program an outcome depends on; its names and retention do not change a rule set's hash. */
const judgedBy = (program: ProgramDocument): object => ({
  currency: program.currency,
  pointTypes: program.pointTypes.map(({ name: _, ...type }) => type),
  mainPointType: program.mainPointType,
  alsoEarns: program.alsoEarns,
  valuation: program.valuation,
})

/**
 * Compiles rules that validation accepted. Throws `RangeError` on what validation would refuse.
 * Published sets are compiled once and shared; the compiled form is immutable.
 */
export const compileRuleSet = (rules: readonly Rule[], program: ProgramDocument, _facts: CatalogueFacts): RuleSet => {
  const sorted = [...rules].sort(compareRules)
  sorted.forEach((rule, index) => {
    if (rule.id === sorted[index - 1]?.id) throw new RangeError(`rule ${rule.id} is twice in the set`)
  })
  return {
    hash: sha256Hex(canonicalJson({ semantics: SEMANTICS, rules: sorted, program: judgedBy(program) })),
    rules: sorted,
    program,
    stats: {
      rules: sorted.length,
      slots: sorted.reduce((sum, rule) => sum + (rule.slots?.length ?? 0), 0),
      postings: 0,
      wholeBasket: 0,
      limits: sorted.reduce((sum, rule) => sum + (rule.limits?.length ?? 0), 0),
    },
  }
}
