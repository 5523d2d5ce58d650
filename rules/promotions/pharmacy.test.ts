import { describe, test } from 'vitest'
import { amount, expectKept, fixed, free, gives, goods, of, percent, type Promotion } from '../testing/promotion.ts'
import { perZloty, rule } from '../testing/samples.ts'

const notRx = { where: { withoutMarks: ['rx'], reimbursed: false } } as const
const promotions: readonly Promotion[] = [
  [
    'a point for each zloty that the patient pays, nothing for what the fund pays',
    [
      rule(
        'base',
        'accrual.base',
        [{ do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'copayment' } }],
        {
          examples: [
            gives('a reimbursed pack', [of('rx', 5000, { reimbursedMinor: 3850 })], { points: 11 }),
            gives('all is reimbursed', [of('rx', 5000, { reimbursedMinor: 5000 })], {}),
          ],
        },
      ),
    ],
  ],
  [
    'on the third visit of a month points of non-prescription goods are doubled, not of reimbursed ones',
    [
      perZloty('base'),
      rule('third', 'accrual.bonus', [{ do: 'multiply', to: 'customer', of: 'otc', how: 'times', ppm: 2_000_000 }], {
        when: { member: [{ attr: 'visitsThisMonth', is: 3 }] },
        slots: [{ name: 'otc', items: { categories: ['otc'], ...notRx } }],
        examples: [
          gives(
            'the third visit',
            [of('otc', 2000), of('otc', 3000, { reimbursedMinor: 1000 }), of('rx', 4000, { marks: ['rx'] })],
            { points: 20 },
            { member: { attributes: { visitsThisMonth: 3 } } },
          ),
          gives('the second', [of('otc', 2000)], {}, { member: { attributes: { visitsThisMonth: 2 } } }),
        ],
      }),
    ],
  ],
  [
    'senior Wednesday: a tenth off non-prescription goods from 60 years on',
    [
      rule('senior', 'line', [{ do: 'priceOff', of: 'a', off: percent(10) }], {
        when: { weekdays: [3], member: [{ attr: 'age', atLeast: 60 }] },
        slots: [{ name: 'a', items: notRx }],
        examples: [
          gives(
            '65 on a Wednesday',
            [of('otc', 2990), of('rx', 9900, { marks: ['rx'] })],
            { amountMinor: 299 },
            {
              at: '2026-01-07T10:00',
              member: { attributes: { age: 65 } },
            },
          ),
          gives('59', [of('otc', 2990)], {}, { at: '2026-01-07T10:00', member: { attributes: { age: 59 } } }),
          gives('a Thursday', [of('otc', 2990)], {}, { at: '2026-01-08T10:00', member: { attributes: { age: 65 } } }),
          gives('age not known', [of('otc', 2990)], {}, { at: '2026-01-07T10:00' }),
        ],
      }),
    ],
  ],
  [
    'staff get ten points for each recommended pack, 200 a day at most',
    [
      rule(
        'recommended',
        'accrual.base',
        [{ do: 'points', to: 'staff', of: 'a', formula: { kind: 'perUnit', quantityMilli: 1000, points: 10 } }],
        {
          slots: [{ name: 'a', items: { tags: ['recommended'] } }],
          limits: [{ per: 'staff', period: 'day', measure: 'points', most: 200, over: 'truncate' }],
          examples: [
            gives('three', [{ tags: ['recommended'], unitPriceMinor: 999, quantityMilli: 3000 }], {
              points: 30,
              to: 'staff',
            }),
            gives('25', [{ tags: ['recommended'], unitPriceMinor: 999, quantityMilli: 25_000 }], { points: 200 }),
            gives('others', [of('otc', 999)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'the owner gets half a percent of the turnover of the own brand in points',
    [
      rule(
        'own',
        'accrual.base',
        [{ do: 'points', to: 'owner', of: 'a', formula: { kind: 'percent', ppm: 5000, basis: 'afterBasket' } }],
        {
          slots: [{ name: 'a', items: { producers: ['House'] } }],
          examples: [
            gives('200 zloty', [{ producer: 'House', unitPriceMinor: 20_000 }], { points: 20, to: 'owner' }),
            gives('another brand', [{ producer: 'Else', unitPriceMinor: 20_000 }], {}),
          ],
        },
      ),
    ],
  ],
  [
    'the second pack of vitamins at 40 % off, whichever two',
    [
      rule(
        'second',
        'line',
        [{ do: 'priceOff', of: 'vitamins', off: percent(40), pick: { take: 'cheapest', units: 1, outOf: 2 } }],
        {
          slots: [goods('vitamins')],
          examples: [
            gives('two', [of('vitamins', 3000), of('vitamins', 2000)], { amountMinor: 800 }),
            gives('five', [of('vitamins', 3000, { quantityMilli: 5000 })], { amountMinor: 2400 }),
            gives('one', [of('vitamins', 3000)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'a leaflet price for at most two packs a customer',
    [
      rule(
        'leaflet',
        'line',
        [
          {
            do: 'setPrice',
            of: 'a',
            unitPriceMinor: 999,
            pick: { take: 'dearest', units: 1, outOf: 1, atMostGroups: 2 },
          },
        ],
        {
          when: { identified: true },
          slots: [{ name: 'a', items: { products: ['S1'] } }],
          examples: [
            gives('one', [{ product: 'S1', unitPriceMinor: 1499 }], { amountMinor: 500 }),
            gives('five', [{ product: 'S1', unitPriceMinor: 1499, quantityMilli: 5000 }], { amountMinor: 1000 }),
            gives('no card', [{ product: 'S1', unitPriceMinor: 1499 }], {}, { anonymous: true }),
          ],
        },
      ),
    ],
  ],
  [
    'cosmetics for 150 zloty: a voucher of 20 zloty, which is redeemed on cosmetics from 80',
    [
      rule('issue', 'accrual.bonus', [{ do: 'voucherIssue', voucher: 'C20', count: 1 }], {
        slots: [goods('cosmetics', { atLeast: { valueMinor: 15_000, basis: 'afterBasket' } })],
        examples: [
          gives('150', [of('cosmetics', 15_000), of('otc', 100)], { vouchers: 1 }),
          gives('149.99 and other goods', [of('cosmetics', 14_999), of('otc', 9000)], {}),
          gives('reduced below', [of('cosmetics', 16_000, { reductionMinor: 1001 })], {}),
        ],
      }),
      rule('redeem', 'basket', [{ do: 'basketOff', of: 'cosmetics', off: amount(2000), voucher: 'C20' }], {
        slots: [goods('cosmetics', { atLeast: { valueMinor: 8000, basis: 'afterLine' } })],
        examples: [
          gives('80 and a voucher', [of('cosmetics', 8000)], { amountMinor: 2000 }, { vouchers: ['C20'] }),
          gives(
            'two vouchers, one is taken',
            [of('cosmetics', 8000)],
            { amountMinor: 2000 },
            { vouchers: ['C20', 'C20'] },
          ),
          gives('79', [of('cosmetics', 7900)], {}, { vouchers: ['C20'] }),
          gives('no voucher', [of('cosmetics', 9000)], {}),
        ],
      }),
    ],
  ],
  [
    'a free measurement with non-prescription goods for 50 zloty, not with medicines alone',
    [
      rule('measure', 'basket', [{ do: 'gift', products: ['BLOOD-PRESSURE'], quantityMilli: 1000 }], {
        slots: [{ name: 'a', items: notRx, atLeast: { valueMinor: 5000 } }],
        examples: [
          gives('50', [of('otc', 5000)], { giftMilli: 1000 }),
          gives('medicines for 200', [of('rx', 20_000, { marks: ['rx'] }), of('otc', 1000)], {}),
        ],
      }),
    ],
  ],
  [
    'parents get five points a pack of nappies, a hundred a month',
    [
      rule(
        'parents',
        'accrual.bonus',
        [{ do: 'points', to: 'customer', of: 'nappies', formula: { kind: 'perUnit', quantityMilli: 1000, points: 5 } }],
        {
          when: { segments: ['parents'] },
          slots: [goods('nappies')],
          limits: [{ per: 'member', period: 'month', measure: 'points', most: 100, over: 'truncate' }],
          examples: [
            gives(
              'two',
              [of('nappies', 4999, { quantityMilli: 2000 })],
              { points: 10 },
              { member: { segments: ['parents'] } },
            ),
            gives(
              'thirty',
              [of('nappies', 4999, { quantityMilli: 30_000 })],
              { points: 100 },
              { member: { segments: ['parents'] } },
            ),
            gives('somebody else', [of('nappies', 4999)], {}),
          ],
        },
      ),
    ],
  ],
  [
    'a prescription and care products in one basket: 20 points once a day',
    [
      rule('both', 'accrual.bonus', [{ do: 'points', to: 'customer', of: 'care', formula: fixed(20) }], {
        slots: [{ name: 'medicine', items: { categories: ['rx'] } }, goods('care', { atLeast: { valueMinor: 3000 } })],
        limits: [{ per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' }],
        examples: [
          gives('both', [of('rx', 1000), of('care', 3000)], { points: 20 }),
          gives('care alone', [of('care', 9000)], {}),
        ],
      }),
    ],
  ],
  [
    'three packs of supplements, the cheapest free, nobody gets a regulated price for nothing',
    [
      rule(
        'three',
        'line',
        [{ do: 'priceOff', of: 'supplements', off: free, pick: { take: 'cheapest', units: 1, outOf: 3 } }],
        {
          slots: [goods('supplements')],
          examples: [
            gives('three', [of('supplements', 3000, { quantityMilli: 2000 }), of('supplements', 1000)], {
              amountMinor: 1000,
            }),
            gives(
              'the third may not be reduced',
              [
                of('supplements', 3000, { quantityMilli: 2000 }),
                of('supplements', 1000, { marks: ['regulatedPrice'] }),
              ],
              {},
            ),
          ],
        },
      ),
    ],
  ],
]

describe('PRO-02 PRO-03: promotions of pharmacies', () => {
  test.each(promotions)('%s', (_, rules) => expectKept(rules))
})
