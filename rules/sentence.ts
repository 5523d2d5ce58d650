import type { Condition, ItemSelector, ItemSet, Slot, Threshold } from './condition.ts'
import type { ProgramDocument } from './program.ts'
import type { Effect, Limit, Off, PointsEffect, Rule } from './rule.ts'
import { en } from './sentence/en.ts'
import { pl } from './sentence/pl.ts'
import { ro } from './sentence/ro.ts'
import type { Texts } from './sentence/texts.ts'

/** Names of what a rule refers to by code; the code itself is shown where a name is missing. */
export type Names = Readonly<Record<string, string>>

const LANGUAGES = { en, pl, ro } as const
/** A sentence stays readable: of a long list the first few are named. */
const NAMED_MAX = 4

const fill = (pattern: string, ...values: readonly string[]): string =>
  pattern.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '')

class Speaker {
  readonly texts: Texts
  private readonly names: Names
  private readonly program: ProgramDocument | undefined

  constructor(texts: Texts, names: Names, program: ProgramDocument | undefined) {
    this.texts = texts
    this.names = names
    this.program = program
  }

  name(code: string): string {
    return this.names[code] ?? code
  }

  list(codes: readonly (string | number)[], word = this.texts.or): string {
    const shown = codes.slice(0, NAMED_MAX).map((code) => this.name(String(code)))
    const more = codes.length > NAMED_MAX ? [`… (${codes.length})`] : []
    return [...shown, ...more].reduce((text, each, index, all) =>
      index === all.length - 1 ? `${text}${word}${each}` : `${text}, ${each}`,
    )
  }

  /** A number of parts with its decimals, trailing zeros of a whole left out where `short`. */
  private decimal(value: number, digits: number, short: boolean): string {
    const text = String(value).padStart(digits + 1, '0')
    const whole = text.slice(0, text.length - digits)
    const part = short ? text.slice(text.length - digits).replace(/0+$/, '') : text.slice(text.length - digits)
    return part === '' ? whole : `${whole}${this.texts.decimal}${part}`
  }

  money(minor: number): string {
    const text = this.decimal(minor, 2, false)
    return this.program === undefined ? text : `${text} ${this.program.currency}`
  }

  milli(quantity: number): string {
    return this.decimal(quantity, 3, true)
  }

  percent(ppm: number): string {
    return this.decimal(ppm, 4, true)
  }

  factor(ppm: number): string {
    return this.decimal(ppm, 6, true)
  }

  points(points: number, pointType: string | undefined): string {
    const type = this.program?.pointTypes.find(({ code }) => code === (pointType ?? this.program?.mainPointType))
    const text = this.decimal(points, type?.scale ?? 0, true)
    if (pointType !== undefined) return `${text} ${this.name(pointType)}`
    const last = Number(text) % 100
    const isMany = Number(text) >= 20 && (last === 0 || last >= 20)
    return fill(this.texts.points[text === '1' ? 0 : isMany ? 2 : 1], text)
  }
}

const LISTS = [
  'dates',
  'exceptDates',
  'outlets',
  'outletGroups',
  'outletTypes',
  'countries',
  'regions',
  'owners',
  'staff',
  'channels',
  'tenders',
  'cardKinds',
  'tiers',
  'memberKinds',
  'segments',
  'vouchers',
] as const

const conditionParts = (when: Condition, say: Speaker): string[] => {
  const { texts } = say
  const parts: string[] = []
  const add = (key: keyof Texts['when'], ...values: string[]): void => {
    parts.push(fill(texts.when[key], ...values))
  }
  if (when.weekdays)
    add(
      'weekdays',
      say.list(
        when.weekdays.map((day) => texts.weekdays[day - 1] as string),
        texts.and,
      ),
    )
  if (when.hours)
    add(
      'hours',
      say.list(
        when.hours.map(([from, to]) => `${from}–${to}`),
        texts.and,
      ),
    )
  for (const key of LISTS) if (when[key]) add(key, say.list(when[key]))
  if (when.holidays) add(when.holidays === 'only' ? 'holidaysOnly' : 'holidaysNever')
  if (when.identified !== undefined) add(when.identified ? 'identified' : 'anonymous')
  if (when.firstPurchase !== undefined) add(when.firstPurchase ? 'firstPurchase' : 'notFirstPurchase')
  if (when.birthday !== undefined) add(when.birthday ? 'birthday' : 'notBirthday')
  if (when.visits?.every !== undefined) add('everyVisit', String(when.visits.every))
  const { atLeast, atMost } = when.visits ?? {}
  if (atLeast !== undefined || atMost !== undefined) add('visits', `${atLeast ?? ''}–${atMost ?? ''}`)
  for (const { attr, ...test } of when.member ?? []) add('member', `${say.name(attr)} ${attributeText(test, say)}`)
  for (const each of when.all ?? []) parts.push(...conditionParts(each, say))
  if (when.any) parts.push(`(${when.any.map((each) => conditionParts(each, say).join(', ')).join(texts.or)})`)
  if (when.not) add('not', conditionParts(when.not, say).join(', '))
  return parts
}

