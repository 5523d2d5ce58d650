import type { ExpiryPolicy } from './program.ts'
import type { PeriodKeys } from './sale.ts'

/** A calendar day as integers. Months are 1 to 12. */
interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

const parse = (date: string): Day => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (!match) throw new RangeError(`not a local date: ${date}`)
  const parts = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }
  if (parts.month < 1 || parts.month > 12 || parts.day < 1 || parts.day > daysInMonth(parts.year, parts.month)) {
    throw new RangeError(`not a local date: ${date}`)
  }
  return parts
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)
const text = ({ year, month, day }: Day): string => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`

/** Number of days of a month of the Gregorian calendar. */
export const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since 1970-01-01. The algorithm counts years from March, so that the leap day is the last of its year. */
export const dayNumber = (date: string): number => {
  const { year, month, day } = parse(date)
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/** The date of a day number; the inverse of `dayNumber`. */
export const dateOfDay = (number: number): string => {
  const shifted = number + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return text({
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  })
}

/** @example addDays('2026-12-31', 1) // '2027-01-01' */
export const addDays = (date: string, days: number): string => dateOfDay(dayNumber(date) + days)

/**
 * The same day of a later month, or the last day of that month where it is shorter.
 *
 * @example addMonths('2026-01-31', 1) // '2026-02-28'
 */
export const addMonths = (date: string, months: number): string => {
  const { year, month, day } = parse(date)
  const count = year * 12 + month - 1 + months
  const target = { year: Math.floor(count / 12), month: (((count % 12) + 12) % 12) + 1 }
  return text({ ...target, day: Math.min(day, daysInMonth(target.year, target.month)) })
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
  const { year, month } = parse(date)
  return {
    day: date,
    week: isoWeek(date),
    month: date.slice(0, 7),
    quarter: `${date.slice(0, 4)}-Q${Math.floor((month - 1) / 3) + 1}`,
    year: `${year}`.padStart(4, '0'),
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
  const { year, month } = parse(date)
  return unit === 'year' ? text({ year, month: 12, day: 31 }) : text({ year, month, day: daysInMonth(year, month) })
}

/** A price and the first day on which it was asked. */
export interface PriceFrom {
  readonly from: string
  readonly unitPriceMinor: number
}

/**
 * The lowest price that was asked on any of the 30 days before a price cut, which begins on `date`: what has to be told
 * beside the cut. Of prices of one day all were asked. `undefined` where no price is known.
 *
 * @example lowestPriceBefore([{ from: '2026-01-01', unitPriceMinor: 999 }], '2026-11-21') // 999
 */
export const lowestPriceBefore = (prices: readonly PriceFrom[], date: string): number | undefined => {
  const first = addDays(date, -30)
  /** Asked on the first of these days: the last price change up to it. */
  const before = prices.reduce((last, { from }) => (from <= first && from > last ? from : last), '')
  const asked = prices.filter(({ from }) => from < date && (from >= first || from === before))
  return asked.length === 0 ? undefined : Math.min(...asked.map(({ unitPriceMinor }) => unitPriceMinor))
}
