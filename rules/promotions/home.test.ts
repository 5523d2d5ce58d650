import { describe, test } from 'vitest'
import { amount, expectKept, gives, goods, of, percent, type Promotion } from '../testing/promotion.ts'
import { group, perZloty, rule } from '../testing/samples.ts'

const promotions: readonly Promotion[] = [
  [
    'paint: 15 % off from three tins, 20 % from five',
    [
      rule(
        'tins',
        'line',
        [
          {
            do: 'priceTiers',
            of: 'paint',
            tiers: [
              { fromMilli: 3000, off: percent(15) },
              { fromMilli: 5000, off: percent(20) },
            ],
          },
        ],
        {
          slots: [goods('paint')],
          examples: [
            gives('four', [of('paint', 5000, { quantityMilli: 4000 })], { amountMinor: 3000 }),
            gives(
              'five of two kinds',
              [of('paint', 5000, { quantityMilli: 3000 }), of('paint', 4000, { quantityMilli: 2000 })],
              { amountMinor: 4600 },
            ),
            gives('two', [of('paint', 5000, { quantityMilli: 2000 })], {}),
          ],
        },
      ),
    ],
  ],
  [
    'a voucher of 50 for each full thousand, five at most',
    [
      rule('thousand', 'accrual.bonus', [{ do: 'voucherIssue', voucher: 'V50', count: 1 }], {
        slots: [{ name: 'all', each: { valueMinor: 100_000, basis: 'paidInMoney', atMostTimes: 5 } }],
        examples: [
          gives('2,999', [of('tiles', 299_900)], { vouchers: 2 }),
          gives('9,000', [of('tiles', 900_000)], { vouchers: 5 }),
          gives('999', [of('tiles', 99_900)], {}),
        ],
      }),
    ],
  ],
  [
    'delivery is free from 500 zloty of goods',
    [
      rule('delivery', 'line', [{ do: 'setPrice', of: 'delivery', unitPriceMinor: 0 }], {
        slots: [
          { name: 'goods', items: { where: { kinds: ['goods'] } }, atLeast: { valueMinor: 50_000 } },
          { name: 'delivery', items: { where: { kinds: ['delivery'] } } },
        ],
        examples: [
          gives('500', [of('tiles', 50_000), of('van', 4900, { kind: 'delivery' })], { amountMinor: 4900 }),
          gives('480 and the delivery', [of('tiles', 48_000), of('van', 4900, { kind: 'delivery' })], {}),
          gives('nothing is delivered', [of('tiles', 50_000)], {}),
        ],
      }),
    ],
  ],
  [
    'one zloty off a metre of timber from ten metres',
    [
      rule('timber', 'line', [{ do: 'priceOff', of: 'timber', off: amount(100) }], {
        slots: [goods('timber', { atLeast: { quantityMilli: 10_000 } })],
        examples: [
          gives('12.5 metres', [of('timber', 1990, { quantityMilli: 12_500 })], { amountMinor: 1250 }),
          gives('9.9 metres', [of('timber', 1990, { quantityMilli: 9900 })], {}),
        ],
      }),
    ],
  ],
  [
    'for each tin of paint a roller at a quarter off',
    [
      rule(
        'roller',
        'line',
        [{ do: 'priceOff', of: 'roller', off: percent(25), pick: { take: 'dearest', units: 1, outOf: 1 } }],
        {
          slots: [goods('paint', { each: { quantityMilli: 1000 } }), goods('roller')],
          examples: [
            gives('one tin, two rollers', [of('paint', 9000), of('roller', 2000), of('roller', 1000)], {
              amountMinor: 500,
            }),
            gives('no paint', [of('roller', 2000)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'companies: 5 % off tools and no points for them, persons earn',
    [
      rule('companies', 'line', [{ do: 'priceOff', of: 'tools', off: percent(5) }], {
        when: { memberKinds: ['company'] },
        slots: [goods('tools')],
        examples: [
          gives('a company', [of('tools', 10_000)], { amountMinor: 500 }, { member: { kind: 'company' } }),
          gives('a person', [of('tools', 10_000)], {}),
        ],
      }),
      perZloty('base', {
        when: { memberKinds: ['person'] },
        examples: [
          gives('a person', [of('tools', 10_000)], { points: 100 }),
          gives('a company', [of('tools', 10_000)], {}, { member: { kind: 'company' } }),
        ],
      }),
    ],
  ],
  [
    'clearance stands alone: neither coupon nor club, whichever rule is first',
    [
      rule('clearance', 'price', [{ do: 'priceOff', of: 'a', off: percent(70) }], {
        slots: [{ name: 'a', items: { tags: ['clearance'] } }],
        examples: [gives('a lamp', [{ tags: ['clearance'], unitPriceMinor: 10_000 }], { amountMinor: 7000 })],
      }),
      rule('club', 'line', [{ do: 'priceOff', of: 'a', off: percent(10) }], {
        group: 'one',
        when: { identified: true },
        slots: [{ name: 'a', items: { where: { discounted: false } } }],
        examples: [
          gives('beside a lamp', [{ tags: ['clearance'], unitPriceMinor: 10_000 }, of('tools', 1000)], {
            amountMinor: 100,
          }),
          gives('the lamp alone', [{ tags: ['clearance'], unitPriceMinor: 10_000 }], {}),
        ],
      }),
    ],
  ],
  [
    'points for a card of the shop are given when it is used, not when it is bought',
    [
      rule(
        'base',
        'accrual.base',
        [{ do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' } }],
        {
          examples: [
            gives('bought', [of('card', 20_000, { kind: 'giftCard' })], {}),
            gives(
              'used',
              [of('tools', 20_000)],
              { points: 200 },
              { tenders: [{ kind: 'giftCard', amountMinor: 20_000 }] },
            ),
            gives(
              'half of it with points',
              [of('tools', 20_000)],
              { points: 100 },
              {
                tenders: [
                  { kind: 'points', amountMinor: 10_000 },
                  { kind: 'cash', amountMinor: 10_000 },
                ],
              },
            ),
          ],
        },
      ),
    ],
  ],
]

describe('PRO-02 PRO-03: promotions of home improvement stores', () => {
  test.each(promotions)('%s', (_, rules) => expectKept(rules, { groups: [group('one', 'first')] }))
})
