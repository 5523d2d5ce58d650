import { canonicalJson, keysInOrder } from '../canonical.ts'
import type { Condition, ItemSelector, Repeat, Slot, Threshold } from '../condition.ts'
import { hasKeys } from '../evaluate/selects.ts'
import { passOf, rootGroup } from './order.ts'
import { residualOf } from './context.ts'
import type { Activation, ExpiryPolicy, PointType, RoundingMode, RuleGroup } from '../program.ts'
import type { Effect, Limit, Rounding, Rule } from '../rule.ts'

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

/** An effect with everything resolved that does not depend on the sale. */
export interface CompiledEffect {
  readonly effect: Effect
  /** Which of the rule's effects. */
  readonly index: number
  /** Index of its slot, −1 for the whole basket. */
  readonly slot: number
  /** The point type that it names, or the main one. */
  readonly type: PointType
  readonly how: { readonly mode: RoundingMode; readonly increment: number }
  readonly terms: Terms
}

/** When the points of an effect become spendable and when they expire, keys in order; `key` is equal for what means the same. */
export interface Terms {
  readonly activation: Activation
  readonly expiry: ExpiryPolicy
  readonly key: string
}

/** An expiry at the end of a day need not say so. */
export const termsOf = (activation: Activation, expiry: ExpiryPolicy): Terms => ({
  activation: keysInOrder(activation),
  expiry: keysInOrder(expiry),
  key: canonicalJson([activation, { endOf: 'day', ...expiry }]),
})

/** What of a program rules are compiled with. */
export interface Naming {
  readonly groups: ReadonlyMap<string, RuleGroup>
  readonly types: ReadonlyMap<string, PointType>
  readonly mainPointType: string
  /** Of each point type, by its code. */
  readonly terms: ReadonlyMap<string, Terms>
}

/** A rule with everything resolved that does not depend on the sale. */
export interface CompiledRule {
  readonly rule: Rule
  /** Of the rule, here because rules have many shapes and this has one. */
  readonly id: string
  readonly version: number
  /** It has tags, or excludes some. */
  readonly isTagged: boolean
  /** Its entries name a receipt text or funders. */
  readonly isNoted: boolean
  readonly number: number
  readonly slots: readonly CompiledSlot[]
  readonly effects: readonly CompiledEffect[]
  readonly limits: readonly CompiledLimit[]
  readonly residual: Condition | undefined
  /** Validity has to be compared to the minute, because it begins or ends within a day. */
  readonly minuteValid: boolean
  readonly root: string | undefined
  /** Points before multipliers that add before those that multiply. */
  readonly pass: number
  readonly claims: boolean
}

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

type Named = Partial<{ of: string; pointType: string; rounding: Rounding } & Pick<Terms, 'activation' | 'expiry'>>

const compileEffect = (rule: Rule, index: number, { types, mainPointType, terms }: Naming): CompiledEffect => {
  const effect = rule.then[index] as Effect
  const { of, pointType = mainPointType, rounding, activation, expiry } = effect as Named
  const slot = of === undefined ? -1 : (rule.slots ?? []).findIndex(({ name }) => name === of)
  if (of !== undefined && slot < 0) throw new RangeError(`rule ${rule.id} names unknown slot ${of}`)
  const type = types.get(pointType)
  if (type === undefined) throw new RangeError(`rule ${rule.id} names unknown point type ${pointType}`)
  const ofPoints = effect.do === 'points' || effect.do === 'multiply'
  const mode = rounding?.mode ?? (ofPoints ? type.rounding : 'halfUp')
  return {
    effect,
    index,
    slot,
    type,
    how: { mode, increment: rounding?.increment ?? 1 },
    terms:
      (activation ?? expiry) === undefined
        ? (terms.get(pointType) as Terms)
        : termsOf(activation ?? type.activation, expiry ?? type.expiry),
  }
}

const withinDay = (moment: string | undefined): boolean => moment !== undefined && !moment.endsWith('T00:00')

/** Numbers the keyed slots from `firstSlot` on. */
export const compileRule = (rule: Rule, number: number, firstSlot: number, naming: Naming): CompiledRule => {
  let next = firstSlot
  const slots = (rule.slots ?? []).map((slot) => {
    if (!hasKeys(slot.items)) return compileSlot(slot, -1)
    next += 1
    return compileSlot(slot, next - 1)
  })
  return {
    rule,
    id: rule.id,
    version: rule.version,
    isTagged: (rule.tags ?? rule.excludes) !== undefined,
    isNoted: (rule.text ?? rule.funding) !== undefined,
    number,
    slots,
    effects: rule.then.map((_, index) => compileEffect(rule, index, naming)),
    limits: (rule.limits ?? []).map((limit, index) => ({ ...limit, id: limit.id ?? `${rule.id}.${index + 1}` })),
    residual: rule.when === undefined ? undefined : residualOf(rule.when),
    minuteValid: withinDay(rule.valid?.from) || withinDay(rule.valid?.to),
    root: rootGroup(rule, naming.groups),
    pass: passOf(rule),
    claims: slots.some((slot) => slot.claims),
  }
}
