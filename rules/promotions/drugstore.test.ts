import { describe, expect, test } from 'vitest'
import { amount, expectKept, fixed, free, gives, goods, of, percent, type Promotion } from '../testing/promotion.ts'
import { group, judge, line, perZloty, product, rule, sale } from '../testing/samples.ts'

const promotions: readonly Promotion[] = [
  [
    'two and two free within a brand, the cheapest',
    [
      rule('four', 'line', [{ do: 'priceOff', of: 'a', off: free, pick: { take: 'cheapest', units: 2, outOf: 4 } }], {
        slots: [{ name: 'a', items: { producers: ['Lume'], and: { categories: ['makeup'] } } }],
        examples: [
          gives(
            'four prices',
            [4000, 3000, 2000, 1000].map((price) => of('makeup', price, { producer: 'Lume' })),
            { amountMinor: 3000 },
          ),
          gives('another category', [of('soap', 4000, { producer: 'Lume', quantityMilli: 4000 })], {}),
        ],
      }),
    ],
  ],
  [
    'shampoo and conditioner for 29.99, as often as there are both',
    [
      rule(
        'set',
        'line',
        [
          {
            do: 'bundlePrice',
            priceMinor: 2999,
            parts: [
              { of: 'shampoo', units: 1 },
              { of: 'conditioner', units: 1 },
            ],
          },
        ],
        {
          slots: [goods('shampoo'), goods('conditioner')],
          examples: [
            gives(
              'two of each',
              [of('shampoo', 1999, { quantityMilli: 2000 }), of('conditioner', 1799, { quantityMilli: 2000 })],
              { amountMinor: 1598 },
            ),
            gives('two and one', [of('shampoo', 1999, { quantityMilli: 2000 }), of('conditioner', 1799)], {
              amountMinor: 799,
            }),
            gives('cheap ones cost less apart', [of('shampoo', 999), of('conditioner', 999)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'three times the points on the birthday, 500 more at most',
    [
      perZloty('base'),
      rule('birthday', 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'times', ppm: 3_000_000 }], {
        when: { birthday: true },
        limits: [{ per: 'member', period: 'year', measure: 'points', most: 500, over: 'truncate' }],
        examples: [
          gives('100 zloty', [of('soap', 10_000)], { points: 200 }, { member: { birthday: true } }),
          gives('1,000 zloty', [of('soap', 100_000)], { points: 500 }, { member: { birthday: true } }),
          gives('any other day', [of('soap', 10_000)], {}),
        ],
      }),
    ],
  ],
  [
    'forty percent off the dearest product',
    [
      rule(
        'one',
        'line',
        [{ do: 'priceOff', off: percent(40), pick: { take: 'dearest', units: 1, outOf: 1, atMostGroups: 1 } }],
        {
          when: { vouchers: ['FORTY'] },
          examples: [
            gives(
              'three',
              [of('soap', 1000), of('cream', 5000), of('soap', 2000)],
              { amountMinor: 2000 },
              { vouchers: ['FORTY'] },
            ),
            gives('no coupon', [of('soap', 1000)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'a gift with two products of a brand for 99 zloty',
    [
      rule('gift', 'basket', [{ do: 'gift', products: ['BAG', 'MIRROR'], quantityMilli: 1000 }], {
        slots: [
          {
            name: 'a',
            items: { producers: ['Lume'] },
            atLeast: { quantityMilli: 2000, valueMinor: 9900, basis: 'afterLine' },
          },
        ],
        limits: [{ per: 'sale', period: 'sale', measure: 'uses', most: 1, over: 'drop' }],
        examples: [
          gives('two for 100', [{ producer: 'Lume', unitPriceMinor: 5000, quantityMilli: 2000 }], { giftMilli: 1000 }),
          gives('one for 100', [{ producer: 'Lume', unitPriceMinor: 10_000 }], {}),
          gives('two for 90', [{ producer: 'Lume', unitPriceMinor: 4500, quantityMilli: 2000 }], {}),
        ],
      }),
    ],
  ],
  [
    'a fifth off the first basket, save what is reduced',
    [
      rule('first', 'basket', [{ do: 'basketOff', of: 'a', off: percent(20) }], {
        when: { firstPurchase: true },
        slots: [{ name: 'a', items: { where: { discounted: false } } }],
        examples: [
          gives(
            'one of two',
            [of('soap', 1000), of('soap', 1000, { reductionMinor: 100 })],
            { amountMinor: 200 },
            { member: { firstPurchase: true } },
          ),
          gives('the second basket', [of('soap', 1000)], {}),
        ],
      }),
    ],
  ],
  [
    'half as many points more with gold, as many with platinum',
    [
      perZloty('base'),
      ...(
        [
          ['gold', 500_000, 50],
          ['platinum', 1_000_000, 100],
        ] as const
      ).map(([tier, ppm, points]) =>
        rule(tier, 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'add', ppm }], {
          when: { tiers: [tier] },
          examples: [
            gives('100 zloty', [of('soap', 10_000)], { points }, { member: { tier } }),
            gives('no tier', [of('soap', 10_000)], {}),
          ],
        }),
      ),
    ],
  ],
  [
    'the better of a coupon for 20 % of cosmetics and 15 % of all for the club',
    [
      rule('coupon', 'basket', [{ do: 'basketOff', of: 'cosmetics', off: percent(20), voucher: 'TWENTY' }], {
        group: 'best',
        slots: [goods('cosmetics')],
        examples: [
          gives(
            'cosmetics alone',
            [of('cosmetics', 10_000)],
            { amountMinor: 2000 },
            { vouchers: ['TWENTY'], member: { tier: 'gold' } },
          ),
          gives(
            'others too: the club wins',
            [of('cosmetics', 10_000), of('soap', 9000)],
            {},
            { vouchers: ['TWENTY'], member: { tier: 'gold' } },
          ),
        ],
      }),
      rule('club', 'basket', [{ do: 'basketOff', off: percent(15) }], {
        group: 'best',
        when: { tiers: ['gold'] },
        examples: [
          gives(
            'others too',
            [of('cosmetics', 10_000), of('soap', 9000)],
            { amountMinor: 2850 },
            { vouchers: ['TWENTY'], member: { tier: 'gold' } },
          ),
        ],
      }),
    ],
  ],
  [
    'one point for each 100 millilitres that are refilled',
    [
      rule(
        'refill',
        'accrual.bonus',
        [{ do: 'points', to: 'customer', of: 'a', formula: { kind: 'perUnit', quantityMilli: 100, points: 1 } }],
        {
          slots: [{ name: 'a', items: { tags: ['refill'] } }],
          examples: [
            gives('750 ml', [{ tags: ['refill'], unitPriceMinor: 2999, quantityMilli: 750 }], { points: 7 }),
            gives('99 ml', [{ tags: ['refill'], unitPriceMinor: 2999, quantityMilli: 99 }], {}),
          ],
        },
      ),
    ],
  ],
  [
    'ten points for a rating of the last visit, thirty with newsletter and app, once in a lifetime',
    [
      rule('opted', 'accrual.bonus', [{ do: 'points', to: 'customer', formula: fixed(30) }], {
        when: {
          member: [
            { attr: 'newsletter', is: true },
            { attr: 'app', known: true },
          ],
        },
        limits: [{ per: 'member', period: 'ever', measure: 'uses', most: 1, over: 'drop' }],
        examples: [
          gives(
            'both',
            [of('soap', 100)],
            { points: 30 },
            { member: { attributes: { newsletter: true, app: '2026-01-01' } } },
          ),
          gives('newsletter alone', [of('soap', 100)], {}, { member: { attributes: { newsletter: true } } }),
        ],
      }),
    ],
  ],
]

const tiers = ['t1', 'gold', 'platinum'].map((code, rank) => ({ code, name: code, rank, fromPoints: rank * 100 }))

describe('PRO-02 PRO-03: promotions of drugstores', () => {
  test.each(promotions)('%s', (_, rules) => expectKept(rules, { tiers, groups: [group('best', 'best')] }))

  test('the supplier pays 60 % of the cut and the chain the rest, to the grosz', () => {
    const cut = rule('cut', 'line', [{ do: 'priceOff', off: percent(15) }], {
      slots: [{ name: 'a', items: { producers: ['Lume'] } }],
      funding: [
        { party: 'Lume', ppm: 600_000 },
        { party: 'chain', ppm: 400_000 },
      ],
    })
    const { applied } = judge(
      [cut],
      sale([line(1, { product: product('A', { producer: 'Lume' }), unitPriceMinor: 1999 })], { mode: 'price' }),
    )
    expect(applied[0]?.funding).toEqual([
      { party: 'Lume', amountMinor: 180 },
      { party: 'chain', amountMinor: 120 },
    ])
  })

  test('a budget of the supplier is cut where it ends', () => {
    const cut = rule('cut', 'basket', [{ do: 'basketOff', off: amount(1000) }], {
      limits: [{ id: 'budget', per: 'campaign', period: 'ever', measure: 'amount', most: 100_000, over: 'truncate' }],
    })
    const { applied, claims } = judge([cut], sale([line(1, { unitPriceMinor: 9999 })], { mode: 'price' }), {
      counters: { 'budget|*|*': 99_250 },
    })
    expect(applied).toMatchObject([{ amountMinor: 750, cut: { limit: 'budget', wanted: 1000 } }])
    expect(claims).toMatchObject([{ amount: 750 }])
  })
})
