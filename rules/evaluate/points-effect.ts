import { mulDiv } from '../money.ts'
import type { Basis, PointType } from '../program.ts'
import type { MultiplyEffect, PointsEffect, PointsFormula } from '../rule.ts'
import type { Beneficiary, EvaluationInput } from '../sale.ts'
import { sumOf } from './allocation.ts'
import type { Pool, Sheet } from './sheet.ts'
import { milliAt, only, portion, type View } from './slots.ts'
import { recordPoints, roundTo, type Turn, viewFor } from './turn.ts'

/** Is there anybody to get points? */
export const hasBeneficiary = (input: EvaluationInput, to: Beneficiary): boolean => {
  switch (to) {
    case 'customer':
      return input.member !== undefined
    case 'staff':
      return input.staff !== undefined
    case 'owner':
      return input.outlet.owner !== undefined
    case 'organizer':
      return true
  }
}

export const pointTypeOf = (sheet: Sheet, code: string | undefined): PointType =>
  sheet.types.get(code ?? sheet.program.mainPointType) as PointType

interface How {
  readonly mode: PointType['rounding']
  readonly increment: number
  readonly type: PointType
}

/** Points of an amount (minor units, or thousandths of a quantity). */
const rated = (formula: PointsFormula, amount: number, how: How): number => {
  switch (formula.kind) {
    case 'fixed':
      return 0
    case 'perValue':
      return formula.fullSteps === true
        ? roundTo(mulDiv(amount, 1, formula.minor, 'floor'), formula.points, 1, how)
        : roundTo(amount, formula.points, formula.minor, how)
    case 'perUnit':
      return roundTo(amount, formula.points, formula.quantityMilli, how)
    case 'percent':
      // value · ppm / 10^6 minor units, each whole point worth `valueMinor`: one rounding of the whole fraction.
      return how.type.valueMinor === 0
        ? 0
        : roundTo(amount, formula.ppm * 10 ** how.type.scale, 1_000_000 * how.type.valueMinor, how)
    case 'brackets': {
      let points = 0
      for (const bracket of formula.brackets) if (amount >= bracket.fromMinor) points = bracket.points
      return roundTo(points, 1, 1, how)
    }
  }
}

/** Of whole units, `amount mod units` are one minor unit dearer than the others: two roundings are enough. */
const ratedPerUnit = (formula: PointsFormula, amount: number, milli: number, how: How): number => {
  if (milli % 1000 !== 0) return rated(formula, amount, how)
  const units = milli / 1000
  const dearer = amount % units
  const low = (amount - dearer) / units
  return dearer * rated(formula, low + 1, how) + (units - dearer) * rated(formula, low, how)
}

/** `base` is the formula's amount of the whole view. */
const total = (turn: Turn, effect: PointsEffect, view: View, { how, base }: { how: How; base: number }): number => {
  const { formula, rounding } = effect
  const { sheet } = turn
  if (formula.kind === 'fixed') return roundTo(formula.points, turn.times, 1, how)
  const at = formula.kind === 'brackets' ? 'rule' : (rounding?.at ?? 'rule')
  if (at === 'rule') return rated(formula, base, how)
  const weights = weightsOf(sheet, view, formula)
  let sum = 0
  weights.forEach((value, i) => {
    sum += at === 'line' ? rated(formula, value, how) : ratedPerUnit(formula, value, milliAt(sheet, view, i), how)
  })
  return sum
}

/** Fixed points and points per unit belong to lines by their shelf value. */
const basisOf = (formula: PointsFormula): Basis => ('basis' in formula ? formula.basis : 'gross')

/** What each line of a view brings to a formula. */
const weightsOf = (sheet: Sheet, view: View, formula: PointsFormula): readonly number[] => {
  if (formula.kind === 'perUnit') return view.lines.map((_, i) => milliAt(sheet, view, i))
  const amounts = sheet.amounts[basisOf(formula)]
  return view === sheet.whole ? amounts : view.lines.map((line, i) => portion(sheet, view, i, amounts[line] as number))
}

/** Points to somebody, from the lines that may earn. */
export const applyPoints = (turn: Turn, effect: PointsEffect, index: number): void => {
  const { sheet, compiled } = turn
  const { to, formula, rounding } = effect
  if (!hasBeneficiary(sheet.input, to)) {
    sheet.trace?.({ kind: 'noBeneficiary', rule: compiled.rule.id, to })
    return
  }
  const view = only(viewFor(turn, index), sheet.earns)
  const { lines } = view
  if (lines.length === 0) return
  const type = pointTypeOf(sheet, effect.pointType)
  const how = { mode: rounding?.mode ?? type.rounding, increment: rounding?.increment ?? 1, type }
  const weights = weightsOf(sheet, view, formula)
  const base = sumOf(weights)
  const facts = { index, to, type, terms: effect, basis: basisOf(formula), base }
  const spread = { lines, weights: base > 0 ? weights : weights.map(() => 1) }
  const shares = recordPoints(turn, facts, total(turn, effect, view, { how, base }), spread)
  const name = effect.base ?? (compiled.rule.phase === 'accrual.base' ? 'base' : undefined)
  if (shares === null || name === undefined || !sheet.tables.multiplies) return
  addTo(poolOf(turn, to, type.code, name).base, lines, shares)
}

const addTo = (pool: number[], lines: readonly number[], shares: readonly number[]): void => {
  lines.forEach((line, i) => {
    pool[line] = (pool[line] as number) + (shares[i] as number)
  })
}

const poolOf = ({ sheet, state }: Turn, to: Beneficiary, pointType: string, name: string): Pool => {
  const key = `${to}|${pointType}|${name}`
  const zeros = (): number[] => sheet.lines.map(() => 0)
  return (state.pools[key] ??= { base: zeros(), added: zeros() })
}

/** Points on top of a named base, where its points lie on the lines of the slot. */
export const applyMultiply = (turn: Turn, effect: MultiplyEffect, index: number): void => {
  const { sheet } = turn
  const { to, how: kind, ppm } = effect
  if (!hasBeneficiary(sheet.input, to)) return
  const type = pointTypeOf(sheet, effect.pointType)
  const pool = poolOf(turn, to, type.code, effect.base ?? 'base')
  const { lines } = viewFor(turn, index)
  const weights = lines.map(
    (line) => (pool.base[line] as number) + (kind === 'times' ? (pool.added[line] as number) : 0),
  )
  const base = sumOf(weights)
  if (base === 0) return
  const how = { mode: effect.rounding?.mode ?? type.rounding, increment: effect.rounding?.increment ?? 1 }
  const rate = kind === 'times' ? ppm - 1_000_000 : ppm
  const facts = { index, to, type, terms: effect, basis: null, base }
  const shares = recordPoints(turn, facts, roundTo(base, rate, 1_000_000, how), {
    lines,
    weights,
  })
  if (shares !== null) addTo(pool.added, lines, shares)
}
