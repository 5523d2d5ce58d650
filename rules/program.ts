import type { Ppm, RoundingMode } from './money.ts'

export type { RoundingMode } from './money.ts'

/** What a points formula is computed from; see `rules.md` phases 1 to 5 for how each is reached. */
export type Basis = 'gross' | 'afterLine' | 'afterBasket' | 'copayment' | 'paidInMoney'

/** When the points of a lot stop being spendable. Local dates are of the program's time zone. */
export type ExpiryPolicy =
  | { readonly kind: 'never' }
  | {
      readonly kind: 'afterMonths'
      /** So many months after the points become active. @minimum 1 @maximum 120 */
      readonly months: number
      /** At the end of that day (default), of its month or of its year. */
      readonly endOf?: 'day' | 'month' | 'year'
    }
  | {
      readonly kind: 'afterDays'
      /** So many days after the points become active. @minimum 1 @maximum 3660 */
      readonly days: number
    }
  | {
      readonly kind: 'onDate'
      /** The last day, `YYYY-MM-DD`. @pattern ^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$ */
      readonly date: string
    }

/** When awarded points become spendable. */
export type Activation =
  | { readonly kind: 'now' }
  | {
      readonly kind: 'afterDays'
      /** So many days after the sale. @minimum 0 @maximum 3660 */
      readonly days: number
    }
  | {
      /** When the sale may no longer be returned: `returnWindowDays` of the program after the sale. */
      readonly kind: 'afterReturnWindow'
    }

/** The same in an outcome, where the return window is so many days. */
export type DatedActivation = Exclude<Activation, { readonly kind: 'afterReturnWindow' }>

/** A kind of points, with its own scale, rounding, expiry and value. */
export interface PointType {
  /** Rules refer to the point type by this code. */
  readonly code: string
  /** As people see it. */
  readonly name: string
  /** Decimal places a point has: 0 to 6. Amounts are integers of the smallest part. @minimum 0 @maximum 6 */
  readonly scale: number
  readonly rounding: RoundingMode
  readonly expiry: ExpiryPolicy
  readonly activation: Activation
  /** Value of one whole point in minor units of the program's currency, for liability and redemption. @minimum 0 @maximum 1000000000 */
  readonly valueMinor: number
  /** What a return takes when the points are already spent. */
  readonly onShortReturn: 'stopAtZero' | 'debt'
}

/** A kind of card, and what its holders may do. */
export interface CardKind {
  /** Rules refer to the kind by this code. */
  readonly code: string
  /** As people see it. */
  readonly name: string
  /** Whether sales with such a card earn points. */
  readonly mayEarn: boolean
  /** Whether points may be spent with such a card. */
  readonly mayRedeem: boolean
}

/** A tier of members. */
export interface Tier {
  /** Rules refer to the tier by this code. */
  readonly code: string
  /** As people see it. */
  readonly name: string
  /** Greater is higher. */
  readonly rank: number
  /** Points of `Program.tierPointType` earned in the tier period from which a member has this tier. */
  readonly fromPoints: number
}

/** Settles conflicts among the rules that name it. A group may lie in another one. */
export interface RuleGroup {
  /** Rules name the group by this code. */
  readonly code: string
  /** As people see it. */
  readonly name: string
  /**
   * `stack`: all apply. `first`: the first by priority that has an effect. `best` and `worst`: the one combination that is
   * best or worst for the customer in money. `sumCapped`: all apply until `capMinor` or `capPoints` is used up.
   */
  readonly mode: 'stack' | 'first' | 'best' | 'worst' | 'sumCapped'
  /** Code of the group that this one lies in. */
  readonly parent?: string
  /** Not more than so many of its rules apply. @minimum 1 @maximum 1000 */
  readonly atMostRules?: number
  /** `sumCapped`: minor units that its rules may take off together. @minimum 0 @maximum 1000000000000 */
  readonly capMinor?: number
  /** `sumCapped`: points that its rules may give together. @minimum 0 @maximum 1000000000000 */
  readonly capPoints?: number
}

/** The published document of a program: what rules refer to by code. One immutable version at a time is in force. */
export interface ProgramDocument {
  readonly schema: 1
  /** As people see it. */
  readonly name: string
  /** ISO 4217 code of all amounts. */
  readonly currency: string
  /** IANA zone of expiry, limit periods and tiers; rule calendars use the outlet's. */
  readonly zone: string
  /** Kinds of points that the program knows. @minItems 1 @maxItems 50 */
  readonly pointTypes: readonly PointType[]
  /** Code of the point type that rules mean when they name none. */
  readonly mainPointType: string
  /** Kinds of cards that the program knows. */
  readonly cardKinds: readonly CardKind[]
  /** Tiers from low to high; none where the program has no tiers. */
  readonly tiers: readonly Tier[]
  /** Code of the point type that tiers are reached by. */
  readonly tierPointType?: string
  /** Languages that members are addressed in. */
  readonly languages: readonly ('pl' | 'en' | 'ro')[]
  /** Groups that rules name; a rule without a group stacks. */
  readonly groups?: readonly RuleGroup[]
  /** Line kinds that earn besides goods and service. */
  readonly alsoEarns: readonly ('giftCard' | 'deposit' | 'delivery' | 'donation' | 'reward')[]
  /** `frozen`: what units earned goes back with them. `readjudicated`: what remains is judged again. */
  readonly returnModel: 'frozen' | 'readjudicated'
  /** For how many days after a sale goods come back; needed where points wait for it. @minimum 0 @maximum 3660 */
  readonly returnWindowDays?: number
  /** Older sales are outside of the program; default 400. */
  readonly lateLimitDays: number
  /** Older sales are booked without points; default 60. */
  readonly pointsLimitDays: number
  /** For how many days a till may judge alone by what it was given last. */
  readonly bundleValidDays: number
  /** Months the content of a sale is kept; default 25. */
  readonly contentMonths: number
  /** Valuation of points where a `best` group compares them with money: minor units per 1,000,000 whole points. */
  readonly valuation?: Readonly<Record<string, Ppm>>
}
