import type { MoneyCell, PointsCell } from '../model/wire.ts'
import { localDate } from '../model/zoned-time.ts'
import { locale, words } from './language.ts'

// Formats are made once a locale and shape; all of them follow the chosen language.
const cache = new Map<string, unknown>()
const cached = <T>(key: string, make: () => T): T => {
  const full = `${locale.value}|${key}`
  let found = cache.get(full) as T | undefined
  if (found === undefined) {
    found = make()
    cache.set(full, found)
  }
  return found
}

const numberFormat = (scale: number): Intl.NumberFormat =>
  cached(
    `n${scale}`,
    () =>
      new Intl.NumberFormat(locale.value, {
        minimumFractionDigits: scale,
        maximumFractionDigits: scale,
        useGrouping: 'always' as unknown as boolean,
      }),
  )

/** A true minus sign, as wide as the figures. */
const withMinus = (text: string): string => text.replace('-', '−')

export const formatNumber = (value: number, scale = 0): string => withMinus(numberFormat(scale).format(value))

/** Minor units as an amount, without its currency. */
export const formatAmount = (amountMinor: number): string => formatNumber(amountMinor / 100, 2)
/** The sign people of the language use, the code where it would be foreign. @example currencySign('PLN') // 'zł' in Polish */
export const currencySign = (currency: string): string =>
  cached(`c${currency}`, () => {
    const format = new Intl.NumberFormat(locale.value, { style: 'currency', currency, currencyDisplay: 'symbol' })
    return format.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency
  })
export const formatMoney = ({ amountMinor, currency }: MoneyCell): string =>
  `${formatAmount(amountMinor)} ${currencySign(currency)}`
export const formatPoints = ({ points, scale }: PointsCell): string => formatNumber(points / 10 ** scale, scale)

const dateFormat = (zone: string, shape: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  cached(`d${zone}${JSON.stringify(shape)}`, () => new Intl.DateTimeFormat(locale.value, { timeZone: zone, ...shape }))

/** Exact to the second, with the zone: for hover and print. */
export const formatExact = (iso: string, zone: string): string =>
  dateFormat(zone, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(iso))

export const formatDate = (iso: string, zone: string): string =>
  dateFormat(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(iso))

/** The last day before an exclusive end, as people say it: "valid until 30 June". */
export const formatLastDay = (iso: string, zone: string): string =>
  formatDate(new Date(Date.parse(iso) - 1).toISOString(), zone)

export const formatTime = (iso: string, zone: string): string =>
  dateFormat(zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso))

/** The zone's short name at that instant. @example zoneSign('2026-11-21T12:00:00Z', 'Europe/Bucharest') // 'EET' */
export const zoneSign = (iso: string, zone: string): string =>
  dateFormat(zone, { hour: '2-digit', timeZoneName: 'short' })
    .formatToParts(new Date(iso))
    .find((part) => part.type === 'timeZoneName')?.value ?? ''

/** As short as it stays clear: the time today, day and time this year, else the date. */
export const formatInstant = (iso: string, zone: string, nowMs: number = Date.now()): string => {
  const at = Date.parse(iso)
  const day = localDate(at, zone)
  const today = localDate(nowMs, zone)
  if (day === today) return formatTime(iso, zone)
  if (day.slice(0, 4) === today.slice(0, 4)) {
    return dateFormat(zone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(at)
  }
  return formatDate(iso, zone)
}

/** A local date `YYYY-MM-DD`. */
export const formatLocalDate = (
  date: string,
  shape: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' },
): string => dateFormat('UTC', shape).format(new Date(`${date}T00:00:00Z`))

const steps: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "3 minutes ago", "za 5 dni". */
export const formatRelative = (iso: string, nowMs: number = Date.now()): string => {
  const seconds = Math.round((Date.parse(iso) - nowMs) / 1000)
  const format = cached('relative', () => new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }))
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return words.value.time.now
}

/** Codes are read in fours. @example formatCode('123456789012') // '1234 5678 9012' */
export const formatCode = (code: string): string =>
  /^\d{8,}$/.test(code) ? code.replace(/(\d{4})(?=\d)/g, '$1\u202f') : code
