import { type Minor, mulDiv } from '../money.ts'
import type { Points } from '../points.ts'
import type { BasketOffEffect, BasketStepsEffect, GiftEffect, Off, PointsPayEffect } from '../rule.ts'
import type { MessageEffect, VoucherIssueEffect } from '../rule.ts'
import { sumOf } from './allocation.ts'
import { spreadOver, targetOf } from './price-effects.ts'
import type { EvaluationInput } from '../sale.ts'
import type { Sheet, State, Turn } from './sheet.ts'
import { only, valueOf } from './slots.ts'
import { grant, recordOff, roundTo, viewFor } from './turn.ts'

/** Takes something off the lines of the slot together: each carries its share of what it costs now. */
const offBasket = (turn: Turn, off: Off, times: number): boolean => {
  const { source } = turn
  const view = only(viewFor(turn), turn.sheet.discounts)
  const target = targetOf(turn, view, turn.state.remaining)
  const wanted =
    off.kind === 'amount'
      ? roundTo(off.minor, times, 1, source)
      : roundTo(sumOf(target.amounts), off.ppm, 1_000_000, source)
  return recordOff(turn, view.lines, spreadOver(turn, target, wanted))
}

/** Presented vouchers of a kind that no rule has redeemed yet. */
export const openVouchers = ({ input }: Sheet, { rare }: State, voucher: string): EvaluationInput['vouchers'] =>
  input.vouchers
    .filter(({ kind, use }) => kind === voucher && !rare.redeemed?.some((each) => each.use === use))
    .sort((a, b) => a.use - b.use)

/** Phase 3: something off the basket; with `voucher` once for each presented voucher of the kind. */
export const applyBasketOff = (turn: Turn, effect: BasketOffEffect): void => {
  const { sheet, state, compiled } = turn
  if (effect.voucher === undefined) {
    offBasket(turn, effect.off, turn.times)
    return
  }
  const most = effect.off.kind === 'percent' ? 1 : turn.times
  let uses = 0
  for (const { use } of openVouchers(sheet, state, effect.voucher).slice(0, most)) {
    const before = turn.amount.given
    // A voucher that takes nothing off stays with its owner.
    if (!offBasket(turn, effect.off, 1)) break
    uses += 1
    const amountMinor = (turn.amount.given - before) as Minor
    ;(state.rare.redeemed ??= []).push({ amountMinor, rule: compiled.id, use })
  }
  if (compiled.redeems !== undefined) turn.times = uses
}

/** The highest step that the slot's value after line discounts reaches. */
export const applyBasketSteps = (turn: Turn, effect: BasketStepsEffect): void => {
  const { sheet } = turn
  const value = valueOf(sheet, only(viewFor(turn), sheet.counts), 'afterLine')
  const off = effect.steps.findLast(({ fromMinor }) => value >= fromMinor)?.off
  if (off !== undefined) offBasket(turn, off, 1)
}

/** Whether a rule's lines, those of its slots or all, have one for which a fact holds. */
const hasLine = ({ sheet, compiled, views }: Turn, fact: readonly boolean[]): boolean =>
  (compiled.slots.length === 0 ? [sheet.whole] : views).some(({ lines }) => lines.some((line) => fact[line]))

/** An offered gift, where at least one line of the rule may be reduced. */
export const applyGift = (turn: Turn, effect: GiftEffect): void => {
  const { sheet, state, compiled } = turn
  if (!hasLine(turn, sheet.discounts)) return
  turn.effects += 1
  ;(state.rare.gifts ??= []).push({
    products: effect.products,
    quantityMilli: effect.quantityMilli * turn.times,
    rule: compiled.id,
  })
}

const DOWN = { mode: 'floor', increment: 1 } as const

/** How much of what the customer pays may be paid with points. */
export const applyPointsPay = (turn: Turn, effect: PointsPayEffect): void => {
  const { sheet, state, compiled } = turn
  const { type } = turn.source
  if (sheet.input.member === undefined || type.valueMinor === 0) return
  const copayment = valueOf(sheet, only(viewFor(turn), sheet.discounts), 'copayment')
  const most = grant(turn, 'amount', roundTo(copayment, effect.mostPpm, 1_000_000, DOWN))
  const points = roundTo(most, 10 ** type.scale, type.valueMinor, DOWN)
  if (points === 0) return
  const amountMinor = mulDiv(points, type.valueMinor, 10 ** type.scale, 'floor') as Minor
  turn.effects += 1
  turn.amount.given += amountMinor
  ;(state.rare.payable ??= []).push({
    amountMinor,
    pointType: type.code,
    points: points as Points,
    rule: compiled.id,
  })
}

/** A voucher to take home: an incentive, so nothing that the law keeps from earning gives one. */
export const applyVoucherIssue = (turn: Turn, effect: VoucherIssueEffect): void => {
  const { sheet, state, compiled } = turn
  if (!hasLine(turn, sheet.earns)) return
  turn.effects += 1
  state.issues.push({ count: effect.count * turn.times, rule: compiled.id, voucherKind: effect.voucher })
}

export const applyMessage = (turn: Turn, effect: MessageEffect): void => {
  turn.effects += 1
  ;(turn.state.rare.messages ??= []).push({ at: effect.at, rule: turn.compiled.id, text: effect.text })
}
