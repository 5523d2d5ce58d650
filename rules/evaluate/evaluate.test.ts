import { describe, expect, test } from 'vitest'
import { hashOutcome, type Rule } from '../index.ts'
import {
  byRule,
  group,
  judge,
  line,
  member,
  perZloty,
  pointsOf,
  product,
  program,
  rule,
  sale,
  without,
} from '../testing/samples.ts'

const fixed = (points: number) => ({ kind: 'fixed', points }) as const

describe('points', () => {
  test('RUL-01: a customer gets points per value, rounded once over the whole sale', () => {
    const outcome = judge([perZloty()], sale([line(1, { unitPriceMinor: 199 }), line(2, { unitPriceMinor: 199 })]))
    expect(pointsOf(outcome)).toEqual({ customer: 3 })
    expect(outcome.applied[0]?.pointShares).toEqual([
      { line: 1, points: 2 },
      { line: 2, points: 1 },
    ])
  })

  test('RUL-02 RUL-03: staff and outlet owner earn from the same sale, also without a member', () => {
    const rules: Rule[] = [
      perZloty(),
      rule('staff', 'accrual.base', [{ do: 'points', to: 'staff', formula: fixed(2) }]),
      rule('owner', 'accrual.base', [
        { do: 'points', to: 'owner', formula: { kind: 'perValue', minor: 1000, points: 1, basis: 'gross' } },
      ]),
    ]
    const input = sale([line(1, { unitPriceMinor: 2550 })])
    expect(pointsOf(judge(rules, input))).toEqual({ customer: 25, staff: 2, owner: 2 })
    expect(pointsOf(judge(rules, without(input, 'member')))).toEqual({ staff: 2, owner: 2 })
  })

  test('RUL-05: the basis decides: gross, after discounts, copayment, paid in money', () => {
    const bases = ['gross', 'afterLine', 'afterBasket', 'copayment', 'paidInMoney'] as const
    const rules = bases.map((basis) =>
      rule(basis, 'accrual.base', [
        { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 1, points: 1, basis } },
      ]),
    )
    const input = sale([line(1, { unitPriceMinor: 10_000, reductionMinor: 1000, reimbursedMinor: 3000 })], {
      basketReductionMinor: 500,
      tenders: [
        { kind: 'points', amountMinor: 700 },
        { kind: 'giftCard', amountMinor: 4800 },
      ],
    })
    expect(byRule(judge(rules, input))).toEqual({
      gross: 10_000,
      afterLine: 9000,
      afterBasket: 8500,
      copayment: 5500,
      paidInMoney: 4800,
    })
  })

  test('multipliers add up first, then multiply, on the named base alone', () => {
    const multiply = (id: string, how: 'add' | 'times', ppm: number) =>
      rule(id, 'accrual.bonus', [{ do: 'multiply', to: 'customer', how, ppm }])
    const outcome = judge(
      [
        perZloty(),
        rule('extra', 'accrual.bonus', [{ do: 'points', to: 'customer', formula: fixed(7) }]),
        multiply('double', 'times', 2_000_000),
        multiply('half', 'add', 500_000),
        multiply('full', 'add', 1_000_000),
      ],
      sale([line(1, { unitPriceMinor: 10_000 })]),
    )
    expect(byRule(outcome)).toEqual({ base: 100, extra: 7, full: 100, half: 50, double: 250 })
  })
})

describe('conditions', () => {
  test('PRO-04: a window that crosses midnight belongs to the day it begins on', () => {
    const friday = perZloty('night', { when: { weekdays: [5], hours: [['22:00', '02:00']] } })
    const at = (date: string, minute: number, weekday: number) =>
      pointsOf(judge([friday], sale([line(1)], { at: { date, minute, weekday, holiday: false } }))).customer ?? 0
    expect([at('2026-11-20', 1319, 5), at('2026-11-20', 1320, 5)]).toEqual([0, 10])
    expect([at('2026-11-21', 119, 6), at('2026-11-21', 120, 6)]).toEqual([10, 0])
    expect(at('2026-11-20', 60, 5)).toBe(0)
  })

  test('PRO-05: products, categories with descendants, producers and tags select lines', () => {
    const slotted = (id: string, items: object) =>
      rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', of: 'a', formula: fixed(1) }], {
        slots: [{ name: 'a', items }],
      })
    const rules = [
      slotted('product', { products: ['P1'] }),
      slotted('category', { categories: ['root'] }),
      slotted('producer', { producers: ['X'] }),
      slotted('tag', { tags: ['new'], except: { products: ['P1'] } }),
    ]
    const known = product('P1', { categories: ['leaf', 'root'], producer: 'X', tags: ['new'] })
    expect(byRule(judge(rules, sale([line(1, { product: known })])))).toEqual({ product: 1, category: 1, producer: 1 })
  })

  test('what the law forbids earns nothing and counts for nothing', () => {
    const forbidden = line(1, { unitPriceMinor: 50_000, law: { earn: false, discount: false, count: false } })
    const rules = [
      perZloty(),
      rule('big', 'accrual.bonus', [{ do: 'points', to: 'customer', formula: fixed(100) }], {
        slots: [{ name: 'all', atLeast: { valueMinor: 10_000 } }],
      }),
    ]
    expect(judge(rules, sale([forbidden])).applied).toEqual([])
    expect(byRule(judge(rules, sale([forbidden, line(2)])))).toEqual({ base: 10 })
  })
})

