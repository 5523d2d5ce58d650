import { daysInMonth } from '../calendar.ts'
import type { Condition, Slot } from '../condition.ts'
import { hasKeys } from '../evaluate/selects.ts'
import type { Effect, Rule } from '../rule.ts'

/** What is wrong, where, and how to put it right. */
export interface Issue {
  /** JSON pointer into what was checked. */
  readonly path: string
  /** Stable, for translations. */
  readonly code: string
  readonly reason: string
  readonly fix: string
}

const DEPTH_MAX = 4
const BRANCHES_MAX = 16

type Report = (path: string, code: string, reason: string, fix: string) => void

/** What the schema cannot say of a single rule. */
export const ruleIssues = (rule: Rule, path: string): Issue[] => {
  const issues: Issue[] = []
  const report: Report = (at, code, reason, fix) => issues.push({ path: `${path}${at}`, code, reason, fix })
  checkHead(rule, report)
  if (rule.when !== undefined) {
    checkCondition(rule.when, '/when', 1, report)
    const branches = branchesOf(rule.when)
    if (branches > BRANCHES_MAX) {
      report(
        '/when',
        'too_many_branches',
        `The condition has ${branches} alternatives.`,
        `Keep at most ${BRANCHES_MAX}: put values of one field into one list, or split the rule.`,
      )
    }
  }
  rule.slots?.forEach((slot, index) => checkSlot(slot, `/slots/${index}`, report))
  rule.then.forEach((effect, index) => checkEffect(rule, effect, `/then/${index}`, report))
  rule.examples?.forEach(({ at }, index) => {
    if (at !== undefined) checkDay(at.slice(0, 10), `/examples/${index}/at`, report)
  })
  return issues
}

const checkHead = (rule: Rule, report: Report): void => {
  const { valid, slots, funding } = rule
  if (valid?.from !== undefined && valid.to !== undefined && valid.from >= valid.to) {
    report('/valid', 'never_valid', 'The rule ends before it begins.', 'Let `to` be later than `from`.')
  }
  for (const end of ['from', 'to'] as const) {
    const moment = valid?.[end]
    if (moment !== undefined) checkDay(moment.slice(0, 10), `/valid/${end}`, report)
  }
  const names = new Set<string>()
  slots?.forEach(({ name }, index) => {
    if (names.has(name))
      report(`/slots/${index}/name`, 'slot_twice', `Two slots are named ${name}.`, 'Give each slot its own name.')
    names.add(name)
  })
  const parts = funding?.reduce((sum, { ppm }) => sum + ppm, 0)
  if (parts !== undefined && parts !== 1_000_000) {
    report(
      '/funding',
      'funding_sum',
      `The funders pay ${parts} parts of 1,000,000.`,
      'Let the parts add up to 1,000,000.',
    )
  }
  checkLimits(rule, report)
}

/** Effects that are measured neither in points nor in money. */
const UNMEASURED: readonly Effect['do'][] = ['gift', 'message', 'voucherIssue']

const checkLimits = ({ limits, phase, then }: Rule, report: Report): void => {
  const measured = then.every((effect) => UNMEASURED.includes(effect.do))
    ? 'uses'
    : phase.startsWith('accrual')
      ? 'points'
      : 'amount'
  const ids = new Set<string>()
  limits?.forEach(({ id, measure }, index) => {
    if (measure !== 'uses' && measure !== measured)
      report(
        `/limits/${index}/measure`,
        'limit_measure',
        measure === 'points' ? 'The rule gives no points.' : 'The rule takes no amount off.',
        measured === 'uses' ? 'Use `uses`.' : `Use \`${measured}\` or \`uses\`.`,
      )
    if (id !== undefined && ids.has(id))
      report(`/limits/${index}/id`, 'limit_twice', `The rule has limit ${id} twice.`, 'Leave one of them out.')
    if (id !== undefined) ids.add(id)
  })
}

const checkDay = (date: string, at: string, report: Report): void => {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  if (day > daysInMonth(year, month))
    report(at, 'no_such_date', `There is no day ${date}.`, 'Use a day of the calendar.')
}

