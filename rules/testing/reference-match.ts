import type { Condition, EvaluationInput, ItemSelector, ItemSet, LineFacts, Rule } from '../index.ts'

const minutes = (time: string): number => {
  const [hours = 0, rest = 0] = time.split(':').map(Number)
  return hours * 60 + rest
}

const hits = <T>(wanted: readonly T[] | undefined, ...actual: readonly (T | undefined)[]): boolean =>
  wanted === undefined || actual.some((value) => value !== undefined && wanted.includes(value))

const calendar = ({ weekdays, hours }: Condition, { at }: EvaluationInput): boolean => {
  if (hours === undefined) return hits(weekdays, at.weekday)
  const yesterday = ((at.weekday + 5) % 7) + 1
  return hours.some(([from, to]) => {
    const wraps = minutes(to) <= minutes(from)
    const today = at.minute >= minutes(from) && (wraps || at.minute < minutes(to)) && hits(weekdays, at.weekday)
    return today || (wraps && at.minute < minutes(to) && hits(weekdays, yesterday))
  })
}

const ofMember = (when: Condition, { member }: EvaluationInput): boolean => {
  const names = [
    'cardKinds',
    'tiers',
    'memberKinds',
    'segments',
    'member',
    'firstPurchase',
    'birthday',
    'visits',
  ] as const
  if (names.every((name) => when[name] === undefined)) return true
  if (member === undefined) return false
  const attributes = (when.member ?? []).every((test) => {
    const value = member.attributes[test.attr]
    if ('known' in test) return test.known === (value !== undefined)
    if (value === undefined) return false
    if ('is' in test) return test.is === value
    if ('anyOf' in test) return (test.anyOf as readonly unknown[]).includes(value)
    const bound = 'atLeast' in test ? test.atLeast : test.atMost
    if (typeof bound !== typeof value) return false
    return 'atLeast' in test ? value >= bound : value <= bound
  })
  const { every = 1, atLeast = 0, atMost = Number.MAX_SAFE_INTEGER } = when.visits ?? {}
  const { visits } = member
  return (
    attributes &&
    hits(when.cardKinds, member.cardKind) &&
    hits(when.tiers, member.tier) &&
    hits(when.memberKinds, member.kind) &&
    hits(when.segments, ...member.segments) &&
    hits(when.firstPurchase === undefined ? undefined : [when.firstPurchase], member.firstPurchase) &&
    hits(when.birthday === undefined ? undefined : [when.birthday], member.birthday) &&
    (when.visits === undefined ||
      (visits >= atLeast &&
        visits <= atMost &&
        (when.visits.every === undefined || (visits > 0 && visits % every === 0))))
  )
}

const condition = (when: Condition, input: EvaluationInput): boolean => {
  const { at, outlet } = input
  const simple = [
    calendar(when, input),
    hits(when.dates, at.date),
    when.exceptDates === undefined || !when.exceptDates.includes(at.date),
    when.holidays === undefined || at.holiday === (when.holidays === 'only'),
    hits(when.outlets, outlet.id),
    hits(when.outletGroups, ...outlet.groups),
    hits(when.outletTypes, outlet.type),
    hits(when.countries, outlet.country),
    hits(when.regions, outlet.region),
    hits(when.owners, outlet.owner),
    hits(when.staff, input.staff),
    hits(when.channels, input.channel),
    hits(when.tenders, ...input.tenders.map(({ kind }) => kind)),
    when.identified === undefined || when.identified === (input.member !== undefined),
    ofMember(when, input),
    hits(when.vouchers, ...input.vouchers.map(({ kind }) => kind)),
  ]
  return (
    simple.every(Boolean) &&
    (when.all ?? []).every((each) => condition(each, input)) &&
    (when.any === undefined || when.any.some((each) => condition(each, input))) &&
    !(when.not !== undefined && condition(when.not, input))
  )
}

/** Is the rule in force, and does its condition hold? */
export const inForce = (rule: Rule, input: EvaluationInput): boolean => {
  const now = `${input.at.date}T${String(Math.floor(input.at.minute / 60)).padStart(2, '0')}:${String(input.at.minute % 60).padStart(2, '0')}`
  if (rule.valid?.from !== undefined && now < rule.valid.from) return false
  if (rule.valid?.to !== undefined && now >= rule.valid.to) return false
  return rule.when === undefined || condition(rule.when, input)
}

const carries = (set: ItemSet, { product }: LineFacts): boolean =>
  product !== undefined &&
  ((set.products ?? []).includes(product.id) ||
    product.categories.some((category) => (set.categories ?? []).includes(category)) ||
    (set.producers ?? []).includes(product.producer ?? '\u0000') ||
    product.tags.some((tag) => (set.tags ?? []).includes(tag)))

const names = ['products', 'categories', 'producers', 'tags'] as const

/** Does a slot take this line, be it reduced already or not? */
export const takes = (items: ItemSelector | undefined, line: LineFacts): boolean => {
  if (items === undefined) return true
  const { where } = items
  if (names.some((name) => items[name] !== undefined) && !carries(items, line)) return false
  if (items.and !== undefined && !carries(items.and, line)) return false
  if (items.except !== undefined && carries(items.except, line)) return false
  if (where === undefined) return true
  return (
    hits(where.kinds, line.kind) &&
    !line.marks.some((mark) => (where.withoutMarks ?? []).includes(mark)) &&
    line.unitPriceMinor >= (where.unitPriceAtLeastMinor ?? 0) &&
    line.unitPriceMinor <= (where.unitPriceAtMostMinor ?? Number.MAX_SAFE_INTEGER) &&
    (where.reimbursed === undefined || where.reimbursed === line.reimbursedMinor > 0)
  )
}
