import type { Milli, Minor, Ppm } from './money.ts'
import type { Points } from './points.ts'

/** Local time at the outlet, computed by the caller: this package has no clock and no time zones. */
export interface LocalTime {
  /** `YYYY-MM-DD` */
  readonly date: string
  /** 0 to 1439 */
  readonly minute: number
  /** ISO: 1 = Monday … 7 = Sunday */
  readonly weekday: number
  readonly holiday: boolean
}

/** Keys of the limit periods that contain the sale, in the program's zone. */
export interface PeriodKeys {
  readonly day: string // 2026-11-21
  readonly week: string // 2026-W47
  readonly month: string // 2026-11
  readonly quarter: string // 2026-Q4
  readonly year: string // 2026
}

export type Channel = 'counter' | 'delivery' | 'online' | 'machine' | 'institution'
export type LineKind = 'goods' | 'service' | 'giftCard' | 'deposit' | 'delivery' | 'donation' | 'reward'
export type LineMark = 'rx' | 'regulatedPrice' | 'noDiscount' | 'noPoints' | 'ageLimited'
export type TenderKind = 'cash' | 'card' | 'transfer' | 'giftCard' | 'mealCard' | 'onAccount' | 'points' | 'other'

/** What the catalogue knew of a line's product when the sale was made. Absent where the product is unknown. */
export interface ProductFacts {
  readonly id: string
  /** The category and all its ancestors, nearest first. */
  readonly categories: readonly string[]
  readonly producer?: string
  readonly tags: readonly string[]
}

/** What the legal regime of the outlet allows for a line: below the rules, no rule can override it. */
export interface LawFacts {
  readonly earn: boolean
  readonly discount: boolean
  /** May its quantity or value count towards a threshold? */
  readonly count: boolean
}

export interface LineFacts {
  readonly number: number
  readonly kind: LineKind
  readonly product?: ProductFacts
  readonly quantityMilli: Milli
  readonly unitPriceMinor: Minor
  readonly grossMinor: Minor
  /** Reductions of this line that the till already made (facts of a finished sale). */
  readonly reductionMinor: Minor
  readonly reimbursedMinor: Minor
  readonly marks: readonly LineMark[]
  readonly law: LawFacts
  /** Price of one unit below which no discount may push the line; 0 where none is declared. */
  readonly floorMinor?: Minor
  /**
   * By rule that cuts prices: lowest unit price of the 30 days before its cut began (`lowestPriceBefore`), served with the
   * cut. Absent where the caller knows none. Not asked for in mode `judge`.
   */
  readonly lowestPrices?: Readonly<Record<string, Minor>>
}

export interface MemberFacts {
  readonly id: string
  /** The card that identified the member, for limits per card. */
  readonly card?: string
  readonly tier?: string
  readonly cardKind?: string
  readonly kind: 'person' | 'company'
  readonly segments: readonly string[]
  /** Typed attributes: missing is not false. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  /** Order-dependent facts as of booking. */
  readonly firstPurchase: boolean
  readonly birthday: boolean
  readonly visits: number
}

/**
 * The canonical evaluation input: everything a judgement depends on besides rule set and counters.
 * Stored with the sale, so that any outcome can be reproduced byte for byte.
 */
export interface EvaluationInput {
  readonly schema: 1
  /**
   * `judge`: prices are facts of a finished sale, phases 1 to 3 do not run.
   * `price`: a quote or the till itself in the program that steers prices.
   */
  readonly mode: 'judge' | 'price'
  readonly kind: 'sale' | 'return'
  readonly currency: string
  readonly at: LocalTime
  readonly periods: PeriodKeys
  readonly outlet: {
    readonly id: string
    readonly groups: readonly string[]
    readonly type: string
    readonly country: string
    readonly region?: string
    readonly owner?: string
  }
  readonly channel: Channel
  readonly staff?: string
  /** Absent: anonymous in this program; staff and owner rules still judge the sale. */
  readonly member?: MemberFacts
  readonly lines: readonly LineFacts[]
  /** Reductions of the whole basket that the till already made; spread over the lines by largest remainder. */
  readonly basketReductionMinor: Minor
  readonly tenders: readonly { readonly kind: TenderKind; readonly amountMinor: Minor }[]
  /** Vouchers presented, by voucher kind of this program; others are `external`. */
  readonly vouchers: readonly { readonly use: number; readonly kind: string; readonly amountMinor: Minor }[]
  /** False where the sale is older than the points limit: phases 5 and 6 give nothing. */
  readonly mayEarn: boolean
}

/** Counter values as of booking, by `counterKey`. Absent means 0. */
export type Counters = Readonly<Record<string, number>>

export type Beneficiary = 'customer' | 'staff' | 'owner' | 'organizer'
export type Rate = Ppm
export type AwardPoints = Points