const checkCondition = (when: Condition, path: string, depth: number, report: Report): void => {
  if (depth > DEPTH_MAX) {
    report(path, 'too_deep', `Conditions nest deeper than ${DEPTH_MAX}.`, 'Split the rule.')
    return
  }
  when.hours?.forEach(([from, to], index) => {
    if (from === to || from === '24:00')
      report(
        `${path}/hours/${index}`,
        'empty_window',
        'The window has no length.',
        'For a whole day write 00:00 to 24:00.',
      )
  })
  if ((when.dates ?? when.exceptDates) && when.hours?.some(([from, to]) => from > to))
    report(
      `${path}/hours`,
      'window_over_dates',
      'A window that crosses midnight ends on another date than it begins on.',
      'Write two conditions under `any`: the first date up to 24:00, the next date from 00:00.',
    )
  for (const field of ['dates', 'exceptDates'] as const) {
    when[field]?.forEach((date, index) => checkDay(date, `${path}/${field}/${index}`, report))
  }
  when.all?.forEach((each, index) => checkCondition(each, `${path}/all/${index}`, depth + 1, report))
  when.any?.forEach((each, index) => checkCondition(each, `${path}/any/${index}`, depth + 1, report))
  if (when.not !== undefined) checkCondition(when.not, `${path}/not`, depth + 1, report)
}

/** Alternatives of a condition written as "this and that, or …"; counts stop growing far above the limit. */
const branchesOf = (when: Condition): number => {
  let count = 1
  for (const each of when.all ?? []) count *= branchesOf(each)
  if (when.any !== undefined) count *= when.any.reduce((sum, each) => sum + branchesOf(each), 0)
  if (when.not !== undefined) count *= branchesOf(when.not)
  return Math.min(count, 1_000_000)
}

const checkSlot = ({ items, each, atLeast, atMost }: Slot, path: string, report: Report): void => {
  for (const name of ['and', 'except'] as const) {
    if (items?.[name] !== undefined && !hasKeys(items[name]))
      report(`${path}/items/${name}`, 'empty_set', 'The set names nothing.', 'Name some goods, or leave it out.')
  }
  if (each !== undefined && (each.quantityMilli === undefined) === (each.valueMinor === undefined)) {
    report(
      `${path}/each`,
      'each_of_one',
      'A slot repeats for each quantity or for each value.',
      'Give exactly one of `quantityMilli` and `valueMinor`.',
    )
  }
  for (const [name, threshold] of Object.entries({ atLeast, atMost })) {
    if (threshold !== undefined && Object.keys(threshold).every((key) => key === 'basis')) {
      report(
        `${path}/${name}`,
        'empty_threshold',
        'The threshold names no amount.',
        'Give a quantity, a value, or a number of products or lines.',
      )
    }
  }
}

const isAscending = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value > (values[index - 1] as number))

const checkEffect = (rule: Rule, effect: Effect, path: string, report: Report): void => {
  const names = (rule.slots ?? []).map(({ name }) => name)
  const known = (name: string | undefined, at: string): void => {
    if (name !== undefined && !names.includes(name))
      report(
        at,
        'unknown_slot',
        `The rule has no slot ${name}.`,
        'Add the slot, or leave `of` out for the whole basket.',
      )
  }
  const ascending = (values: readonly number[], at: string): void => {
    if (!isAscending(values))
      report(
        at,
        'not_ascending',
        'The steps are not in ascending order.',
        'Sort them; no two may begin at the same amount.',
      )
  }
  if ('of' in effect) known(effect.of, `${path}/of`)
  if ('pick' in effect && effect.pick !== undefined) {
    if (effect.pick.units > effect.pick.outOf)
      report(
        `${path}/pick`,
        'pick_too_many',
        'More units are taken than a group has.',
        'Let `units` be at most `outOf`.',
      )
    if (rule.phase === 'price')
      report(
        `${path}/pick`,
        'pick_in_price',
        'A shelf price is the same for every unit.',
        'Move the rule to phase `line`.',
      )
  }
  checkOrder(effect, path, ascending)
  if (effect.do === 'bundlePrice') effect.parts.forEach(({ of }, index) => known(of, `${path}/parts/${index}/of`))
  if (effect.do === 'multiply' && effect.how === 'times' && effect.ppm <= 1_000_000) {
    report(
      `${path}/ppm`,
      'factor_too_small',
      'The factor gives nothing on top.',
      'Use more than 1,000,000: 2,000,000 doubles.',
    )
  }
}

/** Brackets, tiers and steps ascend. */
const checkOrder = (effect: Effect, path: string, ascending: (values: readonly number[], at: string) => void): void => {
  if (effect.do === 'points' && effect.formula.kind === 'brackets') {
    ascending(
      effect.formula.brackets.map(({ fromMinor }) => fromMinor),
      `${path}/formula/brackets`,
    )
  }
  if (effect.do === 'priceTiers')
    ascending(
      effect.tiers.map(({ fromMilli }) => fromMilli),
      `${path}/tiers`,
    )
  if (effect.do === 'basketSteps')
    ascending(
      effect.steps.map(({ fromMinor }) => fromMinor),
      `${path}/steps`,
    )
}
