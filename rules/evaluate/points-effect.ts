import type { View } from '../compile/scratch.ts'
import { mulDiv } from '../money.ts'
import type { CompiledEffect } from '../compile/compiled-rule.ts'
import type { Basis } from '../program.ts'
import type { MultiplyEffect, PointsEffect, PointsFormula } from '../rule.ts'
import type { Beneficiary, EvaluationInput } from '../sale.ts'
import { listOf, sumOf } from './allocation.ts'
import type { Pool, Sheet, Turn } from './sheet.ts'
import { milliAt, only, portion } from './slots.ts'
import { recordPoints, roundTo, viewFor, type Weighed } from './turn.ts'

/** Is there anybody to get points? */
const hasBeneficiary = ({ member, staff, outlet }: EvaluationInput, to: Beneficiary): boolean =>
  to === 'organizer' || (to === 'customer' ? member : to === 'staff' ? staff : outlet.owner) !== undefined

/** Points of an amount (minor units, or thousandths of a quantity). */
const rated = (formula: PointsFormula, amount: number, { how, type }: CompiledEffect): number => {
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
      return type.valueMinor === 0
        ? 0
        : roundTo(amount, formula.ppm * 10 ** type.scale, 1_000_000 * type.valueMinor, how)
    case 'brackets': {
      let points = 0
      for (const bracket of formula.brackets) if (amount >= bracket.fromMinor) points = bracket.points
      return roundTo(points, 1, 1, how)
    }
  }
}

/** Of whole units, `amount mod units` are one minor unit dearer than the others: two roundings are enough. */
export const perUnit = (amount: number, milli: number, one: (amount: number) => number): number => {
  if (milli % 1000 !== 0) return one(amount)
  const units = milli / 1000
  const dearer = amount % units
  const low = (amount - dearer) / units
  return dearer * one(low + 1) + (units - dearer) * one(low)
}

const total = (turn: Turn, effect: PointsEffect, view: View, weighed: Weighed): number => {
  const { formula, rounding } = effect
  if (formula.kind === 'fixed') return roundTo(formula.points, turn.times, 1, turn.source.how)
  const at = formula.kind === 'brackets' ? 'rule' : (rounding?.at ?? 'rule')
  return at === 'rule' ? rated(formula, weighed.base, turn.source) : totalOfLines(turn, effect, view, weighed.weights)
}

const totalOfLines = (
  { sheet, source }: Turn,
  effect: PointsEffect,
  view: View,
  weights: readonly number[],
): number => {
  const one = (amount: number): number => rated(effect.formula, amount, source)
  const isLine = effect.rounding?.at === 'line'
  return sumOf(weights.map((amount, i) => (isLine ? one(amount) : perUnit(amount, milliAt(sheet, view, i), one))))
}

/** Fixed points and points per unit belong to lines by their shelf value. */
const basisOf = (formula: PointsFormula): Basis => ('basis' in formula ? formula.basis : 'gross')

/** What each line of a view brings to a formula. */
const weightsOf = (sheet: Sheet, view: View, formula: PointsFormula): readonly number[] => {
  const ofQuantity = formula.kind === 'perUnit'
  const amounts = sheet.amounts[basisOf(formula)]
  if (view === sheet.whole && !ofQuantity) return amounts
  const { lines } = view
  const weights = listOf<number>(lines.length)
  for (let i = 0; i < lines.length; i += 1) {
    weights[i] = ofQuantity ? milliAt(sheet, view, i) : portion(sheet, view, i, amounts[lines[i] as number] as number)
  }
  return weights
}

/** Points to somebody, from the lines that may earn. */
export const applyPoints = (turn: Turn, effect: PointsEffect): void => {
  const { sheet, compiled, source } = turn
  const { to, formula } = effect
  if (!hasBeneficiary(sheet.input, to)) {
    sheet.trace?.({ kind: 'noBeneficiary', rule: compiled.id, to })
    return
  }
  const view = only(viewFor(turn), sheet.earns)
  const { lines } = view
  if (lines.length === 0) return
  let weights = weightsOf(sheet, view, formula)
  const base = sumOf(weights)
  const wanted = total(turn, effect, view, { base, lines, weights })
  if (base === 0) weights = weights.map(() => 1)
  const shares = recordPoints(turn, wanted, basisOf(formula), { base, lines, weights })
  if (shares === null || !sheet.tables.multiplies) return
  const name = effect.base ?? (compiled.rule.phase === 'accrual.base' ? 'base' : undefined)
  if (name !== undefined) addTo(poolOf(turn, to, source.type.code, name).base, lines, shares)
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
export const applyMultiply = (turn: Turn, effect: MultiplyEffect): void => {
  const { sheet, source } = turn
  const { to, how: kind, ppm } = effect
  if (!hasBeneficiary(sheet.input, to)) return
  const pool = poolOf(turn, to, source.type.code, effect.base ?? 'base')
  const { lines } = viewFor(turn)
  const weights = lines.map(
    (line) => (pool.base[line] as number) + (kind === 'times' ? (pool.added[line] as number) : 0),
  )
  const base = sumOf(weights)
  if (base === 0) return
  const rate = kind === 'times' ? ppm - 1_000_000 : ppm
  const shares = recordPoints(turn, roundTo(base, rate, 1_000_000, source.how), null, { base, lines, weights })
  if (shares !== null) addTo(pool.added, lines, shares)
}
