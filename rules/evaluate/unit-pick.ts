import type { View } from '../compile/search.ts'
import type { UnitPick } from '../rule.ts'
import type { LineFacts } from '../sale.ts'
import { sumOf, unitShare } from './allocation.ts'
import type { Sheet, Turn } from './sheet.ts'
import { milliAt } from './slots.ts'
import { mostGroups, ranksOf } from './turn.ts'

/** Whole units of a line, chosen by an effect. */
export interface Picked {
  readonly line: number
  /** Units that the effect acts on. */
  readonly units: number
  /** Units that are used up with them. */
  readonly used: number
}

/**
 * Positions in a view from the dearest unit price, as rules of phase `price` left it, to the cheapest. Of equal prices the one
 * that may be reduced least comes first, so that units differ by what they are before they differ by how many lie on a line;
 * then canonical order.
 */
export const dearestFirst = ({ sheet, state }: Turn, view: View): number[] => {
  if (view.lines.length < 2) return view.lines.map((_, i) => i)
  const rank = ranksOf(sheet, view.lines)()
  const price = (i: number): number => state.unitPrice[view.lines[i] as number] as number
  const floor = (i: number): number => (sheet.lines[view.lines[i] as number] as LineFacts).floorMinor ?? 0
  return view.lines
    .map((_, i) => i)
    .sort((a, b) => price(b) - price(a) || floor(b) - floor(a) || (rank[a] as number) - (rank[b] as number))
}

/** How many of the first `count` units of the sequence are taken. */
const takenOf = (count: number, { take, units, outOf }: UnitPick): number => {
  const rest = count % outOf
  const inRest = take === 'dearest' ? Math.min(rest, units) : Math.max(0, rest - (outOf - units))
  return Math.floor(count / outOf) * units + inRest
}

/**
 * Groups of `outOf` whole units, the dearest units together, so that the customer gains most; of each full group the
 * cheapest or the dearest `units` are taken. Parts of a unit never belong to a group.
 */
export const pickUnits = (turn: Turn, view: View, pick: UnitPick): Picked[] => {
  const { sheet } = turn
  const order = dearestFirst(turn, view)
  const picked: Picked[] = []
  let left = mostGroups(turn, pick.atMostGroups)
  const idOf = (i: number): string | undefined => sheet.lines[view.lines[i] as number]?.product?.id
  const pickFrom = (positions: readonly number[]): void => {
    const whole = (i: number): number => Math.floor(milliAt(sheet, view, i) / 1000)
    const groups = Math.min(Math.floor(sumOf(positions.map(whole)) / pick.outOf), left)
    left -= groups
    const end = groups * pick.outOf
    let at = 0
    for (const i of positions) {
      const next = Math.min(at + whole(i), end)
      if (next > at) {
        picked.push({ line: view.lines[i] as number, units: takenOf(next, pick) - takenOf(at, pick), used: next - at })
      }
      at = next
    }
  }
  if (pick.sameProduct !== true) pickFrom(order)
  // Of an unknown product nobody knows which are the same.
  else for (const id of new Set(order.map(idOf))) if (id !== undefined) pickFrom(order.filter((i) => idOf(i) === id))
  return picked
}

/** What an amount of a whole line comes to for some of its units. */
export const amountOfUnits = ({ lines }: Sheet, line: number, units: number, amount: number): number =>
  unitShare(amount, units * 1000, (lines[line] as LineFacts).quantityMilli)
