import { canonicalJson, keysInOrder } from '../canonical.ts'
import type { Condition, ItemSelector, Repeat, Slot, Threshold } from '../condition.ts'
import { hasKeys } from '../evaluate/selects.ts'
import { named, passOf, rootGroup } from './order.ts'
import { residualOf } from './context.ts'
import type {
  Activation,
  Basis,
  DatedActivation,
  ExpiryPolicy,
  PointType,
  RoundingMode,
  RuleGroup,
} from '../program.ts'
import type { Bracket, Effect, Limit, PointsEffect, PointsFormula, Rounding, Rule } from '../rule.ts'
import type { Beneficiary } from '../sale.ts'

/** A limit with the names that its counter is found by. */
export interface CompiledLimit extends Limit {
  readonly id: string
}

/** A slot as the evaluator reads it: all slots have one shape. */
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
  /** Only lines that are reduced already, or only those that are not. */
  readonly discounted: boolean | undefined
}

/**
 * An effect with everything resolved that does not depend on the sale. One flat shape for all kinds, because each further
 * object that a rule is read from may have to come from main memory.
 */
export interface CompiledEffect extends CompiledFormula {
  readonly effect: Effect
  readonly do: Effect['do']
  /** Which of the rule's effects. */
  readonly index: number
  /** Index of its slot, −1 for the whole basket. */
  readonly slot: number
  /** The point type that it names, or the main one. */
  readonly type: PointType
  readonly to: Beneficiary | undefined
  readonly mode: RoundingMode
  readonly increment: number
  readonly at: 'rule' | 'line' | 'unit'
  readonly terms: Terms
  /** The rule's next effect. */
  readonly next: CompiledEffect | null
}

/** Points of a formula: for each `per` of what it looks at so many `points`. */
interface CompiledFormula {
  readonly of: 'times' | 'value' | 'quantity'
  readonly points: number
  readonly per: number
  readonly fullSteps: boolean
  readonly basis: Basis
  readonly brackets: readonly Bracket[] | null
}

/** What of a formula is not as in `compileEffects`. */
const formulaOf = (formula: PointsFormula | undefined, { scale, valueMinor }: PointType): Partial<CompiledFormula> => {
  switch (formula?.kind) {
    case 'perUnit':
      return { of: 'quantity', points: formula.points, per: formula.quantityMilli }
    case 'perValue':
      return {
        of: 'value',
        points: formula.points,
        per: formula.minor,
        fullSteps: formula.fullSteps === true,
        basis: formula.basis,
      }
    case 'percent': {
      const { ppm, basis } = formula
      // value · ppm / 10^6 minor units, each whole point worth `valueMinor`: one rounding of the whole fraction.
      return valueMinor === 0
        ? { basis }
        : { basis, of: 'value', points: ppm * 10 ** scale, per: 1_000_000 * valueMinor }
    }
    case 'brackets':
      return { of: 'value', basis: formula.basis, brackets: formula.brackets }
    case 'fixed':
      return formula
    case undefined:
      return {}
  }
}

/** When the points of an effect become spendable and when they expire, keys in order; `key` is equal for what means the same. */
export interface Terms {
  readonly activation: DatedActivation
  readonly expiry: ExpiryPolicy
  readonly key: string
}

/** Equal for what means the same: an expiry at the end of a day need not say so. */
export const termsKey = (activation: DatedActivation, expiry: ExpiryPolicy): string =>
  canonicalJson([activation, { endOf: 'day', ...expiry }])

/** The end of the return window is so many days after the sale. */
export const termsOf = (activation: Activation, expiry: ExpiryPolicy, returnWindowDays: number | undefined): Terms => {
  let dated: DatedActivation
  if (activation.kind !== 'afterReturnWindow') dated = activation
  else if (returnWindowDays === undefined) throw new RangeError('the program has no return window')
  else dated = { days: returnWindowDays, kind: 'afterDays' }
  return {
    activation: keysInOrder(dated),
    expiry: keysInOrder(expiry),
    key: termsKey(dated, expiry),
  }
}

