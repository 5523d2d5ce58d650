import { describe, expect, test } from 'vitest'
import { compileRuleSet, type EvaluationInput, explain, reconcile, type Rule, reverse, simulate } from './index.ts'
import {
  byRule,
  group,
  judge,
  line,
  member,
  perZloty,
  product,
  program,
  rule,
  sale,
  without,
} from './testing/samples.ts'

const fixed = (points: number) => ({ kind: 'fixed', points }) as const
const bonus = (id: string, changes: object = {}): Rule =>
  rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', formula: fixed(10) }], changes)
const whyNot = (
  one: Rule,
  input: EvaluationInput,
  options: Parameters<typeof judge>[2] & { others?: readonly Rule[] } = {},
) => {
  const ruleSet = compileRuleSet([one, ...(options.others ?? [])], options.program ?? program())
  return explain(ruleSet, input, options.counters ?? {}, one.id).rules[0]?.whyNot
}
const two = sale([line(1, { quantityMilli: 2000 })])

describe('why not', () => {
  test('RUL-11: the first thing that failed, with the distance to it', () => {
    const slots = [{ name: 'a', items: { products: ['P1'] }, atLeast: { quantityMilli: 3000 } }]
    expect(whyNot(bonus('r', { slots }), two)).toMatchObject({
      kind: 'slotNotFilled',
      missing: 1000,
      why: { of: 'quantityMilli', wanted: 3000, actual: 2000 },
    })
    const value = [{ name: 'a', atLeast: { valueMinor: 5000 } }]
    expect(whyNot(bonus('r', { slots: value }), two)).toMatchObject({ kind: 'slotNotFilled', missing: 3000 })
    const each = [{ name: 'a', each: { quantityMilli: 3000 } }]
    expect(whyNot(bonus('r', { slots: each }), two)).toMatchObject({
      kind: 'slotNotFilled',
      missing: 1000,
      why: { side: 'each' },
    })
  })

  test('each other reason has its name', () => {
    const limits = [{ per: 'member', period: 'day', measure: 'points', most: 10, over: 'drop' }] as const
    expect(whyNot(bonus('r', { valid: { to: '2026-11-21T10:30' } }), two)).toEqual({
      kind: 'notInForce',
      to: '2026-11-21T10:30',
    })
    expect(whyNot(bonus('r', { when: { tiers: ['t9'], channels: ['online'], weekdays: [6] } }), two)).toEqual({
      kind: 'condition',
      fields: ['tiers', 'channels'],
    })
    expect(whyNot(bonus('r', { slots: [{ name: 'a', items: { products: ['Z'] } }] }), two)).toEqual({
      kind: 'noSuchLine',
      slot: 'a',
    })
    expect(whyNot(bonus('r'), without(two, 'member'))).toEqual({ kind: 'noBeneficiary', to: 'customer' })
    expect(whyNot(bonus('r', { limits }), two, { counters: { 'r.1|m1|2026-11-21': 10 } })).toMatchObject({
      kind: 'limitUsedUp',
      limit: 'r.1',
      left: 0,
    })
    expect(
      whyNot(bonus('r', { excludes: ['t'] }), two, { others: [bonus('s', { tags: ['t'], priority: 1 })] }),
    ).toEqual({ kind: 'excluded', by: 't' })
    expect(whyNot(bonus('r'), { ...two, mayEarn: false })).toEqual({ kind: 'mayNotEarn' })
    expect(whyNot(rule('r', 'line', [{ do: 'setPrice', unitPriceMinor: 1 }]), two)).toEqual({
      kind: 'phaseDoesNotRun',
      phase: 'line',
    })
    const inGroup = {
      program: program({ groups: [group('g', 'best')] }),
      others: [rule('s', 'accrual.bonus', [{ do: 'points', to: 'customer', formula: fixed(50) }], { group: 'g' })],
    }
    expect(whyNot(bonus('r', { group: 'g' }), two, inGroup)).toEqual({ kind: 'groupLost', group: 'g', to: ['s'] })
    const ruleSet = compileRuleSet([], program())
    expect(explain(ruleSet, two, {}, 'nobody').rules[0]?.whyNot).toEqual({ kind: 'unknownRule' })
  })
})

