import { type Activation, type Condition, type EvaluationInput, type Limit, periodKeys, weekday } from '../../index.ts'
import { perZloty, program } from '../samples.ts'
import { one, points, three, type VectorCase } from './scenes.ts'

const at = (date: string, minute: number, holiday = false): EvaluationInput =>
  three({ at: { date, minute, weekday: weekday(date), holiday }, periods: periodKeys(date) })

/** Windows at the edges of days, weeks and years; the caller has made local time of the instant. */
const WINDOWS: readonly (readonly [name: string, when: Condition, moments: readonly (readonly [string, number])[]])[] =
  [
    [
      'the whole day',
      { hours: [['00:00', '24:00']] },
      [
        ['2026-11-21', 0],
        ['2026-11-21', 1439],
      ],
    ],
    [
      'to the end of the day',
      { hours: [['22:00', '24:00']] },
      [
        ['2026-11-21', 1319],
        ['2026-11-21', 1320],
        ['2026-11-21', 1439],
        ['2026-11-22', 0],
      ],
    ],
    [
      'Sunday night into Monday',
      { weekdays: [7], hours: [['23:00', '01:00']] },
      [
        ['2026-11-22', 1380],
        ['2026-11-23', 59],
        ['2026-11-23', 60],
        ['2026-11-22', 30],
      ],
    ],
    [
      'New Year’s night',
      { weekdays: [4], hours: [['20:00', '04:00']] },
      [
        ['2026-12-31', 1200],
        ['2027-01-01', 239],
        ['2027-01-01', 240],
      ],
    ],
    [
      'two windows',
      {
        hours: [
          ['08:00', '10:00'],
          ['16:00', '18:00'],
        ],
      },
      [
        ['2026-11-21', 480],
        ['2026-11-21', 600],
        ['2026-11-21', 1079],
      ],
    ],
    [
      'the leap day',
      { dates: ['2028-02-29'] },
      [
        ['2028-02-28', 1439],
        ['2028-02-29', 0],
        ['2028-03-01', 0],
      ],
    ],
    [
      'the night clocks go back, 2 to 3 twice',
      { hours: [['02:00', '03:00']] },
      [
        ['2026-10-25', 119],
        ['2026-10-25', 120],
        ['2026-10-25', 179],
        ['2026-10-25', 180],
      ],
    ],
  ]

const VALID: readonly (readonly [
  name: string,
  valid: { from?: string; to?: string },
  moments: readonly (readonly [string, number])[],
])[] = [
  [
    'from midnight',
    { from: '2027-01-01T00:00' },
    [
      ['2026-12-31', 1439],
      ['2027-01-01', 0],
    ],
  ],
  [
    'to midnight',
    { to: '2027-01-01T00:00' },
    [
      ['2026-12-31', 1439],
      ['2027-01-01', 0],
    ],
  ],
  [
    'a minute',
    { from: '2026-11-21T23:59', to: '2026-11-22T00:00' },
    [
      ['2026-11-21', 1438],
      ['2026-11-21', 1439],
      ['2026-11-22', 0],
    ],
  ],
]

const PERIODS: readonly (readonly [period: Limit['period'], date: string, key: string])[] = [
  ['week', '2026-12-31', '2026-W53'],
  ['week', '2027-01-03', '2026-W53'],
  ['week', '2027-01-04', '2027-W01'],
  ['quarter', '2026-12-31', '2026-Q4'],
  ['quarter', '2027-01-01', '2027-Q1'],
  ['year', '2026-12-31', '2026'],
  ['year', '2027-01-01', '2027'],
  ['month', '2028-02-29', '2028-02'],
]

const ACTIVATIONS: readonly (readonly [name: string, activation: Activation | undefined, pointType?: string])[] = [
  ['for the return window', { kind: 'afterReturnWindow' }],
  ['for the return window, in another type', { kind: 'afterReturnWindow' }, 'fine'],
  ['as their type says', undefined, 'fine'],
  ['not at all', { kind: 'now' }],
]

export const time = (): VectorCase[] => [
  ...WINDOWS.flatMap(([name, when, moments]) =>
    moments.map(([date, minute]) =>
      one('time', `${name}: ${date} minute ${minute}`, [perZloty('r', { when })], [at(date, minute)]),
    ),
  ),
  ...VALID.flatMap(([name, valid, moments]) =>
    moments.map(([date, minute]) =>
      one('time', `valid ${name}: ${date} minute ${minute}`, [perZloty('r', { valid })], [at(date, minute)]),
    ),
  ),
  ...(['only', 'never'] as const).flatMap((holidays) =>
    [true, false].map((holiday) =>
      one(
        'time',
        `holidays ${holidays}, ${holiday ? 'on' : 'off'}`,
        [perZloty('r', { when: { holidays } })],
        [at('2026-12-25', 600, holiday)],
      ),
    ),
  ),
  ...PERIODS.flatMap(([period, date, key]) =>
    [key, `${key}-other`].map((counter) => {
      const limits: readonly Limit[] = [
        { id: 'L', per: 'member', period, measure: 'points', most: 30, over: 'truncate' },
      ]
      return one(
        'time',
        `${period} of ${date}, used in ${counter}`,
        [perZloty('r', { limits })],
        [at(date, 600), { counters: { [`L|m1|${counter}`]: 25 } }],
      )
    }),
  ),
  ...ACTIVATIONS.flatMap(([name, activation, pointType]) =>
    [0, 14].map((returnWindowDays) =>
      one(
        'time',
        `points that wait ${name}, goods come back for ${returnWindowDays} days`,
        [
          points({ kind: 'fixed', points: 5 }, { activation, pointType }),
          points({ kind: 'fixed', points: 7 }, { pointType, activation: { days: 14, kind: 'afterDays' } }, { id: 's' }),
        ],
        [at('2026-11-21', 600), { program: program({ returnWindowDays }) }],
      ),
    ),
  ),
]
