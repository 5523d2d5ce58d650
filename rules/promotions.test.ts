import { describe, expect, test } from 'vitest'
import {
  compileRuleSet,
  type Condition,
  type EvaluationInput,
  evaluate,
  type LineFacts,
  reverse,
  type Rule,
  type Slot,
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
  without,
} from './testing/samples.ts'

/** What a marketer may want, each as one rule and one basket with numbers that can be checked by hand. */
const priced = (lines: readonly LineFacts[], changes: object = {}): EvaluationInput =>
  sale(lines, { mode: 'price', ...changes })
const of = (id: string, changes: Partial<LineFacts> | object = {}): LineFacts =>
  line(1, { product: product(id), ...changes })
const percent = (ppm: number) => ({ kind: 'percent', ppm }) as const
const free = percent(1_000_000)
const slot = (name: string, products: readonly string[], changes: Partial<Slot> = {}): Slot => ({
  name,
  items: { products },
  ...changes,
})
const gives = (one: Rule, input: EvaluationInput): number => byRule(judge([one], input))[one.id] ?? 0

describe('PRO-03: prices', () => {
  test('members only, and one card kind only', () => {
    const set = (when: Condition): Rule => rule('p', 'price', [{ do: 'setPrice', unitPriceMinor: 900 }], { when })
    const basket = priced([line(1)])
    expect(gives(set({ identified: true }), basket)).toBe(100)
    expect(gives(set({ identified: true }), without(basket, 'member'))).toBe(0)
    expect(gives(set({ cardKinds: ['gold'] }), basket)).toBe(100)
    expect(gives(set({ cardKinds: ['gold'] }), { ...basket, member: member({ cardKind: 'tin' }) })).toBe(0)
  })

  test('n for m, second at half price, every fourth free', () => {
    const offer = (units: number, outOf: number, off: typeof free): Rule =>
      rule('o', 'line', [{ do: 'priceOff', off, pick: { take: 'cheapest', units, outOf } }])
    const basket = priced([of('A', { quantityMilli: 5000, unitPriceMinor: 800 })])
    expect(gives(offer(1, 3, free), basket)).toBe(800)
    expect(gives(offer(2, 5, free), basket)).toBe(1600)
    expect(gives(offer(1, 2, percent(500_000)), basket)).toBe(800)
    expect(gives(offer(1, 4, free), basket)).toBe(800)
  })

  test('the cheapest of a set is free, whichever products make it', () => {
    const offer = rule(
      'o',
      'line',
      [{ do: 'priceOff', of: 'a', off: free, pick: { take: 'cheapest', units: 1, outOf: 3 } }],
      {
        slots: [slot('a', ['A', 'B', 'C'])],
      },
    )
    const lines = [
      of('A'),
      line(2, { product: product('B'), unitPriceMinor: 700 }),
      line(3, { product: product('C'), unitPriceMinor: 1500 }),
    ]
    expect(gives(offer, priced(lines))).toBe(700)
    expect(gives(offer, priced(lines.slice(0, 2)))).toBe(0)
  })

  test('a set at one price scales with the basket, to a most', () => {
    const set = (atMostSets?: number): Rule =>
      rule(
        's',
        'line',
        [
          {
            do: 'bundlePrice',
            priceMinor: 2500,
            parts: [
              { of: 'a', units: 2 },
              { of: 'b', units: 1 },
            ],
            ...(atMostSets !== undefined && { atMostSets }),
          },
        ],
        { slots: [slot('a', ['A']), slot('b', ['B'])] },
      )
    const basket = priced([of('A', { quantityMilli: 7000 }), line(2, { product: product('B'), quantityMilli: 3000 })])
    expect(gives(set(), basket)).toBe(3 * 500)
    expect(gives(set(2), basket)).toBe(2 * 500)
  })

  test('quantity tiers and basket thresholds: the highest that is reached counts', () => {
    const tiers = rule('t', 'line', [
      {
        do: 'priceTiers',
        tiers: [
          { fromMilli: 3000, off: percent(50_000) },
          { fromMilli: 6000, off: percent(100_000) },
        ],
      },
    ])
    const steps = rule('s', 'basket', [
      {
        do: 'basketSteps',
        steps: [
          { fromMinor: 5000, off: { kind: 'amount', minor: 300 } },
          { fromMinor: 8000, off: { kind: 'amount', minor: 700 } },
        ],
      },
    ])
    const units = (count: number) => priced([of('A', { quantityMilli: count * 1000 })])
    expect([2, 3, 5, 6].map((count) => gives(tiers, units(count)))).toEqual([0, 150, 250, 600])
    expect([4, 5, 7, 8].map((count) => gives(steps, units(count)))).toEqual([0, 300, 300, 700])
  })

  test('a gift for each repeat, and none where the law forbids reductions', () => {
    const gift = rule('g', 'basket', [{ do: 'gift', products: ['G'], quantityMilli: 1000 }], {
      slots: [slot('a', ['A'], { each: { quantityMilli: 2000 } })],
    })
    const basket = priced([of('A', { quantityMilli: 5000 })])
    expect(judge([gift], basket).gifts).toEqual([{ rule: 'g', products: ['G'], quantityMilli: 2000 }])
    const law = { earn: true, discount: false, count: true }
    expect(judge([gift], priced([of('A', { quantityMilli: 5000, law })])).gifts).toBeUndefined()
  })

  test('floors and regulated prices stand against every rule, and what a payer reimburses is never given away', () => {
    const rules = [
      rule('price', 'price', [{ do: 'setPrice', unitPriceMinor: 1 }]),
      rule('line', 'line', [{ do: 'priceOff', off: free }]),
      rule('basket', 'basket', [{ do: 'basketOff', off: free }]),
    ]
    const lines = [
      line(1, { floorMinor: 800 }),
      line(2, { marks: ['regulatedPrice'] }),
      line(3, { marks: ['noDiscount'] }),
      line(4, { reimbursedMinor: 600 }),
    ]
    expect(judge(rules, priced(lines)).lines.map(({ afterBasketMinor }) => afterBasketMinor)).toEqual([
      800, 1000, 1000, 600,
    ])
  })

  test('PRO-03: the lowest price of the 30 days before is served with each price cut, and each cut has its own', () => {
    const cut = (id: string, changes: Partial<Rule> = {}): Rule =>
      rule(id, 'price', [{ do: 'priceOff', off: percent(200_000) }], changes)
    const lowestPrices = { p: 950, q: 850 }
    const lines = [line(1, { lowestPrices }), line(2, { lowestPrices: { q: 900 } }), line(3)]
    expect(judge([cut('p')], priced(lines)).steered).toEqual([
      { line: 1, lowestPrice30DaysMinor: 950, unitPriceMinor: 800 },
      { line: 2, unitPriceMinor: 800 },
      { line: 3, unitPriceMinor: 800 },
    ])
    const both = judge([cut('p'), cut('q', { priority: -1 })], priced(lines))
    expect(both.applied.map(({ amountShares }) => amountShares?.map((share) => share.lowestPrice30DaysMinor))).toEqual([
      [950, undefined, undefined],
      [850, 900, undefined],
    ])
    expect(both.steered.map((each) => each.lowestPrice30DaysMinor)).toEqual([850, 900, undefined])
  })

  test('PRO-03: of several cuts of a price the lowest is told, whichever came first', () => {
    const cut = (id: string): Rule => rule(id, 'price', [{ do: 'priceOff', off: percent(200_000) }])
    const told = (lowestPrices: Record<string, number>) =>
      judge([cut('p'), cut('q')], priced([line(1, { lowestPrices })])).steered[0]?.lowestPrice30DaysMinor
    expect([told({ p: 850, q: 950 }), told({ p: 950, q: 850 }), told({ p: 950 })]).toEqual([850, 850, 950])
  })

  test('a lowest price that is no amount is refused, as any other number of a line', () => {
    const cut = rule('p', 'price', [{ do: 'priceOff', off: percent(200_000) }])
    for (const price of [Number.NaN, -1, 9.5]) {
      expect(() => judge([cut], priced([line(1, { lowestPrices: { p: price } })]))).toThrow(RangeError)
    }
  })

  test('PRO-03: it is told beside a discount of lines too, and not beside one of the basket', () => {
    const off = (id: string, phase: 'line' | 'basket', effect: object): Rule => rule(id, phase, [effect as never])
    const rules = [
      off('l', 'line', { do: 'priceOff', off: percent(100_000) }),
      off('b', 'basket', { do: 'basketOff', off: percent(100_000) }),
    ]
    const { applied } = judge(rules, priced([line(1, { lowestPrices: { l: 850, b: 850 } }), line(2)]))
    expect(applied.map(({ amountShares }) => amountShares)).toEqual([
      [
        { line: 1, amountMinor: 100, lowestPrice30DaysMinor: 850 },
        { line: 2, amountMinor: 100 },
      ],
      [
        { line: 1, amountMinor: 90 },
        { line: 2, amountMinor: 90 },
      ],
    ])
  })
})

