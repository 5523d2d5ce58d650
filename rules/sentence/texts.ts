/** Words and patterns of one language; `{0}`, `{1}` stand for values. */
export interface Texts {
  readonly decimal: string
  readonly or: string
  readonly and: string
  readonly to: Readonly<Record<'customer' | 'staff' | 'owner' | 'organizer', string>>
  readonly basis: Readonly<Record<'gross' | 'afterLine' | 'afterBasket' | 'copayment' | 'paidInMoney', string>>
  /** For 1, for other numbers, and for those that ask for a longer form (Romanian from 20 on). */
  readonly points: readonly [one: string, several: string, many: string]
  readonly weekdays: readonly string[]
  readonly when: Readonly<Record<WhenKey, string>>
  readonly then: Readonly<Record<ThenKey, string>>
  readonly slot: Readonly<Record<SlotKey, string>>
  readonly subject: Readonly<Record<'sale' | 'member' | 'card' | 'outlet' | 'staff' | 'campaign', string>>
  readonly period: Readonly<Record<'sale' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'ever', string>>
  readonly limit: Readonly<Record<'uses' | 'points' | 'amount', string>>
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
  | 'member'
  | 'firstPurchase'
  | 'notFirstPurchase'
  | 'birthday'
  | 'notBirthday'
  | 'visits'
  | 'everyVisit'
  | 'vouchers'
  | 'not'
  | 'from'
  | 'until'
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
  | 'cheapest'
  | 'dearest'
export type SlotKey =
  | 'products'
  | 'categories'
  | 'producers'
  | 'tags'
  | 'except'
  | 'any'
  | 'quantityAtLeast'
  | 'valueAtLeast'
  | 'productsAtLeast'
  | 'linesAtLeast'
  | 'atMost'
  | 'eachQuantity'
  | 'eachValue'
