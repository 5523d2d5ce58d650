import type { CompiledRule, CompiledSlot } from '../compile/compiled-rule.ts'
import type { Postings } from '../compile/postings.ts'
import type { Scratch, View } from '../compile/scratch.ts'
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
  const { rules, scratch } = tables
  const matched: Matched[] = []
  const count = touch(tables, input, range)
  for (let i = 0; i < count; i += 1) {
    const compiled = rules[scratch.found[i] as number] as CompiledRule
    const views = viewsOf(tables, compiled, input)
    if (views !== null) matched.push({ compiled, views })
  }
  return matched
}

/** Finds the rules that context and products reach, ascending, and returns how many. Looks at no others. */
const touch = (tables: Tables, input: EvaluationInput, range: Range): number => {
  const { scratch, wholeBasket, phaseStart, rules, postings, ruleOfSlot } = tables
  const first = range === 'accrual' ? (phaseStart[4] as number) : 0
  if (first === rules.length) return 0
  const accepting = tables.context.accepting(input)
  const { touched, rows, found } = scratch
  const { offsets, slots } = postings
  const starts = first === 0 ? offsets : postings.accrual
  const firstWord = first >> 5
  scratch.begin()
  for (let word = firstWord; word < touched.length; word += 1) {
    touched[word] = (wholeBasket[word] as number) & (accepting[word] as number)
  }
  touched[firstWord] = (touched[firstWord] as number) & (-1 << (first & 31))
  for (let line = 0; line < input.lines.length; line += 1) {
    const rowCount = rowsOf(postings, input.lines[line] as LineFacts, rows)
    for (let row = 0; row < rowCount; row += 1) {
      const id = rows[row] as number
      const end = offsets[id + 1] as number
      for (let i = starts[id] as number; i < end; i += 1) {
        const slot = slots[i] as number
        const rule = ruleOfSlot[slot] as number
        const bit = 1 << (rule & 31)
        if (((accepting[rule >> 5] as number) & bit) === 0) continue
        touched[rule >> 5] = (touched[rule >> 5] as number) | bit
        scratch.note(slot, line)
      }
    }
  }
  let count = 0
  for (let word = firstWord; word < touched.length; word += 1) {
    for (let bits = touched[word] as number; bits !== 0; bits &= bits - 1) {
      found[count] = word * 32 + 31 - Math.clz32(bits & -bits)
      count += 1
    }
  }
  return count
}

/** Writes the rows of postings that a line reaches, and returns how many. */
const rowsOf = (
  { products, categories, producers, tags }: Postings,
  { product }: LineFacts,
  rows: number[],
): number => {
  if (product === undefined) return 0
  let count = put(rows, 0, products.get(product.id))
  if (categories.size > 0) for (const category of product.categories) count = put(rows, count, categories.get(category))
  if (product.producer !== undefined) count = put(rows, count, producers.get(product.producer))
  if (tags.size > 0) for (const tag of product.tags) count = put(rows, count, tags.get(tag))
  return count
}

const put = (rows: number[], count: number, row: number | undefined): number => {
  if (row === undefined) return count
  rows[count] = row
  return count + 1
}

/** The lines of a touched rule's slots; `null` where what no index says fails, or a slot has none. */
const viewsOf = ({ scratch }: Tables, compiled: CompiledRule, input: EvaluationInput): readonly View[] | null => {
  const { slots, residual, minuteValid, rule } = compiled
  if (minuteValid && !validNow(rule, input)) return null
  if (residual !== undefined && !restHolds(residual, input)) return null
  if (slots.length === 0) return NO_VIEWS
  const first = viewOf(scratch, slots[0] as CompiledSlot, input)
  if (slots.length === 1 || first === null) return first
  const views = first.slice()
  for (let index = 1; index < slots.length; index += 1) {
    const [view] = viewOf(scratch, slots[index] as CompiledSlot, input) ?? NO_VIEWS
    if (view === undefined) return null
    views.push(view)
  }
  return views
}

/** The lines of one slot as the only view; `null` where it has none. */
const viewOf = (
  scratch: Scratch,
  { number, items, filtered }: CompiledSlot,
  { lines }: EvaluationInput,
): readonly View[] | null => {
  if (number >= 0) {
    const views = scratch.viewOf(number)
    if (views === null || !filtered) return views
    return someOf((views[0] as View).lines.filter((index) => selectsBesidesKeys(items, lines[index] as LineFacts)))
  }
  // Without keys: what is left of the selector says it all.
  const taken: number[] = []
  for (let index = 0; index < lines.length; index += 1) {
    if (selectsBesidesKeys(items, lines[index] as LineFacts)) taken.push(index)
  }
  return someOf(taken)
}

const someOf = (lines: readonly number[]): readonly View[] | null =>
  lines.length === 0 ? null : [{ lines, milli: null }]

/** The rules that may apply to a sale: their context holds and each of their slots has a line. Amounts are not looked at. */
export const matchingRules = (ruleSet: RuleSet, input: EvaluationInput): readonly Rule[] => {
  const { tables } = ruleSet
  const count = touch(tables, input, input.mode === 'price' ? 'all' : 'accrual')
  const rules = listOf<Rule>(count)
  let held = 0
  for (let i = 0; i < count; i += 1) {
    const number = tables.scratch.found[i] as number
    const isCertain = (((tables.certain[number >> 5] as number) >> (number & 31)) & 1) === 1
    if (isCertain || viewsOf(tables, tables.rules[number] as CompiledRule, input) !== null) {
      rules[held] = ruleSet.rules[number] as Rule
      held += 1
    }
  }
  if (held < count) rules.length = held
  return rules
}
