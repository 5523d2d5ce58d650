import type { Condition } from '../condition.ts'
import { inCalendar, NAMED } from '../evaluate/holds.ts'
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
class Kept<K> {
  private readonly sets = new Map<K, Bits>()
  private readonly make: (value: K) => Bits

  constructor(make: (value: K) => Bits) {
    this.make = make
  }

  of(value: K): Bits {
    return this.sets.get(value) ?? this.add(value)
  }

  private add(value: K): Bits {
    if (this.sets.size >= CACHED_MAX) this.sets.clear()
    const bits = this.make(value)
    this.sets.set(value, bits)
    return bits
  }
}

/**
 * One field of conditions over all rules: which rules accept a value. Rules that do not name the field accept every value,
 * also a missing one.
 */
class Dimension {
  readonly of: (input: EvaluationInput) => unknown
  private readonly indifferent: Bits
  private readonly byValue = new Map<unknown, number[]>()
  private readonly union: Bits
  private readonly kept = new Kept<unknown>((value) => {
    const bits = this.indifferent.slice()
    for (const rule of this.byValue.get(value) ?? []) setBit(bits, rule)
    return bits
  })

  constructor(of: Dimension['of'], words: number) {
    this.of = of
    this.indifferent = new Int32Array(words).fill(-1)
    this.union = new Int32Array(words)
  }

  add(wanted: unknown, rule: number): void {
    clearBit(this.indifferent, rule)
    for (const value of Array.isArray(wanted) ? wanted : [wanted]) {
      const list = this.byValue.get(value)
      if (list === undefined) this.byValue.set(value, [rule])
      else list.push(rule)
    }
  }

  /** Of several values one must be named. The answer may be overwritten by the next call. */
  accepting(actual: unknown): Bits {
    if (!Array.isArray(actual)) return this.one(actual)
    let bits = this.indifferent
    for (let i = 0; i < actual.length; i += 1) {
      or(this.union, bits, this.one(actual[i]))
      bits = this.union
    }
    return bits
  }

  private one(value: unknown): Bits {
    return this.byValue.has(value) ? this.kept.of(value) : this.indifferent
  }
}

/** The part of a condition that the context index does not settle; it is tested on touched rules only. */
export const residualOf = ({ member, visits, all, any, not }: Condition): Condition | undefined =>
  (member ?? visits ?? all ?? any ?? not) ? ({ member, visits, all, any, not } as Condition) : undefined

/** The bit sets of all conditions that do not look at lines, built when first asked for. */
export class ContextIndex {
  private readonly dimensions = new Map<string, Dimension>()
  private readonly fields: readonly Dimension[]
  private readonly dates: Kept<string>
  private readonly times: Kept<number>
  /** For each minute of the day the first of its segment between window ends. */
  private readonly segment = new Uint16Array(1440)
  private readonly result: Bits

  constructor(rules: readonly Rule[]) {
    this.result = bitsFor(rules.length)
    const dated: number[] = []
    const timed: number[] = []
    const cuts = new Set<number>()
    rules.forEach(({ valid, when = {} }, rule) => {
      if (valid ?? when.exceptDates) dated.push(rule)
      if (when.weekdays ?? when.hours) timed.push(rule)
      for (const time of when.hours?.flat() ?? []) cuts.add(Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)))
      for (const field in when) this.name(field, when[field as keyof Condition], rule)
    })
    for (let minute = 1; minute < 1440; minute += 1) {
      this.segment[minute] = cuts.has(minute) ? minute : (this.segment[minute - 1] as number)
    }
    const allBut = (of: readonly number[], fails: (rule: Rule) => boolean): Bits => {
      const bits = bitsFor(rules.length).fill(-1)
      for (const rule of of) if (fails(rules[rule] as Rule)) clearBit(bits, rule)
      return bits
    }
    this.fields = [...this.dimensions.values()]
    this.dates = new Kept((date) => allBut(dated, (rule) => !onDate(rule, date)))
    this.times = new Kept((key) =>
      allBut(timed, ({ when }) => !inCalendar(when as Condition, Math.floor(key / 1440), key % 1440)),
    )
  }

  private name(field: string, wanted: unknown, rule: number): void {
    const of = NAMED.get(field)
    if (of === undefined || wanted === undefined) return
    let dimension = this.dimensions.get(field)
    if (dimension === undefined) {
      dimension = new Dimension(of, this.result.length)
      this.dimensions.set(field, dimension)
    }
    dimension.add(wanted, rule)
  }

  /** Rules whose context accepts this sale. The answer is overwritten by the next call. */
  accepting(input: EvaluationInput): Bits {
    const { result, fields } = this
    const { date, weekday, minute } = input.at
    and(result, this.dates.of(date), this.times.of(weekday * 1440 + (this.segment[minute] as number)))
    for (let i = 0; i < fields.length; i += 1) {
      const field = fields[i] as Dimension
      and(result, result, field.accepting(field.of(input)))
    }
    return result
  }
}

/** Whether a rule may apply on a date: validity to the day, and `exceptDates`. */
const onDate = ({ valid, when }: Rule, date: string): boolean =>
  !(valid?.from !== undefined && valid.from >= `${date}T24:00`) &&
  !(valid?.to !== undefined && valid.to <= `${date}T00:00`) &&
  when?.exceptDates?.includes(date) !== true
