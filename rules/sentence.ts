import { addDays } from './calendar.ts'
import type { ItemSelector, ItemSet, LineFilter, Slot, Threshold } from './condition.ts'
import type { ProgramDocument } from './program.ts'
import type { BundlePriceEffect, Effect, Limit, Off, PointsEffect, Rule, UnitPick } from './rule.ts'
import { conditionParts } from './sentence/condition-text.ts'
import { fill, type Names, Speaker, type SentenceLanguage } from './sentence/speaker.ts'

export type { Names } from './sentence/speaker.ts'

const setText = (set: ItemSet, say: Speaker): string =>
  (['products', 'categories', 'producers', 'tags'] as const)
    .flatMap((key) => (set[key] === undefined ? [] : [fill(say.texts.slot[key], say.list(set[key]))]))
    .join(say.texts.or)

const filterParts = (filter: LineFilter, say: Speaker): string[] => {
  const { where, kinds, marks, or } = say.texts
  const { unitPriceAtLeastMinor: from, unitPriceAtMostMinor: to, discounted, reimbursed } = filter
  const words = (codes: readonly string[], known: Readonly<Record<string, string>>): string =>
    say.enumerate(
      codes.map((code) => known[code] ?? code),
      or,
    )
  return [
    ...(filter.kinds === undefined ? [] : [fill(where.kinds, words(filter.kinds, kinds))]),
    ...(filter.withoutMarks === undefined ? [] : [fill(where.withoutMarks, words(filter.withoutMarks, marks))]),
    ...(from === undefined ? [] : [fill(where.priceFrom, say.money(from))]),
    ...(to === undefined ? [] : [fill(where.priceTo, say.money(to))]),
    ...(discounted === undefined ? [] : [discounted ? where.discounted : where.notDiscounted]),
    ...(reimbursed === undefined ? [] : [reimbursed ? where.reimbursed : where.notReimbursed]),
  ]
}

const itemsText = (items: ItemSelector | undefined, say: Speaker): string => {
  const main = items === undefined ? '' : setText(items, say)
  const and = items?.and === undefined ? '' : ` (${setText(items.and, say)})`
  const except = items?.except === undefined ? [] : [fill(say.texts.slot.except, setText(items.except, say))]
  const where = items?.where === undefined ? [] : filterParts(items.where, say)
  return [`${main === '' ? say.texts.slot.any : main}${and}`, ...except, ...where].join(', ')
}

const thresholdParts = (
  { quantityMilli, valueMinor, products, lines }: Threshold,
  [count, value]: readonly [count: string, value: string],
  items: string,
  say: Speaker,
): string[] => [
  ...(quantityMilli === undefined ? [] : [fill(count, say.units(quantityMilli), items)]),
  ...(valueMinor === undefined ? [] : [fill(value, say.money(valueMinor), items)]),
  ...(products === undefined ? [] : [fill(count, say.counted('products', products), items)]),
  ...(lines === undefined ? [] : [fill(count, say.counted('lines', lines), items)]),
]

const slotParts = ({ items, atLeast, atMost, each }: Slot, say: Speaker): string[] => {
  const { slot } = say.texts
  const text = itemsText(items, say)
  const parts = atLeast === undefined ? [] : thresholdParts(atLeast, [slot.atLeast, slot.valueAtLeast], text, say)
  if (atMost !== undefined) parts.push(...thresholdParts(atMost, [slot.atMost, slot.valueAtMost], text, say))
  if (each?.quantityMilli !== undefined)
    parts.push(fill(slot.eachQuantity, say.counted('each', each.quantityMilli, 3), text))
  if (each?.valueMinor !== undefined) parts.push(fill(slot.eachValue, say.money(each.valueMinor), text))
  if (each?.atMostTimes !== undefined) parts.push(fill(slot.times, say.counted('times', each.atMostTimes)))
  return parts.length > 0 ? parts : [text]
}

const pointsText = ({ to, pointType, formula }: PointsEffect, say: Speaker): string => {
  const { then, to: who, basis } = say.texts
  const points = (value: number): string => say.points(value, pointType)
  switch (formula.kind) {
    case 'fixed':
      return fill(then.fixed, who[to], points(formula.points))
    case 'perValue':
      return fill(then.perValue, who[to], points(formula.points), say.money(formula.minor), basis[formula.basis])
    case 'perUnit':
      return fill(then.perUnit, who[to], points(formula.points), say.counted('each', formula.quantityMilli, 3))
    case 'percent':
      return fill(then.percent, who[to], say.percent(formula.ppm), basis[formula.basis])
    case 'brackets': {
      const steps = formula.brackets.map((each) => fill(then.bracket, say.money(each.fromMinor), points(each.points)))
      return fill(then.brackets, who[to], basis[formula.basis], steps.join(', '))
    }
  }
}

const offText = (off: Off, say: Speaker, where: 'line' | 'basket'): string => {
  const { then } = say.texts
  if (off.kind === 'amount') return fill(where === 'line' ? then.amountOff : then.basketAmount, say.money(off.minor))
  return fill(where === 'line' ? then.percentOff : then.basketPercent, say.percent(off.ppm))
}

const bundleText = ({ parts, priceMinor, atMostSets }: BundlePriceEffect, { slots }: Rule, say: Speaker): string => {
  const { then, slot, and } = say.texts
  const texts = parts.map(({ of, units }) => {
    const items = slots?.find(({ name }) => name === of)?.items
    return `${units} × ${itemsText(items, say)}`
  })
  const text = fill(then.bundle, say.money(priceMinor), say.enumerate(texts, and))
  return atMostSets === undefined ? text : `${text}, ${fill(slot.times, say.counted('times', atMostSets))}`
}

