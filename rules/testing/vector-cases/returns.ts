import type { LineFacts, ReturnedUnits, Rule } from '../../index.ts'
import { perZloty, program, rule } from '../samples.ts'
import { one, points, three, ugly, type VectorCase } from './scenes.ts'

/** A sale, and what comes back of it in which order. */
export interface ReturnCase extends Omit<VectorCase, 'area'> {
  readonly returns: readonly (readonly ReturnedUnits[])[]
}

const units = (line: number, quantityMilli: number): ReturnedUnits => ({ line, quantityMilli })

/** Unit by unit, last line first; fractions whole. */
const oneByOne = (lines: readonly LineFacts[]): ReturnedUnits[][] =>
  [...lines]
    .reverse()
    .flatMap(({ number, quantityMilli }) =>
      quantityMilli % 1000 === 0
        ? Array.from({ length: quantityMilli / 1000 }, () => [units(number, 1000)])
        : [[units(number, quantityMilli)]],
    )
const atOnce = (lines: readonly LineFacts[]): ReturnedUnits[][] => [
  lines.map(({ number, quantityMilli }) => units(number, quantityMilli)),
]

const RULES: readonly (readonly [name: string, rules: readonly Rule[]])[] = [
  ['points per zloty', [perZloty()]],
  [
    'a threshold that breaks',
    [points({ kind: 'fixed', points: 25 }, {}, { slots: [{ name: 'a', atLeast: { quantityMilli: 7000 } }] })],
  ],
  [
    'an effect that is kept to the end',
    [perZloty(), points({ kind: 'fixed', points: 10 }, {}, { id: 'kept', onReturn: 'keep' })],
  ],
  [
    'a multiplier',
    [perZloty(), rule('double', 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'times', ppm: 2_000_000 }])],
  ],
  [
    'staff and owner too',
    (['customer', 'staff', 'owner'] as const).map((to) => points({ kind: 'fixed', points: 7 }, { to }, { id: to })),
  ],
  [
    'limits of points and of uses',
    [
      perZloty('points', {
        limits: [{ id: 'L', per: 'member', period: 'month', measure: 'points', most: 50, over: 'truncate' }],
      }),
      points(
        { kind: 'fixed', points: 5 },
        {},
        { id: 'uses', limits: [{ id: 'U', per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' }] },
      ),
    ],
  ],
  [
    'points of the copayment, in fine points',
    [points({ kind: 'perValue', minor: 300, points: 7, basis: 'copayment' }, { pointType: 'fine' })],
  ],
]

const MODELS = ['frozen', 'readjudicated'] as const

/** Returns in both models, unit by unit and at once, of a plain and of an ugly basket. */
export const returnCases = (): ReturnCase[] =>
  MODELS.flatMap((returnModel) =>
    RULES.flatMap(([name, rules]) =>
      (
        [
          ['plain', three()],
          ['ugly', ugly()],
        ] as const
      ).flatMap(([basket, input]) =>
        (
          [
            ['unit by unit', oneByOne(input.lines)],
            ['at once', atOnce(input.lines)],
          ] as const
        ).map(([how, returns]): ReturnCase => {
          const { area: _, ...rest } = one('returns', `${returnModel}: ${name}, ${basket} basket, ${how}`, rules, [
            input,
            { program: program({ returnModel }) },
          ])
          return { ...rest, returns }
        }),
      ),
    ),
  )
