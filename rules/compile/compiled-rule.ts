import type { Condition, ItemSelector, Repeat, Slot, Threshold } from '../condition.ts'
import { passOf, rootGroup } from './order.ts'
import { residualOf } from './context.ts'
import type { RuleGroup } from '../program.ts'
import type { Effect, Limit, Rule } from '../rule.ts'

/** A limit with the names that its counter is found by. */
export interface CompiledLimit extends Limit {
  readonly id: string
}

/** A slot as the evaluator reads it. */
export interface CompiledSlot {
  readonly name: string
  /** Number of the slot over the whole set; −1 where the slot takes lines without any key. */
  readonly number: number
  readonly items: ItemSelector | undefined
  /** What postings cannot say: `and`, `except`, `where`. */
  readonly filtered: boolean
  readonly atLeast: Threshold | undefined
  readonly atMost: Threshold | undefined
  readonly each: Repeat | undefined
  readonly claims: boolean
}

/** A rule with everything resolved that does not depend on the sale. */
export interface CompiledRule {
  readonly rule: Rule
  readonly number: number
  readonly slots: readonly CompiledSlot[]
  /** For each effect the index of its slot, −1 for the whole basket. */
  readonly of: readonly number[]
  readonly limits: readonly CompiledLimit[]
  readonly residual: Condition | undefined
  /** Validity has to be compared to the minute, because it begins or ends within a day. */
  readonly minuteValid: boolean
  readonly root: string | undefined
  /** Points before multipliers that add before those that multiply. */
  readonly pass: number
  readonly claims: boolean
}

/** Keys of a slot exist when it names products, categories, producers or tags. */
export const hasKeys = (items: ItemSelector | undefined): boolean =>
  items !== undefined &&
  (items.products !== undefined ||
    items.categories !== undefined ||
    items.producers !== undefined ||
    items.tags !== undefined)

const compileSlot = (slot: Slot, number: number): CompiledSlot => ({
  name: slot.name,
  number,
  items: slot.items,
  filtered: slot.items?.and !== undefined || slot.items?.except !== undefined || slot.items?.where !== undefined,
  atLeast: slot.atLeast,
  atMost: slot.atMost,
  each: slot.each,
  claims: slot.claims === true,
})

const slotOf = (effect: Effect, rule: Rule): number => {
  const name = 'of' in effect ? effect.of : undefined
  if (name === undefined) return -1
  const index = (rule.slots ?? []).findIndex((slot) => slot.name === name)
  if (index < 0) throw new RangeError(`rule ${rule.id} names unknown slot ${name}`)
  return index
}

const withinDay = (moment: string | undefined): boolean => moment !== undefined && !moment.endsWith('T00:00')

/** Numbers the keyed slots from `firstSlot` on. */
export const compileRule = (
  rule: Rule,
  number: number,
  firstSlot: number,
  groups: ReadonlyMap<string, RuleGroup>,
): CompiledRule => {
  let next = firstSlot
  const slots = (rule.slots ?? []).map((slot) => {
    if (!hasKeys(slot.items)) return compileSlot(slot, -1)
    next += 1
    return compileSlot(slot, next - 1)
  })
  return {
    rule,
    number,
    slots,
    of: rule.then.map((effect) => slotOf(effect, rule)),
    limits: (rule.limits ?? []).map((limit, index) => ({ ...limit, id: limit.id ?? `${rule.id}.${index + 1}` })),
    residual: rule.when === undefined ? undefined : residualOf(rule.when),
    minuteValid: withinDay(rule.valid?.from) || withinDay(rule.valid?.to),
    root: rootGroup(rule, groups),
    pass: passOf(rule),
    claims: slots.some((slot) => slot.claims),
  }
}
