import { describe, expect, test } from 'vitest'
import { compileRuleSet, type EvaluationInput, explain, reconcile, type Rule, simulate } from './index.ts'
import { group, judge, line, member, perZloty, program, rule, sale, without } from './testing/samples.ts'

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
    const missing = bonus('r', { group: 'g', slots: [{ name: 'a', atLeast: { quantityMilli: 3000 } }] })
    expect(whyNot(missing, two, inGroup)).toMatchObject({ kind: 'slotNotFilled', missing: 1000 })
    const ruleSet = compileRuleSet([], program())
    expect(explain(ruleSet, two, {}, 'nobody').rules[0]?.whyNot).toEqual({ kind: 'unknownRule' })
  })
})

describe('why not, in a group', () => {
  const of = program({ groups: [group('g', 'best'), group('h', 'first')] })
  const base = perZloty('base', { priority: 5 })

  test('a rule lost to rules of its group, whatever else the sale gave', () => {
    for (const code of ['g', 'h']) {
      const others = [
        base,
        rule('s', 'accrual.bonus', [{ do: 'points', to: 'customer', formula: fixed(50) }], {
          group: code,
          priority: 1,
        }),
      ]
      expect(whyNot(bonus('r', { group: code }), two, { program: of, others })).toEqual({
        kind: 'groupLost',
        group: code,
        to: ['s'],
      })
    }
    const gift = rule('gift', 'basket', [{ do: 'gift', products: ['G'], quantityMilli: 1000 }], {
      group: 'h',
      priority: 1,
    })
    const off = rule('off', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 100 } }], { group: 'h' })
    expect(whyNot(off, { ...two, mode: 'price' }, { program: of, others: [gift] })).toMatchObject({ to: ['gift'] })
  })

  test('where nobody of the group won, each rule has its own reason', () => {
    const limits = [{ per: 'member', period: 'day', measure: 'points', most: 5, over: 'drop' }] as const
    const options = { program: of, others: [base] }
    expect(whyNot(bonus('r', { group: 'g', limits }), two, options)).toEqual({
      kind: 'limitUsedUp',
      limit: 'r.1',
      left: 5,
      wanted: 10,
    })
    const tagged = { ...base, tags: ['t'] } as Rule
    expect(whyNot(bonus('r', { group: 'g', excludes: ['t'] }), two, { program: of, others: [tagged] })).toEqual({
      kind: 'excluded',
      by: 't',
    })
  })
})

test('a multiplier for somebody who is not there says so, and a wrong weekday is not a wrong hour', () => {
  const double = rule('r', 'accrual.bonus', [{ do: 'multiply', to: 'staff', how: 'times', ppm: 2_000_000 }])
  expect(whyNot(double, without(two, 'staff'), { others: [perZloty()] })).toEqual({
    kind: 'noBeneficiary',
    to: 'staff',
  })
  const on = (when: object) => whyNot(bonus('r', { when }), two)
  expect(on({ weekdays: [5], hours: [['10:00', '12:00']] })).toEqual({ kind: 'condition', fields: ['weekdays'] })
  expect(on({ weekdays: [6], hours: [['16:00', '20:00']] })).toEqual({ kind: 'condition', fields: ['hours'] })
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

test('a voucher that only the estimate promised is a difference', () => {
  const limits = [{ per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' }] as const
  const rules = [rule('v', 'accrual.bonus', [{ do: 'voucherIssue', voucher: 'TEN', count: 2 }], { limits })]
  const delta = reconcile(judge(rules, two), judge(rules, two, { counters: { 'v.1|m1|2026-11-21': 1 } }))
  expect(delta).toMatchObject({ same: false, causes: [{ rule: 'v', points: 0, amountMinor: 0, vouchers: -2 }] })
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