describe('PRO-02: points', () => {
  const points = (changes: object = {}, ruleChanges: object = {}): Rule =>
    rule(
      'r',
      'accrual.bonus',
      [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 10 }, ...changes } as never],
      ruleChanges,
    )

  test('first purchase, birthday and streaks come as facts that the caller supplies', () => {
    const on = (when: Condition, changes: Parameters<typeof member>[0]): number =>
      gives(points({}, { when }), { ...sale([line(1)]), member: member(changes) })
    expect([on({ firstPurchase: true }, { firstPurchase: true }), on({ firstPurchase: true }, {})]).toEqual([10, 0])
    expect([on({ birthday: true }, { birthday: true }), on({ birthday: true }, {})]).toEqual([10, 0])
    expect([3, 4, 6].map((visits) => on({ visits: { every: 3 } }, { visits }))).toEqual([10, 0, 10])
    const streak: Condition = { member: [{ attr: 'weeksInARow', atLeast: 4 }] }
    expect([3, 4].map((weeksInARow) => on(streak, { attributes: { weeksInARow } }))).toEqual([0, 10])
  })

  test('several point types, each with its scale, activation and expiry', () => {
    const { awards } = judge(
      [points(), { ...points({ pointType: 'fine', expiry: { kind: 'onDate', date: '2026-12-31' } }), id: 's' }],
      sale([line(1)]),
    )
    expect(awards).toEqual([
      {
        to: 'customer',
        pointType: 'main',
        points: 10,
        activation: { kind: 'now' },
        expiry: { kind: 'afterMonths', months: 12 },
      },
      {
        to: 'customer',
        pointType: 'fine',
        points: 10,
        activation: { kind: 'afterDays', days: 14 },
        expiry: { kind: 'onDate', date: '2026-12-31' },
      },
    ])
  })

  test('points wait for the return window of the program: an outcome says so many days, and a return takes back the same', () => {
    const wait = points({ activation: { kind: 'afterReturnWindow' } })
    const of = program({ returnWindowDays: 30 })
    const input = sale([line(1)])
    const ruleSet = compileRuleSet([wait], of)
    const outcome = evaluate(ruleSet, input, {})
    expect(outcome.awards.map(({ activation }) => activation)).toEqual([{ kind: 'afterDays', days: 30 }])
    const back = reverse(ruleSet, { input, counters: {}, outcome, returned: {} }, [{ line: 1, quantityMilli: 1000 }])
    expect(back.points).toEqual(outcome.awards)
    expect(ruleSet.hash).not.toBe(compileRuleSet([wait], program({ returnWindowDays: 31 })).hash)
    expect(() => compileRuleSet([wait], program())).toThrow(RangeError)
  })

  test('points as a tender: how much may be paid, and that this part earns nothing in money', () => {
    const pay = rule('pay', 'payment', [{ do: 'pointsPay', mostPpm: 300_000 }])
    expect(judge([pay], priced([line(1)])).payable).toEqual([
      { rule: 'pay', pointType: 'main', points: 60, amountMinor: 300 },
    ])
    const base = rule('b', 'accrual.base', [
      { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' } },
    ])
    const tenders = [
      { kind: 'points', amountMinor: 300 },
      { kind: 'cash', amountMinor: 700 },
    ] as const
    expect(pointsOf(judge([base], sale([line(1)], { tenders })))).toEqual({ customer: 7 })
  })

  test('who pays: the parts of all funders add up to what the points are worth', () => {
    const funding = [
      { party: 'Acme', ppm: 333_333 },
      { party: 'chain', ppm: 666_667 },
    ]
    const [applied] = judge([points({}, { funding })], sale([line(1)])).applied
    expect(applied?.funding).toEqual([
      { party: 'Acme', amountMinor: 17 },
      { party: 'chain', amountMinor: 33 },
    ])
  })

  test('a budget of a campaign in money stops the promotion when it is spent', () => {
    const off = rule('o', 'basket', [{ do: 'basketOff', off: percent(100_000) }], {
      limits: [{ id: 'budget', per: 'campaign', period: 'ever', measure: 'amount', most: 1000, over: 'truncate' }],
    })
    const give = (used: number): number =>
      byRule(judge([off], priced([line(1, { quantityMilli: 5000 })]), { counters: { 'budget|*|*': used } }))['o'] ?? 0
    expect([0, 800, 1000].map(give)).toEqual([500, 200, 0])
  })
})