const SIGNS: Readonly<Record<string, string>> = { is: '=', anyOf: '∈', atLeast: '≥', atMost: '≤', known: '∃' }
const attributeText = (test: object, say: Speaker): string =>
  Object.entries(test)
    .map(([key, value]) => `${SIGNS[key]} ${Array.isArray(value) ? say.list(value as string[]) : String(value)}`)
    .join(' ')

const setText = (set: ItemSet, say: Speaker): string =>
  (['products', 'categories', 'producers', 'tags'] as const)
    .flatMap((key) => (set[key] === undefined ? [] : [fill(say.texts.slot[key], say.list(set[key]))]))
    .join(say.texts.or)

const itemsText = (items: ItemSelector | undefined, say: Speaker): string => {
  const main = items === undefined ? '' : setText(items, say)
  const and = items?.and === undefined ? '' : ` (${setText(items.and, say)})`
  const except = items?.except === undefined ? '' : `, ${fill(say.texts.slot.except, setText(items.except, say))}`
  return `${main === '' ? say.texts.slot.any : main}${and}${except}`
}

const thresholdParts = (
  { quantityMilli, valueMinor, products, lines }: Threshold,
  items: string,
  say: Speaker,
): string[] => {
  const { slot } = say.texts
  return [
    ...(quantityMilli === undefined ? [] : [fill(slot.quantityAtLeast, say.milli(quantityMilli), items)]),
    ...(valueMinor === undefined ? [] : [fill(slot.valueAtLeast, say.money(valueMinor), items)]),
    ...(products === undefined ? [] : [fill(slot.productsAtLeast, String(products), items)]),
    ...(lines === undefined ? [] : [fill(slot.linesAtLeast, String(lines), items)]),
  ]
}

const slotParts = ({ items, atLeast, atMost, each }: Slot, say: Speaker): string[] => {
  const { slot } = say.texts
  const text = itemsText(items, say)
  const parts = atLeast === undefined ? [] : thresholdParts(atLeast, text, say)
  if (atMost?.quantityMilli !== undefined) parts.push(fill(slot.atMost, say.milli(atMost.quantityMilli), text))
  if (atMost?.valueMinor !== undefined) parts.push(fill(slot.atMost, say.money(atMost.valueMinor), text))
  if (each?.quantityMilli !== undefined) parts.push(fill(slot.eachQuantity, say.milli(each.quantityMilli), text))
  if (each?.valueMinor !== undefined) parts.push(fill(slot.eachValue, say.money(each.valueMinor), text))
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
      return fill(then.perUnit, who[to], points(formula.points), say.milli(formula.quantityMilli))
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

const effectText = (effect: Effect, say: Speaker): string => {
  const { then, to } = say.texts
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
      return pick === undefined ? text : fill(then[pick.take], String(pick.units), String(pick.outOf), text)
    }
    case 'priceTiers':
      return fill(
        then.tiers,
        effect.tiers
          .map(({ fromMilli, off }) => fill(then.tier, say.milli(fromMilli), offText(off, say, 'line')))
          .join(', '),
      )
    case 'bundlePrice':
      return fill(then.bundle, say.money(effect.priceMinor))
    case 'basketOff':
      return offText(effect.off, say, 'basket')
    case 'basketSteps':
      return fill(
        then.steps,
        effect.steps
          .map(({ fromMinor, off }) => fill(then.step, say.money(fromMinor), offText(off, say, 'basket')))
          .join(', '),
      )
    case 'gift':
      return fill(then.gift, say.list(effect.products))
    case 'pointsPay':
      return fill(then.pointsPay, say.percent(effect.mostPpm))
    case 'voucherIssue':
      return fill(then.voucherIssue, String(effect.count), say.name(effect.voucher))
    case 'message':
      return fill(then.message, effect.text)
  }
}

const limitText = ({ per, period, measure, most }: Limit, say: Speaker): string => {
  const amount = measure === 'amount' ? say.money(most) : String(most)
  return fill(say.texts.limit[measure], amount, say.texts.subject[per], say.texts.period[period])
}

/**
 * A rule's face is its sentence: plain words for people. Codes are shown by their names where `names` has them, amounts
 * in the program's currency and points in their scale where the program is given.
 *
 * @example sentence(rule, 'en') // 'The customer gets 1 point for each 1.00 of the shelf price.'
 */
export const sentence = (
  rule: Rule,
  language: 'pl' | 'en' | 'ro',
  names: Names = {},
  program?: ProgramDocument,
): string => {
  const say = new Speaker(LANGUAGES[language], names, program)
  const { when } = say.texts
  const parts = [
    rule.then.map((effect) => effectText(effect, say)).join('; '),
    ...(rule.slots ?? []).flatMap((slot) => slotParts(slot, say)),
    ...(rule.when === undefined ? [] : conditionParts(rule.when, say)),
    ...(rule.valid?.from === undefined ? [] : [fill(when.from, rule.valid.from.replace('T', ' '))]),
    ...(rule.valid?.to === undefined ? [] : [fill(when.until, rule.valid.to.replace('T', ' '))]),
    ...(rule.limits ?? []).map((limit) => limitText(limit, say)),
  ]
  const text = parts.join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
