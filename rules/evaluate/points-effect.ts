import type { View } from '../compile/search.ts'
import type { CompiledEffect } from '../compile/compiled-rule.ts'
import type { MultiplyEffect, PointsEffect } from '../rule.ts'
import type { Beneficiary } from '../sale.ts'
import { sumOf } from './allocation.ts'
import type { Pool, Turn } from './sheet.ts'
import { milliOf, only, portionsOf } from './slots.ts'
import { recordPoints, roundTo, viewFor, type Weighed } from './turn.ts'

/** Is there anybody to get points? */
const hasBeneficiary = ({ sheet, compiled }: Turn, to: Beneficiary): boolean => {
  const { member, staff, outlet } = sheet.input
  const isThere =
    to === 'organizer' || (to === 'customer' ? member : to === 'staff' ? staff : outlet.owner) !== undefined
  if (!isThere) sheet.trace?.({ kind: 'noBeneficiary', rule: compiled.id, to })
  return isThere
}

/** Points of an amount (minor units, thousandths of a quantity, or repeats). */
const rated = (source: CompiledEffect, amount: number): number => {
  const { points, per, fullSteps, brackets } = source
  if (brackets === null) return roundTo(fullSteps ? amount - (amount % per) : amount, points, per, source)
  const reached = brackets.findLast(({ fromMinor }) => amount >= fromMinor)
  return roundTo(reached?.points ?? 0, 1, 1, source)
}

/** Of whole units, `amount mod units` are one minor unit dearer than the others: two roundings are enough. */
export const perUnit = (amount: number, milli: number, one: (amount: number) => number): number => {
  if (milli % 1000 !== 0) return one(amount)
  const units = milli / 1000
  const dearer = amount % units
  const low = (amount - dearer) / units
  return dearer * one(low + 1) + (units - dearer) * one(low)
}

const total = ({ sheet, source, times }: Turn, view: View, { base, weights }: Weighed): number => {
  if (source.of === 'times') return rated(source, times)
  if (source.at === 'rule') return rated(source, base)
  const one = (amount: number): number => rated(source, amount)
  const milli = milliOf(sheet, view)
  return sumOf(
    weights.map((amount, i) => (source.at === 'line' ? one(amount) : perUnit(amount, milli[i] as number, one))),
  )
}

/** Points to somebody, from the lines that may earn. */
export const applyPoints = (turn: Turn, effect: PointsEffect): void => {
  const { sheet, compiled, source } = turn
  const { to } = source as { readonly to: Beneficiary }
  if (!hasBeneficiary(turn, to)) return
  const view = only(viewFor(turn), sheet.earns)
  const { lines } = view
  if (lines.length === 0) return
  const weights = source.of === 'quantity' ? milliOf(sheet, view) : portionsOf(sheet, view, sheet.amounts[source.basis])
  const base = sumOf(weights)
  const weighed = { base, lines, weights }
  const wanted = total(turn, view, weighed)
  if (base === 0) weighed.weights = weights.map(() => 1)
  const shares = recordPoints(turn, wanted, source.basis, weighed)
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
  const { source } = turn
  const { to, how: kind, ppm } = effect
  if (!hasBeneficiary(turn, to)) return
  const pool = poolOf(turn, to, source.type.code, effect.base ?? 'base')
  const { lines } = viewFor(turn)
  const weights = lines.map(
    (line) => (pool.base[line] as number) + (kind === 'times' ? (pool.added[line] as number) : 0),
  )
  const base = sumOf(weights)
  if (base === 0) return
  const rate = kind === 'times' ? ppm - 1_000_000 : ppm
  const shares = recordPoints(turn, roundTo(base, rate, 1_000_000, source), null, { base, lines, weights })
  if (shares !== null) addTo(pool.added, lines, shares)
}
