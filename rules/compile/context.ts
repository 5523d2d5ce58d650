import type { Condition } from '../condition.ts'
import type { EvaluationInput } from '../sale.ts'
import type { Rule } from '../rule.ts'

/** One bit a rule. */
export type Bits = Int32Array

export const bitsFor = (rules: number): Bits => new Int32Array((rules + 31) >> 5)
export const setBit = (bits: Bits, rule: number): void => {
  bits[rule >> 5] = (bits[rule >> 5] as number) | (1 << (rule & 31))
}

/** Bit sets kept at once per dimension; a till or a backtest over years must not grow without end. */
const CACHED_MAX = 512

/**
 * One field of conditions over all rules: which rules accept a value. Rules that do not name the field accept every value,
 * also a missing one.
 */
class Dimension {
  private readonly indifferent: Bits
  private readonly byValue = new Map<string, number[]>()
  private readonly cache = new Map<string, Bits>()

  constructor(rules: readonly Rule[], wanted: (when: Condition) => readonly string[] | undefined) {
    this.indifferent = bitsFor(rules.length)
    rules.forEach((rule, number) => {
      const values = rule.when === undefined ? undefined : wanted(rule.when)
      if (values === undefined) setBit(this.indifferent, number)
      else for (const value of values) this.add(value, number)
    })
  }

  get used(): boolean {
    return this.byValue.size > 0
  }

  private add(value: string, number: number): void {
    const list = this.byValue.get(value)
    if (list === undefined) this.byValue.set(value, [number])
    else list.push(number)
  }

  accepting(value: string | undefined): Bits {
    const listed = value === undefined ? undefined : this.byValue.get(value)
    if (value === undefined || listed === undefined) return this.indifferent
    const cached = this.cache.get(value)
    if (cached !== undefined) return cached
    const bits = this.indifferent.slice()
    for (const number of listed) setBit(bits, number)
    if (this.cache.size >= CACHED_MAX) this.cache.clear()
    this.cache.set(value, bits)
    return bits
  }
}

/** A field with one value in a sale. */
interface Single {
  readonly wanted: (when: Condition) => readonly string[] | undefined
  readonly actual: (input: EvaluationInput) => string | undefined
}
/** A field with any number of values in a sale, of which one must be wanted. */
interface Several {
  readonly wanted: (when: Condition) => readonly string[] | undefined
  readonly actual: (input: EvaluationInput) => readonly string[]
}

const flag = (value: boolean | undefined): readonly string[] | undefined =>
  value === undefined ? undefined : [String(value)]
const yes = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'true' : 'false'
const NONE: readonly string[] = []

const SINGLES: readonly Single[] = [
  { wanted: (when) => when.outlets, actual: (input) => input.outlet.id },
  { wanted: (when) => when.outletTypes, actual: (input) => input.outlet.type },
  { wanted: (when) => when.countries, actual: (input) => input.outlet.country },
  { wanted: (when) => when.regions, actual: (input) => input.outlet.region },
  { wanted: (when) => when.owners, actual: (input) => input.outlet.owner },
  { wanted: (when) => when.channels, actual: (input) => input.channel },
  { wanted: (when) => when.cardKinds, actual: (input) => input.member?.cardKind },
  { wanted: (when) => when.tiers, actual: (input) => input.member?.tier },
  { wanted: (when) => when.memberKinds, actual: (input) => input.member?.kind },
  { wanted: (when) => flag(when.identified), actual: (input) => yes(input.member !== undefined) },
  { wanted: (when) => flag(when.firstPurchase), actual: (input) => yes(input.member?.firstPurchase) },
  { wanted: (when) => flag(when.birthday), actual: (input) => yes(input.member?.birthday) },
  {
    wanted: (when) => (when.holidays === undefined ? undefined : flag(when.holidays === 'only')),
    actual: (input) => yes(input.at.holiday),
  },
]
const SEVERALS: readonly Several[] = [
  { wanted: (when) => when.outletGroups, actual: (input) => input.outlet.groups },
  { wanted: (when) => when.segments, actual: (input) => input.member?.segments ?? NONE },
]

/** Which rules may apply on a date: validity to the day, `dates` and `exceptDates`. */
const onDate = (rules: readonly Rule[], date: string): Bits => {
  const bits = bitsFor(rules.length)
  const next = `${date}T24:00`
  rules.forEach((rule, number) => {
    const { valid, when } = rule
    if (valid?.from !== undefined && valid.from >= next) return
    if (valid?.to !== undefined && valid.to <= `${date}T00:00`) return
    if (when?.dates !== undefined && !when.dates.includes(date)) return
    if (when?.exceptDates?.includes(date)) return
    setBit(bits, number)
  })
  return bits
}

