import type { CompiledSlot } from '../compile/compiled-rule.ts'
import type { View } from '../compile/search.ts'
import type { Repeat, Threshold } from '../condition.ts'
import type { Basis } from '../program.ts'
import type { LineFacts } from '../sale.ts'
import { listOf, sumOf, unitShare } from './allocation.ts'
import type { Matched } from './match.ts'
import type { Sheet, State, Turn } from './sheet.ts'
import type { SlotShortage } from './trace.ts'

/** Rules of one outermost group share their claims; those without a group share one as well. Prices and points apart. */
export const claimScope = ({ compiled }: Matched): string =>
  `${compiled.rule.phase.startsWith('accrual') ? 'points' : 'prices'}:${compiled.root ?? ''}`

/** What other rules have left of a claiming slot's lines. */
const unclaimed = (sheet: Sheet, view: View, claimed: readonly number[]): View => {
  const free = (line: number): number => (sheet.lines[line] as LineFacts).quantityMilli - (claimed[line] as number)
  const open = view.lines.filter((line) => free(line) > 0)
  return { lines: open, milli: open.map(free) }
}

/** Of each slot what is open to it now: units that nobody claimed, of lines that are reduced or not yet as it asks. */
const viewsOf = (sheet: Sheet, state: State, matched: Matched): readonly View[] => {
  const { compiled, views } = matched
  const { afterLine, gross } = sheet.amounts
  const claimed = state.claimed[claimScope(matched)]
  return views.map((view, index) => {
    const { claims, discounted } = compiled.slots[index] as CompiledSlot
    const open = claims && claimed !== undefined ? unclaimed(sheet, view, claimed) : view
    if (discounted === undefined) return open
    return only(
      open,
      afterLine.map((amount, line) => amount < (gross[line] as number) === discounted),
    )
  })
}

/** The free quantity of the i-th line of a view, in thousandths. */
export const milliAt = (sheet: Sheet, view: View, i: number): number =>
  view.milli === null ? (sheet.lines[view.lines[i] as number] as LineFacts).quantityMilli : (view.milli[i] as number)

/** The free quantity of each line of a view, in thousandths. */
export const milliOf = (sheet: Sheet, view: View): readonly number[] =>
  view.milli ?? view.lines.map((_, i) => milliAt(sheet, view, i))

/** Of amounts by line the part that belongs to the free quantity of each line of a view. */
export const portionsOf = (
  { lines: facts, whole }: Sheet,
  view: View,
  amounts: readonly number[],
): readonly number[] => {
  const { lines, milli } = view
  if (view === whole) return amounts
  const portions = listOf<number>(lines.length)
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] as number
    const amount = amounts[line] as number
    portions[i] =
      milli === null ? amount : unitShare(amount, milli[i] as number, (facts[line] as LineFacts).quantityMilli)
  }
  return portions
}

export const quantityOf = (sheet: Sheet, view: View): number => sumOf(milliOf(sheet, view))
export const valueOf = (sheet: Sheet, view: View, basis: Basis): number =>
  sumOf(portionsOf(sheet, view, sheet.amounts[basis]))

/** The lines of a view for which a fact holds. */
export const only = (view: View, fact: readonly boolean[]): View => {
  const { lines } = view
  for (let i = 0; i < lines.length; i += 1) if (fact[lines[i] as number] !== true) return part(view, fact)
  return view
}

const part = ({ lines, milli }: View, fact: readonly boolean[]): View => ({
  lines: lines.filter((line) => fact[line]),
  milli: milli === null ? null : milli.filter((_, i) => fact[lines[i] as number]),
})

const productsOf = ({ lines }: Sheet, view: View): number =>
  new Set(view.lines.map((line) => lines[line]?.product?.id).filter((id) => id !== undefined)).size

const measured = (sheet: Sheet, view: View, of: SlotShortage['of'], basis: Basis | undefined): number => {
  switch (of) {
    case 'quantityMilli':
      return quantityOf(sheet, view)
    case 'valueMinor':
      return valueOf(sheet, view, basis ?? 'gross')
    case 'products':
      return productsOf(sheet, view)
    case 'lines':
      return view.lines.length
  }
}

const SIDES = ['atLeast', 'atMost', 'each'] as const
const MEASURES = ['quantityMilli', 'valueMinor', 'products', 'lines'] as const
const NO_LINE: SlotShortage = { of: 'lines', wanted: 1, actual: 0, side: 'atLeast' }
const ENDLESS = Number.MAX_SAFE_INTEGER

/** What a slot lacks first, if anything. What repeats the rule lowers the number of its repeats. */
const lackOf = (turn: Turn, taken: View, slot: CompiledSlot): SlotShortage | undefined => {
  const { sheet } = turn
  const view = only(taken, sheet.counts)
  // A delivery counts for nothing, but may be what a rule reduces.
  if (view.lines.length === 0 && !taken.lines.some((line) => sheet.lines[line]?.kind === 'delivery')) return NO_LINE
  for (const side of SIDES) {
    const amounts: (Threshold & Repeat) | undefined = slot[side]
    if (amounts === undefined) continue
    for (const of of MEASURES) {
      const wanted = amounts[of]
      if (wanted === undefined) continue
      const actual = measured(sheet, view, of, amounts.basis)
      if (side === 'atMost' ? actual > wanted : actual < wanted) return { of, wanted, actual, side }
      if (side === 'each')
        turn.times = Math.min(turn.times, amounts.atMostTimes ?? ENDLESS, Math.floor(actual / wanted))
    }
  }
  return undefined
}

/** Whether all of a rule's slots are filled; says how often its fixed effects repeat, and on which units. */
export const fillSlots = (turn: Turn, matched: Matched): boolean => {
  const { sheet, compiled } = turn
  if (sheet.countsAll && !compiled.measures) return true
  const { slots, id: rule } = compiled
  if (compiled.narrows) turn.views = viewsOf(sheet, turn.state, matched)
  turn.times = ENDLESS
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] as CompiledSlot
    const view = turn.views[index] as View
    const why = lackOf(turn, view, slot)
    if (why === undefined) continue
    sheet.trace?.({ kind: 'slotNotFilled', rule, slot: slot.name, why })
    return false
  }
  turn.isOnce = turn.times === ENDLESS
  if (turn.isOnce) turn.times = 1
  return true
}
