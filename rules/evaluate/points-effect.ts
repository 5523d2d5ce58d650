import { mulDiv } from '../money.ts'
import type { Basis, PointType } from '../program.ts'
import type { MultiplyEffect, PointsEffect, PointsFormula } from '../rule.ts'
import type { Beneficiary, EvaluationInput } from '../sale.ts'
import type { Pool, Sheet } from './sheet.ts'
import { milliAt, only, portion, quantityOf, valueOf, type View } from './slots.ts'
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

const total = (turn: Turn, effect: PointsEffect, view: View, how: How): number => {
  const { formula, rounding } = effect
  const { sheet } = turn
  if (formula.kind === 'fixed') return roundTo(formula.points, turn.times, 1, how)
  const at = formula.kind === 'brackets' ? 'rule' : (rounding?.at ?? 'rule')
  const ofQuantity = formula.kind === 'perUnit'
  const basis = basisOf(formula)
  if (at === 'rule') return rated(formula, ofQuantity ? quantityOf(sheet, view) : valueOf(sheet, view, basis), how)
  let sum = 0
  view.lines.forEach((line, i) => {
    const milli = milliAt(sheet, view, i)
    const value = ofQuantity ? milli : portion(sheet, view, i, sheet.amounts[basis][line] as number)
    sum += at === 'line' ? rated(formula, value, how) : ratedPerUnit(formula, value, milli, how)
  })
  return sum
}

/** Fixed points and points per unit belong to lines by their shelf value. */
const basisOf = (formula: PointsFormula): Basis => ('basis' in formula ? formula.basis : 'gross')

const weightsOf = (sheet: Sheet, view: View, basis: Basis): number[] => {
  const weights = view.lines.map((line, i) => portion(sheet, view, i, sheet.amounts[basis][line] as number))
  return weights.some((weight) => weight > 0) ? weights : weights.map(() => 1)
}

/** Points to somebody, from the lines that may earn. */
export const applyPoints = (turn: Turn, effect: PointsEffect, index: number): void => {
  const { sheet, compiled } = turn
  const { to, formula } = effect
  if (!hasBeneficiary(sheet.input, to)) {
    sheet.trace?.({ kind: 'noBeneficiary', rule: compiled.rule.id, to })
    return
  }
  const view = only(viewFor(turn, index), sheet.earns)
  if (view.lines.length === 0) return
  const type = pointTypeOf(sheet, effect.pointType)
  const how = { mode: effect.rounding?.mode ?? type.rounding, increment: effect.rounding?.increment ?? 1, type }
  const basis = basisOf(formula)
  const base = formula.kind === 'perUnit' ? quantityOf(sheet, view) : valueOf(sheet, view, basis)
  const facts = { index, to, type, terms: effect, basis, base }
  const spread = {
    lines: view.lines,
    weights:
      formula.kind === 'perUnit' ? view.lines.map((_, i) => milliAt(sheet, view, i)) : weightsOf(sheet, view, basis),
  }
  const shares = recordPoints(turn, facts, total(turn, effect, view, how), spread)
  const name = effect.base ?? (compiled.rule.phase === 'accrual.base' ? 'base' : undefined)
  if (shares === null || name === undefined || !sheet.tables.multiplies) return
  const pool = poolOf(turn, to, type.code, name)
  view.lines.forEach((line, i) => {
    pool.base[line] = (pool.base[line] as number) + (shares[i] as number)
  })
}

const poolOf = ({ sheet, state }: Turn, to: Beneficiary, pointType: string, name: string): Pool => {
  const key = `${to}|${pointType}|${name}`
  let pool = state.pools.get(key)
  if (pool === undefined) {
    pool = { base: sheet.all.map(() => 0), added: sheet.all.map(() => 0) }
    state.pools.set(key, pool)
  }
  return pool
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
  let base = 0
  for (const weight of weights) base += weight
  if (base === 0) return
  const how = { mode: effect.rounding?.mode ?? type.rounding, increment: effect.rounding?.increment ?? 1 }
  const rate = kind === 'times' ? ppm - 1_000_000 : ppm
  const facts = { index, to, type, terms: effect, basis: null, base }
  const shares = recordPoints(turn, facts, roundTo(base, rate, 1_000_000, how), {
    lines,
    weights,
  })
  if (shares === null) return
  lines.forEach((line, i) => {
    pool.added[line] = (pool.added[line] as number) + (shares[i] as number)
  })
}
