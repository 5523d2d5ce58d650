import { describe, test } from 'vitest'
import { amount, expectKept, free, gives, goods, of, percent, type Promotion } from '../testing/promotion.ts'
import { perZloty, rule } from '../testing/samples.ts'

const promotions: readonly Promotion[] = [
  [
    'two and one free, the cheapest, mix and match, twice at most, members on Friday from 16 to 20, not on goods that are reduced',
    [
      rule('leaflet', 'price', [{ do: 'setPrice', of: 'a', unitPriceMinor: 500 }], {
        slots: [{ name: 'a', items: { products: ['LEAFLET'] } }],
      }),
      rule(
        'three',
        'line',
        [{ do: 'priceOff', of: 'a', off: free, pick: { take: 'cheapest', units: 1, outOf: 3, atMostGroups: 2 } }],
        {
          when: { identified: true, weekdays: [5], hours: [['16:00', '20:00']] },
          slots: [{ name: 'a', items: { categories: ['sweets'], where: { discounted: false } } }],
          examples: [
            gives(
              'three',
              [of('sweets', 900, { quantityMilli: 2000 }), of('sweets', 700)],
              { amountMinor: 700 },
              { at: '2026-01-09T16:00' },
            ),
            gives(
              'nine: twice',
              [of('sweets', 900, { quantityMilli: 9000 })],
              { amountMinor: 1800 },
              { at: '2026-01-09T19:59' },
            ),
            gives(
              'one is reduced',
              [of('sweets', 900, { quantityMilli: 2000 }), of('sweets', 700, { product: 'LEAFLET' })],
              {},
              { at: '2026-01-09T16:00' },
            ),
            gives('20:00', [of('sweets', 900, { quantityMilli: 3000 })], {}, { at: '2026-01-09T20:00' }),
            gives(
              'no card',
              [of('sweets', 900, { quantityMilli: 3000 })],
              {},
              { at: '2026-01-09T16:00', anonymous: true },
            ),
          ],
        },
      ),
    ],
  ],
  [
    'the second piece of the same product a fifth off',
    [
      rule(
        'second',
        'line',
        [
          {
            do: 'priceOff',
            of: 'drinks',
            off: percent(20),
            pick: { take: 'cheapest', units: 1, outOf: 2, sameProduct: true },
          },
        ],
        {
          slots: [goods('drinks')],
          examples: [
            gives(
              'two of one, one of another',
              [of('drinks', 500, { product: 'A', quantityMilli: 2000 }), of('drinks', 400, { product: 'B' })],
              { amountMinor: 100 },
            ),
            gives(
              'two and two',
              [
                of('drinks', 500, { product: 'A', quantityMilli: 2000 }),
                of('drinks', 400, { product: 'B', quantityMilli: 2000 }),
              ],
              { amountMinor: 180 },
            ),
            gives(
              'three different ones',
              [
                of('drinks', 500, { product: 'A' }),
                of('drinks', 500, { product: 'B' }),
                of('drinks', 500, { product: 'C' }),
              ],
              {},
            ),
          ],
        },
      ),
    ],
  ],
  [
    'three yoghurts for five zloty, any flavors',
    [
      rule('yoghurts', 'line', [{ do: 'bundlePrice', priceMinor: 500, parts: [{ of: 'yoghurt', units: 3 }] }], {
        slots: [goods('yoghurt')],
        examples: [
          gives('three', [of('yoghurt', 199, { quantityMilli: 2000 }), of('yoghurt', 229)], { amountMinor: 127 }),
          gives('seven: two sets', [of('yoghurt', 199, { quantityMilli: 7000 })], { amountMinor: 194 }),
          gives('two', [of('yoghurt', 199, { quantityMilli: 2000 })], {}),
        ],
      }),
    ],
  ],
  [
    'one for 5.99, from three on 4.99 each',
    [
      rule('more', 'line', [{ do: 'priceTiers', of: 'juice', tiers: [{ fromMilli: 3000, off: amount(100) }] }], {
        slots: [goods('juice')],
        examples: [
          gives('four', [of('juice', 599, { quantityMilli: 4000 })], { amountMinor: 400 }),
          gives('two', [of('juice', 599, { quantityMilli: 2000 })], {}),
        ],
      }),
    ],
  ],
  [
    'bananas at 3.99 a kilogram with the card',
    [
      rule('bananas', 'price', [{ do: 'setPrice', of: 'a', unitPriceMinor: 399 }], {
        when: { identified: true },
        slots: [{ name: 'a', items: { products: ['BANANAS'] } }],
        examples: [
          gives('1.375 kg', [{ product: 'BANANAS', unitPriceMinor: 699, quantityMilli: 1375 }], { amountMinor: 412 }),
          gives('no card', [{ product: 'BANANAS', unitPriceMinor: 699, quantityMilli: 1375 }], {}, { anonymous: true }),
        ],
      }),
    ],
  ],
  [
    'ham at 2.99 for 100 grams, three kilograms’ worth of the reduction at most',
    [
      rule('ham', 'line', [{ do: 'priceOff', of: 'a', off: amount(1000) }], {
        slots: [{ name: 'a', items: { products: ['HAM'] } }],
        limits: [{ per: 'sale', period: 'sale', measure: 'amount', most: 3000, over: 'truncate' }],
        examples: [
          gives('375 grams', [{ product: 'HAM', unitPriceMinor: 3990, quantityMilli: 375 }], { amountMinor: 375 }),
          gives('five kilograms', [{ product: 'HAM', unitPriceMinor: 3990, quantityMilli: 5000 }], {
            amountMinor: 3000,
          }),
          gives('cheese', [{ product: 'CHEESE', unitPriceMinor: 3990, quantityMilli: 375 }], {}),
        ],
      }),
    ],
  ],
  [
    'a twentieth off baskets of 100, a tenth from 200, without alcohol and what is reduced',
    [
      rule(
        'steps',
        'basket',
        [
          {
            do: 'basketSteps',
            of: 'a',
            steps: [
              { fromMinor: 10_000, off: percent(5) },
              { fromMinor: 20_000, off: percent(10) },
            ],
          },
        ],
        {
          slots: [{ name: 'a', items: { except: { categories: ['alcohol'] }, where: { discounted: false } } }],
          examples: [
            gives('100', [of('food', 10_000)], { amountMinor: 500 }),
            gives('200, of which wine 50', [of('food', 15_000), of('alcohol', 5000)], { amountMinor: 750 }),
            gives('200, of which reduced 150', [of('food', 15_000, { reductionMinor: 1 }), of('food', 5000)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'twenty zloty off 200, once a week with a card',
    [
      rule('week', 'basket', [{ do: 'basketOff', off: amount(2000) }], {
        slots: [{ name: 'all', atLeast: { valueMinor: 20_000, basis: 'afterLine' } }],
        limits: [{ per: 'card', period: 'week', measure: 'uses', most: 1, over: 'drop' }],
        examples: [
          gives('250', [of('food', 25_000)], { amountMinor: 2000 }),
          gives('no card', [of('food', 25_000)], {}, { anonymous: true }),
        ],
      }),
    ],
  ],
  [
    'a sticker for each full 40 zloty, and one more for each product of a partner',
    [
      rule(
        'stickers',
        'accrual.base',
        [
          {
            do: 'points',
            to: 'customer',
            pointType: 'fine',
            formula: { kind: 'perValue', minor: 4000, points: 1, basis: 'afterBasket', fullSteps: true },
          },
        ],
        {
          examples: [gives('99.99', [of('food', 9999)], { points: 2 }), gives('39.99', [of('food', 3999)], {})],
        },
      ),
      rule(
        'partner',
        'accrual.bonus',
        [
          {
            do: 'points',
            to: 'customer',
            pointType: 'fine',
            of: 'a',
            formula: { kind: 'perUnit', quantityMilli: 1000, points: 1 },
          },
        ],
        {
          slots: [{ name: 'a', items: { tags: ['partner'] } }],
          examples: [gives('two', [{ tags: ['partner'], unitPriceMinor: 500, quantityMilli: 2000 }], { points: 2 })],
        },
      ),
    ],
  ],
  [
    'bread at 30 % off in the last two hours of the day',
    [
      rule('evening', 'line', [{ do: 'priceOff', of: 'bread', off: percent(30) }], {
        when: { hours: [['20:00', '22:00']] },
        slots: [goods('bread')],
        examples: [
          gives('21:59', [of('bread', 450)], { amountMinor: 135 }, { at: '2026-01-05T21:59' }),
          gives('22:00', [of('bread', 450)], {}, { at: '2026-01-05T22:00' }),
        ],
      }),
    ],
  ],
  [
    'six bottles of at least three wines: 15 % off',
    [
      rule('wines', 'line', [{ do: 'priceOff', of: 'wine', off: percent(15) }], {
        slots: [goods('wine', { atLeast: { quantityMilli: 6000, products: 3 } })],
        examples: [
          gives(
            'four, one and one',
            [
              of('wine', 2000, { product: 'A', quantityMilli: 4000 }),
              of('wine', 3000, { product: 'B' }),
              of('wine', 4000, { product: 'C' }),
            ],
            { amountMinor: 2250 },
          ),
          gives('six of one', [of('wine', 2000, { product: 'A', quantityMilli: 6000 })], {}),
        ],
      }),
    ],
  ],
  [
    'a coupon that was activated in the app: two zloty off one piece, once',
    [
      rule(
        'app',
        'line',
        [{ do: 'priceOff', of: 'a', off: amount(200), pick: { take: 'dearest', units: 1, outOf: 1, atMostGroups: 1 } }],
        {
          when: { member: [{ attr: 'couponCoffee', is: true }] },
          slots: [{ name: 'a', items: { products: ['COFFEE'] } }],
          limits: [{ per: 'member', period: 'ever', measure: 'uses', most: 1, over: 'drop' }],
          examples: [
            gives(
              'three packs',
              [{ product: 'COFFEE', unitPriceMinor: 2999, quantityMilli: 3000 }],
              { amountMinor: 200 },
              { member: { attributes: { couponCoffee: true } } },
            ),
            gives('not activated', [{ product: 'COFFEE', unitPriceMinor: 2999 }], {}),
          ],
        },
      ),
    ],
  ],
  [
    'half off what expires soon, and no points for it',
    [
      rule('soon', 'line', [{ do: 'priceOff', of: 'a', off: percent(50) }], {
        slots: [{ name: 'a', items: { tags: ['short-date'] } }],
        examples: [gives('one', [{ tags: ['short-date'], unitPriceMinor: 999 }], { amountMinor: 500 })],
      }),
      rule(
        'base',
        'accrual.base',
        [
          {
            do: 'points',
            to: 'customer',
            of: 'a',
            formula: { kind: 'perValue', minor: 100, points: 1, basis: 'afterLine' },
          },
        ],
        {
          slots: [{ name: 'a', items: { where: { discounted: false } } }],
          examples: [
            gives('fresh and not', [of('food', 1000), of('food', 1000, { reductionMinor: 500 })], { points: 10 }),
            gives('reduced', [of('food', 1000, { reductionMinor: 500 })], {}),
          ],
        },
      ),
    ],
  ],
  [
    'the fourth for one grosz',
    [
      rule(
        'grosz',
        'line',
        [{ do: 'setPrice', of: 'soap', unitPriceMinor: 1, pick: { take: 'cheapest', units: 1, outOf: 4 } }],
        {
          slots: [goods('soap')],
          examples: [
            gives('four', [of('soap', 500, { quantityMilli: 4000 })], { amountMinor: 499 }),
            gives('three', [of('soap', 500, { quantityMilli: 3000 })], {}),
          ],
        },
      ),
    ],
  ],
  [
    'double points on trading Sundays, five times on one product',
    [
      perZloty('base'),
      rule('sunday', 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'times', ppm: 2_000_000 }], {
        when: { dates: ['2026-01-25', '2026-12-20'] },
        examples: [
          gives('in January', [of('food', 1000)], { points: 10 }, { at: '2026-01-25T12:00' }),
          gives('another Sunday', [of('food', 1000)], {}, { at: '2026-02-01T12:00' }),
        ],
      }),
      rule('five', 'accrual.bonus', [{ do: 'multiply', to: 'customer', of: 'a', how: 'add', ppm: 4_000_000 }], {
        slots: [{ name: 'a', items: { products: ['MILK'] } }],
        examples: [
          gives('milk and bread', [{ product: 'MILK', unitPriceMinor: 400 }, of('bread', 500)], { points: 16 }),
        ],
      }),
    ],
  ],
]

describe('PRO-02 PRO-03: promotions of supermarkets', () => {
  test.each(promotions)('%s', (_, rules) => expectKept(rules))
})
