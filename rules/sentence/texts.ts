/** Forms of a counted noun, `{0}` is the number; see `plural` of each language for which is which. */
export type Forms = readonly [one: string, few: string, many: string, part?: string]

/** Words and patterns of one language; `{0}`, `{1}` stand for values. */
export interface Texts {
  readonly decimal: string
  /** Between thousands, and from how many figures on. */
  readonly group: string
  readonly groupFrom: number
  /** Signs of currencies; the code where there is none. */
  readonly signs: Readonly<Record<string, string>>
  /** `{0}` day, `{1}` month by its name, `{2}` year. */
  readonly date: string
  readonly months: readonly string[]
  readonly or: string
  readonly and: string
  /** Which of `Forms` a whole number takes: 0, 1 or 2. A number with decimals takes the last one. */
  readonly plural: (count: number) => 0 | 1 | 2
  readonly to: Readonly<Record<'customer' | 'staff' | 'owner' | 'organizer', string>>
  readonly basis: Readonly<Record<'gross' | 'afterLine' | 'afterBasket' | 'copayment' | 'paidInMoney', string>>
  readonly counted: Readonly<
    Record<'points' | 'units' | 'each' | 'times' | 'products' | 'lines' | 'cheapest' | 'dearest' | 'afterDays', Forms>
  >
  readonly weekdays: readonly string[]
  readonly channels: Readonly<Record<string, string>>
  readonly tenders: Readonly<Record<string, string>>
  readonly memberKinds: Readonly<Record<string, string>>
  readonly kinds: Readonly<Record<string, string>>
  readonly marks: Readonly<Record<string, string>>
  readonly when: Readonly<Record<WhenKey, string>>
  readonly then: Readonly<Record<ThenKey, string>>
  /** When points can be redeemed; after days it is counted. */
  readonly activation: Readonly<Record<'now' | 'afterReturnWindow', string>>
  readonly slot: Readonly<Record<SlotKey, string>>
  readonly where: Readonly<Record<WhereKey, string>>
  readonly limit: Readonly<Record<'most' | 'both' | 'ever' | 'sale' | 'all' | 'allEver', string>>
  readonly subject: Readonly<Record<'member' | 'card' | 'outlet' | 'staff', string>>
  readonly period: Readonly<Record<'day' | 'week' | 'month' | 'quarter' | 'year', string>>
}

export type WhenKey =
  | 'weekdays'
  | 'hours'
  | 'dates'
  | 'exceptDates'
  | 'holidaysOnly'
  | 'holidaysNever'
  | 'outlets'
  | 'outletGroups'
  | 'outletTypes'
  | 'countries'
  | 'regions'
  | 'owners'
  | 'staff'
  | 'channels'
  | 'tenders'
  | 'identified'
  | 'anonymous'
  | 'cardKinds'
  | 'tiers'
  | 'memberKinds'
  | 'segments'
  | 'attributeIs'
  | 'attributeYes'
  | 'attributeNo'
  | 'attributeAtLeast'
  | 'attributeAtMost'
  | 'attributeKnown'
  | 'attributeUnknown'
  | 'firstPurchase'
  | 'notFirstPurchase'
  | 'birthday'
  | 'notBirthday'
  | 'visitsFrom'
  | 'visitsTo'
  | 'everyVisit'
  | 'vouchers'
  | 'not'
  | 'from'
  | 'until'
  | 'throughDay'
export type ThenKey =
  | 'fixed'
  | 'perValue'
  | 'perUnit'
  | 'percent'
  | 'brackets'
  | 'bracket'
  | 'add'
  | 'times'
  | 'setPrice'
  | 'amountOff'
  | 'percentOff'
  | 'tiers'
  | 'tier'
  | 'bundle'
  | 'basketAmount'
  | 'basketPercent'
  | 'steps'
  | 'step'
  | 'gift'
  | 'pointsPay'
  | 'voucherIssue'
  | 'message'
  | 'picked'
  | 'sameProduct'
export type SlotKey =
  | 'products'
  | 'categories'
  | 'producers'
  | 'tags'
  | 'except'
  | 'any'
  | 'atLeast'
  | 'valueAtLeast'
  | 'atMost'
  | 'valueAtMost'
  | 'eachQuantity'
  | 'eachValue'
  | 'times'
export type WhereKey =
  | 'kinds'
  | 'withoutMarks'
  | 'priceFrom'
  | 'priceTo'
  | 'discounted'
  | 'notDiscounted'
  | 'reimbursed'
  | 'notReimbursed'