test('VCH-04: a coupon is tied to a product, a brand or a category, and the answer names the lines that it was used on', () => {
  const lines = [
    line(1, { product: product('cream', { categories: ['cosmetics'], producer: 'Acme' }) }),
    line(2, { product: product('soap', { categories: ['cosmetics'] }) }),
    line(3, { product: product('syringe', { producer: 'Acme' }) }),
    line(4, { product: product('tea') }),
  ]
  const coupon = (items: object): Rule =>
    rule('c', 'basket', [{ do: 'basketOff', of: 'a', voucher: 'C', off: { kind: 'amount', minor: 300 } }], {
      slots: [{ name: 'a', items }],
    })
  const usedOn = (items: object, vouchers: EvaluationInput['vouchers']): object => {
    const { applied, redeemed = [] } = judge([coupon(items)], priced(lines, { vouchers }))
    const shares = applied.flatMap(({ amountShares = [] }) => amountShares)
    return { uses: redeemed.map(({ use }) => use), lines: shares.map((share) => [share.line, share.amountMinor]) }
  }
  const presented = [{ use: 0, kind: 'C', amountMinor: 0 }] as unknown as EvaluationInput['vouchers']
  expect(usedOn({ products: ['soap'] }, presented)).toEqual({ uses: [0], lines: [[2, 300]] })
  const [both, brand] = [{ categories: ['cosmetics'] }, { producers: ['Acme'] }]
  expect(usedOn(both, presented)).toEqual({ uses: [0], lines: [1, 2].map((number) => [number, 150]) })
  expect(usedOn(brand, presented)).toEqual({ uses: [0], lines: [1, 3].map((number) => [number, 150]) })
  expect(usedOn({ products: ['soap', 'tea'] }, [])).toEqual({ uses: [], lines: [] })
  expect(usedOn({ products: ['bread'] }, presented)).toEqual({ uses: [], lines: [] })
})

