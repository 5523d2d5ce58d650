import { utcOffsetMinutes } from '@premia/pos-sdk/contract/till'
import { addDays, weekday } from '@premia/rules'

/** Days of the demo, the last one is the day on which it is made. */
export const demoDays = 90

/** One simulated day in one time zone. */
export interface DemoDay {
  /** 0 is the first. */
  readonly index: number
  readonly date: string
  readonly weekday: number
}

/** The demo's days, the last one is `today`. */
export const daysUntil = (today: string): readonly DemoDay[] =>
  Array.from({ length: demoDays }, (_, index) => {
    const date = addDays(today, index - (demoDays - 1))
    return { index, date, weekday: weekday(date) }
  })

/** Local midnight of a date in a zone whose clocks do not change between midnight and the day's first sale. */
export const midnightMs = (zone: string, date: string): number => {
  const asUtc = Date.parse(`${date}T00:00:00.000Z`)
  return asUtc - utcOffsetMinutes(zone, asUtc - utcOffsetMinutes(zone, asUtc) * 60_000) * 60_000
}
