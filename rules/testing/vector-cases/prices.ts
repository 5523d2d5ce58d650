import { type Minor, minor, type Rule } from '../../index.ts'
import { perZloty, rule } from '../samples.ts'
import { one, priced, three, ugly, type VectorCase } from './scenes.ts'

/** By line: the first cut has another one than the second, the second line knows only that of the second cut, the third none. */
const lowest: readonly Readonly<Record<string, Minor>>[] = [
  { r: minor(950), s: minor(900), t: minor(980) },
  { s: minor(300) },
]

export const prices = (): VectorCase[] => {
  const percent = { kind: 'percent', ppm: 250_000 } as const
  const amount = { kind: 'amount', minor: 150 } as const
  const inSlot = { slots: [{ name: 'a', items: { categories: ['root'] } }] }
  const off = (phase: 'price' | 'line', changes: object): Rule =>
    rule('r', phase, [{ do: 'priceOff', of: 'a', off: percent, ...changes } as never], inSlot)
  const set = (phase: 'price' | 'line', unitPriceMinor: number, changes: object = {}): Rule =>
    rule('r', phase, [{ do: 'setPrice', of: 'a', unitPriceMinor, ...changes } as never], inSlot)
  const picks = [
    ['cheapest', 1, 3],
    ['cheapest', 1, 2],
    ['dearest', 1, 2],
    ['cheapest', 2, 3],
    ['cheapest', 1, 1],
  ] as const
  const rules: [string, Rule[]][] = [
    ...(['price', 'line'] as const).flatMap((phase): [string, Rule[]][] => [
      [`percent, ${phase}`, [off(phase, {})]],
      [`amount, ${phase}`, [off(phase, { off: amount })]],
      [`fixed price, ${phase}`, [set(phase, 1500)]],
      [`fixed price above, ${phase}`, [set(phase, 9_999_999)]],
      [`free, ${phase}`, [set(phase, 0)]],
    ]),
    ...picks.map(([take, units, outOf]): [string, Rule[]] => [
      `${take} ${units} of ${outOf} free`,
      [off('line', { off: { kind: 'percent', ppm: 1_000_000 }, pick: { take, units, outOf } })],
    ]),
    ...picks.map(([take, units, outOf]): [string, Rule[]] => [
      `${take} ${units} of ${outOf} at a fixed price`,
      [set('line', 100, { pick: { take, units, outOf, atMostGroups: 1 } })],
    ]),
    ['two on the original price', [off('line', { on: 'original' }), { ...off('line', { on: 'original' }), id: 's' }]],
    ['two on the remaining price', [off('line', {}), { ...off('line', {}), id: 's' }]],
    [
      'tiers below',
      [rule('r', 'line', [{ do: 'priceTiers', of: 'a', tiers: [{ fromMilli: 90_000, off: percent }] }], inSlot)],
    ],
    [
      'tiers reached',
      [
        rule(
          'r',
          'line',
          [
            {
              do: 'priceTiers',
              of: 'a',
              tiers: [
                { fromMilli: 1000, off: amount },
                { fromMilli: 5000, off: percent },
              ],
            },
          ],
          inSlot,
        ),
      ],
    ],
    [
      'bundle',
      [
        rule(
          'r',
          'line',
          [
            {
              do: 'bundlePrice',
              priceMinor: 1200,
              parts: [
                { of: 'a', units: 2 },
                { of: 'b', units: 1 },
              ],
            },
          ],
          {
            slots: [
              { name: 'a', items: { products: ['A'] } },
              { name: 'b', items: { products: ['B', 'C'] } },
            ],
          },
        ),
      ],
    ],
    ['basket amount', [rule('r', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 1000 } }])]],
    [
      'basket amount above all',
      [rule('r', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 10_000_000 } }])],
    ],
    ['basket percent', [rule('r', 'basket', [{ do: 'basketOff', off: percent }])]],
    [
      'basket steps',
      [
        rule('r', 'basket', [
          {
            do: 'basketSteps',
            steps: [
              { fromMinor: 5000, off: amount },
              { fromMinor: 10_000, off: percent },
            ],
          },
        ]),
      ],
    ],
    [
      'vouchers',
      [
        rule('r', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 700 }, voucher: 'V1' }], {
          slots: [{ name: 'a', each: { valueMinor: 4000 } }],
        }),
      ],
    ],
    [
      'gift and message',
      [
        rule('r', 'basket', [
          { do: 'gift', products: ['G'], quantityMilli: 1000 },
          { do: 'message', at: 'till', text: 'gift' },
        ]),
      ],
    ],
    ['payment with points', [rule('r', 'payment', [{ do: 'pointsPay', mostPpm: 500_000 }])]],
    [
      'price, line, basket and points in one receipt',
      [
        off('price', {}),
        { ...off('line', { off: amount }), id: 's' },
        rule('t', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 999 } }]),
        perZloty(),
      ],
    ],
  ]
  const vouchers = [1, 2, 3].map((use) => ({ use, kind: use === 2 ? 'V2' : 'V1', amountMinor: 0 }))
  const basket = three()
  const lines = basket.lines.map((line, index) => ({ ...line, lowestPrices: lowest[index] ?? {} }))
  return [
    ...rules.flatMap(([name, list]) => [
      one('prices', name, list, [priced(three({ vouchers }))]),
      one('prices', `${name}, ugly basket`, list, [priced(ugly({ vouchers }))]),
    ]),
    one(
      'prices',
      'lowest price of the 30 days before each cut',
      [off('price', {}), { ...off('price', {}), id: 's' }, { ...off('line', {}), id: 't' }],
      [priced({ ...basket, lines })],
    ),
  ]
}
