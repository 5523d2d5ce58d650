import type { CatalogueFacts } from './compile/rule-set.ts'
import type { Condition, ItemSet } from './condition.ts'
import type { ProgramDocument } from './program.ts'
import type { Rule } from './rule.ts'

/** Something about a valid rule that its author should look at before publishing. */
export interface Finding {
  readonly code:
    | 'never_true'
    | 'shadowed'
    | 'unbounded'
    | 'overlap'
    | 'excludes_prices'
    | 'index_hostile'
    | 'unknown_category'
    | 'unknown_outlet_group'
  readonly rule: string
  /** The other rule, or the code that nobody knows, where there is one. */
  readonly with?: string
}

/** A condition that can never hold: a date before or after the validity, the same value wanted and excluded. */
const isNever = ({ valid, when }: Rule): boolean => {
  if (when === undefined) return false
  const { dates, exceptDates, identified, not } = when
  const inside = (date: string): boolean =>
    (valid?.to === undefined || `${date}T00:00` < valid.to) &&
    (valid?.from === undefined || `${date}T24:00` > valid.from)
  if (dates !== undefined && !dates.some((date) => inside(date) && !(exceptDates?.includes(date) ?? false))) return true
  if (identified === false && asksMember(when)) return true
  return (
    not !== undefined &&
    Object.keys(not).length > 0 &&
    Object.entries(not).every(([field, value]) => covers(field, value, when[field as keyof Condition]))
  )
}

const asksMember = (when: Condition): boolean =>
  [
    when.cardKinds,
    when.tiers,
    when.memberKinds,
    when.segments,
    when.member,
    when.visits,
    when.firstPurchase,
    when.birthday,
  ].some((field) => field !== undefined)

/** Lists of which everything must hold: the longer, the less they accept. */
const CONJUNCTIONS = ['member', 'all', 'exceptDates']

/** Whether a field accepts everything that the same field of another condition accepts. */
const covers = (field: string, wide: unknown, narrow: unknown): boolean => {
  if (wide === undefined) return true
  if (narrow === undefined) return false
  if (!Array.isArray(wide) || !Array.isArray(narrow)) return JSON.stringify(wide) === JSON.stringify(narrow)
  const [few, many] = (CONJUNCTIONS.includes(field) ? [wide, narrow] : [narrow, wide]).map(
    (list) => new Set(list.map((value) => JSON.stringify(value))),
  ) as [Set<string>, Set<string>]
  return [...few].every((value) => many.has(value))
}

const coversAll = (wide: object | undefined, narrow: object | undefined): boolean =>
  Object.entries(wide ?? {}).every(([field, value]) =>
    covers(field, value, (narrow as Record<string, unknown> | undefined)?.[field]),
  )

/** Does the first rule apply in every sale in which the second does? Only what can be read off is said. */
const shadows = (first: Rule, second: Rule): boolean =>
  (first.valid?.from ?? '') <= (second.valid?.from ?? '') &&
  (first.valid?.to ?? '9') >= (second.valid?.to ?? '9') &&
  coversAll(first.when, second.when) &&
  JSON.stringify(first.slots) === JSON.stringify(second.slots)

const isUnbounded = ({ limits, then, slots }: Rule, program: ProgramDocument, group: string | undefined): boolean => {
  if (limits !== undefined) return false
  const { capMinor, capPoints } = program.groups?.find(({ code }) => code === group) ?? {}
  if (capMinor !== undefined || capPoints !== undefined) return false
  if (slots?.some(({ each }) => each?.atMostTimes !== undefined) === true) return false
  return then.some(
    (effect) =>
      (effect.do === 'multiply' && effect.ppm > 5_000_000) ||
      (effect.do === 'priceOff' && effect.off.kind === 'percent' && effect.off.ppm > 500_000),
  )
}

const groupFindings = (rules: readonly Rule[], program: ProgramDocument): Finding[] => {
  const findings: Finding[] = []
  for (const { code, mode } of program.groups ?? []) {
    if (mode !== 'first' && mode !== 'best') continue
    const members = rules.filter(({ group }) => group === code)
    members.forEach((rule, index) => {
      const earlier = members.slice(0, index).find((each) => shadows(each, rule))
      if (earlier === undefined) return
      findings.push({ code: mode === 'first' ? 'shadowed' : 'overlap', rule: rule.id, with: earlier.id })
    })
  }
  return findings
}

/** Points that are kept apart from a price rule: the booking of a sale knows its prices, not the rules that made them. */
const apartFromPrices = (rules: readonly Rule[]): Finding[] => {
  const isAccrual = ({ phase }: Rule): boolean => phase.startsWith('accrual')
  const name = ({ excludes = [] }: Rule, { tags = [] }: Rule): boolean => excludes.some((tag) => tags.includes(tag))
  const prices = rules.filter((rule) => !isAccrual(rule) && (rule.tags ?? rule.excludes) !== undefined)
  return rules.filter(isAccrual).flatMap((rule) => {
    const other = prices.find((price) => name(rule, price) || name(price, rule))
    return other === undefined ? [] : [{ code: 'excludes_prices', rule: rule.id, with: other.id }]
  })
}

/** More rules that look at every sale than this make every sale slow. */
const WHOLE_BASKET_MAX = 100

const isEverywhere = ({ when, slots }: Rule): boolean =>
  when === undefined && (slots ?? []).every(({ items }) => items === undefined)

const outletGroups = (when: Condition | undefined): string[] =>
  when === undefined
    ? []
    : [
        ...(when.outletGroups ?? []),
        ...[...(when.all ?? []), ...(when.any ?? []), ...(when.not === undefined ? [] : [when.not])].flatMap(
          outletGroups,
        ),
      ]

/** Categories and outlet groups that are not there yet, or are misspelt: until they are, the rule reaches nothing there. */
const unknownCodes = (rule: Rule, facts: CatalogueFacts): Finding[] => {
  const categories = new Set(facts.categories.map(({ id }) => id))
  const groups = facts.outletGroups === undefined ? undefined : new Set(facts.outletGroups)
  const sets = (rule.slots ?? []).flatMap(({ items }): (ItemSet | undefined)[] => [items, items?.and, items?.except])
  const named = new Set(sets.flatMap((set) => set?.categories ?? []))
  const unknown = new Set(outletGroups(rule.when).filter((group) => groups?.has(group) === false))
  return [
    ...[...named]
      .filter((category) => !categories.has(category))
      .map((category): Finding => ({ code: 'unknown_category', rule: rule.id, with: category })),
    ...[...unknown].map((group): Finding => ({ code: 'unknown_outlet_group', rule: rule.id, with: group })),
  ]
}

/** Static findings over a set in its order of evaluation: warnings, never refusals. With `facts` also unknown codes. */
export const findings = (rules: readonly Rule[], program: ProgramDocument, facts?: CatalogueFacts): Finding[] => {
  const found: Finding[] = []
  for (const rule of rules) {
    if (facts !== undefined) found.push(...unknownCodes(rule, facts))
    if (isNever(rule)) found.push({ code: 'never_true', rule: rule.id })
    if (isUnbounded(rule, program, rule.group)) found.push({ code: 'unbounded', rule: rule.id })
  }
  const everywhere = rules.filter(isEverywhere)
  for (const { id } of everywhere.slice(WHOLE_BASKET_MAX)) found.push({ code: 'index_hostile', rule: id })
  return [...found, ...apartFromPrices(rules), ...groupFindings(rules, program)]
}
