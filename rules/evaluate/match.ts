import type { CompiledRule } from '../compile/compiled-rule.ts'
import type { RuleSet, Tables } from '../compile/rule-set.ts'
import type { Rule } from '../rule.ts'
import type { EvaluationInput, LineFacts } from '../sale.ts'
import { holds } from './holds.ts'
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
export const validNow = ({ rule, minuteValid }: CompiledRule, { at }: EvaluationInput): boolean => {
  if (!minuteValid) return true
  const now = `${at.date}T${two(Math.floor(at.minute / 60))}:${two(at.minute % 60)}`
  return (
    (rule.valid?.from === undefined || now >= rule.valid.from) && (rule.valid?.to === undefined || now < rule.valid.to)
  )
}

/** Finds the rules that may apply, in the order of evaluation. Looks at no rule that neither product nor context reaches. */
export const match = (tables: Tables, input: EvaluationInput, range: Range): Matched[] => {
  const { rules, context, postings, ruleOfSlot, wholeBasket, phaseStart } = tables
  const first = range === 'accrual' ? (phaseStart[4] as number) : 0
  if (first === rules.length) return []
  const accepting = context.accepting(input)
  const slotLines = new Map<number, number[]>()
  const touched = new Set<number>()
  input.lines.forEach((line, index) => {
    if (line.product === undefined) return
    postings.visit(line.product, range === 'accrual', (slot) => {
      const rule = ruleOfSlot[slot] as number
      if (((accepting[rule >> 5] as number) & (1 << (rule & 31))) === 0) return
      const lines = slotLines.get(slot)
      if (lines === undefined) {
        slotLines.set(slot, [index])
        touched.add(rule)
      } else if (lines.at(-1) !== index) lines.push(index)
    })
  })
  const numbers = [...touched]
  for (let word = first >> 5; word < wholeBasket.length; word += 1) {
    let bits = (wholeBasket[word] as number) & (accepting[word] as number)
    while (bits !== 0) {
      const bit = bits & -bits
      const number = word * 32 + 31 - Math.clz32(bit)
      if (number >= first) numbers.push(number)
      bits ^= bit
    }
  }
  numbers.sort((a, b) => a - b)
  const matched: Matched[] = []
  for (const number of numbers) {
    const one = complete(rules[number] as CompiledRule, input, slotLines)
    if (one !== null) matched.push(one)
  }
  return matched
}

const complete = (
  compiled: CompiledRule,
  input: EvaluationInput,
  slotLines: ReadonlyMap<number, readonly number[]>,
): Matched | null => {
  if (!validNow(compiled, input)) return null
  if (compiled.residual !== undefined && !holds(compiled.residual, input)) return null
  const lines: (readonly number[])[] = []
  for (const slot of compiled.slots) {
    let taken: readonly number[]
    if (slot.number >= 0) {
      taken = slotLines.get(slot.number) ?? []
      if (slot.filtered)
        taken = taken.filter((index) => selectsBesidesKeys(slot.items, input.lines[index] as LineFacts))
    } else taken = everyLine(input).filter((index) => selects(slot.items, input.lines[index] as LineFacts))
    if (taken.length === 0) return null
    lines.push(taken)
  }
  return { compiled, lines }
}

const everyLine = (input: EvaluationInput): number[] => input.lines.map((_, index) => index)

/** The rules that may apply to a sale: their context holds and each of their slots has a line. Amounts are not looked at. */
export const matchingRules = (ruleSet: RuleSet, input: EvaluationInput): readonly Rule[] =>
  match(ruleSet.tables, input, input.mode === 'price' ? 'all' : 'accrual').map(({ compiled }) => compiled.rule)
