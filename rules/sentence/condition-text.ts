import type { AttributeCondition, Condition } from '../condition.ts'
import { fill, type Speaker } from './speaker.ts'
import type { WhenKey } from './texts.ts'

const LISTS = [
  'outlets',
  'outletGroups',
  'outletTypes',
  'countries',
  'regions',
  'owners',
  'staff',
  'cardKinds',
  'tiers',
  'segments',
  'vouchers',
] as const
/** Closed vocabularies, whose words belong to the language. */
const WORDS = ['channels', 'tenders', 'memberKinds'] as const

/** What a condition says, field by field. */
export const conditionParts = (when: Condition, say: Speaker): string[] => {
  const { texts } = say
  const parts = calendarParts(when, say)
  const add = (key: WhenKey, ...values: string[]): void => {
    parts.push(fill(texts.when[key], ...values))
  }
  for (const key of LISTS) if (when[key]) add(key, say.list(when[key]))
  for (const key of WORDS) {
    const words: readonly string[] | undefined = when[key]?.map((word) => texts[key][word] ?? word)
    if (words) add(key, say.enumerate(words, texts.or))
  }
  if (when.identified !== undefined) add(when.identified ? 'identified' : 'anonymous')
  if (when.firstPurchase !== undefined) add(when.firstPurchase ? 'firstPurchase' : 'notFirstPurchase')
  if (when.birthday !== undefined) add(when.birthday ? 'birthday' : 'notBirthday')
  const { every, atLeast, atMost } = when.visits ?? {}
  if (every !== undefined) add('everyVisit', String(every))
  if (atLeast !== undefined) add('visitsFrom', String(atLeast))
  if (atMost !== undefined) add('visitsTo', String(atMost))
  for (const each of when.member ?? []) parts.push(attributeText(each, say))
  for (const each of when.all ?? []) parts.push(...conditionParts(each, say))
  if (when.any) parts.push(`(${when.any.map((each) => conditionParts(each, say).join(', ')).join(texts.or)})`)
  if (when.not) add('not', conditionParts(when.not, say).join(', '))
  return parts
}

const calendarParts = ({ weekdays, hours, dates, exceptDates, holidays }: Condition, say: Speaker): string[] => {
  const { when, and, or, weekdays: names } = say.texts
  const parts: string[] = []
  if (weekdays) {
    const days = weekdays.map((day) => names[day - 1] as string)
    parts.push(fill(when.weekdays, say.enumerate(days, and)))
  }
  if (hours) {
    const windows = hours.map(([from, to]) => `${from}–${to}`)
    parts.push(fill(when.hours, say.enumerate(windows, and)))
  }
  const days = (all: readonly string[], word: string): string =>
    say.enumerate(
      all.map((each) => say.date(each)),
      word,
    )
  if (dates) parts.push(fill(when.dates, days(dates, or)))
  if (exceptDates) parts.push(fill(when.exceptDates, days(exceptDates, and)))
  if (holidays) parts.push(holidays === 'only' ? when.holidaysOnly : when.holidaysNever)
  return parts
}

const attributeText = (test: AttributeCondition, say: Speaker): string => {
  const { when } = say.texts
  const attribute = say.name(test.attr)
  if ('known' in test) return fill(test.known ? when.attributeKnown : when.attributeUnknown, attribute)
  if ('atLeast' in test) return fill(when.attributeAtLeast, attribute, String(test.atLeast))
  if ('atMost' in test) return fill(when.attributeAtMost, attribute, String(test.atMost))
  if ('anyOf' in test) return fill(when.attributeIs, attribute, say.list(test.anyOf))
  if (typeof test.is === 'boolean') return fill(test.is ? when.attributeYes : when.attributeNo, attribute)
  return fill(when.attributeIs, attribute, say.name(String(test.is)))
}
