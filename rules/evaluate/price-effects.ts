import type { View } from '../compile/search.ts'
import { type Minor, mulDiv } from '../money.ts'
import type { Off, PriceOffEffect, PriceTiersEffect, Rounding, SetPriceEffect } from '../rule.ts'
import type { LineFacts } from '../sale.ts'
import { allocateWithin, sumOf } from './allocation.ts'
import { perUnit } from './points-effect.ts'
import { lowest, room, type Turn } from './sheet.ts'
import { milliOf, only, portionsOf, quantityOf } from './slots.ts'
import { lowestTold, ranksOf, recordOff, roundTo, viewFor } from './turn.ts'
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

/** A new shelf price in phase 1, something off the price of lines in phase 2. */
export const applyPriceOff = (turn: Turn, effect: SetPriceEffect | PriceOffEffect): void =>
  turn.compiled.rule.phase === 'price' ? applySteering(turn) : applyLineOff(turn, effect)

/** Phase 1: a new shelf price. A line gets it wholly or not at all. */
const applySteering = (turn: Turn): void => {
  const { sheet, state } = turn
  const steered: Steered[] = []
  for (const line of viewFor(turn).lines) {
    if (sheet.discounts[line] !== true) continue
    const facts = sheet.lines[line] as LineFacts
    const before = state.unitPrice[line] as number
    const price = Math.max(steeredPrice(turn, facts.unitPriceMinor, before), facts.floorMinor ?? 0)
    if (price >= before) continue
    const off = lineAmount(before, facts) - lineAmount(price, facts)
    if (off > 0 && off <= (state.remaining[line] as number) - lowest(facts)) steered.push({ line, price, off })
  }
  const wanted = sumOf(steered.map(({ off }) => off))
  const fitting = withinAllowance(turn, steered, wanted)
  const lines = fitting.map(({ line }) => line)
  if (
    !recordOff(
      turn,
      lines,
      fitting.map(({ off }) => off),
      wanted,
    )
  )
    return
  for (const { line, price } of fitting) {
    const facts = sheet.lines[line] as LineFacts
    state.unitPrice[line] = price
    state.steered[line] = {
      line: facts.number,
      ...lowestTold(facts, turn.compiled.id, state.steered[line]),
      unitPriceMinor: price as Minor,
    }
  }
}

/** Where a limit leaves less than all, lines are served in canonical order; one that drops takes the rule back. */
const withinAllowance = (turn: Turn, steered: readonly Steered[], wanted: number): readonly Steered[] => {
  let left = turn.amount.left
  if (wanted <= left) return steered
  if (turn.amount.limit?.over === 'drop') {
    turn.dropped = { limit: turn.amount.limit, wanted, left }
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

const steeredPrice = ({ source }: Turn, original: number, before: number): number => {
  const effect = source.effect as SetPriceEffect | PriceOffEffect
  if (effect.do === 'setPrice') return effect.unitPriceMinor
  const { off, on } = effect
  const base = on === 'original' ? original : before
  return Math.max(0, before - (off.kind === 'amount' ? off.minor : roundTo(base, off.ppm, 1_000_000, source)))
}

/** The free part of each line of a view. */
export const targetOf = ({ sheet }: Turn, view: View, from: readonly number[]): Target => ({
  lines: view.lines,
  amounts: portionsOf(sheet, view, from),
  milli: milliOf(sheet, view),
})

/** An amount over the lines of a target by what they cost; no line below what it may cost. */
export const spreadOver = ({ sheet, state }: Turn, { lines, amounts, milli }: Target, amount: number): number[] => {
  const rooms = lines.map((line, i) => room(sheet, state, line, milli[i] as number))
  return allocateWithin(amount, amounts, rooms, ranksOf(sheet, lines))
}

const pickedOf = (turn: Turn, view: View, effect: SetPriceEffect | PriceOffEffect): Target => {
  const { sheet, state } = turn
  const from = effect.do === 'priceOff' && effect.on === 'original' ? state.original : state.remaining
  if (effect.pick === undefined) return targetOf(turn, view, from)
  const picked = pickUnits(turn, view, effect.pick)
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
const applyLineOff = (turn: Turn, effect: SetPriceEffect | PriceOffEffect): void => {
  const { sheet } = turn
  const target = pickedOf(turn, only(viewFor(turn), sheet.discounts), effect)
  if (effect.do === 'priceOff') {
    recordOff(turn, target.lines, sharesOff(turn, target, effect.off, effect.rounding))
    return
  }
  const wanted = target.amounts.map((amount, i) => {
    const price = mulDiv(effect.unitPriceMinor, target.milli[i] as number, 1000, 'halfUp')
    return capped(turn, target, i, amount - price)
  })
  recordOff(turn, target.lines, wanted)
}

const capped = (turn: Turn, { lines, milli }: Target, i: number, off: number): number =>
  Math.max(0, Math.min(off, room(turn.sheet, turn.state, lines[i] as number, milli[i] as number)))

/** What comes off each line of a target. An amount is per unit; a share is rounded once, per line, or per unit. */
const sharesOff = (turn: Turn, target: Target, off: Off, rounding: Rounding | undefined): number[] => {
  const { source } = turn
  const { lines, amounts, milli } = target
  if (off.kind === 'amount') {
    return lines.map((_, i) => capped(turn, target, i, roundTo(off.minor, milli[i] as number, 1000, source)))
  }
  const part = (amount: number): number => roundTo(amount, off.ppm, 1_000_000, source)
  const at = rounding?.at ?? 'rule'
  if (at !== 'rule') {
    const ofLine = (amount: number, i: number): number =>
      at === 'line' ? part(amount) : perUnit(amount, milli[i] as number, part)
    return amounts.map((amount, i) => capped(turn, target, i, ofLine(amount, i)))
  }
  return spreadOver(turn, target, part(sumOf(amounts)))
}

/** The highest tier that the quantity of the slot reaches, for all its units. */
export const applyPriceTiers = (turn: Turn, effect: PriceTiersEffect): void => {
  const { sheet, state } = turn
  const view = viewFor(turn)
  const quantity = quantityOf(sheet, only(view, sheet.counts))
  const off = effect.tiers.findLast(({ fromMilli }) => quantity >= fromMilli)?.off
  if (off === undefined) return
  const target = targetOf(turn, only(view, sheet.discounts), state.remaining)
  recordOff(turn, target.lines, sharesOff(turn, target, off, effect.rounding))
}
