import type { CompiledRule, CompiledSlot } from '../compile/compiled-rule.ts'
import type { Search, View } from '../compile/search.ts'
import type { RuleSet, Tables } from '../compile/rule-set.ts'
import type { Rule } from '../rule.ts'
import type { EvaluationInput, LineFacts } from '../sale.ts'
import { listOf } from './allocation.ts'
import { restHolds } from './holds.ts'
import { selectsBesidesKeys } from './selects.ts'

/** A rule whose context holds and each of whose slots has at least one line. */
export interface Matched {
  readonly compiled: CompiledRule
  /** Of each slot its lines, ascending. */
  readonly views: readonly View[]
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Validity to the minute; the context index has settled it to the day. */
const validNow = ({ valid }: Rule, { at }: EvaluationInput): boolean => {
  const now = `${at.date}T${two(Math.floor(at.minute / 60))}:${two(at.minute % 60)}`
  const { from = '', to = '~' } = valid ?? {}
  return now >= from && now < to
}

/** Finds the rules that may apply, in the order of evaluation. */
export const match = ({ rules, search }: Tables, input: EvaluationInput): Matched[] => {
  const matched: Matched[] = []
  const count = search.find(input)
  for (let i = 0; i < count; i += 1) {
    const slot = search.found[i] as number
    const number = search.ruleOfSlot[slot] as number
    const compiled = rules[number < 0 ? ~number : number] as CompiledRule
    const views = number < 0 ? viewsOf(search, compiled, input) : search.viewOf(slot)
    if (views !== null) matched.push({ compiled, views })
  }
  return matched
}

/** The lines of a touched rule's slots; `null` where what no index says fails, or a slot has none. */
const viewsOf = (
  search: Search,
  { slots, residual, minuteValid, rule }: CompiledRule,
  input: EvaluationInput,
): readonly View[] | null => {
  if (minuteValid && !validNow(rule, input)) return null
  if (residual !== undefined && !restHolds(residual, input)) return null
  const views: View[] = []
  for (const slot of slots) {
    const view = viewOf(search, slot, input)
    if (view === undefined) return null
    views.push(view)
  }
  return views
}

/** The lines of one slot, if it has any. */
const viewOf = (
  search: Search,
  { number, items, filtered }: CompiledSlot,
  { lines }: EvaluationInput,
): View | undefined => {
  const isKeyed = number >= 0
  const view = isKeyed ? search.viewOf(number)?.[0] : { lines: lines.map((_, index) => index), milli: null }
  if (view === undefined || (isKeyed && !filtered)) return view
  const taken = view.lines.filter((index) => selectsBesidesKeys(items, lines[index] as LineFacts))
  return taken.length === 0 ? undefined : { lines: taken, milli: null }
}

/** The rules that may apply to a sale: their context holds and each of their slots has a line. Amounts are not looked at. */
export const matchingRules = ({ rules, tables }: RuleSet, input: EvaluationInput): readonly Rule[] => {
  const { search } = tables
  const count = search.find(input)
  const matching = listOf<Rule>(count)
  let held = 0
  for (let i = 0; i < count; i += 1) {
    let number = search.ruleOfSlot[search.found[i] as number] as number
    if (number < 0) {
      number = ~number
      if (viewsOf(search, tables.rules[number] as CompiledRule, input) === null) continue
    }
    matching[held] = rules[number] as Rule
    held += 1
  }
  if (held < count) matching.length = held
  return matching
}
