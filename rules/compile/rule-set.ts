import { canonicalJson } from '../canonical.ts'
import type { PointType, ProgramDocument, RuleGroup } from '../program.ts'
import type { Rule } from '../rule.ts'
import { sha256 } from '../sha256.ts'
import { type CompiledRule, compileRule, termsOf } from './compiled-rule.ts'
import { contextIndex } from './context.ts'
import { named, orderRules, phaseOf, PHASES } from './order.ts'
import { buildPostings } from './postings.ts'
import { type Search, searchOf } from './search.ts'

/** Version of the semantics. A change that alters any golden vector raises it. */
export const SEMANTICS = 1

/** What the caller knows of the catalogue when it publishes rules; product facts of lines come with each sale. */
export interface CatalogueFacts {
  readonly categories: readonly { readonly id: string; readonly parent?: string }[]
  readonly outletGroups?: readonly string[]
}

export interface RuleSetStats {
  readonly rules: number
  readonly limits: number
}

/** A published, immutable list of rule versions, ready to evaluate. */
export interface RuleSet {
  /** Hash of rules, the part of the program they are judged by, and the semantics. Computed when first read. */
  readonly hash: string
  /** In the order of evaluation. */
  readonly rules: readonly Rule[]
  readonly program: ProgramDocument
  readonly stats: RuleSetStats
  /** For this package only: the tables. */
  readonly tables: Tables
}

/** What the evaluator reads. Scratch inside it is overwritten by each evaluation, which is synchronous. */
export interface Tables {
  readonly rules: readonly CompiledRule[]
  readonly groups: ReadonlyMap<string, RuleGroup>
  readonly search: Search
  /** Number of the first rule of each phase, and the number of rules at the end. */
  readonly phaseStart: readonly number[]
  readonly types: ReadonlyMap<string, PointType>
  /** Some rule multiplies a base, so that bases have to be kept by line. */
  readonly multiplies: boolean
}

/** What of a program an outcome depends on; its names and retention do not change a rule set's hash. */
const judgedBy = (program: ProgramDocument): object => ({
  currency: program.currency,
  pointTypes: program.pointTypes.map(({ name: _, ...type }) => type),
  mainPointType: program.mainPointType,
  groups: program.groups?.map(({ name: _, ...group }) => group),
  alsoEarns: program.alsoEarns,
  valuation: program.valuation,
  returnWindowDays: program.returnWindowDays,
})

/** Hash of the canonical text of all that judges, rule by rule so that it never stands in memory as a whole. */
const hashOf = (rules: readonly Rule[], program: ProgramDocument): string => {
  const hashing = sha256()
  hashing.add(`{"program":${canonicalJson(judgedBy(program))},"rules":[`)
  rules.forEach((rule, index) => {
    // Examples judge nothing: a till need not carry them.
    const text = canonicalJson(rule.examples === undefined ? rule : { ...rule, examples: undefined })
    hashing.add(index === 0 ? text : `,${text}`)
  })
  hashing.add(`],"semantics":${SEMANTICS}}`)
  return hashing.hex()
}

/**
 * Compiles rules that validation accepted. Throws `RangeError` on what validation would refuse.
 * Published sets are compiled once and shared.
 */
export const compileRuleSet = (rules: readonly Rule[], program: ProgramDocument): RuleSet => {
  const ids = new Set<string>()
  for (const rule of rules) {
    if (ids.has(rule.id)) throw new RangeError(`rule ${rule.id} is twice in the set`)
    ids.add(rule.id)
  }
  const tables = buildTables(rules, program)
  const sorted = tables.rules.map(({ rule }) => rule)
  let hash: string | undefined
  return {
    get hash() {
      hash ??= hashOf(sorted, program)
      return hash
    },
    rules: sorted,
    program,
    stats: {
      rules: sorted.length,
      limits: tables.rules.reduce((sum, { limits }) => sum + limits.length, 0),
    },
    tables,
  }
}

const buildTables = (rules: readonly Rule[], program: ProgramDocument): Tables => {
  const groups = new Map(program.groups?.map((group) => [group.code, group]))
  const types = new Map(program.pointTypes.map((type) => [type.code, type]))
  const { mainPointType, returnWindowDays } = program
  const terms = new Map(
    program.pointTypes.map(
      ({ code, activation, expiry }) => [code, termsOf(activation, expiry, returnWindowDays)] as const,
    ),
  )
  named(types, mainPointType, 'point type')
  const sorted = orderRules(rules)
  /** Of each slot its rule. A rule without keyed slots has one too, which every basket reaches. */
  const ruleAt: Rule[] = []
  const ruleOfSlot: number[] = []
  const everyBasket: number[] = []
  const compiled = sorted.map((rule, number) => {
    const one = compileRule(rule, number, ruleOfSlot.length, {
      groups,
      types,
      mainPointType,
      terms,
      returnWindowDays,
    })
    const keyed = one.slots.filter((slot) => slot.number >= 0).length
    if (keyed === 0) everyBasket.push(ruleOfSlot.length)
    for (let slots = keyed || 1; slots > 0; slots -= 1) {
      ruleAt.push(rule)
      ruleOfSlot.push(isCertain(one) ? number : ~number)
    }
    return one
  })
  const phaseStart = [...PHASES, ''].map((_, phase) => sorted.filter((rule) => phaseOf(rule) < phase).length)
  return {
    rules: compiled,
    groups,
    search: searchOf({
      context: contextIndex(ruleAt),
      postings: buildPostings(compiled, everyBasket),
      ruleOfSlot: Int32Array.from(ruleOfSlot),
    }),
    multiplies: compiled.some(({ pass }) => pass > 0),
    phaseStart,
    types,
  }
}

/** Whether a rule matches as soon as context and products reach it. */
const isCertain = ({ slots: [slot, ...others], residual, minuteValid }: CompiledRule): boolean =>
  residual === undefined &&
  !minuteValid &&
  (slot === undefined || (slot.number >= 0 && !slot.filtered && others.length === 0))
