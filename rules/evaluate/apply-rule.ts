import type { CompiledSlot } from '../compile/compiled-rule.ts'
import type { View } from '../compile/search.ts'
import type { Effect, Rule } from '../rule.ts'
import type { LineFacts } from '../sale.ts'
import {
  applyBasketOff,
  applyBasketSteps,
  applyGift,
  applyMessage,
  applyPointsPay,
  applyVoucherIssue,
  openVouchers,
} from './basket-effects.ts'
import { applyBundle } from './bundle.ts'
import { counterKey, limitKey, withinSale } from './limits.ts'
import type { Matched } from './match.ts'
import { applyMultiply, applyPoints } from './points-effect.ts'
import { applyPriceOff, applyPriceTiers } from './price-effects.ts'
import { copyState, restoreState, type Sheet, type State, type Turn } from './sheet.ts'
import { claimScope, fillSlots, milliAt } from './slots.ts'
import { refuse, startTurn, withinLimits } from './turn.ts'
import { dearestFirst } from './unit-pick.ts'

/** Applies a matched rule to the state. False, and the state as before, where it has no effect. */
export const applyRule = (sheet: Sheet, state: State, matched: Matched): boolean => {
  const { rule, mayDrop, effects, isTagged, redeems } = matched.compiled
  if (isTagged && isExcluded(sheet, state, rule)) return false
  const turn = startTurn(sheet, state, matched)
  if (!fillSlots(turn, matched)) return false
  if (redeems !== undefined) turn.times = Math.min(turn.times, openVouchers(sheet, state, redeems).length)
  if (turn.times > 0 && !withinLimits(turn)) return false
  // Only a limit that drops what it cannot give whole needs a way back.
  const before = mayDrop ? copyState(state) : null
  for (let source = effects; source !== null; source = source.next) {
    turn.source = source
    ;(APPLY[source.do] as (turn: Turn, effect: Effect) => void)(turn, source.effect)
    if (turn.dropped !== null && before !== null) {
      restoreState(state, before)
      refuse(turn, turn.dropped)
      return false
    }
  }
  if (turn.effects === 0) {
    sheet.trace?.({ kind: 'noEffect', rule: rule.id })
    return false
  }
  settle(turn, matched)
  return true
}

const isExcluded = ({ trace }: Sheet, { tags, excluded }: State, rule: Rule): boolean => {
  const by = rule.excludes?.find((tag) => tags.includes(tag)) ?? rule.tags?.find((tag) => excluded.includes(tag))
  if (by !== undefined) trace?.({ kind: 'excluded', rule: rule.id, by })
  return by !== undefined
}

type Apply = { readonly [D in Effect['do']]: (turn: Turn, effect: Extract<Effect, { readonly do: D }>) => void }

const APPLY: Apply = {
  points: applyPoints,
  multiply: applyMultiply,
  setPrice: applyPriceOff,
  priceOff: applyPriceOff,
  priceTiers: applyPriceTiers,
  bundlePrice: applyBundle,
  basketOff: applyBasketOff,
  basketSteps: applyBasketSteps,
  gift: applyGift,
  pointsPay: applyPointsPay,
  voucherIssue: applyVoucherIssue,
  message: applyMessage,
}

/** Books what an applied rule used: tags, caps, limits, units. A rule without effect never comes here. */
const settle = (turn: Turn, matched: Matched): void => {
  const { state, compiled, amount, points } = turn
  if (compiled.isTagged) {
    state.tags.push(...(compiled.rule.tags ?? []))
    state.excluded.push(...(compiled.rule.excludes ?? []))
  }
  for (const cap of state.caps) {
    cap.amount -= amount.given
    cap.points -= points.given
  }
  if (compiled.limits.length > 0) claimLimits(turn)
  if (compiled.claims) claimUnits(turn, matched)
}

const claimLimits = (turn: Turn): void => {
  const { sheet, state } = turn
  for (const limit of turn.compiled.limits) {
    const key = limitKey(limit, sheet.input)
    const amount = limit.measure === 'uses' ? turn.times : turn[limit.measure].given
    if (key === null || amount === 0) continue
    const name = counterKey(key)
    state.used[name] = (state.used[name] ?? 0) + amount
    if (withinSale(limit)) continue
    const same = state.claims.findIndex((claim) => counterKey(claim) === name)
    const claim = { amount: amount + (state.claims[same]?.amount ?? 0), ...key }
    if (same < 0) state.claims.push(claim)
    else state.claims[same] = claim
  }
}

/**
 * Uses up units: those that an effect chose itself, else the full multiples of `each`, dearest first, else all that the
 * slot has.
 */
const claimUnits = (turn: Turn, matched: Matched): void => {
  const { sheet, state, compiled, views } = turn
  const scope = claimScope(matched)
  const claimed = (state.claimed[scope] ??= sheet.lines.map(() => 0))
  const use = (line: number, milli: number): void => {
    const { quantityMilli } = sheet.lines[line] as LineFacts
    claimed[line] = Math.min(quantityMilli, (claimed[line] as number) + milli)
  }
  if (turn.taken !== null) {
    for (const [line, milli] of turn.taken) use(line, milli)
    return
  }
  compiled.slots.forEach((slot: CompiledSlot, index) => {
    if (!slot.claims) return
    const view = views[index] as View
    let missing = (slot.each?.quantityMilli ?? Infinity) * turn.times
    for (const i of dearestFirst(turn, view)) {
      const take = Math.min(missing, milliAt(sheet, view, i))
      use(view.lines[i] as number, take)
      missing -= take
    }
  })
}
