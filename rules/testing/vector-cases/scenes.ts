import type { EvaluationInput, LineFacts, PointsFormula, ProgramDocument, RoundingMode, Rule } from '../../index.ts'
import { line, product, program, rule, sale } from '../samples.ts'

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
export const one = (
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

export const MODES: readonly RoundingMode[] = ['floor', 'ceil', 'truncate', 'halfUp', 'halfEven']
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
export const ugly = (changes: Parameters<typeof sale>[1] = {}): EvaluationInput => {
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
export const three = (changes: Parameters<typeof sale>[1] = {}): EvaluationInput =>
  sale(
    [
      line(1, { product: A, quantityMilli: 4000 }),
      line(2, { product: B, quantityMilli: 3000, unitPriceMinor: 333 }),
      line(3, { product: C, unitPriceMinor: 5999 }),
    ],
    changes,
  )
export const priced = (input: EvaluationInput): EvaluationInput => ({ ...input, mode: 'price' })

export const points = (formula: PointsFormula, changes: object = {}, ruleChanges: object = {}): Rule =>
  rule('r', 'accrual.base', [{ do: 'points', to: 'customer', formula, ...changes } as never], ruleChanges)
