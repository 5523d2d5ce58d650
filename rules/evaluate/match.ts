import type { CompiledRule } from '../compile/compiled-rule.ts'
import type { RuleSet, Tables } from '../compile/rule-set.ts'
import type { Rule } from '../rule.ts'
import type { EvaluationInput, LineFacts, ProductFacts } from '../sale.ts'
import { restHolds } from './holds.ts'
import { selects, selectsBesidesKeys } from './selects.ts'

/** A rule whose context holds and each of whose slots has at least one line. */
export interface Matched {
  readonly compiled: CompiledRule
  /** For each slot the indexes of its lines, ascending. */
  readonly lines: readonly (readonly number[])[]
}

/** Which phases run: all of them, or accrual only. */
export type Range = 'all' | 'accrual'

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

/** Validity to the minute; the context index has settled it to the day. */
const validNow = ({ rule, minuteValid }: CompiledRule, { at }: EvaluationInput): boolean => {
  if (!minuteValid) return true
  const now = `${at.date}T${two(Math.floor(at.minute / 60))}:${two(at.minute % 60)}`
  const { from, to } = rule.valid ?? {}
  return (from === undefined || now >= from) && (to === undefined || now < to)
}

/** Finds the rules that may apply, in the order of evaluation. Looks at no rule that neither product nor context reaches. */
export const match = (tables: Tables, input: EvaluationInput, range: Range): Matched[] => {
  const { rules, scratch, wholeBasket, phaseStart } = tables
  const first = range === 'accrual' ? (phaseStart[4] as number) : 0
  const matched: Matched[] = []
  if (first === rules.length) return matched
  const accepting = tables.context.accepting(input)
  const { lines } = input
  const { touched } = scratch
  scratch.begin()
  for (let word = first >> 5; word < touched.length; word += 1) {
    touched[word] = (wholeBasket[word] as number) & (accepting[word] as number)
  }
  for (let index = 0; index < lines.length; index += 1) {
    const { product } = lines[index] as LineFacts
    if (product !== undefined) visit(tables, product, accepting, { line: index, accrualOnly: range === 'accrual' })
  }
  for (let word = first >> 5; word < touched.length; word += 1) {
    let bits = touched[word] as number
    while (bits !== 0) {
      const bit = bits & -bits
      bits ^= bit
      const number = word * 32 + 31 - Math.clz32(bit)
      if (number < first) continue
      const one = complete(tables, rules[number] as CompiledRule, input)
      if (one !== null) matched.push(one)
    }
  }
  return matched
}

interface Visit {
  readonly line: number
  readonly accrualOnly: boolean
}

const visit = (tables: Tables, product: ProductFacts, accepting: Int32Array, at: Visit): void => {
  const { postings } = tables
  row(tables, postings.products.get(product.id), accepting, at)
  if (postings.categories.size > 0) {
    for (const category of product.categories) row(tables, postings.categories.get(category), accepting, at)
  }
  if (product.producer !== undefined) row(tables, postings.producers.get(product.producer), accepting, at)
  if (postings.tags.size > 0) for (const tag of product.tags) row(tables, postings.tags.get(tag), accepting, at)
}

/** Notes the line for every slot of one row of postings whose rule's context holds. */
const row = (tables: Tables, id: number | undefined, accepting: Int32Array, at: Visit): void => {
  if (id === undefined) return
  const { postings, ruleOfSlot, scratch } = tables
  const { offsets, slots } = postings
  const { touched } = scratch
  const end = offsets[id + 1] as number
  for (let i = (at.accrualOnly ? postings.accrual[id] : offsets[id]) as number; i < end; i += 1) {
    const slot = slots[i] as number
    const rule = ruleOfSlot[slot] as number
    const bit = 1 << (rule & 31)
    if (((accepting[rule >> 5] as number) & bit) === 0) continue
    touched[rule >> 5] = (touched[rule >> 5] as number) | bit
    scratch.note(slot, at.line)
  }
}

const complete = ({ scratch }: Tables, compiled: CompiledRule, input: EvaluationInput): Matched | null => {
  if (!validNow(compiled, input)) return null
  if (compiled.residual !== undefined && !restHolds(compiled.residual, input)) return null
  const { slots } = compiled
  const lines: (readonly number[])[] = []
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] as CompiledRule['slots'][number]
    let taken: readonly number[]
    if (slot.number < 0) {
      taken = indexes(input.lines, (line) => selects(slot.items, line))
    } else {
      taken = scratch.linesOf(slot.number)
      if (slot.filtered) taken = taken.filter((at) => selectsBesidesKeys(slot.items, input.lines[at] as LineFacts))
    }
    if (taken.length === 0) return null
    lines.push(taken)
  }
  return { compiled, lines }
}

const indexes = (lines: readonly LineFacts[], test: (line: LineFacts) => boolean): number[] => {
  const found: number[] = []
  lines.forEach((line, index) => {
    if (test(line)) found.push(index)
  })
  return found
}

/** The rules that may apply to a sale: their context holds and each of their slots has a line. Amounts are not looked at. */
export const matchingRules = (ruleSet: RuleSet, input: EvaluationInput): readonly Rule[] =>
  match(ruleSet.tables, input, input.mode === 'price' ? 'all' : 'accrual').map(({ compiled }) => compiled.rule)
