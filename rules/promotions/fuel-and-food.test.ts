import { describe, test } from 'vitest'
import { amount, expectKept, fixed, free, gives, goods, of, percent, type Promotion } from '../testing/promotion.ts'
import { perZloty, rule } from '../testing/samples.ts'

const fuel: readonly Promotion[] = [
  [
    'two points for each full litre',
    [
      rule('litres', 'accrual.base', [{ do: 'points', to: 'customer', of: 'fuel', formula: fixed(2) }], {
        slots: [goods('fuel', { each: { quantityMilli: 1000 } })],
        examples: [
          gives('43.21 litres', [of('fuel', 649, { quantityMilli: 43_210 })], { points: 86 }),
          gives('half a litre', [of('fuel', 649, { quantityMilli: 500 })], {}),
        ],
      }),
    ],
  ],
  [
    'ten groszy off a litre from 30 litres on',
    [
      rule('thirty', 'line', [{ do: 'priceOff', of: 'fuel', off: amount(10) }], {
        slots: [goods('fuel', { atLeast: { quantityMilli: 30_000 } })],
        examples: [
          gives('40.5 litres', [of('fuel', 649, { quantityMilli: 40_500 })], { amountMinor: 405 }),
          gives('29.99', [of('fuel', 649, { quantityMilli: 29_990 })], {}),
        ],
      }),
    ],
  ],
  [
    'thirty groszy off a litre at weekends, of 50 litres, three times a month',
    [
      rule('weekend', 'line', [{ do: 'priceOff', of: 'fuel', off: amount(30) }], {
        when: { weekdays: [6, 7] },
        slots: [goods('fuel')],
        limits: [
          { per: 'sale', period: 'sale', measure: 'amount', most: 1500, over: 'truncate' },
          { per: 'member', period: 'month', measure: 'uses', most: 3, over: 'drop' },
        ],
        examples: [
          gives(
            '20 litres',
            [of('fuel', 649, { quantityMilli: 20_000 })],
            { amountMinor: 600 },
            { at: '2026-01-10T10:00' },
          ),
          gives(
            '70 litres',
            [of('fuel', 649, { quantityMilli: 70_000 })],
            { amountMinor: 1500 },
            { at: '2026-01-10T10:00' },
          ),
          gives('a Monday', [of('fuel', 649, { quantityMilli: 20_000 })], {}),
        ],
      }),
    ],
  ],
  [
    'half a car wash with 40 litres',
    [
      rule('wash', 'line', [{ do: 'priceOff', of: 'wash', off: percent(50) }], {
        slots: [goods('fuel', { atLeast: { quantityMilli: 40_000 } }), goods('wash')],
        examples: [
          gives('both', [of('fuel', 649, { quantityMilli: 41_000 }), of('wash', 2999, { kind: 'service' })], {
            amountMinor: 1500,
          }),
          gives('no fuel', [of('wash', 2999, { kind: 'service' })], {}),
        ],
      }),
    ],
  ],
  [
    'hot dog and coffee for 12.99, only beside fuel',
    [
      rule(
        'snack',
        'line',
        [
          {
            do: 'bundlePrice',
            priceMinor: 1299,
            parts: [
              { of: 'hotdog', units: 1 },
              { of: 'coffee', units: 1 },
            ],
            atMostSets: 2,
          },
        ],
        {
          slots: [goods('fuel'), goods('hotdog'), goods('coffee')],
          examples: [
            gives('all three', [of('fuel', 649, { quantityMilli: 9000 }), of('hotdog', 899), of('coffee', 999)], {
              amountMinor: 599,
            }),
            gives('no fuel', [of('hotdog', 899), of('coffee', 999)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'no points for fleets that pay later, double at night',
    [
      perZloty('base', {
        when: { not: { tenders: ['onAccount'] } },
        examples: [
          gives('cash', [of('fuel', 5000)], { points: 50 }),
          gives('on account', [of('fuel', 5000)], {}, { tenders: [{ kind: 'onAccount', amountMinor: 5000 }] }),
        ],
      }),
      rule('night', 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'times', ppm: 2_000_000 }], {
        when: { hours: [['22:00', '06:00']] },
        examples: [
          gives('five in the morning', [of('fuel', 5000)], { points: 50 }, { at: '2026-01-06T05:00' }),
          gives('six', [of('fuel', 5000)], {}, { at: '2026-01-06T06:00' }),
        ],
      }),
    ],
  ],
  [
    'New Year’s night, which has two dates: double points from 20:00 to 4:00',
    [
      perZloty('base'),
      rule('night', 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'times', ppm: 2_000_000 }], {
        when: {
          any: [
            { dates: ['2026-12-31'], hours: [['20:00', '24:00']] },
            { dates: ['2027-01-01'], hours: [['00:00', '04:00']] },
          ],
        },
        examples: [
          gives('after midnight', [of('fuel', 5000)], { points: 50 }, { at: '2027-01-01T03:59' }),
          gives('the night before', [of('fuel', 5000)], {}, { at: '2026-12-31T01:00' }),
        ],
      }),
    ],
  ],
]

const food: readonly Promotion[] = [
  [
    'happy hour: beer at 30 % off from Monday to Thursday, 17 to 19',
    [
      rule('happy', 'line', [{ do: 'priceOff', of: 'beer', off: percent(30) }], {
        when: { weekdays: [1, 2, 3, 4], hours: [['17:00', '19:00']] },
        slots: [goods('beer')],
        examples: [
          gives('Monday at 17', [of('beer', 1500)], { amountMinor: 450 }, { at: '2026-01-05T17:00' }),
          gives('Friday at 17', [of('beer', 1500)], {}, { at: '2026-01-09T17:00' }),
        ],
      }),
    ],
  ],
  [
    'lunch: soup and a main course for 29.90',
    [
      rule(
        'lunch',
        'line',
        [
          {
            do: 'bundlePrice',
            priceMinor: 2990,
            parts: [
              { of: 'soup', units: 1 },
              { of: 'main', units: 1 },
            ],
          },
        ],
        {
          when: { weekdays: [1, 2, 3, 4, 5], hours: [['12:00', '15:00']], holidays: 'never' },
          slots: [goods('soup'), goods('main')],
          examples: [
            gives(
              'two lunches',
              [of('soup', 1200, { quantityMilli: 2000 }), of('main', 2500), of('main', 2800)],
              { amountMinor: 1720 },
              { at: '2026-01-05T12:00' },
            ),
            gives('a holiday', [of('soup', 1200), of('main', 2500)], {}, { at: '2026-01-06T12:00', holiday: true }),
          ],
        },
      ),
    ],
  ],
  [
    'a stamp for each coffee; five stamps pay the next one',
    [
      rule(
        'stamps',
        'accrual.base',
        [
          {
            do: 'points',
            to: 'customer',
            of: 'coffee',
            pointType: 'fine',
            formula: { kind: 'perUnit', quantityMilli: 1000, points: 100 },
          },
        ],
        {
          slots: [goods('coffee')],
          examples: [
            gives('two', [of('coffee', 1200, { quantityMilli: 2000 })], { points: 200 }),
            gives('tea', [of('tea', 1200)], {}),
          ],
        },
      ),
      rule('next', 'payment', [{ do: 'pointsPay', of: 'coffee', pointType: 'fine', mostPpm: 1_000_000 }], {
        slots: [goods('coffee')],
      }),
    ],
  ],
  [
    'every fifth coffee of one order is free',
    [
      rule(
        'fifth',
        'line',
        [{ do: 'priceOff', of: 'coffee', off: free, pick: { take: 'cheapest', units: 1, outOf: 5 } }],
        {
          slots: [goods('coffee')],
          examples: [
            gives('eleven', [of('coffee', 1200, { quantityMilli: 11_000 })], { amountMinor: 2400 }),
            gives('four', [of('coffee', 1200, { quantityMilli: 4000 })], {}),
          ],
        },
      ),
    ],
  ],
  [
    'two cocktails for one on Friday and Saturday night',
    [
      rule(
        'cocktails',
        'line',
        [{ do: 'priceOff', of: 'cocktail', off: free, pick: { take: 'cheapest', units: 1, outOf: 2 } }],
        {
          when: { weekdays: [5, 6], hours: [['21:00', '02:00']] },
          slots: [goods('cocktail')],
          examples: [
            gives(
              'Sunday at 1 is Saturday night',
              [of('cocktail', 2900), of('cocktail', 3500)],
              { amountMinor: 2900 },
              { at: '2026-01-11T01:00' },
            ),
            gives(
              'Friday at 1 is Thursday night',
              [of('cocktail', 2900, { quantityMilli: 2000 })],
              {},
              { at: '2026-01-09T01:00' },
            ),
          ],
        },
      ),
    ],
  ],
  [
    'for each main course one dish for children at one zloty',
    [
      rule(
        'children',
        'line',
        [{ do: 'setPrice', of: 'child', unitPriceMinor: 100, pick: { take: 'dearest', units: 1, outOf: 1 } }],
        {
          slots: [goods('main', { each: { quantityMilli: 1000 } }), goods('child')],
          examples: [
            gives(
              'two mains, three children',
              [of('main', 3900, { quantityMilli: 2000 }), of('child', 1900, { quantityMilli: 3000 })],
              { amountMinor: 3600 },
            ),
            gives('two mains, one child', [of('main', 3900, { quantityMilli: 2000 }), of('child', 1900)], {
              amountMinor: 1800,
            }),
            gives('children alone', [of('child', 1900)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'a tenth off what is ordered online, no points for deposits and service',
    [
      rule('online', 'basket', [{ do: 'basketOff', off: percent(10) }], {
        when: { channels: ['online'] },
        examples: [
          gives(
            'with a deposit',
            [of('main', 3000), of('cup', 500, { kind: 'deposit' })],
            { amountMinor: 300 },
            { channel: 'online' },
          ),
          gives('at the counter', [of('main', 3000)], {}),
        ],
      }),
      rule(
        'base',
        'accrual.base',
        [
          {
            do: 'points',
            to: 'customer',
            of: 'a',
            formula: { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' },
          },
        ],
        {
          slots: [{ name: 'a', items: { where: { kinds: ['goods'] } } }],
          examples: [
            gives('with service', [of('main', 3000), of('service', 300, { kind: 'service' })], { points: 30 }),
          ],
        },
      ),
    ],
  ],
  [
    'a dessert on the birthday for baskets of 60 zloty',
    [
      rule(
        'dessert',
        'basket',
        [
          { do: 'gift', products: ['CAKE', 'ICE'], quantityMilli: 1000 },
          { do: 'message', at: 'till', text: 'till.birthday' },
        ],
        {
          when: { birthday: true },
          slots: [{ name: 'all', atLeast: { valueMinor: 6000 } }],
          examples: [
            gives('60', [of('main', 6000)], { giftMilli: 1000 }, { member: { birthday: true } }),
            gives('50', [of('main', 5000)], {}, { member: { birthday: true } }),
          ],
        },
      ),
    ],
  ],
]

describe('PRO-02 PRO-03: promotions of filling stations', () => {
  test.each(fuel)('%s', (_, rules) => expectKept(rules))
})
describe('PRO-02 PRO-03: promotions of cafés and restaurants', () => {
  test.each(food)('%s', (_, rules) => expectKept(rules))
})
