import type {
  Basis,
  Condition,
  EvaluationInput,
  LineFacts,
  Limit,
  PointsFormula,
  ProgramDocument,
  RoundingMode,
  Rule,
  RuleGroup,
} from '../index.ts'
import { group, line, member, perZloty, product, program, rule, sale, without } from './samples.ts'

/** One row of the table of golden vectors. */
export interface VectorCase {
  readonly area: string
  readonly name: string
  readonly rules: readonly Rule[]
  readonly program: ProgramDocument
  readonly input: EvaluationInput
  readonly counters: Readonly<Record<string, number>>
}

type Extra = { readonly program?: ProgramDocument; readonly counters?: Readonly<Record<string, number>> }
const one = (
  area: string,
  name: string,
  rules: readonly Rule[],
  [input, extra = {}]: readonly [EvaluationInput, Extra?],
): VectorCase => ({
  area,
  name,
  rules,
  input,
  program: extra.program ?? program(),
  counters: extra.counters ?? {},
})

const MODES: readonly RoundingMode[] = ['floor', 'ceil', 'truncate', 'halfUp', 'halfEven']
const BASES: readonly Basis[] = ['gross', 'afterLine', 'afterBasket', 'copayment', 'paidInMoney']
const CATALOGUE = ['A', 'B', 'C'].map((id, index) =>
  product(id, {
    categories: [`leaf${index}`, 'root'],
    producer: index === 2 ? 'Y' : 'X',
    tags: index === 0 ? ['new'] : [],
  }),
)
const [A, B, C] = CATALOGUE as [LineFacts['product'], LineFacts['product'], LineFacts['product']] as unknown as [
  NonNullable<LineFacts['product']>,
  NonNullable<LineFacts['product']>,
  NonNullable<LineFacts['product']>,
]

/** A basket with everything that makes baskets ugly: fractions, payers, floors, marks, odd groszes, an unknown product. */
const ugly = (changes: Parameters<typeof sale>[1] = {}): EvaluationInput => {
  const { product: _, ...unknown } = line(6, { unitPriceMinor: 777 })
  return sale(
    [
      line(1, { product: A, quantityMilli: 3000, unitPriceMinor: 1999, reductionMinor: 301 }),
      line(2, { product: B, quantityMilli: 375, unitPriceMinor: 2690 }),
      line(3, { product: C, unitPriceMinor: 4550, reimbursedMinor: 3200, marks: ['rx'] }),
      line(4, { product: A, quantityMilli: 2000, unitPriceMinor: 1999, floorMinor: 1500 }),
      line(5, { kind: 'deposit', product: product('D'), unitPriceMinor: 50 }),
      unknown,
    ],
    {
      basketReductionMinor: 333,
      tenders: [
        { kind: 'points', amountMinor: 500 },
        { kind: 'giftCard', amountMinor: 9999 },
      ],
      ...changes,
    },
  )
}
const three = (changes: Parameters<typeof sale>[1] = {}): EvaluationInput =>
  sale(
    [
      line(1, { product: A, quantityMilli: 4000 }),
      line(2, { product: B, quantityMilli: 3000, unitPriceMinor: 333 }),
      line(3, { product: C, unitPriceMinor: 5999 }),
    ],
    changes,
  )
const priced = (input: EvaluationInput): EvaluationInput => ({ ...input, mode: 'price' })

const points = (formula: PointsFormula, changes: object = {}, ruleChanges: object = {}): Rule =>
  rule('r', 'accrual.base', [{ do: 'points', to: 'customer', formula, ...changes } as never], ruleChanges)

