import type { AttributeCondition, Condition } from '../condition.ts'
import type { EvaluationInput, MemberFacts } from '../sale.ts'

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

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

const oneOf = <T>(list: readonly T[] | undefined, value: T | undefined): boolean =>
  list === undefined || (value !== undefined && list.includes(value))
const overlap = <T>(list: readonly T[] | undefined, values: readonly T[]): boolean =>
  list === undefined || values.some((value) => list.includes(value))
const is = (wanted: boolean | undefined, actual: boolean): boolean => wanted === undefined || wanted === actual

/** Whether one attribute condition holds; numbers compare with numbers, texts (dates) with texts by code unit. */
export const attributeHolds = (condition: AttributeCondition, member: MemberFacts): boolean => {
  const value = member.attributes[condition.attr]
  if ('known' in condition) return (value !== undefined) === condition.known
  if (value === undefined) return false
  if ('is' in condition) return value === condition.is
  if ('anyOf' in condition) return condition.anyOf.includes(value as string | number)
  if ('atLeast' in condition) return typeof value === typeof condition.atLeast && value >= condition.atLeast
  return typeof value === typeof condition.atMost && value <= condition.atMost
}

const memberHolds = (when: Condition, member: MemberFacts | undefined): boolean => {
  const asks =
    when.cardKinds ??
    when.tiers ??
    when.memberKinds ??
    when.segments ??
    when.member ??
    when.firstPurchase ??
    when.birthday ??
    when.visits
  if (asks === undefined) return true
  if (member === undefined) return false
  const { visits } = when
  return (
    oneOf(when.cardKinds, member.cardKind) &&
    oneOf(when.tiers, member.tier) &&
    oneOf(when.memberKinds, member.kind) &&
    overlap(when.segments, member.segments) &&
    is(when.firstPurchase, member.firstPurchase) &&
    is(when.birthday, member.birthday) &&
    (visits?.every === undefined || (member.visits > 0 && member.visits % visits.every === 0)) &&
    (visits?.atLeast === undefined || member.visits >= visits.atLeast) &&
    (visits?.atMost === undefined || member.visits <= visits.atMost) &&
    (when.member === undefined || when.member.every((condition) => attributeHolds(condition, member)))
  )
}

/** Whether a rule's condition holds for a sale. Conditions about the member never hold without one. */
export const holds = (when: Condition, input: EvaluationInput): boolean =>
  inCalendar(when, input.at.weekday, input.at.minute) &&
  oneOf(when.dates, input.at.date) &&
  !(when.exceptDates?.includes(input.at.date) ?? false) &&
  (when.holidays === undefined || (when.holidays === 'only') === input.at.holiday) &&
  oneOf(when.outlets, input.outlet.id) &&
  overlap(when.outletGroups, input.outlet.groups) &&
  oneOf(when.outletTypes, input.outlet.type) &&
  oneOf(when.countries, input.outlet.country) &&
  oneOf(when.regions, input.outlet.region) &&
  oneOf(when.owners, input.outlet.owner) &&
  oneOf(when.staff, input.staff) &&
  oneOf(when.channels, input.channel) &&
  (when.tenders === undefined || input.tenders.some((tender) => oneOf(when.tenders, tender.kind))) &&
  is(when.identified, input.member !== undefined) &&
  memberHolds(when, input.member) &&
  (when.vouchers === undefined || input.vouchers.some((voucher) => oneOf(when.vouchers, voucher.kind))) &&
  (when.all === undefined || when.all.every((each) => holds(each, input))) &&
  (when.any === undefined || when.any.some((each) => holds(each, input))) &&
  (when.not === undefined || !holds(when.not, input))
