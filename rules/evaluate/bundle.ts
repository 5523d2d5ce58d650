import type { View } from '../compile/search.ts'
import type { BundlePriceEffect } from '../rule.ts'
import { sumOf } from './allocation.ts'
import { spreadOver } from './price-effects.ts'
import type { Turn } from './sheet.ts'
import { milliAt, only } from './slots.ts'
import { mostGroups, recordOff } from './turn.ts'
import { amountOfUnits, dearestFirst } from './unit-pick.ts'

interface Part {
  /** Lines whose whole units the part may take, dearest first. */
  readonly lines: readonly number[]
  readonly units: number
}

const partsOf = (turn: Turn, effect: BundlePriceEffect, free: Map<number, number>): Part[] => {
  const { sheet, compiled, views } = turn
  return effect.parts.map(({ of, units }) => {
    const view = only(views[compiled.slots.findIndex((slot) => slot.name === of)] as View, sheet.discounts)
    const lines = dearestFirst(turn, view).map((i) => {
      const line = view.lines[i] as number
      free.set(line, Math.floor(milliAt(sheet, view, i) / 1000))
      return line
    })
    return { lines, units }
  })
}

/** Units of one set, part by part in declared order, dearest first; `null` where a part finds too few. */
const oneSet = (parts: readonly Part[], free: ReadonlyMap<number, number>): Map<number, number> | null => {
  const set = new Map<number, number>()
  for (const { lines, units } of parts) {
    let missing = units
    for (const line of lines) {
      const take = Math.min(missing, (free.get(line) as number) - (set.get(line) ?? 0))
      if (take <= 0) continue
      set.set(line, (set.get(line) ?? 0) + take)
      missing -= take
      if (missing === 0) break
    }
    if (missing > 0) return null
  }
  return set
}

/** How many times the same set can be formed before one of its lines runs out. */
const sameSets = (set: ReadonlyMap<number, number>, free: ReadonlyMap<number, number>): number => {
  let times = Number.MAX_SAFE_INTEGER
  for (const [line, units] of set) times = Math.min(times, Math.floor((free.get(line) as number) / units))
  return times
}

/** One price for a set: forms sets of the dearest units while a set costs more than its price. */
export const applyBundle = (turn: Turn, effect: BundlePriceEffect): void => {
  const { sheet, state } = turn
  const free = new Map<number, number>()
  const parts = partsOf(turn, effect, free)
  const used = new Map<number, number>()
  let left = mostGroups(turn, effect.atMostSets)
  let sets = 0
  // Each round leaves some line with less than its part of a set.
  while (left > 0) {
    const set = oneSet(parts, free)
    if (set === null) break
    let worth = 0
    for (const [line, units] of set) worth += amountOfUnits(sheet, line, units, state.remaining[line] as number)
    if (worth <= effect.priceMinor) break
    const times = Math.min(left, sameSets(set, free))
    for (const [line, units] of set) {
      free.set(line, (free.get(line) as number) - units * times)
      used.set(line, (used.get(line) ?? 0) + units * times)
    }
    sets += times
    left -= times
  }
  if (sets === 0) return
  record(turn, used, sets * effect.priceMinor)
}

const record = (turn: Turn, used: ReadonlyMap<number, number>, price: number): void => {
  const { sheet, state } = turn
  const lines = [...used.keys()].sort((a, b) => a - b)
  const unitsOf = (line: number): number => used.get(line) as number
  const amounts = lines.map((line) => amountOfUnits(sheet, line, unitsOf(line), state.remaining[line] as number))
  const milli = lines.map((line) => unitsOf(line) * 1000)
  turn.taken ??= new Map()
  lines.forEach((line, i) => turn.taken?.set(line, milli[i] as number))
  recordOff(turn, lines, spreadOver(turn, { lines, amounts, milli }, sumOf(amounts) - price))
}