const accrual = (): VectorCase[] => {
  const formulas = BASES.flatMap((basis): [string, PointsFormula][] => [
    [`per value of ${basis}`, { kind: 'perValue', minor: 300, points: 7, basis }],
    [`full steps of ${basis}`, { kind: 'perValue', minor: 500, points: 2, basis, fullSteps: true }],
    [`percent of ${basis}`, { kind: 'percent', ppm: 12_345, basis }],
    [
      `brackets of ${basis}`,
      {
        kind: 'brackets',
        basis,
        brackets: [
          { fromMinor: 0, points: 1 },
          { fromMinor: 9000, points: 5 },
          { fromMinor: 13_000, points: 12 },
        ],
      },
    ],
  ])
  const more: [string, PointsFormula][] = [
    ['fixed', { kind: 'fixed', points: 11 }],
    ['per unit', { kind: 'perUnit', quantityMilli: 1000, points: 3 }],
    ['per 375 thousandths', { kind: 'perUnit', quantityMilli: 375, points: 1 }],
  ]
  const beneficiaries = ['customer', 'staff', 'owner', 'organizer'] as const
  return [
    ...[...formulas, ...more].map(([name, formula]) => one('accrual', name, [points(formula)], [ugly()])),
    ...[...formulas, ...more].map(([name, formula]) =>
      one('accrual', `${name}, fine points`, [points(formula, { pointType: 'fine' })], [ugly()]),
    ),
    ...beneficiaries.map((to) => one('accrual', `to ${to}`, [points({ kind: 'fixed', points: 5 }, { to })], [three()])),
    ...beneficiaries.map((to) =>
      one(
        'accrual',
        `to ${to} of an anonymous sale`,
        [points({ kind: 'fixed', points: 5 }, { to })],
        [without(three(), 'member')],
      ),
    ),
    one(
      'accrual',
      'to staff that is unknown',
      [points({ kind: 'fixed', points: 5 }, { to: 'staff' })],
      [without(three(), 'staff')],
    ),
    one('accrual', 'a sale that may not earn', [perZloty()], [three({ mayEarn: false })]),
    one('accrual', 'a return earns nothing', [perZloty()], [three({ kind: 'return' })]),
    one(
      'accrual',
      'a base of nothing: free goods share fixed points equally',
      [points({ kind: 'fixed', points: 5 })],
      [sale([line(1, { unitPriceMinor: 0 }), line(2, { unitPriceMinor: 0 })])],
    ),
    one(
      'accrual',
      'deposits earn where the program says so',
      [perZloty()],
      [ugly(), { program: program({ alsoEarns: ['deposit'] }) }],
    ),
  ]
}

const rounding = (): VectorCase[] =>
  MODES.flatMap((mode) =>
    (['rule', 'line', 'unit'] as const).flatMap((at) => [
      one(
        'rounding',
        `${mode} at ${at}`,
        [points({ kind: 'perValue', minor: 1000, points: 3, basis: 'afterLine' }, { rounding: { mode, at } })],
        [ugly()],
      ),
      one(
        'rounding',
        `${mode} at ${at}, multiples of 5`,
        [points({ kind: 'perValue', minor: 300, points: 7, basis: 'gross' }, { rounding: { mode, at, increment: 5 } })],
        [ugly()],
      ),
      one(
        'rounding',
        `${mode} at ${at}, percent off`,
        [rule('r', 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 33_333 }, rounding: { mode, at } }])],
        [priced(ugly())],
      ),
    ]),
  )

