import type { Condition } from '../condition.ts'
import { inCalendar, minuteOf, NAMED } from '../evaluate/holds.ts'
import { phaseOf } from './order.ts'
import type { EvaluationInput } from '../sale.ts'
import type { Rule } from '../rule.ts'

/** One bit a slot. */
export type Bits = Int32Array

export const bitsFor = (slots: number): Bits => new Int32Array((slots + 31) >> 5)
const setBit = (bits: Bits, slot: number): void => {
  bits[slot >> 5] = (bits[slot >> 5] as number) | (1 << slot)
}

/** Adds a slot to the list of a key. */
export const enlist = <K>(lists: Map<K, number[]>, key: K, slot: number): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [slot])
  else list.push(slot)
}

/** The part of a condition that the context index does not settle; it is tested on touched rules only. */
export const residualOf = (when: Condition = {}): Condition | undefined =>
  (when.member ?? when.visits ?? when.all ?? when.any ?? when.not) ? when : undefined

/** Which rules accept a value. */
type Test = (value: never) => (rule: Rule) => boolean

/** One field of conditions over all rules. */
interface Field {
  /** What a sale has of it: one value, several, or none. */
  readonly of: (input: EvaluationInput) => unknown
  /** Slots whose rules do not look at the field: they accept every value, also a missing one. */
  readonly indifferent: Bits
  /** All other slots by what they want: a value, or a test of values. */
  readonly byValue: Map<unknown, number[]>
  readonly test: Test | undefined
}

/** Where the values of a sale lead to, one after the other. */
interface Step {
  readonly on: Map<unknown, Step>
  /** After all values of a field. */
  end?: Step
  /** Slots that accept one of the field's values so far. */
  readonly named: readonly (readonly number[])[]
  /** Slots that accept all fields before. */
  readonly bits: Bits
}

/** Steps kept at once; a till or a backtest over years must not grow without end. */
const STEPS_MAX = 2048

/** The slots that accept all of some fields, kept by the values that sales have. */
type Joined = (input: EvaluationInput) => Bits
const joined = (fields: readonly Field[], rules: readonly Rule[]): Joined => {
  const all = bitsFor(rules.length).fill(-1)
  let steps = STEPS_MAX
  let first: Step
  const stepOf = (bits: Bits, named: Step['named']): Step => ({ on: new Map(), named, bits })
  const add = (at: Step, { byValue, test }: Field, value: unknown): Step => {
    const accepts = test?.(value as never)
    const naming = accepts ? byValue.get(test)?.filter((slot) => accepts(rules[slot] as Rule)) : byValue.get(value)
    const step = naming ? stepOf(at.bits, [...at.named, naming]) : at
    at.on.set(value, step)
    steps += 1
    return step
  }
  const endOf = ({ bits, named }: Step, { indifferent }: Field): Step => {
    const accepted = indifferent.slice()
    for (const slots of named) for (const slot of slots) setBit(accepted, slot)
    for (let word = 0; word < bits.length; word += 1)
      accepted[word] = (accepted[word] as number) & (bits[word] as number)
    return stepOf(accepted, [])
  }
  return (input) => {
    if (steps >= STEPS_MAX) {
      first = stepOf(all, [])
      steps = 0
    }
    let at = first
    for (let i = 0; i < fields.length; i += 1) {
      const field = fields[i] as Field
      const actual = field.of(input)
      if (Array.isArray(actual)) {
        for (let k = 0; k < actual.length; k += 1) at = at.on.get(actual[k]) ?? add(at, field, actual[k])
      } else at = at.on.get(actual) ?? add(at, field, actual)
      at = at.end ??= endOf(at, field)
    }
    return at.bits
  }
}

/** Fields whose values come together again and again; all others are of card and person. */
const PARTS = [
  ['date', 'dates', 'holidays'],
  ['mode', 'time'],
  ['outlets', 'outletTypes', 'countries', 'regions', 'owners', 'outletGroups'],
  ['tenders', 'vouchers', 'segments'],
]

/** What accepts a sale: of time, place, person and payment. */
export type Sets = Readonly<Record<'a' | 'b' | 'c' | 'd' | 'e', Bits>>

/**
 * The conditions that do not look at lines, for the rule of each slot. A sale is accepted by the slots that all five sets
 * have; they are the caller's until the next call.
 */
export const contextIndex = (rules: readonly Rule[]): ((input: EvaluationInput) => Sets) => {
  /** For each minute of the day the first of its segment between window ends. */
  const segment = new Uint16Array(1440)
  const ofs: typeof NAMED = {
    ...NAMED,
    date: ({ at }) => at.date,
    mode: ({ mode }) => mode,
    time: ({ at }) => at.weekday * 1440 + (segment[at.minute] as number),
  }
  const fields = new Map<string, Field>()
  const add = (name: string, slot: number, wanted: unknown): void => {
    const of = ofs[name]
    if (of === undefined || wanted === undefined) return
    const field = fields.get(name) ?? {
      of,
      indifferent: bitsFor(rules.length).fill(-1),
      byValue: new Map<unknown, number[]>(),
      test: typeof wanted === 'function' ? (wanted as Test) : undefined,
    }
    fields.set(name, field)
    field.indifferent[slot >> 5] = (field.indifferent[slot >> 5] as number) & ~(1 << slot)
    for (const value of [wanted].flat()) enlist(field.byValue, value, slot)
  }
  rules.forEach((rule, slot) => {
    const { valid, when = {} } = rule
    // The price phases do not run on a finished sale.
    if (phaseOf(rule) < 4) add('mode', slot, 'price')
    if (valid ?? when.exceptDates) add('date', slot, onDate)
    if (when.weekdays ?? when.hours) add('time', slot, atTime)
    for (const name in when) add(name, slot, when[name as keyof Condition])
    for (const time of when.hours?.flat() ?? []) segment[minuteOf(time)] = minuteOf(time)
  })
  for (let minute = 1; minute < 1440; minute += 1) segment[minute] ||= segment[minute - 1] as number
  const known = PARTS.flat()
  const others = [...fields.keys()].filter((name) => !known.includes(name))
  const [a, b, c, d, e] = [...PARTS, others].map((part) =>
    joined(
      part.flatMap((name) => fields.get(name) ?? []),
      rules,
    ),
  ) as [Joined, Joined, Joined, Joined, Joined]
  return (input) => ({ a: a(input), b: b(input), c: c(input), d: d(input), e: e(input) })
}

/** Whether a rule may apply on a date: validity to the day, and `exceptDates`. */
const onDate = (date: string): ((rule: Rule) => boolean) => {
  const begin = `${date}T00:00`
  const end = `${date}T24:00`
  return ({ valid: { from = begin, to = end } = {}, when }) =>
    from < end && to > begin && when?.exceptDates?.includes(date) !== true
}

const atTime =
  (key: number) =>
  ({ when }: Rule): boolean =>
    inCalendar(when as Condition, Math.floor(key / 1440), key % 1440)
