import type { Basis, EvaluationInput, LineFacts, PointsFormula } from '../../index.ts'
import { line, product, rule, sale } from '../samples.ts'
import { one, points, priced, type VectorCase } from './scenes.ts'

type Amounts = Pick<Parameters<typeof line>[1] & object, 'reductionMinor' | 'reimbursedMinor'>

/** What a payer takes over of a line: nothing, a part, all but a grosz, all, and more than discounts leave. */
const PAYERS: readonly (readonly [name: string, amounts: Amounts])[] = [
  ['nobody else pays', {}],
  ['a third is paid', { reimbursedMinor: 1333 }],
  ['all but one is paid', { reimbursedMinor: 3998 }],
  ['all is paid', { reimbursedMinor: 3999 }],
  ['a reduced line is paid in part', { reductionMinor: 501, reimbursedMinor: 2000 }],
  ['more is paid than the reduction leaves', { reductionMinor: 2500, reimbursedMinor: 2000 }],
]

const FORMULAS: readonly (readonly [name: string, formula: (basis: Basis) => PointsFormula])[] = [
  ['per value', (basis) => ({ kind: 'perValue', minor: 100, points: 1, basis })],
  ['percent', (basis) => ({ kind: 'percent', ppm: 50_000, basis })],
]

const basket = (amounts: Amounts, changes: Parameters<typeof sale>[1] = {}): EvaluationInput => {
  const medicine: LineFacts = line(1, { product: product('RX'), unitPriceMinor: 3999, marks: ['rx'], ...amounts })
  return sale([medicine, line(2, { product: product('OTC'), unitPriceMinor: 1250 })], changes)
}

export const copayment = (): VectorCase[] => [
  ...PAYERS.flatMap(([payer, amounts]) =>
    FORMULAS.flatMap(([name, formula]) =>
      (['gross', 'copayment', 'paidInMoney'] as const).map((basis) =>
        one(
          'copayment',
          `${payer}: ${name} of ${basis}`,
          [points(formula(basis))],
          [
            basket(amounts, {
              basketReductionMinor: 99,
              tenders: [
                { kind: 'points', amountMinor: 300 },
                { kind: 'card', amountMinor: 9999 },
              ],
            }),
          ],
        ),
      ),
    ),
  ),
  ...PAYERS.map(([payer, amounts]) =>
    one(
      'copayment',
      `${payer}: no rule gives away what a payer pays`,
      [
        rule('line', 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 1_000_000 } }]),
        rule('basket', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 100_000 } }]),
      ],
      [priced(basket(amounts))],
    ),
  ),
  ...(['reimbursed', 'notReimbursed'] as const).map((which) =>
    one(
      'copayment',
      `only lines that are ${which}`,
      [
        points(
          { kind: 'perValue', minor: 100, points: 1, basis: 'copayment' },
          { of: 'a' },
          { slots: [{ name: 'a', items: { where: { reimbursed: which === 'reimbursed' } } }] },
        ),
      ],
      [basket({ reimbursedMinor: 1333 })],
    ),
  ),
]