describe('what was seen wrong elsewhere', () => {
  test('points are whole in their scale, never 268.28000000000003', () => {
    const outcome = judge(
      [
        rule('r', 'accrual.base', [
          {
            do: 'points',
            to: 'customer',
            pointType: 'fine',
            formula: { kind: 'perValue', minor: 1, points: 1, basis: 'gross' },
          },
        ]),
      ],
      sale([line(1, { unitPriceMinor: 26_828 })]),
    )
    expect(outcome.awards[0]?.points).toBe(26_828)
  })

  test('a reward line is not a purchased unit', () => {
    const slots = [{ name: 'a', items: { products: ['P1'] }, atLeast: { quantityMilli: 2000 } }]
    const free = line(2, { kind: 'reward', product: product('P1') })
    expect(judge([bonus('r', { slots })], sale([line(1), free])).applied).toEqual([])
  })

  test('five of six returned do not keep a threshold discount’s points on the last', () => {
    const slots = [{ name: 'a', atLeast: { quantityMilli: 6000 } }]
    const input = sale([line(1, { quantityMilli: 6000 })])
    const ruleSet = compileRuleSet([bonus('r', { slots })], program({ returnModel: 'readjudicated' }))
    const { outcome } = explain(ruleSet, input, {})
    const back = reverse(ruleSet, { input, counters: {}, outcome, returned: {} }, [{ line: 1, quantityMilli: 5000 }])
    expect(back.points[0]?.points).toBe(10)
  })

  test('a limit is not eaten by an effect of zero, and holds without any code', () => {
    const limits = [{ per: 'campaign', period: 'ever', measure: 'uses', most: 1, over: 'drop' }] as const
    const limited = rule('r', 'basket', [{ do: 'basketOff', off: { kind: 'percent', ppm: 500_000 } }], { limits })
    const free = sale([line(1, { unitPriceMinor: 0 })], { mode: 'price' })
    expect(judge([limited], free).claims).toEqual([])
    expect(judge([limited], { ...two, mode: 'price' }, { counters: { 'r.1|*|*': 1 } }).applied).toEqual([])
  })

  test('adding the free item last does not remove the offer', () => {
    const offer = rule('r', 'line', [
      { do: 'priceOff', off: { kind: 'percent', ppm: 1_000_000 }, pick: { take: 'cheapest', units: 1, outOf: 3 } },
    ])
    const prices = [300, 200, 100]
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]
    for (const order of orders) {
      const lines = order.map((at, index) =>
        line(index + 1, { product: product(`Q${at}`), unitPriceMinor: prices[at] as number }),
      )
      expect(byRule(judge([offer], sale(lines, { mode: 'price' })))).toEqual({ r: 100 })
    }
  })

  test('a return over what was sold is refused', () => {
    const ruleSet = compileRuleSet([perZloty()], program())
    const { outcome } = explain(ruleSet, two, {})
    const sold = { input: two, counters: {}, outcome, returned: { 1: 1000 } }
    expect(() => reverse(ruleSet, sold, [{ line: 1, quantityMilli: 1001 }])).toThrow('1000 of 2000 may still come back')
  })
})

test('an estimate and a booking that differ name the rule and the limit that cut it', () => {
  const limits = [{ per: 'member', period: 'day', measure: 'points', most: 15, over: 'truncate' }] as const
  const rules = [perZloty('r', { limits })]
  const delta = reconcile(judge(rules, two), judge(rules, two, { counters: { 'r.1|m1|2026-11-21': 10 } }))
  expect(delta).toEqual({
    same: false,
    points: [{ to: 'customer', pointType: 'main', points: -10 }],
    amountMinor: 0,
    causes: [{ rule: 'r', points: -10, amountMinor: 0, limit: 'r.1' }],
  })
})

test('RUL-10: past sales through two sets in one pass: sums, winners and losers, limits counted as the sales come', () => {
  const limits = [{ per: 'member', period: 'day', measure: 'points', most: 30, over: 'truncate' }] as const
  const before = compileRuleSet([perZloty()], program())
  const after = compileRuleSet([perZloty('base', { limits }), bonus('new', { when: { segments: ['vip'] } })], program())
  const of = (id: string, segments: string[]) =>
    sale([line(1, { quantityMilli: 2000 })], { member: member({ id, segments }) })
  const report = simulate([before, after], [of('a', []), of('a', []), of('b', ['vip'])])
  expect(report.sets.map(({ points }) => points)).toEqual([{ 'customer.main': 60 }, { 'customer.main': 60 }])
  expect(report).toMatchObject({
    sales: 3,
    members: { winners: 1, losers: 1, same: 0 },
    extremes: [
      { member: 'a', points: -10 },
      { member: 'b', points: 10 },
    ],
  })
})