describe('prices', () => {
  const price = (rules: readonly Rule[], lines: Parameters<typeof sale>[0], changes = {}) =>
    judge(rules, sale(lines, { mode: 'price', ...changes }))

  test('PRO-03: a fixed price, then percent off the line, then an amount off the basket', () => {
    const outcome = price(
      [
        rule('fixed', 'price', [{ do: 'setPrice', of: 'a', unitPriceMinor: 800 }], {
          slots: [{ name: 'a', items: { products: ['P1'] } }],
        }),
        rule('ten', 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 100_000 } }]),
        rule('five', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 500 } }]),
        perZloty(),
      ],
      [line(1, { quantityMilli: 2000 }), line(2)],
    )
    expect(outcome.steered).toEqual([{ line: 1, unitPriceMinor: 800 }])
    expect(byRule(outcome)).toEqual({ fixed: 400, ten: 260, five: 500, base: 30 })
    expect(outcome.totals).toEqual({
      grossMinor: 3000,
      reductionMinor: 1160,
      reimbursedMinor: 0,
      paidInMoneyMinor: 1840,
    })
  })

  test('three for two frees the cheapest of each three, however the units lie on lines', () => {
    const offer = rule(
      '3for2',
      'line',
      [
        {
          do: 'priceOff',
          of: 'a',
          off: { kind: 'percent', ppm: 1_000_000 },
          pick: { take: 'cheapest', units: 1, outOf: 3 },
        },
      ],
      { slots: [{ name: 'a', items: { categories: ['c'] } }] },
    )
    const c = (id: string) => product(id, { categories: ['c'] })
    const together = price([offer], [line(1, { product: c('A'), quantityMilli: 6000 })])
    const apart = price(
      [offer],
      [1, 2, 3, 4, 5, 6].map((n) => line(n, { product: c('A') })),
    )
    expect(byRule(together)).toEqual({ '3for2': 2000 })
    expect(byRule(apart)).toEqual({ '3for2': 2000 })
  })

  test('no line goes below its floor, whatever the rules add up to', () => {
    const rules = [1, 2, 3].map((n) =>
      rule(`off${n}`, 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 900_000 }, on: 'original' }]),
    )
    const outcome = price(rules, [line(1, { floorMinor: 600 })])
    expect(byRule(outcome)).toEqual({ off1: 400 })
    expect(outcome.lines[0]?.afterLineMinor).toBe(600)
  })

  test('best of a group is best for the customer in money; points count at their value', () => {
    const grouped = { group: 'g' }
    const outcome = judge(
      [
        rule('low', 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 50_000 } }], grouped),
        rule('high', 'line', [{ do: 'priceOff', off: { kind: 'amount', minor: 60 } }], grouped),
      ],
      sale([line(1)], { mode: 'price' }),
      { program: program({ groups: [group('g', 'best')] }) },
    )
    expect(byRule(outcome)).toEqual({ high: 60 })
  })
})

describe('limits', () => {
  const limited = (over: 'truncate' | 'drop') =>
    perZloty('base', { limits: [{ per: 'member', period: 'month', measure: 'points', most: 50, over }] })
  const input = sale([line(1, { unitPriceMinor: 2000 }), line(2, { unitPriceMinor: 1000 })])

  test('cut what is over, or drop the rule, and claim only what was given', () => {
    const used = { 'base.1|m1|2026-11': 40 }
    const cut = judge([limited('truncate')], input, { counters: used })
    expect(cut.applied[0]).toMatchObject({ points: 10, cut: { limit: 'base.1', wanted: 30 } })
    expect(cut.claims).toEqual([{ limit: 'base.1', subject: 'm1', period: '2026-11', amount: 10 }])
    const dropped = judge([limited('drop')], input, { counters: used })
    expect([dropped.applied, dropped.claims]).toEqual([[], []])
  })

  test('a rule without effect uses nothing up', () => {
    const zero = judge([limited('truncate')], sale([line(1, { unitPriceMinor: 10 })]))
    expect(zero.claims).toEqual([])
  })
})

test('the order of lines in the array changes no byte', () => {
  const lines = [line(1), line(2, { unitPriceMinor: 333 }), line(3, { unitPriceMinor: 333 })]
  const rules = [perZloty()]
  const there = sale(lines, { member: member() })
  expect(hashOutcome(judge(rules, { ...there, lines: [...lines].reverse() }))).toBe(hashOutcome(judge(rules, there)))
})