/** Fields of a condition that the context index settles; the rest is tested on touched rules only. */
export const residualOf = (when: Condition): Condition | undefined => {
  const { weekdays, hours, dates, exceptDates, holidays, outlets, outletGroups, outletTypes, ...rest1 } = when
  const { countries, regions, owners, channels, identified, cardKinds, tiers, ...rest2 } = rest1
  const { memberKinds, segments, firstPurchase, birthday, ...rest } = rest2
  return Object.keys(rest).length === 0 ? undefined : rest
}

/** The bit sets of all conditions that do not look at lines, built when first asked for. */
export class ContextIndex {
  private readonly rules: readonly Rule[]
  private readonly singles: readonly { readonly dimension: Dimension; readonly field: Single }[]
  private readonly severals: readonly { readonly dimension: Dimension; readonly field: Several }[]
  private readonly dated: boolean
  private readonly dates = new Map<string, Bits>()
  private readonly timed: number[] = []
  private readonly times = new Map<number, Bits>()
  /** For each minute of the day the number of its segment between window ends. */
  private readonly segment = new Uint16Array(1440)
  private readonly result: Bits
  private readonly union: Bits
  private readonly calendarHolds: (when: Condition, weekday: number, minute: number) => boolean

  constructor(rules: readonly Rule[], calendarHolds: (when: Condition, weekday: number, minute: number) => boolean) {
    this.rules = rules
    this.calendarHolds = calendarHolds
    this.singles = SINGLES.map((field) => ({ field, dimension: new Dimension(rules, field.wanted) })).filter(
      ({ dimension }) => dimension.used,
    )
    this.severals = SEVERALS.map((field) => ({ field, dimension: new Dimension(rules, field.wanted) })).filter(
      ({ dimension }) => dimension.used,
    )
    this.dated = rules.some((rule) => rule.valid ?? rule.when?.dates ?? rule.when?.exceptDates)
    this.result = bitsFor(rules.length)
    this.union = bitsFor(rules.length)
    this.cutDay()
  }

  private cutDay(): void {
    const cuts = new Set<number>()
    this.rules.forEach(({ when }, number) => {
      if (when?.weekdays === undefined && when?.hours === undefined) return
      this.timed.push(number)
      for (const window of when.hours ?? []) {
        for (const time of window) cuts.add(Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)))
      }
    })
    let current = 0
    for (let minute = 0; minute < 1440; minute += 1) {
      if (cuts.has(minute)) current += 1
      this.segment[minute] = current
    }
  }

  /** Rules whose context accepts this sale. The answer is overwritten by the next call. */
  accepting(input: EvaluationInput): Bits {
    const { result } = this
    result.fill(-1)
    if (this.dated) and(result, this.forDate(input.at.date))
    if (this.timed.length > 0) and(result, this.forTime(input.at.weekday, input.at.minute))
    for (const { dimension, field } of this.singles) and(result, dimension.accepting(field.actual(input)))
    for (const { dimension, field } of this.severals) {
      const values = field.actual(input)
      this.union.set(dimension.accepting(undefined))
      for (const value of values) or(this.union, dimension.accepting(value))
      and(result, this.union)
    }
    return result
  }

  private forDate(date: string): Bits {
    let bits = this.dates.get(date)
    if (bits === undefined) {
      bits = onDate(this.rules, date)
      if (this.dates.size >= CACHED_MAX) this.dates.clear()
      this.dates.set(date, bits)
    }
    return bits
  }

  private forTime(weekday: number, minute: number): Bits {
    const key = weekday * 2048 + (this.segment[minute] as number)
    let bits = this.times.get(key)
    if (bits === undefined) {
      bits = bitsFor(this.rules.length).fill(-1)
      for (const number of this.timed) {
        const when = this.rules[number]?.when as Condition
        if (!this.calendarHolds(when, weekday, minute)) {
          bits[number >> 5] = (bits[number >> 5] as number) & ~(1 << (number & 31))
        }
      }
      if (this.times.size >= CACHED_MAX) this.times.clear()
      this.times.set(key, bits)
    }
    return bits
  }
}

const and = (into: Bits, other: Bits): void => {
  for (let word = 0; word < into.length; word += 1) into[word] = (into[word] as number) & (other[word] as number)
}
const or = (into: Bits, other: Bits): void => {
  for (let word = 0; word < into.length; word += 1) into[word] = (into[word] as number) | (other[word] as number)
}
