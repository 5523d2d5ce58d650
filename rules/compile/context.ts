import type { Condition } from '../condition.ts'
import { inCalendar, minuteOf, NAMED } from '../evaluate/holds.ts'
import type { EvaluationInput } from '../sale.ts'
import type { Rule } from '../rule.ts'

/** One bit a rule. */
export type Bits = Int32Array

export const bitsFor = (rules: number): Bits => new Int32Array((rules + 31) >> 5)
export const setBit = (bits: Bits, rule: number): void => {
  bits[rule >> 5] = (bits[rule >> 5] as number) | (1 << (rule & 31))
}
const clearBit = (bits: Bits, rule: number): void => {
  bits[rule >> 5] = (bits[rule >> 5] as number) & ~(1 << (rule & 31))
}
const and = (into: Bits, a: Bits, b: Bits): void => {
  for (let word = 0; word < into.length; word += 1) into[word] = (a[word] as number) & (b[word] as number)
}
const or = (into: Bits, a: Bits, b: Bits): void => {
  for (let word = 0; word < into.length; word += 1) into[word] = (a[word] as number) | (b[word] as number)
}

/** Bit sets kept at once per dimension; a till or a backtest over years must not grow without end. */
const CACHED_MAX = 512

/** The bit set of a value, made when it is first asked for. */
const kept = <K>(make: (value: K) => Bits): ((value: K) => Bits) => {
  const sets = new Map<K, Bits>()
  const add = (value: K): Bits => {
    if (sets.size >= CACHED_MAX) sets.clear()
    const bits = make(value)
    sets.set(value, bits)
    return bits
  }
  return (value) => sets.get(value) ?? add(value)
}

type Actual = (input: EvaluationInput) => unknown

/** One field of conditions over all rules: which rules accept a value. */
interface Dimension {
  add(wanted: unknown, rule: number): void
  /** Of several values one must be named. The answer may be overwritten by the next call. */
  accepting(input: EvaluationInput): Bits
}

/** Rules that do not name the field accept every value, also a missing one. */
const dimension = (of: Actual, words: number): Dimension => {
  const indifferent = new Int32Array(words).fill(-1)
  const union = new Int32Array(words)
  const byValue = new Map<unknown, number[]>()
  const one = kept<unknown>((value) => {
    const naming = byValue.get(value)
    if (naming === undefined) return indifferent
    const bits = indifferent.slice()
    for (const rule of naming) setBit(bits, rule)
    return bits
  })
  return {
    add(wanted, rule) {
      clearBit(indifferent, rule)
      for (const value of Array.isArray(wanted) ? wanted : [wanted]) {
        const list = byValue.get(value)
        if (list === undefined) byValue.set(value, [rule])
        else list.push(rule)
      }
    },
    accepting(input) {
      const actual = of(input)
      if (!Array.isArray(actual)) return one(actual)
      // Every set has the indifferent rules.
      let bits = actual.length === 0 ? indifferent : one(actual[0])
      for (let i = 1; i < actual.length; i += 1) {
        or(union, bits, one(actual[i]))
        bits = union
      }
      return bits
    },
  }
}

/** The part of a condition that the context index does not settle; it is tested on touched rules only. */
export const residualOf = (when: Condition = {}): Condition | undefined =>
  (when.member ?? when.visits ?? when.all ?? when.any ?? when.not) ? when : undefined

/** The bit sets of all conditions that do not look at lines, built when first asked for. */
export interface ContextIndex {
  /** Rules whose context accepts this sale. The answer is the caller's until the next call. */
  accepting(input: EvaluationInput): Bits
}

export const contextIndex = (rules: readonly Rule[]): ContextIndex => {
  const result = bitsFor(rules.length)
  const byField = new Map<string, Dimension>()
  const dated: number[] = []
  const timed: number[] = []
  const cuts = new Set<number>()
  rules.forEach(({ valid, when = {} }, rule) => {
    if (valid ?? when.exceptDates) dated.push(rule)
    if (when.weekdays ?? when.hours) timed.push(rule)
    for (const time of when.hours?.flat() ?? []) cuts.add(minuteOf(time))
    for (const field in when) {
      const of = NAMED[field]
      const wanted = when[field as keyof Condition]
      if (of === undefined || wanted === undefined) continue
      const known = byField.get(field) ?? dimension(of, result.length)
      byField.set(field, known)
      known.add(wanted, rule)
    }
  })
  /** For each minute of the day the first of its segment between window ends. */
  const segment = new Uint16Array(1440)
  for (let minute = 1; minute < 1440; minute += 1) {
    segment[minute] = cuts.has(minute) ? minute : (segment[minute - 1] as number)
  }
  const allBut = (of: readonly number[], fails: (rule: Rule) => boolean): Bits => {
    const bits = bitsFor(rules.length).fill(-1)
    for (const rule of of) if (fails(rules[rule] as Rule)) clearBit(bits, rule)
    return bits
  }
  const onDay = kept((date: string) => allBut(dated, (rule) => !onDate(rule, date)))
  const atTime = kept((key: number) =>
    allBut(timed, ({ when }) => !inCalendar(when as Condition, Math.floor(key / 1440), key % 1440)),
  )
  const fields = [...byField.values()]
  return {
    accepting(input) {
      const { date, weekday, minute } = input.at
      and(result, onDay(date), atTime(weekday * 1440 + (segment[minute] as number)))
      for (let i = 0; i < fields.length; i += 1) and(result, result, (fields[i] as Dimension).accepting(input))
      return result
    },
  }
}

/** Whether a rule may apply on a date: validity to the day, and `exceptDates`. */
const onDate = ({ valid, when }: Rule, date: string): boolean =>
  !(valid?.from !== undefined && valid.from >= `${date}T24:00`) &&
  !(valid?.to !== undefined && valid.to <= `${date}T00:00`) &&
  when?.exceptDates?.includes(date) !== true
