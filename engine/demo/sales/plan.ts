import { type DemoDay, midnightMs } from '../days.ts'
import { type DemoOutlet, type DemoTerminal, outlets, terminals } from '../outlets.ts'
import { type Random, randomOf } from '../random.ts'
import { type DemoStaff, staffOf } from '../staff.ts'

/** When and where one sale happens; what is in it comes later. */
export interface PlannedSale {
  readonly terminal: DemoTerminal
  readonly staff: DemoStaff
  /** The true time. */
  readonly atMs: number
  /** The till's clock. */
  readonly occurredAtMs: number
  readonly sentAtMs: number
}

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** Tills that lost their line: till, first day, minute of that day, hours. Their sales wait in the queue. */
const outages: readonly (readonly [terminal: number, day: number, minute: number, hours: number])[] = [
  [36, 1, 480, 24],
  [31, 2, 480, 20],
  [3, 6, 700, 5],
  [11, 14, 560, 9],
  [27, 19, 900, 26],
  [0, 25, 610, 3],
  [38, 33, 480, 50],
  [16, 41, 780, 7],
  [7, 52, 540, 30],
  [33, 58, 1000, 12],
  [21, 66, 600, 4],
  [41, 71, 500, 28],
  [5, 79, 840, 20],
  [30, 84, 660, 8],
  // Still away when the demo ends.
  [33, 88, 450, 90],
]

/** A till whose clock was a day and an hour ahead after its battery was changed. */
const wrongClock = { terminal: 13, day: 47, aheadMs: 25 * hourMs } as const

/** Share of the day's sales by hour. Pharmacies have a morning and an afternoon peak, shops an evening one. */
const pharmacyHours = [8, 4, 9, 7, 10, 9, 11, 8, 12, 7, 13, 6, 14, 6, 15, 8, 16, 11, 17, 11, 18, 8, 19, 5]
const shopHours = [
  6, 3, 7, 6, 8, 8, 9, 7, 10, 7, 11, 7, 12, 7, 13, 7, 14, 7, 15, 8, 16, 10, 17, 11, 18, 11, 19, 8, 20, 6, 21, 3,
]

const pairs = (list: readonly number[]): readonly (readonly [hour: number, weight: number])[] =>
  list.flatMap((value, index) => (index % 2 === 0 ? [[value, list[index + 1] ?? 0] as const] : []))

/** Sales of a weekday in percent of a plain day, Monday first. */
const pharmacyWeek = [118, 106, 102, 101, 112, 84, 46]
const shopWeek = [92, 94, 97, 101, 117, 128, 88]

const closesOn = (outlet: DemoOutlet, day: DemoDay): number => (day.weekday === 7 ? outlet.sunday : outlet.closes)

const opensOn = (outlet: DemoOutlet, day: DemoDay): number =>
  day.weekday === 7 ? Math.max(outlet.opens, 540) : outlet.opens

const countOf = (outlet: DemoOutlet, day: DemoDay, random: Random): number => {
  if (closesOn(outlet, day) === 0) return 0
  const week = outlet.type === 'pharmacy' ? pharmacyWeek : shopWeek
  const percent = (week[day.weekday - 1] ?? 100) * random.between(82, 118)
  return Math.round((outlet.busy * percent) / 10_000)
}

const minuteOf = (outlet: DemoOutlet, day: DemoDay, random: Random): number => {
  const hours = pairs(outlet.type === 'pharmacy' ? pharmacyHours : shopHours)
  const opens = opensOn(outlet, day)
  const closes = closesOn(outlet, day)
  // A minute outside of the opening hours is drawn again; every outlet is open in its busiest hours.
  for (;;) {
    const minute = random.weighted(hours) * 60 + random.below(60)
    if (minute >= opens && minute < closes) return minute
  }
}

const sentAtMs = (terminal: DemoTerminal, atMs: number, midnights: readonly number[]): number => {
  const place = terminals.indexOf(terminal)
  for (const [out, day, minute, hours] of outages) {
    const start = (midnights[day] ?? Number.POSITIVE_INFINITY) + minute * minuteMs
    if (out === place && atMs >= start && atMs < start + hours * hourMs) return start + hours * hourMs
  }
  return atMs + 2_000
}

type Made = Pick<PlannedSale, 'terminal' | 'staff' | 'atMs'>

const withClocks = (made: Made, day: DemoDay, midnights: readonly number[]): PlannedSale => {
  const { terminal, atMs } = made
  const isAhead = terminals.indexOf(terminal) === wrongClock.terminal && day.index === wrongClock.day
  return {
    ...made,
    occurredAtMs: atMs + (isAhead ? wrongClock.aheadMs : 0),
    sentAtMs: sentAtMs(terminal, atMs, midnights),
  }
}

const midnightsOf = (zone: string, days: readonly DemoDay[]): readonly number[] =>
  days.map((each) => midnightMs(zone, each.date))

/** What a till's clock shows of something that is made at it then, and when it is sent. */
export const plannedAt = (made: Made, day: DemoDay, days: readonly DemoDay[]): PlannedSale =>
  withClocks(made, day, midnightsOf(made.terminal.outlet.zone, days))

/** A moment of the day at which an outlet is open; absent where it stays closed. */
export const openMinuteMs = (outlet: DemoOutlet, day: DemoDay, random: Random): number | undefined =>
  closesOn(outlet, day) === 0
    ? undefined
    : midnightMs(outlet.zone, day.date) + minuteOf(outlet, day, random) * minuteMs + random.below(minuteMs)

export const isOpenAt = (outlet: DemoOutlet, day: DemoDay, atMs: number): boolean => {
  const minute = (atMs - midnightMs(outlet.zone, day.date)) / minuteMs
  return minute >= opensOn(outlet, day) && minute < closesOn(outlet, day)
}

const salesOf = (outlet: DemoOutlet, day: DemoDay, midnights: readonly number[]): readonly PlannedSale[] => {
  const random = randomOf(`plan:${outlet.code}:${day.index}`)
  const tills = terminals.filter((terminal) => terminal.outlet === outlet)
  const people = staffOf(outlet)
  const midnight = midnightMs(outlet.zone, day.date)
  return Array.from({ length: countOf(outlet, day, random) }, () => {
    const minute = minuteOf(outlet, day, random)
    const atMs = midnight + minute * minuteMs + random.below(minuteMs)
    const terminal = tills[random.favourite(tills.length)] ?? random.pick(tills)
    // The two share the day: one opens, one closes, in turns.
    const first = minute < 840 === (day.index % 2 === 0)
    const staff = (random.percent(80) === first ? people[0] : people[1]) ?? random.pick(people)
    return withClocks({ terminal, staff, atMs }, day, midnights)
  })
}

/** All sales of a day in the order in which they happen. `days` are the whole demo, for what lasts longer than a day. */
export const planDay = (days: readonly DemoDay[], day: DemoDay): readonly PlannedSale[] => {
  const midnights = new Map(outlets.map(({ zone }) => [zone, [] as readonly number[]]))
  for (const zone of midnights.keys()) midnights.set(zone, midnightsOf(zone, days))
  return outlets
    .flatMap((outlet) => salesOf(outlet, day, midnights.get(outlet.zone) ?? []))
    .sort((a, b) => a.atMs - b.atMs || (a.terminal.id < b.terminal.id ? -1 : 1))
}
