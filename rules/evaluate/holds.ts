import type { AttributeCondition, Condition } from '../condition.ts'
import type { EvaluationInput, MemberFacts } from '../sale.ts'

/**
 * Fields of a condition that name values, and what a sale has of each: one value, several, or none. One of them must be
 * named. A sale without a member has none of a member's values.
 */
export const NAMED: Readonly<Record<string, (input: EvaluationInput) => unknown>> = {
  dates: ({ at }) => at.date,
  holidays: ({ at }) => (at.holiday ? 'only' : 'never'),
  outlets: ({ outlet }) => outlet.id,
  outletGroups: ({ outlet }) => outlet.groups,
  outletTypes: ({ outlet }) => outlet.type,
  countries: ({ outlet }) => outlet.country,
  regions: ({ outlet }) => outlet.region,
  owners: ({ outlet }) => outlet.owner,
  staff: ({ staff }) => staff,
  channels: ({ channel }) => channel,
  tenders: ({ tenders }) => tenders.map(({ kind }) => kind),
  vouchers: ({ vouchers }) => vouchers.map(({ kind }) => kind),
  identified: ({ member }) => member !== undefined,
  cardKinds: ({ member }) => member?.cardKind,
  tiers: ({ member }) => member?.tier,
  memberKinds: ({ member }) => member?.kind,
  segments: ({ member }) => member?.segments,
  firstPurchase: ({ member }) => member?.firstPurchase,
  birthday: ({ member }) => member?.birthday,
}

const names = (wanted: unknown, actual: unknown): boolean => {
  if (Array.isArray(actual)) return actual.some((value) => names(wanted, value))
  return Array.isArray(wanted) ? wanted.includes(actual) : wanted === actual
}

export const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** Weekdays and hours together: a window that crosses midnight belongs to the weekday it begins on. */
export const inCalendar = ({ weekdays, hours }: Condition, weekday: number, minute: number): boolean => {
  const onDay = (day: number): boolean => weekdays === undefined || weekdays.includes(day)
  if (hours === undefined) return onDay(weekday)
  const before = weekday === 1 ? 7 : weekday - 1
  return hours.some(([from, to]) => {
    const start = minuteOf(from)
    const end = minuteOf(to)
    if (start < end) return onDay(weekday) && minute >= start && minute < end
    return (onDay(weekday) && minute >= start) || (onDay(before) && minute < end)
  })
}

/** Whether one attribute condition holds; numbers compare with numbers, texts (dates) with texts by code unit. */
const attributeHolds = (condition: AttributeCondition, member: MemberFacts): boolean => {
  const value = member.attributes[condition.attr]
  if ('known' in condition) return (value !== undefined) === condition.known
  if (value === undefined) return false
  if ('is' in condition) return value === condition.is
  if ('anyOf' in condition) return condition.anyOf.includes(value as string | number)
  if ('atLeast' in condition) return typeof value === typeof condition.atLeast && value >= condition.atLeast
  return typeof value === typeof condition.atMost && value <= condition.atMost
}

/** Fields that the context index cannot settle; conditions about the member never hold without one. */
export const restHolds = ({ member: wanted, visits, all, any, not }: Condition, input: EvaluationInput): boolean => {
  const { member } = input
  if (wanted !== undefined && !(member && wanted.every((condition) => attributeHolds(condition, member)))) return false
  if (visits !== undefined) {
    const { every = 1, atLeast = 0, atMost = Infinity } = visits
    const count = member?.visits ?? -1
    if (count < atLeast || count > atMost || count % every !== 0 || (every > 1 && count === 0)) return false
  }
  return (
    (all === undefined || all.every((each) => holds(each, input))) &&
    (any === undefined || any.some((each) => holds(each, input))) &&
    (not === undefined || !holds(not, input))
  )
}

/** Whether a rule's condition holds for a sale. */
export const holds = (when: Condition, input: EvaluationInput): boolean => {
  for (const field in NAMED) {
    const wanted = when[field as keyof Condition]
    if (wanted !== undefined && !names(wanted, NAMED[field]?.(input))) return false
  }
  const { date, weekday, minute } = input.at
  return inCalendar(when, weekday, minute) && when.exceptDates?.includes(date) !== true && restHolds(when, input)
}
