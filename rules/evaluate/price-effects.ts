import { mulDiv } from '../money.ts'
import type { Off, PriceOffEffect, PriceTiersEffect, Rounding, SetPriceEffect } from '../rule.ts'
import type { LineFacts } from '../sale.ts'
import { allocateWithin } from './allocation.ts'
import { lowest, room } from './sheet.ts'
import { milliAt, only, portion, quantityOf, type View } from './slots.ts'
import { moneyRounding, ranksOf, recordOff, roundTo, type Turn, viewFor } from './turn.ts'
import { amountOfUnits, pickUnits } from './unit-pick.ts'

/** What an effect acts on: of each line an amount and the thousandths it belongs to. */
interface Target {
  readonly lines: readonly number[]
  readonly amounts: readonly number[]
  readonly milli: readonly number[]
}

interface Steered {
  readonly line: number
  readonly price: number
  readonly off: number
}

/** Phase 1: a new shelf price. A line gets it wholly or not at all. */
export const applySteering = (turn: Turn, effect: SetPriceEffect | PriceOffEffect, index: number): void => {
  const { sheet, state } = turn
  const steered: Steered[] = []
  for (const line of viewFor(turn, index).lines) {
    if (sheet.discounts[line] !== true) continue
    const facts = sheet.lines[line] as LineFacts
    const before = state.unitPrice[line] as number
    const price = Math.max(steeredPrice(effect, facts.unitPriceMinor, before), facts.floorMinor ?? 0)
    if (price >= before) continue
    const off = lineAmount(before, facts) - lineAmount(price, facts)
    if (off > 0 && off <= (state.remaining[line] as number) - lowest(facts)) steered.push({ line, price, off })
  }
  const fitting = withinAllowance(turn, steered)
  const lines = fitting.map(({ line }) => line)
  if (
    !recordOff(
      turn,
      index,
      lines,
      fitting.map(({ off }) => off),
    )
  )
    return
  for (const { line, price } of fitting) {
    state.unitPrice[line] = price
    state.steered[line] = price
  }
}

/** Where a limit leaves less than all, lines are served in canonical order; one that drops takes the rule back. */
const withinAllowance = (turn: Turn, steered: readonly Steered[]): readonly Steered[] => {
  let left = turn.minor.left
  let sum = 0
  for (const { off } of steered) sum += off
  if (sum <= left) return steered
  if (turn.minor.limit?.over === 'drop') {
    turn.dropped = turn.minor.limit
    return []
  }
  const rank = turn.sheet.rank()
  return [...steered]
    .sort((a, b) => (rank[a.line] as number) - (rank[b.line] as number))
    .filter(({ off }) => {
      if (off > left) return false
      left -= off
      return true
    })
    .sort((a, b) => a.line - b.line)
}

const lineAmount = (unitPrice: number, { quantityMilli }: LineFacts): number =>
  mulDiv(unitPrice, quantityMilli, 1000, 'halfUp')

const steeredPrice = (effect: SetPriceEffect | PriceOffEffect, original: number, before: number): number => {
  if (effect.do === 'setPrice') return effect.unitPriceMinor
  const { off } = effect
  if (off.kind === 'amount') return Math.max(0, before - off.minor)
  const base = effect.on === 'original' ? original : before
  return Math.max(0, before - roundTo(base, off.ppm, 1_000_000, moneyRounding(effect.rounding)))
}

const targetOf = (turn: Turn, view: View, effect: SetPriceEffect | PriceOffEffect): Target => {
  const { sheet, state } = turn
  const from = effect.do === 'priceOff' && effect.on === 'original' ? state.original : state.remaining
  if (effect.pick === undefined) {
    return {
      lines: view.lines,
      amounts: view.lines.map((line, i) => portion(sheet, view, i, from[line] as number)),
      milli: view.lines.map((_, i) => milliAt(sheet, view, i)),
    }
  }
  const picked = pickUnits(sheet, view, effect.pick)
  turn.taken ??= new Map()
  for (const { line, used } of picked) turn.taken.set(line, used * 1000)
  const taken = picked.filter(({ units }) => units > 0)
  return {
    lines: taken.map(({ line }) => line),
    amounts: taken.map(({ line, units }) => amountOfUnits(sheet, line, units, from[line] as number)),
    milli: taken.map(({ units }) => units * 1000),
  }
}

/** Phase 2: a fixed price, or something off the price of lines. */
export const applyLineOff = (turn: Turn, effect: SetPriceEffect | PriceOffEffect, index: number): void => {
  const { sheet } = turn
  const target = targetOf(turn, only(viewFor(turn, index), sheet.discounts), effect)
  if (effect.do === 'priceOff') {
    recordOff(turn, index, target.lines, sharesOff(turn, target, effect.off, effect.rounding))
    return
  }
  const wanted = target.amounts.map((amount, i) => {
    const price = mulDiv(effect.unitPriceMinor, target.milli[i] as number, 1000, 'halfUp')
    return capped(turn, target, i, amount - price)
  })
  recordOff(turn, index, target.lines, wanted)
}

const capped = (turn: Turn, { lines, milli }: Target, i: number, off: number): number =>
  Math.max(0, Math.min(off, room(turn.sheet, turn.state, lines[i] as number, milli[i] as number)))

/** What comes off each line of a target. An amount is per unit; a share is rounded once, per line, or per unit. */
const sharesOff = (turn: Turn, target: Target, off: Off, rounding: Rounding | undefined): number[] => {
  const { sheet, state } = turn
  const { lines, amounts, milli } = target
  const how = moneyRounding(rounding)
  if (off.kind === 'amount') {
    return lines.map((_, i) => capped(turn, target, i, roundTo(off.minor, milli[i] as number, 1000, how)))
  }
  const part = (amount: number): number => roundTo(amount, off.ppm, 1_000_000, how)
  if (rounding?.at === 'line') return lines.map((_, i) => capped(turn, target, i, part(amounts[i] as number)))
  if (rounding?.at === 'unit') {
    return lines.map((_, i) => capped(turn, target, i, perUnit(amounts[i] as number, milli[i] as number, part)))
  }
  let sum = 0
  for (const amount of amounts) sum += amount
  const rooms = lines.map((line, i) => room(sheet, state, line, milli[i] as number))
  return allocateWithin(part(sum), amounts, rooms, ranksOf(sheet, lines))
}

const perUnit = (amount: number, milli: number, part: (amount: number) => number): number => {
  if (milli % 1000 !== 0) return part(amount)
  const units = milli / 1000
  const dearer = amount % units
  const low = (amount - dearer) / units
  return dearer * part(low + 1) + (units - dearer) * part(low)
}

/** The highest tier that the quantity of the slot reaches, for all its units. */
export const applyPriceTiers = (turn: Turn, effect: PriceTiersEffect, index: number): void => {
  const { sheet, state } = turn
  const view = viewFor(turn, index)
  const quantity = quantityOf(sheet, only(view, sheet.counts))
  let off: Off | undefined
  for (const tier of effect.tiers) if (quantity >= tier.fromMilli) off = tier.off
  if (off === undefined) return
  const open = only(view, sheet.discounts)
  const target: Target = {
    lines: open.lines,
    amounts: open.lines.map((line, i) => portion(sheet, open, i, state.remaining[line] as number)),
    milli: open.lines.map((_, i) => milliAt(sheet, open, i)),
  }
  recordOff(turn, index, target.lines, sharesOff(turn, target, off, effect.rounding))
}
