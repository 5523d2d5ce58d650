import { describe, expect, test } from 'vitest'
import {
  canonicalJson,
  compileRuleSet,
  counterKey,
  type EvaluationInput,
  evaluate,
  explain,
  type Limit,
  type LineFacts,
  limitKeys,
  type ProgramDocument,
  reverse,
  type Rule,
} from './index.ts'
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
} from './testing/samples.ts'

/** What other systems did in public, and what ours does: each title names the harm. */
const fixed = (points: number) => ({ kind: 'fixed', points }) as const
const bonus = (id: string, changes: object = {}): Rule =>
  rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', formula: fixed(10) }], changes)
const percentOff = (id: string, ppm: number, changes: object = {}): Rule =>
  rule(id, 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm } }], changes)
const priced = (lines: readonly LineFacts[], changes: object = {}): EvaluationInput =>
  sale(lines, { mode: 'price', ...changes })
const two = sale([line(1, { quantityMilli: 2000 })])
const sold = (rules: readonly Rule[], input: EvaluationInput, changes: Partial<ProgramDocument> = {}) => {
  const ruleSet = compileRuleSet(rules, program(changes))
  return { ruleSet, booked: { input, counters: {}, outcome: evaluate(ruleSet, input, {}), returned: {} } }
}
const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}

describe('numbers', () => {
  test('268.28000000000003 points were shown: points are whole in the scale of their type', () => {
    const fine = rule('r', 'accrual.base', [
      {
        do: 'points',
        to: 'customer',
        pointType: 'fine',
        formula: { kind: 'perValue', minor: 1, points: 1, basis: 'gross' },
      },
    ])
    expect(judge([fine], sale([line(1, { unitPriceMinor: 26_828 })])).awards[0]?.points).toBe(26_828)
  })

  test('a currency rounded to tens turned 1 point into 0: points do not know how money is rounded', () => {
    const off = rule('off', 'basket', [
      { do: 'basketOff', off: { kind: 'percent', ppm: 10_000 }, rounding: { mode: 'floor', increment: 10 } },
    ])
    const one = rule('one', 'accrual.base', [{ do: 'points', to: 'customer', formula: fixed(1) }])
    expect(byRule(judge([off, one], priced([line(1, { unitPriceMinor: 500 })])))).toEqual({ one: 1 })
  })

  test('a remainder of -1e-14 made a coupon invalid: what a coupon leaves is nothing at all', () => {
    const coupon = rule('ten', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 30 }, voucher: 'V' }])
    const input = priced(
      [10, 10, 10].map((unitPriceMinor, index) => line(index + 1, { unitPriceMinor })),
      {
        vouchers: [{ use: 0, kind: 'V', amountMinor: 0 }],
      },
    )
    const { redeemed, totals } = judge([coupon], input)
    expect(redeemed).toEqual([{ rule: 'ten', use: 0, amountMinor: 30 }])
    expect(totals).toMatchObject({ reductionMinor: 30, paidInMoneyMinor: 0 })
  })
})

describe('returns', () => {
  const three = sale(
    [1, 2, 3].map((number) => line(number)),
    { basketReductionMinor: 1000, tenders: [{ kind: 'cash', amountMinor: 2000 }] },
  )

  test('the share of a discount moved to the lines that stayed, which got cheaper: each line keeps its own', () => {
    const { ruleSet, booked } = sold([perZloty()], three)
    const paid = [1, 2, 3].map((number) => {
      const [back] = reverse(ruleSet, booked, [{ line: number, quantityMilli: 1000 }]).lines
      return back?.paidInMoneyMinor
    })
    expect(paid).toEqual(booked.outcome.lines.map(({ paidInMoneyMinor }) => paidInMoneyMinor))
    const first = { ...booked, returned: { 1: 1000 } }
    expect(reverse(ruleSet, first, [{ line: 2, quantityMilli: 1000 }]).lines[0]?.paidInMoneyMinor).toBe(paid[1])
  })

  test('the discount of the whole order was refunded for one line: a line gives back what was paid for it', () => {
    const { ruleSet, booked } = sold([], three)
    const { lines } = reverse(ruleSet, booked, [{ line: 1, quantityMilli: 1000 }])
    expect(lines).toEqual([
      { line: 1, quantityMilli: 1000, grossMinor: 1000, copaymentMinor: 666, paidInMoneyMinor: 666 },
    ])
  })

  test('five of six returned kept what the threshold of six gave: judged again, the last one earns nothing', () => {
    const slots = [{ name: 'a', atLeast: { quantityMilli: 6000 } }]
    const input = sale([line(1, { quantityMilli: 6000 })])
    const { ruleSet, booked } = sold([bonus('r', { slots })], input, { returnModel: 'readjudicated' })
    expect(reverse(ruleSet, booked, [{ line: 1, quantityMilli: 5000 }]).points[0]?.points).toBe(10)
  })

  test('points were charged a second time on a refund: a return itself neither earns nor takes', () => {
    const all = [perZloty(), bonus('r'), percentOff('off', 100_000)]
    const { applied, awards, claims, issues } = judge(all, { ...two, kind: 'return', mode: 'price' })
    expect([applied, awards, claims, issues]).toEqual([[], [], [], []])
  })

  test('points were taken back twice: an expiry at the end of a day is the same whether it says so or not', () => {
    const slots = [{ name: 'a', atLeast: { quantityMilli: 2000 } }]
    const months = { kind: 'afterMonths', months: 12 } as const
    const points = (id: string, expiry: object, changes: object = {}): Rule =>
      rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', formula: fixed(10), expiry } as never], changes)
    const rules = [points('a', months, { slots }), points('b', { ...months, endOf: 'day' })]
    const { ruleSet, booked } = sold(rules, two, { returnModel: 'readjudicated' })
    expect(reverse(ruleSet, booked, [{ line: 1, quantityMilli: 1000 }]).points).toMatchObject([{ points: 10 }])
  })

  test('more came back than was sold: it is refused', () => {
    const { ruleSet, booked } = sold([perZloty()], two)
    const some = { ...booked, returned: { 1: 1000 } }
    expect(() => reverse(ruleSet, some, [{ line: 1, quantityMilli: 1001 }])).toThrow('1000 of 2000 may still come back')
  })
})

