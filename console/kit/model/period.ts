import { addDays, addMonths, weekday } from '@premia/rules'
import { type FieldTest, type Operand, operandsOf, scalarText, type Unit } from './condition.ts'
import { localDate, startOfDay } from './zoned-time.ts'

/** What relative and local dates depend on. `now` is a parameter everywhere, so that a list and its pages agree. */
export interface Clock {
  readonly nowMs: number
  readonly zone: string
}

/** Half-open; an absent end is open. */
export interface DateRange {
  readonly from?: string
  readonly until?: string
}
export interface InstantRange {
  readonly fromMs?: number
  readonly untilMs?: number
}

const months: Readonly<Partial<Record<Unit, number>>> = { month: 1, quarter: 3, year: 12 }

const shift = (date: string, count: number, unit: Unit): string => {
  const perUnit = months[unit]
  return perUnit === undefined ? addDays(date, unit === 'week' ? count * 7 : count) : addMonths(date, count * perUnit)
}

const unitStart = (date: string, unit: Unit): string => {
  const month = Number(date.slice(5, 7))
  switch (unit) {
    case 'day':
      return date
    case 'week':
      return addDays(date, 1 - weekday(date))
    case 'month':
      return `${date.slice(0, 7)}-01`
    case 'quarter':
      return `${date.slice(0, 4)}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`
    case 'year':
      return `${date.slice(0, 4)}-01-01`
  }
}

/** The local days a relative operand means; today is part of `last` and of `next`. */
export const relativeDays = (operand: Operand, today: string): { readonly from: string; readonly until: string } => {
  if (typeof operand === 'object' && 'last' in operand) {
    return { from: addDays(shift(today, -operand.last, operand.unit), 1), until: addDays(today, 1) }
  }
  if (typeof operand === 'object' && 'next' in operand) {
    return { from: today, until: shift(today, operand.next, operand.unit) }
  }
  if (typeof operand === 'object' && 'this' in operand) {
    const from = unitStart(today, operand.this)
    return { from, until: shift(from, 1, operand.this) }
  }
  throw new TypeError('not a relative period')
}

/** A date test as the days it accepts. Both compilers use it, so that SQL and JS cannot disagree. */
export const dateRange = (test: FieldTest, clock: Clock): DateRange => {
  if (test.is === 'within') return relativeDays(test.value as Operand, localDate(clock.nowMs, clock.zone))
  const [first, last] = ends(test)
  if (test.is === 'eq' || test.is === 'between') return { from: first, until: addDays(last, 1) }
  if (test.is === 'lt') return { until: first }
  if (test.is === 'lte') return { until: addDays(first, 1) }
  return { from: test.is === 'gt' ? addDays(first, 1) : first }
}

const ends = (test: FieldTest): readonly [string, string] => {
  const [first, last] = operandsOf(test).map(scalarText)
  return [first ?? '', last ?? first ?? '']
}

const isLocalDate = (text: string): boolean => text.length === 10

/** An instant test as the instants it accepts: a local date means its whole day, an instant means itself. */
export const instantRange = (test: FieldTest, clock: Clock): InstantRange => {
  const [first, last] = ends(test)
  if (test.is === 'within' || isLocalDate(first)) {
    const { from, until } = dateRange(test, clock)
    return {
      ...(from === undefined ? {} : { fromMs: startOfDay(from, clock.zone) }),
      ...(until === undefined ? {} : { untilMs: startOfDay(until, clock.zone) }),
    }
  }
  const at = Date.parse(first)
  if (test.is === 'eq') return { fromMs: at, untilMs: at + 1 }
  if (test.is === 'between') return { fromMs: at, untilMs: Date.parse(last) }
  if (test.is === 'lt') return { untilMs: at }
  if (test.is === 'lte') return { untilMs: at + 1 }
  return { fromMs: test.is === 'gt' ? at + 1 : at }
}
