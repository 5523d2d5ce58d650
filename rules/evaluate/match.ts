import type { CompiledRule, CompiledSlot } from '../compile/compiled-rule.ts'
import type { Search, View } from '../compile/search.ts'
import { NO_SLOT, type RuleSet, type Tables } from '../compile/rule-set.ts'
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

/** Which phases run: all of them, or accrual only. */
export type Range = 'all' | 'accrual'

const NO_VIEWS: readonly View[] = []

const two = (value: number): string => String(value).padStart(2, '0')

/** Validity to the minute; the context index has settled it to the day. */
const validNow = ({ valid }: Rule, { at }: EvaluationInput): boolean => {
  const now = `${at.date}T${two(Math.floor(at.minute / 60))}:${two(at.minute % 60)}`
  const { from = '', to = '~' } = valid ?? {}
  return now >= from && now < to
}

/** Finds the rules that may apply, in the order of evaluation. */
export const match = (tables: Tables, input: EvaluationInput, range: Range): Matched[] => {
  const { rules, search } = tables
  const matched: Matched[] = []
  const count = touch(tables, input, range)
  for (let i = 0; i < count; i += 1) {
    const number = search.found[i] as number
    const views = viewsOf(tables, number, input)
    if (views !== null) matched.push({ compiled: rules[number] as CompiledRule, views })
  }
  return matched
}

/** Finds the rules that context and products reach, ascending, and returns how many. Looks at no others. */
const touch = ({ search, postings, phaseStart, rules }: Tables, input: EvaluationInput, range: Range): number => {
  const accrualOnly = range === 'accrual'
  if (accrualOnly && phaseStart[4] === rules.length) return 0
  const { products, categories, producers, tags } = postings
  search.begin(input, accrualOnly)
  for (let line = 0; line < input.lines.length; line += 1) {
    const { product } = input.lines[line] as LineFacts
    if (product === undefined) continue
    search.reach(products.get(product.id), line)
    if (categories.size > 0) for (const category of product.categories) search.reach(categories.get(category), line)
    if (product.producer !== undefined) search.reach(producers.get(product.producer), line)
    if (tags.size > 0) for (const tag of product.tags) search.reach(tags.get(tag), line)
  }
  return search.end()
}

/** The lines of a touched rule's slots; `null` where what no index says fails, or a slot has none. */
const viewsOf = ({ search, slotOf, rules }: Tables, number: number, input: EvaluationInput): readonly View[] | null => {
  const only = slotOf[number] as number
  if (only >= 0) return search.viewOf(only)
  if (only === NO_SLOT) return NO_VIEWS
  const { slots, residual, minuteValid, rule } = rules[number] as CompiledRule
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
export const matchingRules = (ruleSet: RuleSet, input: EvaluationInput): readonly Rule[] => {
  const { tables } = ruleSet
  const count = touch(tables, input, input.mode === 'price' ? 'all' : 'accrual')
  const rules = listOf<Rule>(count)
  let held = 0
  for (let i = 0; i < count; i += 1) {
    const number = tables.search.found[i] as number
    if ((tables.slotOf[number] as number) < NO_SLOT && viewsOf(tables, number, input) === null) continue
    rules[held] = ruleSet.rules[number] as Rule
    held += 1
  }
  if (held < count) rules.length = held
  return rules
}
