import { type Limit, offlineCounters, type Rule } from '../../index.ts'
import { member, perZloty, rule, without } from '../samples.ts'
import { one, points, priced, three, type VectorCase } from './scenes.ts'

export const limits = (): VectorCase[] => {
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

/** Limits at a till without connection. */
export const offline = (): VectorCase[] => {
  const rows = (['allow', 'deny', 'escrow'] as const).flatMap((how) =>
    (['truncate', 'drop'] as const).flatMap((over) =>
      (['points', 'uses'] as const).flatMap((measure) =>
        [0, 1, 20, 60].map((slice): VectorCase => {
          const most = measure === 'points' ? 100 : 2
          const limits: readonly Limit[] = [
            { id: 'L', per: 'member', period: 'month', measure, most, over, offline: how },
          ]
          const counters = offlineCounters(
            slice === 0 ? [] : [{ limit: 'L', subject: 'm1', period: '2026-11', amount: slice }],
            { 'L|m1|2026-11': slice === 60 ? 1 : 0 },
          )
          const rules = [perZloty('r', { limits, text: { receipt: 'msg.r' } })]
          return one('offline', `${how}, ${over}, ${measure}, slice of ${slice}`, rules, [three(), { counters }])
        }),
      ),
    ),
  )
  const inSale = perZloty('r', {
    limits: [{ per: 'sale', period: 'sale', measure: 'points', most: 9, over: 'truncate', offline: 'deny' }],
  })
  return [...rows, one('offline', 'a limit within the sale', [inSale], [three(), { counters: offlineCounters() }])]
}