/** Where all units of a group are taken, groups only say how many: the dearest come first. */
const pickText = ({ take, units, outOf, sameProduct, atMostGroups }: UnitPick, text: string, say: Speaker): string => {
  const { then, slot } = say.texts
  if (units === outOf && sameProduct !== true)
    return atMostGroups === undefined ? text : `${say.counted('dearest', units * atMostGroups)}: ${text}`
  const group = say.units(outOf * 1000)
  const picked = fill(
    then.picked,
    say.counted(take, units),
    sameProduct === true ? fill(then.sameProduct, group) : group,
    text,
  )
  return atMostGroups === undefined ? picked : `${picked}, ${fill(slot.times, say.counted('times', atMostGroups))}`
}

const effectText = (effect: Effect, rule: Rule, say: Speaker): string => {
  const { then, to, when } = say.texts
  switch (effect.do) {
    case 'points':
      return pointsText(effect, say)
    case 'multiply':
      return effect.how === 'add'
        ? fill(then.add, to[effect.to], say.percent(effect.ppm))
        : fill(then.times, to[effect.to], say.factor(effect.ppm))
    case 'setPrice':
    case 'priceOff': {
      const text =
        effect.do === 'setPrice'
          ? fill(then.setPrice, say.money(effect.unitPriceMinor))
          : offText(effect.off, say, 'line')
      const { pick } = effect
      if (pick === undefined) return text
      return pickText(pick, text, say)
    }
    case 'priceTiers':
      return fill(
        then.tiers,
        effect.tiers
          .map(({ fromMilli, off }) => fill(then.tier, say.units(fromMilli), offText(off, say, 'line')))
          .join(', '),
      )
    case 'bundlePrice':
      return bundleText(effect, rule, say)
    case 'basketOff': {
      const text = offText(effect.off, say, 'basket')
      return effect.voucher === undefined ? text : `${text} ${fill(when.vouchers, say.name(effect.voucher))}`
    }
    case 'basketSteps':
      return fill(
        then.steps,
        effect.steps
          .map(({ fromMinor, off }) => fill(then.step, say.money(fromMinor), offText(off, say, 'basket')))
          .join(', '),
      )
    case 'gift':
      return fill(
        then.gift,
        `${effect.quantityMilli === 1000 ? '' : `${say.units(effect.quantityMilli)} `}${say.list(effect.products)}`,
      )
    case 'pointsPay':
      return fill(then.pointsPay, say.percent(effect.mostPpm))
    case 'voucherIssue':
      return fill(then.voucherIssue, String(effect.count), say.name(effect.voucher))
    case 'message':
      return fill(then.message, effect.text)
  }
}

/** When points can be redeemed, where the rule itself says so. */
const activationText = (effect: Effect, say: Speaker): string => {
  if (!('activation' in effect) || effect.activation === undefined) return ''
  const { activation } = effect
  const text =
    activation.kind === 'afterDays' ? say.counted('afterDays', activation.days) : say.texts.activation[activation.kind]
  return ` (${text})`
}

const limitText = ({ per, period, measure, most }: Limit, say: Speaker): string => {
  const { limit, subject, period: periods } = say.texts
  const amount =
    measure === 'amount'
      ? say.money(most)
      : measure === 'uses'
        ? say.counted('times', most)
        : say.points(most, undefined)
  const scope = (): string => {
    if (per === 'sale' || period === 'sale') return limit.sale
    if (per === 'campaign') return period === 'ever' ? limit.allEver : fill(limit.all, '', periods[period])
    return period === 'ever' ? fill(limit.ever, subject[per]) : fill(limit.both, subject[per], periods[period])
  }
  return fill(limit.most, amount, scope())
}

/** An end at midnight is told by the last day that belongs to it. */
const validParts = ({ valid }: Rule, say: Speaker): string[] => {
  const { when } = say.texts
  const { from, to } = valid ?? {}
  const parts = from === undefined ? [] : [fill(when.from, say.moment(from))]
  if (to === undefined) return parts
  const end = to.endsWith('T00:00')
    ? fill(when.throughDay, say.date(addDays(to.slice(0, 10), -1)))
    : fill(when.until, say.moment(to))
  return [...parts, end]
}

/** Slots that a bundle has named already are told again only where they ask for more. */
const toldSlots = ({ slots, then }: Rule): readonly Slot[] => {
  const named = new Set(then.flatMap((effect) => (effect.do === 'bundlePrice' ? effect.parts.map(({ of }) => of) : [])))
  return (slots ?? []).filter(({ name, atLeast, atMost, each }) => !named.has(name) || atLeast || atMost || each)
}

/**
 * A rule's face is its sentence: plain words for people. Codes are shown by their names where `names` has them, amounts
 * in the program's currency and points in their scale where the program is given; numbers and dates as people of the
 * language write them.
 *
 * @example sentence(rule, 'en') // 'The customer gets 1 point for each 1.00 of the shelf price.'
 */
export const sentence = (
  rule: Rule,
  language: SentenceLanguage,
  names: Names = {},
  program?: ProgramDocument,
): string => {
  const say = new Speaker(language, names, program)
  const parts = [
    rule.then.map((effect) => `${effectText(effect, rule, say)}${activationText(effect, say)}`).join('; '),
    ...toldSlots(rule).flatMap((slot) => slotParts(slot, say)),
    ...(rule.when === undefined ? [] : conditionParts(rule.when, say)),
    ...validParts(rule, say),
    ...(rule.limits ?? []).map((limit) => limitText(limit, say)),
  ]
  const text = parts.join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