describe('fractions', () => {
  test('0.375 kg and a split pack earn and come back exactly', () => {
    const rules = [
      perZloty(),
      rule('unit', 'accrual.bonus', [
        { do: 'points', to: 'customer', formula: { kind: 'perUnit', quantityMilli: 125, points: 1 } },
      ]),
    ]
    const input = sale([
      of('cheese', { quantityMilli: 375, unitPriceMinor: 3999 }),
      line(2, { product: product('pills'), quantityMilli: 333, unitPriceMinor: 2999 }),
    ])
    const ruleSet = compileRuleSet(rules, program())
    const outcome = evaluate(ruleSet, input, {})
    expect(byRule(outcome)).toEqual({ base: 24, unit: 5 })
    const returned: Record<number, number> = {}
    let back = 0
    for (const [number, quantityMilli] of [
      [1, 125],
      [2, 111],
      [1, 250],
      [2, 222],
    ] as const) {
      const { points } = reverse(ruleSet, { input, counters: {}, outcome, returned }, [{ line: number, quantityMilli }])
      back += points.reduce((sum, each) => sum + each.points, 0)
      returned[number] = (returned[number] ?? 0) + quantityMilli
    }
    expect(back).toBe(29)
  })
})

test('PRO-05: a group in a group, a quota and a cap settle in one tree', () => {
  const give = (id: string, points: number, code: string): Rule =>
    rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points } }], { group: code })
  const rules = [give('a', 50, 'inner'), give('b', 40, 'inner'), give('c', 60, 'outer'), give('d', 5, 'outer')]
  const tree = program({
    groups: [group('outer', 'sumCapped', { capPoints: 80 }), group('inner', 'best', { parent: 'outer' })],
  })
  expect(byRule(judge(rules, sale([line(1)]), { program: tree }))).toEqual({ a: 50, c: 30 })
})
