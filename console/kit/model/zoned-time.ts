// Local days as instants, without a date library: Intl knows the zones, @premia/rules the calendar.
const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string): Intl.DateTimeFormat => {
  let found = formats.get(zone)
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, found)
  }
  return found
}

const wallClockMs = (atMs: number, zone: string): number => {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(atMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** @example localDate(Date.parse('2026-11-21T23:30:00Z'), 'Europe/Warsaw') // '2026-11-22' */
export const localDate = (atMs: number, zone: string): string =>
  new Date(wallClockMs(atMs, zone)).toISOString().slice(0, 10)

/** The first instant of a local day, also where the day begins at 01:00 because the clocks change at midnight. */
export const startOfDay = (date: string, zone: string): number => {
  const wanted = Date.parse(`${date}T00:00:00Z`)
  const offsetAt = (ms: number): number => wallClockMs(ms, zone) - Math.floor(ms / 1000) * 1000
  // Two rounds settle every zone: the first guess is off by at most one change of the clocks.
  let guess = wanted - offsetAt(wanted)
  guess = wanted - offsetAt(guess)
  // A midnight that does not exist is answered by the instant after the gap.
  while (localDate(guess, zone) < date) guess += 15 * 60_000
  return guess
}
