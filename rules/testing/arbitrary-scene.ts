import fc from 'fast-check'
import type { Limit, ProgramDocument, Rule } from '../index.ts'
import { arbitraryCondition, arbitrarySlot } from './arbitrary-condition.ts'
import { effectsOf } from './arbitrary-effects.ts'
import { maybe, record, some } from './arbitrary-parts.ts'
import { group, program } from './samples.ts'

const arbitraryLimit = (phase: Rule['phase'], index: number): fc.Arbitrary<object> =>
  record({
    per: fc.constantFrom('sale', 'member', 'card', 'outlet', 'staff', 'campaign'),
    period: fc.constantFrom('sale', 'day', 'week', 'month', 'ever'),
    measure: fc.constantFrom('uses', phase.startsWith('accrual') ? 'points' : 'amount'),
    most: fc.constantFrom(0, 1, 10, 30, 100, 1000, 1000),
    over: fc.constantFrom('truncate', 'drop'),
    offline: maybe(fc.constantFrom('allow', 'deny', 'escrow'), 1),
    id: fc.constant(`L${index}`),
  })

const PHASE_LIST = ['price', 'line', 'basket', 'payment', 'accrual.base', 'accrual.bonus'] as const
const GROUPS = PHASE_LIST.map((phase) => phase.replace('.', '-'))

/** Some scenes look at few phases, so that rules meet each other more often. */
const FOCUS: readonly (readonly Rule['phase'][])[] = [
  PHASE_LIST,
  ['accrual.base', 'accrual.bonus'],
  ['accrual.base', 'accrual.bonus'],
  ['line'],
  ['line', 'basket'],
  ['price', 'line'],
]

const arbitraryRule = (index: number, phases: readonly Rule['phase'][]): fc.Arbitrary<Rule> =>
  fc
    .tuple(
      fc.constantFrom(...phases),
      maybe(
        fc
          .tuple(arbitrarySlot('a'), maybe(arbitrarySlot('b'), 2))
          .map((slots) => slots.filter((slot) => slot !== undefined)),
        2,
      ),
    )
    .chain(([phase, slots]) =>
      record({
        schema: fc.constant(1),
        id: fc.constant(`r${index}`),
        version: fc.constant(1),
        name: fc.constant(`r${index}`),
        phase: fc.constant(phase),
        priority: maybe(fc.integer({ min: -1, max: 2 })),
        group: maybe(fc.constantFrom(GROUPS[PHASE_LIST.indexOf(phase)], `${GROUPS[PHASE_LIST.indexOf(phase)]}-in`), 2),
        valid: maybe(
          fc.constantFrom(
            { from: '2026-11-21T10:00' },
            { to: '2026-11-21T10:30' },
            { from: '2026-11-20T00:00', to: '2026-12-01T00:00' },
          ),
          1,
        ),
        when: maybe(arbitraryCondition, 1),
        slots: fc.constant(slots),
        limits: maybe(
          arbitraryLimit(phase, index % 3).map((limit) => [limit]),
          1,
        ),
        tags: maybe(some(['x', 'y']), 1),
        excludes: maybe(some(['x', 'y']), 1),
        text: maybe(fc.constant({ receipt: 'msg.r' }), 1),
        funding: maybe(
          fc.constant([
            { party: 'p', ppm: 333_333 },
            { party: 'q', ppm: 666_667 },
          ]),
          1,
        ),
        then: fc.array(effectsOf(phase, slots), { minLength: 1, maxLength: 2 }),
      }),
    ) as unknown as fc.Arbitrary<Rule>

/** Gifts, vouchers and messages are counted in uses alone. */
const withMeasuredLimits = (rule: Rule): Rule =>
  rule.then.some(({ do: what }) => !['gift', 'message', 'voucherIssue'].includes(what))
    ? rule
    : ({ ...rule, ...(rule.limits && { limits: rule.limits.map((limit) => ({ ...limit, measure: 'uses' })) }) } as Rule)

/** Rules that name one limit mean one: what means something else gets an id of its own. */
const withOwnLimits = (rules: readonly Rule[]): Rule[] => {
  const known = new Map<string, string>()
  return rules.map((rule, index) => {
    if (rule.limits === undefined) return rule
    const limits = rule.limits.map((limit): Limit => {
      const { id = '', per, period, measure, most } = limit
      const meaning = [per, period, measure, most].join()
      const before = known.get(id) ?? meaning
      known.set(id, before)
      return before === meaning ? limit : { ...limit, id: `${id}-${index}` }
    })
    return { ...rule, limits }
  })
}

export const arbitraryRules = (most: number, phases: readonly Rule['phase'][]): fc.Arbitrary<Rule[]> =>
  fc
    .integer({ min: 1, max: most })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => arbitraryRule(index, phases))))
    .map((rules) => withOwnLimits(rules.map(withMeasuredLimits)))

export interface Scene {
  readonly rules: readonly Rule[]
  readonly program: ProgramDocument
  readonly counters: Readonly<Record<string, number>>
}

const MODES = ['stack', 'first', 'best', 'worst', 'sumCapped'] as const

/** A random set of rules with the groups of their program and counters of their limits. */
export const arbitraryScene = (most = 6): fc.Arbitrary<Scene> =>
  fc
    .record({
      rules: fc.constantFrom(...FOCUS).chain((phases) => arbitraryRules(most, phases)),
      outer: fc.array(fc.constantFrom(...MODES), { minLength: GROUPS.length, maxLength: GROUPS.length }),
      inner: fc.array(fc.constantFrom(...MODES), { minLength: GROUPS.length, maxLength: GROUPS.length }),
      quota: maybe(fc.integer({ min: 1, max: 3 })),
      used: fc.constantFrom(0, 0, 0, 3, 9, 20),
      slice: maybe(fc.integer({ min: 0, max: 60 }), 1),
    })
    .map(({ rules, outer, inner, quota, used, slice }) => {
      const extra = quota === undefined ? {} : { atMostRules: quota }
      const groups = GROUPS.flatMap((code, index) => [
        group(code, outer[index] as (typeof MODES)[number], { ...extra, capMinor: 500, capPoints: 40 }),
        group(`${code}-in`, inner[index] as (typeof MODES)[number], { parent: code, capMinor: 100 }),
      ])
      const keys = ['L0', 'L1', 'L2'].flatMap((limit) =>
        ['m1', 'k1', 'o1', 's1', '*'].map((subject) => `${limit}|${subject}|*`),
      )
      const counters = Object.fromEntries(keys.map((key) => [key, used]))
      const alone =
        slice === undefined ? {} : { offline: 1, ...Object.fromEntries(keys.map((key) => [`${key}|slice`, slice])) }
      return { rules, program: program({ groups, returnWindowDays: 14 }), counters: { ...counters, ...alone } }
    })
