import type { ExpiryPolicy } from './program.ts'
import type { PeriodKeys } from './sale.ts'

const DAY_MS = 86_400_000

const two = (value: number): string => String(value).padStart(2, '0')

/** Number of days of a month of the Gregorian calendar; months are 1 to 12. */
export const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/**
 * Days since 1970-01-01. `Date` serves as a calendar here, without zone and without clock: ECMAScript defines what it answers.
 * Throws `RangeError` where there is no such day.
 */
export const dayNumber = (date: string): number => {
  const number = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) / DAY_MS : Number.NaN
  if (dateOfDay(number) !== date) throw new RangeError(`not a local date: ${date}`)
  return number
}

/** The date of a day number; the inverse of `dayNumber`. */
export const dateOfDay = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10)

/** @example addDays('2026-12-31', 1) // '2027-01-01' */
export const addDays = (date: string, days: number): string => dateOfDay(dayNumber(date) + days)

const yearOf = (date: string): number => Number(date.slice(0, 4))
const monthOf = (date: string): number => Number(date.slice(5, 7))

/**
 * The same day of a later month, or the last day of that month where it is shorter.
 *
 * @example addMonths('2026-01-31', 1) // '2026-02-28'
 */
export const addMonths = (date: string, months: number): string => {
  dayNumber(date)
  const count = yearOf(date) * 12 + monthOf(date) - 1 + months
  const [year, month] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1]
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(Math.min(Number(date.slice(8)), daysInMonth(year, month)))}`
}

/** ISO weekday: 1 = Monday … 7 = Sunday. @example weekday('2026-11-21') // 6 */
export const weekday = (date: string): number => ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1

/** ISO week with its own year. @example isoWeek('2027-01-01') // '2026-W53' */
export const isoWeek = (date: string): string => {
  const thursday = addDays(date, 4 - weekday(date))
  const year = thursday.slice(0, 4)
  return `${year}-W${two(Math.floor((dayNumber(thursday) - dayNumber(`${year}-01-01`)) / 7) + 1)}`
}

/** Keys of the limit periods that contain a local date. */
export const periodKeys = (date: string): PeriodKeys => {
  const year = date.slice(0, 4)
  return {
    day: date,
    week: isoWeek(date),
    month: date.slice(0, 7),
    quarter: `${year}-Q${Math.ceil(monthOf(date) / 3)}`,
    year,
  }
}

/**
 * The last local date on which points are spendable; they are gone at the start of the next local day.
 * `null`: they never expire. `from` is the day they become active.
 *
 * @example expiresOn({ kind: 'afterMonths', months: 1 }, '2026-01-31') // '2026-02-28'
 * @example expiresOn({ kind: 'afterMonths', months: 12, endOf: 'year' }, '2026-03-10') // '2027-12-31'
 */
export const expiresOn = (policy: ExpiryPolicy, from: string): string | null => {
  switch (policy.kind) {
    case 'never':
      return null
    case 'onDate':
      return policy.date
    case 'afterDays':
      return addDays(from, policy.days)
    case 'afterMonths':
      return endOf(addMonths(from, policy.months), policy.endOf ?? 'day')
  }
}

const endOf = (date: string, unit: 'day' | 'month' | 'year'): string => {
  if (unit === 'day') return date
  return unit === 'year'
    ? `${date.slice(0, 4)}-12-31`
    : `${date.slice(0, 8)}${daysInMonth(yearOf(date), monthOf(date))}`
}

/** A price, and the first and the last day of a time in which it was asked. */
export interface PriceSpan {
  readonly from: string
  readonly until: string
  readonly unitPriceMinor: number
}

/**
 * The lowest price that was asked on any of the 30 days before a price cut, which begins on `date`: what has to be told
 * beside the cut. Where none of the spans holds the first of these days, the price that was asked last before it still did.
 * `undefined` where no price is known.
 *
 * @example lowestPriceBefore([{ from: '2026-01-01', until: '2026-11-30', unitPriceMinor: 999 }], '2026-11-21') // 999
 */
export const lowestPriceBefore = (spans: readonly PriceSpan[], date: string): number | undefined => {
  const first = addDays(date, -30)
  const earlier = spans.filter(({ from }) => from <= first).map(({ until }) => (until < first ? until : first))
  const since = earlier.reduce((last, until) => (until > last ? until : last), '')
  const asked = spans.filter(({ from, until }) => from < date && until >= since)
  return asked.length === 0 ? undefined : Math.min(...asked.map(({ unitPriceMinor }) => unitPriceMinor))
}
