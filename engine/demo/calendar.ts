import { localTime } from '@premia/pos-sdk/contract/till'
import { addDays } from '@premia/rules'
import { type DemoDay, daysUntil, demoDays, midnightMs } from './days.ts'

/** The demo's days begin and end by the clock of its operator. */
const zone = 'Europe/Warsaw'
const hourMs = 3_600_000
/** Programs, outlets and prices are older than the first sale by so many days; the first members are too. */
const headStartDays = 700

/** When the demo's days are. All follows from the last one. */
export interface Calendar {
  readonly days: readonly DemoDay[]
  /** From when programs, outlets, staff and products are known. */
  readonly foundedMs: number
  /** Before the first outlet opens. */
  readonly morningMs: (day: number) => number
  /** After the last outlet has closed. */
  readonly nightMs: (day: number) => number
}

export const calendarUntil = (today: string): Calendar => {
  const first = addDays(today, 1 - demoDays)
  const at = (day: number): number => midnightMs(zone, addDays(first, day))
  return {
    days: daysUntil(today),
    foundedMs: at(-headStartDays),
    morningMs: (day) => at(day) + 5 * hourMs,
    nightMs: (day) => at(day + 1) + 2 * hourMs,
  }
}

/** The calendar whose last day contains an instant. */
export const calendarAt = (nowMs: number): Calendar => calendarUntil(localTime(zone, nowMs).date)

/** The calendar of a demo that was founded before: an interrupted one goes on with its own days. */
export const calendarFounded = (foundedMs: number): Calendar =>
  calendarUntil(addDays(localTime(zone, foundedMs).date, headStartDays + demoDays - 1))