const conditions = (): VectorCase[] => {
  const holding: [string, Condition][] = [
    ['weekday', { weekdays: [6] }],
    ['another weekday', { weekdays: [1, 2] }],
    ['hours', { hours: [['10:30', '11:00']] }],
    ['hours just over', { hours: [['09:00', '10:30']] }],
    ['date', { dates: ['2026-11-21'] }],
    ['another date', { dates: ['2026-11-22'] }],
    ['excepted date', { exceptDates: ['2026-11-21'] }],
    ['holidays only', { holidays: 'only' }],
    ['never on holidays', { holidays: 'never' }],
    ['outlet', { outlets: ['o1'] }],
    ['another outlet', { outlets: ['o2'] }],
    ['outlet group', { outletGroups: ['G9', 'G1'] }],
    ['another group', { outletGroups: ['G9'] }],
    ['outlet type', { outletTypes: ['pharmacy'] }],
    ['country', { countries: ['RO'] }],
    ['region', { regions: ['mazowieckie'] }],
    ['owner', { owners: ['c1'] }],
    ['staff', { staff: ['s1'] }],
    ['channel', { channels: ['online'] }],
    ['tender', { tenders: ['cash'] }],
    ['another tender', { tenders: ['card'] }],
    ['card kind', { cardKinds: ['gold'] }],
    ['another card kind', { cardKinds: ['tin'] }],
    ['tier', { tiers: ['t1'] }],
    ['company', { memberKinds: ['company'] }],
    ['segment', { segments: ['vip'] }],
    ['no segment', { not: { segments: ['vip'] } }],
    ['identified', { identified: true }],
    ['anonymous', { identified: false }],
    ['first purchase', { firstPurchase: true }],
    ['not the first', { firstPurchase: false }],
    ['birthday', { birthday: true }],
    ['every third visit', { visits: { every: 3 } }],
    ['visits from and to', { visits: { atLeast: 1, atMost: 2 } }],
    ['attribute is', { member: [{ attr: 'newsletter', is: true }] }],
    ['attribute is false, which a missing one is not', { member: [{ attr: 'sms', is: false }] }],
    ['attribute known', { member: [{ attr: 'age', known: true }] }],
    ['attribute not known', { member: [{ attr: 'sms', known: false }] }],
    ['attribute at least', { member: [{ attr: 'age', atLeast: 40 }] }],
    ['attribute at most', { member: [{ attr: 'age', atMost: 39 }] }],
    ['attribute of dates', { member: [{ attr: 'since', atMost: '2020-12-31' }] }],
    ['attribute any of', { member: [{ attr: 'color', anyOf: ['red', 'blue'] }] }],
    ['voucher', { vouchers: ['V1'] }],
    ['any', { any: [{ tiers: ['t9'] }, { cardKinds: ['gold'] }] }],
    ['all', { all: [{ tiers: ['t1'] }, { cardKinds: ['tin'] }] }],
    ['not', { not: { weekdays: [6], hours: [['10:00', '12:00']] } }],
  ]
  const who = member({
    segments: ['new'],
    attributes: { newsletter: true, age: 40, since: '2019-05-01', color: 'red' },
    visits: 3,
  })
  const night: Condition = { weekdays: [5], hours: [['22:00', '02:00']] }
  const edges: [string, string, number, number][] = [
    ['before it begins', '2026-11-20', 1319, 5],
    ['as it begins', '2026-11-20', 1320, 5],
    ['last minute of its day', '2026-11-20', 1439, 5],
    ['after midnight', '2026-11-21', 0, 6],
    ['last minute', '2026-11-21', 119, 6],
    ['as it ends', '2026-11-21', 120, 6],
    ['the night before', '2026-11-20', 60, 5],
  ]
  const valid = { valid: { from: '2026-11-21T10:30', to: '2026-11-21T10:31' } }
  return [
    ...holding.map(([name, when]) => one('conditions', name, [perZloty('r', { when })], [three({ member: who })])),
    ...holding
      .slice(21, 42)
      .map(([name, when]) =>
        one('conditions', `${name}, anonymous`, [perZloty('r', { when })], [without(three(), 'member')]),
      ),
    ...edges.map(([name, date, minute, weekday]) =>
      one(
        'conditions',
        `Friday night: ${name}`,
        [perZloty('r', { when: night })],
        [three({ at: { date, minute, weekday, holiday: false } })],
      ),
    ),
    ...[629, 630, 631].map((minute) =>
      one(
        'conditions',
        `validity is half-open, minute ${minute}`,
        [perZloty('r', valid)],
        [three({ at: { date: '2026-11-21', minute, weekday: 6, holiday: false } })],
      ),
    ),
  ]
}

