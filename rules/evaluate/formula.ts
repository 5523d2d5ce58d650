import { mulDiv } from '../money.ts'
import type { RoundingMode } from '../program.ts'
import type { PointsFormula } from '../rule.ts'

/** What a formula reads: sums over the lines that may earn, and how often the rule repeats. */
export interface FormulaInput {
  readonly valueMinor: number
  readonly quantityMilli: number
  readonly times: number
}

/** How the result becomes whole: mode, increment, value of a whole point in minor units, parts of a whole point. */
export interface FormulaRounding {
  readonly mode: RoundingMode
  readonly increment: number
  readonly valueMinor: number
  readonly unit: number
}

/** The points of a formula, rounded once. `scaled` multiplies before the rounding, so that an increment costs nothing. */
export const formulaPoints = (formula: PointsFormula, input: FormulaInput, rounding: FormulaRounding): number => {
  switch (formula.kind) {
    case 'fixed':
      return round(formula.points * input.times, 1, 1, rounding)
    case 'perValue':
      return formula.fullSteps === true
        ? round(mulDiv(input.valueMinor, 1, formula.minor, 'floor'), formula.points, 1, rounding)
        : round(input.valueMinor, formula.points, formula.minor, rounding)
    case 'perUnit':
      return round(input.quantityMilli, formula.points, formula.quantityMilli, rounding)
    case 'percent':
      return percentPoints(formula.ppm, input.valueMinor, rounding)
    case 'brackets': {
      let points = 0
      for (const bracket of formula.brackets) if (input.valueMinor >= bracket.fromMinor) points = bracket.points
      return round(points, 1, 1, rounding)
    }
  }
}

const round = (a: number, b: number, c: number, { mode, increment }: FormulaRounding): number =>
  increment === 1 ? mulDiv(a, b, c, mode) : mulDiv(a, b, c * increment, mode) * increment

/** value · ppm / 1,000,000 minor units, each whole point worth `valueMinor`: one rounding of value · ppm · unit / (10^6 · valueMinor). */
const percentPoints = (rate: number, value: number, rounding: FormulaRounding): number => {
  if (rounding.valueMinor === 0) return 0
  return round(value, rate * rounding.unit, 1_000_000 * rounding.valueMinor, rounding)
}