/** What of a program rules are compiled with. */
export interface Naming {
  readonly groups: ReadonlyMap<string, RuleGroup>
  readonly types: ReadonlyMap<string, PointType>
  readonly mainPointType: string
  /** Of each point type, by its code. */
  readonly terms: ReadonlyMap<string, Terms>
  readonly returnWindowDays: number | undefined
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
  /** Some slot has a threshold, repeats, or looks at less than its lines. */
  readonly measures: boolean
  /** The kind of the vouchers that the rule redeems and does nothing else with: it repeats no more often than there are some. */
  readonly redeems: string | undefined
  /** Some limit may take the whole rule back. */
  readonly mayDrop: boolean
  readonly number: number
  /** The first of the rule's effects. */
  readonly effects: CompiledEffect | null
  readonly limits: readonly CompiledLimit[]
  readonly slots: readonly CompiledSlot[]
  readonly residual: Condition | undefined
  /** Validity has to be compared to the minute, because it begins or ends within a day. */
  readonly minuteValid: boolean
  readonly root: string | undefined
  /** Points before multipliers that add before those that multiply. */
  readonly pass: number
  readonly claims: boolean
  /** Some slot looks at less than its lines: other rules may have used units up, or reduced a line. */
  readonly narrows: boolean
}

const compileSlot = ({ name, items, atLeast, atMost, each, claims = false }: Slot, number: number): CompiledSlot => ({
  name,
  number,
  items,
  filtered: (items?.and ?? items?.except ?? items?.where) !== undefined,
  atLeast,
  atMost,
  each,
  claims,
  discounted: items?.where?.discounted,
})

type Fields = Partial<
  { of: string; pointType: string; rounding: Rounding } & Pick<PointsEffect, 'to' | 'formula'> & {
      activation: Activation
      expiry: ExpiryPolicy
    }
>

/** The chain of a rule's effects from one on. */
const compileEffects = (rule: Rule, index: number, naming: Naming): CompiledEffect | null => {
  const effect = rule.then[index]
  if (effect === undefined) return null
  const { of, pointType = naming.mainPointType, rounding, to, formula, activation, expiry } = effect as Fields
  const slot = of === undefined ? -1 : (rule.slots ?? []).findIndex(({ name }) => name === of)
  if (of !== undefined && slot < 0) throw new RangeError(`rule ${rule.id} names unknown slot ${of}`)
  const type = named(naming.types, pointType, 'point type')
  // Fixed points and points per unit belong to lines by their shelf value.
  const {
    of: measured = 'times',
    points = 0,
    per = 1,
    fullSteps = false,
    basis = 'gross',
    brackets = null,
  } = formulaOf(formula, type)
  return {
    effect,
    do: effect.do,
    index,
    slot,
    type,
    to,
    of: measured,
    points,
    per,
    fullSteps,
    basis,
    brackets,
    mode: rounding?.mode ?? (to === undefined ? 'halfUp' : type.rounding),
    increment: rounding?.increment ?? 1,
    at: brackets === null ? (rounding?.at ?? 'rule') : 'rule',
    terms:
      (activation ?? expiry) === undefined
        ? (naming.terms.get(pointType) as Terms)
        : termsOf(activation ?? type.activation, expiry ?? type.expiry, naming.returnWindowDays),
    next: compileEffects(rule, index + 1, naming),
  }
}

const redeemed = ([effect, ...others]: readonly Effect[]): string | undefined =>
  effect?.do === 'basketOff' && others.length === 0 ? effect.voucher : undefined

const withinDay = (moment: string | undefined): boolean => moment !== undefined && !moment.endsWith('T00:00')

/** Shared by all rules that have no limits, so that it is always at hand. */
const NONE: readonly never[] = []

/** Numbers the keyed slots from `firstSlot` on. */
export const compileRule = (rule: Rule, number: number, firstSlot: number, naming: Naming): CompiledRule => {
  let next = firstSlot
  const slots = (rule.slots ?? []).map((slot) => {
    if (!hasKeys(slot.items)) return compileSlot(slot, -1)
    next += 1
    return compileSlot(slot, next - 1)
  })
  const limits = rule.limits?.map((limit, index) => ({ ...limit, id: limit.id ?? `${rule.id}.${index + 1}` })) ?? NONE
  const claims = slots.some((slot) => slot.claims)
  const narrows = claims || slots.some(({ discounted }) => discounted !== undefined)
  return {
    rule,
    id: rule.id,
    version: rule.version,
    isTagged: (rule.tags ?? rule.excludes) !== undefined,
    isNoted: (rule.text ?? rule.funding) !== undefined,
    measures: narrows || slots.some(({ atLeast, atMost, each }) => (atLeast ?? atMost ?? each) !== undefined),
    redeems: redeemed(rule.then),
    mayDrop: limits.some(({ over, measure }) => over === 'drop' && measure !== 'uses'),
    number,
    effects: compileEffects(rule, 0, naming),
    limits,
    slots,
    residual: residualOf(rule.when),
    minuteValid: withinDay(rule.valid?.from) || withinDay(rule.valid?.to),
    root: rootGroup(rule, naming.groups),
    pass: passOf(rule),
    claims,
    narrows,
  }
}