const items = (): VectorCase[] => {
  const slot = (name: string, items: object, more: object = {}): VectorCase =>
    one(
      'items',
      name,
      [
        points(
          { kind: 'perValue', minor: 1, points: 1, basis: 'gross' },
          { of: 'a' },
          { slots: [{ name: 'a', items, ...more }] },
        ),
      ],
      [ugly()],
    )
  return [
    slot('product', { products: ['A'] }),
    slot('category with what is below', { categories: ['root'] }),
    slot('leaf category', { categories: ['leaf1'] }),
    slot('producer', { producers: ['X'] }),
    slot('tag', { tags: ['new'] }),
    slot('two keys count once', { products: ['A'], categories: ['root'], tags: ['new'] }),
    slot('and', { categories: ['root'], and: { producers: ['Y'] } }),
    slot('except', { categories: ['root'], except: { products: ['A'] } }),
    slot('unit price', { where: { unitPriceAtLeastMinor: 2000, unitPriceAtMostMinor: 3000 } }),
    slot('already reduced', { where: { discounted: true } }),
    slot('reimbursed', { where: { reimbursed: false } }),
    slot('marks', { where: { withoutMarks: ['rx'] } }),
    slot('kinds', { where: { kinds: ['goods'] } }),
    ...[1, 5000, 5001, 5375, 5376].map((quantityMilli) =>
      slot(`at least ${quantityMilli}`, { producers: ['X'] }, { atLeast: { quantityMilli } }),
    ),
    ...[5997, 9995, 9996, 11_005].map((valueMinor) =>
      slot(`at least ${valueMinor} gr`, { products: ['A'] }, { atLeast: { valueMinor } }),
    ),
    ...[1, 2, 3, 4].map((products) =>
      slot(`${products} products`, { categories: ['root'] }, { atLeast: { products } }),
    ),
    slot('at most', { products: ['A'] }, { atMost: { quantityMilli: 4000 } }),
    slot('lines', { products: ['A'] }, { atLeast: { lines: 2 } }),
    ...[1, 2, 3].map((atMostTimes) =>
      one(
        'items',
        `each two units, ${atMostTimes} times at most`,
        [
          points(
            { kind: 'fixed', points: 10 },
            { of: 'a' },
            { slots: [{ name: 'a', items: { products: ['A'] }, each: { quantityMilli: 2000, atMostTimes } }] },
          ),
        ],
        [ugly()],
      ),
    ),
    one(
      'items',
      'two slots, both filled',
      [
        points(
          { kind: 'fixed', points: 10 },
          {},
          {
            slots: [
              { name: 'a', items: { products: ['A'] } },
              { name: 'b', items: { products: ['B'] } },
            ],
          },
        ),
      ],
      [three()],
    ),
    one(
      'items',
      'two slots, one empty',
      [
        points(
          { kind: 'fixed', points: 10 },
          {},
          {
            slots: [
              { name: 'a', items: { products: ['A'] } },
              { name: 'b', items: { products: ['Z'] } },
            ],
          },
        ),
      ],
      [three()],
    ),
    ...(['earn', 'discount', 'count'] as const).map((fact) =>
      one(
        'items',
        `the law forbids to ${fact}`,
        [
          perZloty(),
          points(
            { kind: 'fixed', points: 9 },
            {},
            { id: 'big', slots: [{ name: 'a', atLeast: { valueMinor: 8000 } }] },
          ),
        ],
        [
          sale([
            line(1, {
              unitPriceMinor: 9000,
              law: { earn: fact !== 'earn', discount: fact !== 'discount', count: fact !== 'count' },
            }),
            line(2),
          ]),
        ],
      ),
    ),
  ]
}

const prices = (): VectorCase[] => {
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
  return rules.flatMap(([name, list]) => [
    one('prices', name, list, [priced(three({ vouchers }))]),
    one('prices', `${name}, ugly basket`, list, [priced(ugly({ vouchers }))]),
  ])
}

const conflicts = (): VectorCase[] => {
  const grouped = (
    name: string,
    outer: Partial<RuleGroup> & Pick<RuleGroup, 'mode'>,
    rules: readonly Rule[],
    input: EvaluationInput,
  ): VectorCase =>
    one('conflicts', name, rules, [
      input,
      { program: program({ groups: [group('g', outer.mode, outer), group('in', 'stack', { parent: 'g' })] }) },
    ])
  const off = (id: string, ppm: number, changes: object = {}): Rule =>
    rule(id, 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm } }], { group: 'g', ...changes })
  const offs = [
    off('low', 50_000, { priority: 5 }),
    off('high', 200_000),
    off('mid', 100_000, { group: 'in' }),
    off('mid2', 120_000, { group: 'in' }),
  ]
  const give = (id: string, points: number, changes: object = {}): Rule =>
    rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points } }], {
      group: 'g',
      ...changes,
    })
  const gives = [
    give('low', 5, { priority: 5 }),
    give('high', 50),
    give('mid', 30, { group: 'in' }),
    give('mid2', 40, { group: 'in' }),
  ]
  const modes = ['stack', 'first', 'best', 'worst', 'sumCapped'] as const
  const claim = { slots: [{ name: 'a', items: { products: ['A'] }, each: { quantityMilli: 3000 }, claims: true }] }
  return [
    ...modes.flatMap((mode) =>
      [undefined, 2].flatMap((atMostRules) => {
        const changes = { capMinor: 1500, capPoints: 60, ...(atMostRules !== undefined && { atMostRules }) }
        const name = atMostRules === undefined ? mode : `${mode}, ${atMostRules} at most`
        return [
          grouped(`prices: ${name}`, { mode, ...changes }, offs, priced(three())),
          grouped(`points: ${name}`, { mode, ...changes }, gives, three()),
        ]
      }),
    ),
    one(
      'conflicts',
      'exclusive tags, whichever names the other',
      [perZloty('a', { priority: 1, tags: ['t'] }), perZloty('b', { excludes: ['t'] }), perZloty('c', { tags: ['u'] })],
      [three()],
    ),
    one(
      'conflicts',
      'claims: units are used once',
      [
        points({ kind: 'fixed', points: 10 }, {}, { id: 'x', priority: 1, ...claim }),
        points(
          { kind: 'fixed', points: 7 },
          {},
          { id: 'y', slots: [{ ...claim.slots[0], each: { quantityMilli: 1000 } }] },
        ),
      ],
      [three()],
    ),
    one('conflicts', 'equal priority: the id decides', [perZloty('b'), perZloty('a')], [three()]),
    one(
      'conflicts',
      'multipliers',
      [
        perZloty(),
        ...(['add', 'times'] as const).flatMap((how) =>
          ['x', 'y'].map((id) =>
            rule(`${how}-${id}`, 'accrual.bonus', [{ do: 'multiply', to: 'customer', how, ppm: 1_500_000 }]),
          ),
        ),
      ],
      [three()],
    ),
  ]
}

