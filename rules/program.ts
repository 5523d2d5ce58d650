import type { Ppm, RoundingMode } from './money.ts'

export type { RoundingMode } from './money.ts'

/** What a points formula is computed from; see `rules.md` phases 1 to 5 for how each is reached. */
export type Basis = 'gross' | 'afterLine' | 'afterBasket' | 'copayment' | 'paidInMoney'

/** When the points of a lot stop being spendable. Local dates are of the program's time zone. */
export type ExpiryPolicy =
  | { readonly kind: 'never' }
  | { readonly kind: 'afterMonths'; readonly months: number; readonly endOf?: 'day' | 'month' | 'year' }
  | { readonly kind: 'afterDays'; readonly days: number }
  | { readonly kind: 'onDate'; readonly date: string }

/** When awarded points become spendable. */
export type Activation = { readonly kind: 'now' } | { readonly kind: 'afterDays'; readonly days: number }

export interface PointType {
  readonly code: string
  readonly name: string
  /** Decimal places a point has: 0 to 6. Amounts are integers of the smallest part. */
  readonly scale: number
  readonly rounding: RoundingMode
  readonly expiry: ExpiryPolicy
  readonly activation: Activation
  /** Value of one whole point in minor units of the program's currency, for liability and redemption. */
  readonly valueMinor: number
  /** What a return takes when the points are already spent. */
  readonly onShortReturn: 'stopAtZero' | 'debt'
}

export interface CardKind {
  readonly code: string
  readonly name: string
  readonly mayEarn: boolean
  readonly mayRedeem: boolean
}

export interface Tier {
  readonly code: string
  readonly name: string
  readonly rank: number
  /** Points of `Program.tierPointType` earned in the tier period from which a member has this tier. */
  readonly fromPoints: number
}

/** Settles conflicts among the rules that name it. A group may lie in another one. */
export interface RuleGroup {
  readonly code: string
  readonly name: string
  /**
   * `stack`: all apply. `first`: the first by priority that has an effect. `best` and `worst`: the one combination that is
   * best or worst for the customer in money. `sumCapped`: all apply until `capMinor` or `capPoints` is used up.
   */
  readonly mode: 'stack' | 'first' | 'best' | 'worst' | 'sumCapped'
  readonly parent?: string
  /** Not more than so many of its rules apply. */
  readonly atMostRules?: number
  readonly capMinor?: number
  readonly capPoints?: number
}

/** The published document of a program: what rules refer to by code. One immutable version at a time is in force. */
export interface ProgramDocument {
  readonly schema: 1
  readonly name: string
  readonly currency: string
  /** IANA zone of expiry, limit periods and tiers; rule calendars use the outlet's. */
  readonly zone: string
  readonly pointTypes: readonly PointType[]
  readonly mainPointType: string
  readonly cardKinds: readonly CardKind[]
  readonly tiers: readonly Tier[]
  readonly tierPointType?: string
  readonly languages: readonly ('pl' | 'en' | 'ro')[]
  /** Groups that rules name; a rule without a group stacks. */
  readonly groups?: readonly RuleGroup[]
  /** Line kinds that earn besides goods and service. */
  readonly alsoEarns: readonly ('giftCard' | 'deposit' | 'delivery' | 'donation' | 'reward')[]
  readonly returnModel: 'frozen' | 'readjudicated'
  /** Older sales are outside of the program; default 400. */
  readonly lateLimitDays: number
  /** Older sales are booked without points; default 60. */
  readonly pointsLimitDays: number
  readonly bundleValidDays: number
  /** Months the content of a sale is kept; default 25. */
  readonly contentMonths: number
  /** Valuation of points where a `best` group compares them with money: minor units per 1,000,000 whole points. */
  readonly valuation?: Readonly<Record<string, Ppm>>
}