describe('what points are computed from', () => {
  test('a reward line counted as a purchased unit: it neither counts nor earns', () => {
    const slots = [{ name: 'a', items: { products: ['P1'] }, atLeast: { quantityMilli: 2000 } }]
    const free = line(2, { kind: 'reward', product: product('P1') })
    expect(judge([bonus('r', { slots }), perZloty()], sale([line(1), free])).awards[0]?.points).toBe(10)
  })

  test('whether a discount reduces what is earned was decided twice, differently: each rule declares its base', () => {
    const on = (basis: 'gross' | 'afterBasket'): Rule =>
      rule(basis, 'accrual.base', [
        { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis } },
      ])
    const input = sale([line(1, { unitPriceMinor: 5000 })], { basketReductionMinor: 2000 })
    expect(byRule(judge([on('gross'), on('afterBasket')], input))).toEqual({ gross: 50, afterBasket: 30 })
  })

  test('items that cost nothing in the end earned points: nothing paid earns nothing per value', () => {
    const free = line(1, { reductionMinor: 1000 })
    const rules = (['afterLine', 'copayment', 'paidInMoney'] as const).flatMap((basis) => [
      rule(`value-${basis}`, 'accrual.base', [
        { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 1, points: 1, basis } },
      ]),
      rule(`percent-${basis}`, 'accrual.base', [
        { do: 'points', to: 'customer', formula: { kind: 'percent', ppm: 1_000_000, basis } },
      ]),
    ])
    expect(judge(rules, sale([free])).awards).toEqual([])
  })
})

describe('quotes and limits', () => {
  const once: Limit = { per: 'campaign', period: 'ever', measure: 'uses', most: 1, over: 'drop' }

  test('asking for a price took a reservation: evaluating changes none of its arguments, however often', () => {
    const ruleSet = compileRuleSet([perZloty('r', { limits: [once] })], program())
    const [input, counters] = [freeze(structuredClone(two)), freeze({ 'r.1|*|*': 0 })]
    const quotes = [1, 2, 3].map(() => canonicalJson(evaluate(ruleSet, input, counters)))
    expect(new Set(quotes).size).toBe(1)
    expect(quotes[0]).toContain('"claims":[{"amount":1,')
  })

  test('a limit was eaten by a discount of zero: without effect nothing is used', () => {
    const limited = rule('r', 'basket', [{ do: 'basketOff', off: { kind: 'percent', ppm: 500_000 } }], {
      limits: [once],
    })
    expect(judge([limited], priced([line(1, { unitPriceMinor: 0 })])).claims).toEqual([])
  })

  test('a promotion without a code had no limit: it obeys like any other', () => {
    const limited = percentOff('r', 500_000, { limits: [once] })
    expect(judge([limited], priced([line(1)]), { counters: { 'r.1|*|*': 1 } }).applied).toEqual([])
  })

  test('a cancelled order kept its use of the limit: a full return gives back exactly what was used', () => {
    const points: Limit = { per: 'member', period: 'month', measure: 'points', most: 15, over: 'truncate' }
    for (const returnModel of ['frozen', 'readjudicated'] as const) {
      const { ruleSet, booked } = sold([perZloty('r', { limits: [once, points] })], two, { returnModel })
      const { claims } = reverse(ruleSet, booked, [{ line: 1, quantityMilli: 2000 }])
      expect(claims).toEqual(booked.outcome.claims)
      expect(claims.map(({ amount }) => amount)).toEqual([1, 15])
    }
  })

  test('a limit was checked on another counter than it used: every claim is on a counter that was asked for', () => {
    const ruleSet = compileRuleSet([perZloty('r', { limits: [once] })], program())
    const asked = limitKeys(ruleSet, two).map(counterKey)
    expect(evaluate(ruleSet, two, {}).claims.map(counterKey)).toEqual(asked)
  })
})

