import type { CompiledRule, CompiledSlot } from '../compile/compiled-rule.ts'
import type { Postings } from '../compile/postings.ts'
import type { RuleSet, Tables } from '../compile/rule-set.ts'
import type { Rule } from '../rule.ts'
import type { EvaluationInput, LineFacts } from '../sale.ts'
import { restHolds } from './holds.ts'
import { selects, selectsBesidesKeys } from './selects.ts'
import type { View } from './slots.ts'

/** A rule whose context holds and each of whose slots has at least one line. */
export interface Matched {
  readonly compiled: CompiledRule
  /** Of each slot its lines, ascending. */
  readonly views: readonly View[]
}

/** Which phases run: all of them, or accrual only. */
export type Range = 'all' | 'accrual'

const NO_VIEWS: readonly View[] = []

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

/** Validity to the minute; the context index has settled it to the day. */
const validNow = ({ valid }: Rule, { at }: EvaluationInput): boolean => {
  const now = `${at.date}T${two(Math.floor(at.minute / 60))}:${two(at.minute % 60)}`
  const { from = '', to = '~' } = valid ?? {}
  return now >= from && now < to
}

/** Finds the rules that may apply, in the order of evaluation. */
export const match = (tables: Tables, input: EvaluationInput, range: Range): Matched[] => {
  const { rules } = tables
  const matched: Matched[] = []
  for (const number of touch(tables, input, range)) {
    const compiled = rules[number] as CompiledRule
    const views = viewsOf(tables, compiled, input)
    if (views !== null) matched.push({ compiled, views })
  }
  return matched
}

/** Numbers of the rules that context and products reach, ascending. Looks at no others. */
const touch = (tables: Tables, input: EvaluationInput, range: Range): number[] => {
  const { scratch, wholeBasket, phaseStart, rules, postings, ruleOfSlot } = tables
  const first = range === 'accrual' ? (phaseStart[4] as number) : 0
  const numbers: number[] = []
  if (first === rules.length) return numbers
  const accepting = tables.context.accepting(input)
  const { touched, rows } = scratch
  const { offsets, slots } = postings
  const starts = first === 0 ? offsets : postings.accrual
  const firstWord = first >> 5
  scratch.begin()
  for (let word = firstWord; word < touched.length; word += 1) {
    touched[word] = (wholeBasket[word] as number) & (accepting[word] as number)
  }
  touched[firstWord] = (touched[firstWord] as number) & (-1 << (first & 31))
  for (let line = 0; line < input.lines.length; line += 1) {
    const count = rowsOf(postings, input.lines[line] as LineFacts, rows)
    for (let row = 0; row < count; row += 1) {
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
  for (let word = firstWord; word < touched.length; word += 1) {
    for (let bits = touched[word] as number; bits !== 0; bits &= bits - 1) {
      numbers.push(word * 32 + 31 - Math.clz32(bits & -bits))
    }
  }
  return numbers
}

/** Writes the rows of postings that a line reaches, and returns how many. */
const rowsOf = (
  { products, categories, producers, tags }: Postings,
  { product }: LineFacts,
  rows: number[],
): number => {
  let count = 0
  if (product === undefined) return count
  const add = (row: number | undefined): void => {
    if (row === undefined) return
    rows[count] = row
    count += 1
  }
  add(products.get(product.id))
  if (categories.size > 0) for (const category of product.categories) add(categories.get(category))
  if (product.producer !== undefined) add(producers.get(product.producer))
  if (tags.size > 0) for (const tag of product.tags) add(tags.get(tag))
  return count
}

/** The lines of a touched rule's slots; `null` where what no index says fails, or a slot has none. */
const viewsOf = ({ scratch }: Tables, compiled: CompiledRule, input: EvaluationInput): readonly View[] | null => {
  const { slots, residual, minuteValid, rule } = compiled
  if (minuteValid && !validNow(rule, input)) return null
  if (residual !== undefined && !restHolds(residual, input)) return null
  if (slots.length === 0) return NO_VIEWS
  const views: View[] = []
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] as CompiledSlot
    const view = slot.number < 0 ? among(input, slot) : scratch.viewOf(slot.number)
    const taken = view !== null && slot.filtered && slot.number >= 0 ? besidesKeys(input, slot, view) : view
    if (taken === null) return null
    views.push(taken)
  }
  return views
}

const someOf = (lines: readonly number[]): View | null => (lines.length === 0 ? null : { lines, milli: null })

const among = ({ lines }: EvaluationInput, { items }: CompiledSlot): View | null =>
  someOf(lines.flatMap((line, index) => (selects(items, line) ? [index] : [])))

const besidesKeys = ({ lines }: EvaluationInput, { items }: CompiledSlot, view: View): View | null =>
  someOf(view.lines.filter((index) => selectsBesidesKeys(items, lines[index] as LineFacts)))

/** The rules that may apply to a sale: their context holds and each of their slots has a line. Amounts are not looked at. */
export const matchingRules = (ruleSet: RuleSet, input: EvaluationInput): readonly Rule[] => {
  const { tables } = ruleSet
  const rules: Rule[] = []
  for (const number of touch(tables, input, input.mode === 'price' ? 'all' : 'accrual')) {
    const isCertain = (((tables.certain[number >> 5] as number) >> (number & 31)) & 1) === 1
    if (isCertain || viewsOf(tables, tables.rules[number] as CompiledRule, input) !== null) {
      rules.push(ruleSet.rules[number] as Rule)
    }
  }
  return rules
}
