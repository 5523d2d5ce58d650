import { compileRuleSet, type RuleSet } from './compile/rule-set.ts'
import type { Condition } from './condition.ts'
import type { Rule } from './rule.ts'

/** Where and when a view will be used. */
export interface Place {
  readonly outlet: string
  readonly groups: readonly string[]
  readonly type?: string
  readonly country?: string
  readonly region?: string
  readonly owner?: string
  /** First and last local date. */
  readonly fromDate: string
  readonly toDate: string
}

const may = (wanted: readonly string[] | undefined, actual: readonly string[] | undefined): boolean =>
  wanted === undefined || actual === undefined || actual.some((value) => wanted.includes(value))
const one = (value: string | undefined): readonly string[] | undefined => (value === undefined ? undefined : [value])

const mayHold = (when: Condition, place: Place): boolean =>
  may(when.outlets, [place.outlet]) &&
  may(when.outletGroups, place.groups) &&
  may(when.outletTypes, one(place.type)) &&
  may(when.countries, one(place.country)) &&
  may(when.regions, one(place.region)) &&
  may(when.owners, one(place.owner)) &&
  (when.dates === undefined || when.dates.some((date) => date >= place.fromDate && date <= place.toDate))

const mayApply = ({ valid, when }: Rule, place: Place): boolean =>
  (valid?.from === undefined || valid.from <= `${place.toDate}T24:00`) &&
  (valid?.to === undefined || valid.to > `${place.fromDate}T00:00`) &&
  (when === undefined || mayHold(when, place))

/**
 * The rules that may ever apply at a place and in a time, compiled on their own: what a till carries. It answers for that
 * place and time byte for byte as the whole set does, under the whole set's hash.
 */
export const restrict = (ruleSet: RuleSet, place: Place): RuleSet => {
  const rules = ruleSet.rules.filter((rule) => mayApply(rule, place))
  const view = compileRuleSet(rules, ruleSet.program)
  return {
    get hash() {
      return ruleSet.hash
    },
    rules: view.rules,
    program: view.program,
    stats: view.stats,
    tables: view.tables,
  }
}
