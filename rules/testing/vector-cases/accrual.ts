import type { Basis, PointsFormula } from '../../index.ts'
import { line, perZloty, program, rule, sale, without } from '../samples.ts'
import { MODES, one, points, priced, three, ugly, type VectorCase } from './scenes.ts'

const BASES: readonly Basis[] = ['gross', 'afterLine', 'afterBasket', 'copayment', 'paidInMoney']

export const accrual = (): VectorCase[] => {
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

export const rounding = (): VectorCase[] =>
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
