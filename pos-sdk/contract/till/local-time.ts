/** Instants in IANA zones, fast enough for the path of a sale: `Intl` is asked once a quarter of an hour and zone. */
import { dateOfDay, type LocalTime, type PeriodKeys, periodKeys } from '@premia/rules'

/** Every zone changes its offset at a whole quarter of an hour. */
const QUARTER_MS = 900_000
const DAY_MS = 86_400_000
/** Quarters and days kept per zone; a full cache is emptied. 4,096 quarters are 42 days. */
const CACHE_MAX = 4_096

interface DayFacts {
  readonly date: string
  readonly weekday: number
  periods: PeriodKeys | undefined
}

interface Zone {
  readonly format: Intl.DateTimeFormat
  readonly offsets: Map<number, number>
  readonly days: Map<number, DayFacts>
}

const zones = new Map<string, Zone>()

const zoneOf = (name: string): Zone => {
  let zone = zones.get(name)
  if (zone === undefined) {
    // Throws `RangeError` for a name that is no zone. The world has some 600 of them: the map is bounded.
    const format = new Intl.DateTimeFormat('en-u-hc-h23', {
      timeZone: name,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    })
    zone = { format, offsets: new Map(), days: new Map() }
    zones.set(name, zone)
  }
  return zone
}

const readOffsetMs = (format: Intl.DateTimeFormat, epochMs: number): number => {
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(epochMs)) part[type] = Number(value)
  const local = Date.UTC(
    part.year as number,
    (part.month as number) - 1,
    part.day as number,
    part.hour as number,
    part.minute as number,
    part.second as number,
  )
  return local - epochMs
}

const bounded = <T>(cache: Map<number, T>, key: number, value: T): T => {
  if (cache.size >= CACHE_MAX) cache.clear()
  cache.set(key, value)
  return value
}

const offsetOf = (zone: Zone, epochMs: number): number => {
  const quarter = Math.floor(epochMs / QUARTER_MS)
  return zone.offsets.get(quarter) ?? bounded(zone.offsets, quarter, readOffsetMs(zone.format, quarter * QUARTER_MS))
}

const dayOf = (zone: Zone, localMs: number): DayFacts => {
  const number = Math.floor(localMs / DAY_MS)
  const known = zone.days.get(number)
  if (known !== undefined) return known
  // 1970-01-01 was a Thursday.
  const weekday = ((((number + 3) % 7) + 7) % 7) + 1
  return bounded(zone.days, number, { date: dateOfDay(number), weekday, periods: undefined })
}

/** Offset of a zone from UTC at an instant. @example utcOffsetMinutes('Europe/Warsaw', Date.UTC(2026, 6, 1)) // 120 */
export const utcOffsetMinutes = (zone: string, epochMs: number): number => offsetOf(zoneOf(zone), epochMs) / 60_000

/**
 * Local date, minute and weekday at an outlet. `isHoliday` looks up its calendar by local date.
 *
 * @example localTime('Europe/Warsaw', Date.UTC(2026, 0, 1, 23, 30)).date // '2026-01-02'
 */
export const localTime = (zoneName: string, epochMs: number, isHoliday?: (date: string) => boolean): LocalTime => {
  const zone = zoneOf(zoneName)
  const localMs = epochMs + offsetOf(zone, epochMs)
  const { date, weekday } = dayOf(zone, localMs)
  const minute = Math.floor((localMs - Math.floor(localMs / DAY_MS) * DAY_MS) / 60_000)
  return { date, minute, weekday, holiday: isHoliday?.(date) ?? false }
}

/** Keys of the limit periods of an instant in a zone. @example periodsOf('Europe/Warsaw', Date.UTC(2026, 2, 31)).quarter // '2026-Q1' */
export const periodsOf = (zoneName: string, epochMs: number): PeriodKeys => {
  const zone = zoneOf(zoneName)
  const day = dayOf(zone, epochMs + offsetOf(zone, epochMs))
  day.periods ??= periodKeys(day.date)
  return day.periods
}