describe('stacking', () => {
  const free = { kind: 'percent', ppm: 1_000_000 } as const

  test('adding the free item last removed the offer: the order of scanning does not matter', () => {
    const offer = rule('r', 'line', [{ do: 'priceOff', off: free, pick: { take: 'cheapest', units: 1, outOf: 3 } }])
    const prices = [300, 200, 100]
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const lines = order.map((at, index) =>
        line(index + 1, { product: product(`Q${at}`), unitPriceMinor: prices[at] as number }),
      )
      expect(byRule(judge([offer], priced(lines)))).toEqual({ r: 100 })
    }
  })

  test('a price fell below zero: rules together take what is there and no more', () => {
    const rules = [
      rule('price', 'price', [{ do: 'priceOff', off: { kind: 'amount', minor: 700 } }]),
      percentOff('line', 900_000, { priority: 1 }),
      rule('basket', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 99_999 } }]),
    ]
    const { lines, totals } = judge(rules, priced([line(1), line(2, { floorMinor: 400 })]))
    expect(lines.map(({ afterBasketMinor }) => afterBasketMinor)).toEqual([0, 400])
    expect(totals.paidInMoneyMinor).toBe(400)
  })

  test('offers were computed on prices before other offers only: a rule declares original or remaining', () => {
    const on = (base: 'original' | 'remaining'): Rule[] => [
      percentOff('first', 500_000, { priority: 1 }),
      rule('second', 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 500_000 }, on: base }]),
    ]
    expect(byRule(judge(on('remaining'), priced([line(1)])))).toEqual({ first: 500, second: 250 })
    expect(byRule(judge(on('original'), priced([line(1)])))).toEqual({ first: 500, second: 500 })
  })

  test('of equal promotions one was picked at random: priority decides, then the id, whatever the order of the list', () => {
    const rules = ['c', 'a', 'b'].map((id) => bonus(id, { group: 'g' }))
    const of = program({ groups: [group('g', 'first')] })
    for (const list of [rules, [...rules].reverse(), [rules[1], rules[0], rules[2]] as Rule[]])
      expect(byRule(judge(list, two, { program: of }))).toEqual({ a: 10 })
    const urgent = [...rules, bonus('z', { group: 'g', priority: 1 })]
    expect(byRule(judge(urgent, two, { program: of }))).toEqual({ z: 10 })
  })

  test('one unit was condition of two offers: units that an offer claims are gone for others of its group', () => {
    const claim = (id: string, priority: number): Rule =>
      rule(id, 'line', [{ do: 'priceOff', of: 'a', off: free, pick: { take: 'cheapest', units: 1, outOf: 2 } }], {
        priority,
        slots: [{ name: 'a', claims: true }],
      })
    expect(byRule(judge([claim('x', 2), claim('y', 1)], priced([line(1, { quantityMilli: 3000 })])))).toEqual({
      x: 1000,
    })
  })

  test('best for the customer compared offers line by line: whole baskets are compared', () => {
    const cream = { slots: [{ name: 'a', items: { products: ['P1'] } }], group: 'g' }
    const rules = [
      rule('cream', 'line', [{ do: 'priceOff', of: 'a', off: { kind: 'percent', ppm: 300_000 } }], cream),
      percentOff('all', 200_000, { group: 'g' }),
    ]
    const of = program({ groups: [group('g', 'best')] })
    expect(byRule(judge(rules, priced([line(1), line(2)]), { program: of }))).toEqual({ all: 400 })
  })
})

describe('time and reasons', () => {
  test('a late sale was stamped with the time it arrived: the time of the sale decides, and nothing else', () => {
    const november = perZloty('r', { valid: { from: '2026-11-01T00:00', to: '2026-12-01T00:00' } })
    const at = (date: string): EvaluationInput =>
      sale([line(1)], { at: { date, minute: 1439, weekday: 1, holiday: false } })
    expect(pointsOf(judge([november], at('2026-11-30')))).toEqual({ customer: 10 })
    expect(pointsOf(judge([november], at('2026-12-01')))).toEqual({})
  })

  test('RUL-11: nobody could say why points came: what is kept of a sale gives its very bytes again, with each reason', () => {
    const rules = [
      perZloty(),
      bonus('gold', { when: { cardKinds: ['gold'] } }),
      bonus('vip', { when: { segments: ['vip'] } }),
    ]
    const ruleSet = compileRuleSet(rules, program())
    const counters = { 'base.1|m1|2026-11': 3 }
    const kept = JSON.parse(canonicalJson({ input: { ...two, member: member() }, counters })) as {
      input: EvaluationInput
      counters: Record<string, number>
    }
    const booked = canonicalJson(evaluate(ruleSet, { ...two, member: member() }, counters))
    const told = explain(ruleSet, kept.input, kept.counters)
    expect(canonicalJson(told.outcome)).toBe(booked)
    const reasons = told.rules.map((each) => [each.rule, each.applied[0]?.points ?? each.whyNot])
    expect(reasons).toEqual([
      ['base', 20],
      ['gold', 10],
      ['vip', { kind: 'condition', fields: ['segments'] }],
    ])
  })
})