const limits = (): VectorCase[] => {
  const limited = (limit: Partial<Limit>): Rule =>
    perZloty('r', {
      limits: [{ id: 'L', per: 'member', period: 'month', measure: 'points', most: 50, over: 'truncate', ...limit }],
    })
  const subjects = { member: 'm1', card: 'k1', outlet: 'o1', staff: 's1', campaign: '*', sale: '*' } as const
  const periods = {
    day: '2026-11-21',
    week: '2026-W47',
    month: '2026-11',
    quarter: '2026-Q4',
    year: '2026',
    ever: '*',
    sale: '*',
  } as const
  const carded = three({ member: { ...member(), card: 'k1' } })
  const rows = Object.entries(subjects).flatMap(([per, subject]) =>
    (['truncate', 'drop'] as const).map((over) =>
      one(
        'limits',
        `per ${per}, ${over}`,
        [limited({ per: per as Limit['per'], over })],
        [carded, { counters: { [`L|${subject}|2026-11`]: 20 } }],
      ),
    ),
  )
  return [
    ...rows,
    ...Object.entries(periods).map(([period, key]) =>
      one(
        'limits',
        `a ${period}`,
        [limited({ period: period as Limit['period'] })],
        [three(), { counters: { [`L|m1|${key}`]: 49 } }],
      ),
    ),
    ...[0, 49, 50, 51].map((used) =>
      one('limits', `${used} of 50 used`, [limited({})], [three(), { counters: { 'L|m1|2026-11': used } }]),
    ),
    ...(['truncate', 'drop'] as const).map((over) =>
      one(
        'limits',
        `uses, ${over}`,
        [
          points(
            { kind: 'fixed', points: 10 },
            {},
            {
              slots: [{ name: 'a', items: { products: ['A'] }, each: { quantityMilli: 1000 } }],
              limits: [{ per: 'member', period: 'day', measure: 'uses', most: 3, over }],
            },
          ),
        ],
        [three(), { counters: { 'r.1|m1|2026-11-21': 1 } }],
      ),
    ),
    ...(['truncate', 'drop'] as const).map((over) =>
      one(
        'limits',
        `amount, ${over}`,
        [
          rule('r', 'basket', [{ do: 'basketOff', off: { kind: 'percent', ppm: 500_000 } }], {
            limits: [{ per: 'campaign', period: 'ever', measure: 'amount', most: 1000, over }],
            funding: [
              { party: 'p', ppm: 333_333 },
              { party: 'q', ppm: 666_667 },
            ],
          }),
        ],
        [priced(three())],
      ),
    ),
    one('limits', 'a member limit and nobody identified', [limited({})], [without(three(), 'member')]),
    one(
      'limits',
      'two rules share one counter',
      [{ ...limited({}), id: 'a' } as Rule, { ...limited({}), id: 'b' } as Rule],
      [three()],
    ),
  ]
}

/** Every row, by area. */
export const vectorCases = (): VectorCase[] => [
  ...accrual(),
  ...rounding(),
  ...conditions(),
  ...items(),
  ...prices(),
  ...conflicts(),
  ...limits(),
]
