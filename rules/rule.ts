import type { Code, Condition, LocalDateTime, Slot } from './condition.ts'
import type { Example } from './example.ts'
import type { Activation, Basis, ExpiryPolicy, RoundingMode } from './program.ts'
import type { Beneficiary } from './sale.ts'

/** Where and how a computed amount becomes a whole one. */
export interface Rounding {
  /** The point type's mode when absent (points), half up (money). */
  readonly mode?: RoundingMode
  /** Result is a multiple of this; 1 when absent. @minimum 1 @maximum 1000000 */
  readonly increment?: number
  /** Once for the rule (default), once per line, or once per unit. */
  readonly at?: 'rule' | 'line' | 'unit'
}

/** Who pays for an effect. Parts of all funders add up to 1,000,000. */
export interface Funding {
  /** Producer, organizer or outlet owner. */
  readonly party: Code
  /** Share in parts per million. @minimum 1 @maximum 1000000 */
  readonly ppm: number
}

/** A step of a table of brackets. */
export interface Bracket {
  /** From this value on, in minor units. @minimum 0 @maximum 1000000000 */
  readonly fromMinor: number
  /** Points in the smallest part of the point type. @minimum 0 @maximum 1000000000 */
  readonly points: number
}

/** How many points. All points are in the smallest part of the point type's scale. */
export type PointsFormula =
  | {
      readonly kind: 'fixed'
      /** So many, once for each repeat of the rule. @minimum 1 @maximum 1000000000 */
      readonly points: number
    }
  | {
      readonly kind: 'perValue'
      /** For each so many minor units… @minimum 1 @maximum 1000000000 */
      readonly minor: number
      /** …so many points. @minimum 1 @maximum 1000000000 */
      readonly points: number
      /** Of which amount of the line. */
      readonly basis: Basis
      /** Count full steps of `minor` only: 5.99 at 1 point for each 2.00 gives 2. */
      readonly fullSteps?: boolean
    }
  | {
      readonly kind: 'perUnit'
      /** For each so many thousandths of a unit… @minimum 1 @maximum 1000000000 */
      readonly quantityMilli: number
      /** …so many points. @minimum 1 @maximum 1000000000 */
      readonly points: number
    }
  | {
      readonly kind: 'percent'
      /** Points worth this share of the amount, at the point type's value of a point. @minimum 1 @maximum 10000000 */
      readonly ppm: number
      /** Of which amount of the line. */
      readonly basis: Basis
    }
  | {
      readonly kind: 'brackets'
      /** Of which amount the bracket is chosen. */
      readonly basis: Basis
      /** The highest bracket that is reached gives its points once. Ascending. @minItems 1 @maxItems 20 */
      readonly brackets: readonly Bracket[]
    }

/** Points to somebody. */
export interface PointsEffect {
  readonly do: 'points'
  /** Who gets them. Nobody gets anything where the sale has no such party. */
  readonly to: Beneficiary
  /** The main point type when absent. */
  readonly pointType?: Code
  /** Name of the slot whose lines count; all lines when absent. */
  readonly of?: Code
  readonly formula: PointsFormula
  /** Name of the base these points belong to, for multipliers; `base` when absent in phase `accrual.base`, none in `accrual.bonus`. */
  readonly base?: Code
  readonly rounding?: Rounding
  /** When the points become spendable; as the point type says when absent. */
  readonly activation?: Activation
  /** When the points expire; as the point type says when absent. */
  readonly expiry?: ExpiryPolicy
}

/** Points on top of a named base. Multipliers with `add` are summed up first, then each with `times` multiplies the result. */
export interface MultiplyEffect {
  readonly do: 'multiply'
  /** Whose base points are multiplied, and who gets what comes on top. */
  readonly to: Beneficiary
  /** The main point type when absent. */
  readonly pointType?: Code
  /** Only the base points that belong to the lines of this slot; all when absent. */
  readonly of?: Code
  /** Name of the base; `base` when absent. */
  readonly base?: Code
  /** `add`: a share of the base on top, summed up with other shares. `times`: the base with those shares, times a factor. */
  readonly how: 'add' | 'times'
  /** `add`: this share on top, 1,000,000 = +100 %. `times`: the factor, 2,000,000 = double. @minimum 1 @maximum 100000000 */
  readonly ppm: number
  readonly rounding?: Rounding
  readonly activation?: Activation
  readonly expiry?: ExpiryPolicy
}

/** Which units of a slot an effect takes, for "second at half price", "3 for 2", "cheapest free". */
export interface UnitPick {
  /** Which of each group of units. */
  readonly take: 'cheapest' | 'dearest'
  /** So many units… @minimum 1 @maximum 1000 */
  readonly units: number
  /** …of each so many. @minimum 1 @maximum 1000 */
  readonly outOf: number
  /** Units of one group are of one product: the second of the same product. */
  readonly sameProduct?: boolean
  /** At most so many groups; where a slot of the rule has `each`, at most one for each repeat as well. @minimum 1 @maximum 100000 */
  readonly atMostGroups?: number
}

/** How much is taken off. */
export type Off =
  | {
      readonly kind: 'amount'
      /** Minor units off each whole unit (line effects) or off the whole (basket effects). @minimum 1 @maximum 1000000000 */
      readonly minor: number
    }
  | {
      readonly kind: 'percent'
      /** Parts per million off. @minimum 1 @maximum 1000000 */
      readonly ppm: number
    }

/** A fixed price of one unit. Lowers a price, never raises it. */
export interface SetPriceEffect {
  readonly do: 'setPrice'
  /** Name of the slot whose units get the price; all lines when absent. */
  readonly of?: Code
  /** The price of one unit in minor units. @minimum 0 @maximum 1000000000 */
  readonly unitPriceMinor: number
  readonly pick?: UnitPick
}

/** Off the price of lines. */
export interface PriceOffEffect {
  readonly do: 'priceOff'
  /** Name of the slot whose units are reduced; all lines when absent. */
  readonly of?: Code
  readonly off: Off
  /** Off the price before other rules of the phase (`original`) or of what they left (`remaining`, default). */
  readonly on?: 'original' | 'remaining'
  readonly pick?: UnitPick
  readonly rounding?: Rounding
}

/** A step of a table of quantities. */
export interface QuantityTier {
  /** From this quantity of the slot on. @minimum 1 @maximum 1000000000 */
  readonly fromMilli: number
  readonly off: Off
}

/** The more units, the more off: the highest tier that is reached counts for all units of the slot. */
export interface PriceTiersEffect {
  readonly do: 'priceTiers'
  /** Name of the slot whose units are counted and reduced; all lines when absent. */
  readonly of?: Code
  /** Ascending. @minItems 1 @maxItems 20 */
  readonly tiers: readonly QuantityTier[]
  readonly rounding?: Rounding
}

/** One price for a set: so many units of each slot. Repeats while the basket has further full sets. */
export interface BundlePriceEffect {
  readonly do: 'bundlePrice'
  /** What a set consists of. @minItems 1 @maxItems 8 */
  readonly parts: readonly {
    /** Name of the slot that the units are taken from. */
    readonly of: Code
    /** Whole units. @minimum 1 @maximum 1000 */
    readonly units: number
  }[]
  /** Price of one set. @minimum 0 @maximum 1000000000 */
  readonly priceMinor: number
  /** At most so many sets; where a slot of the rule has `each`, at most one for each repeat as well. @minimum 1 @maximum 100000 */
  readonly atMostSets?: number
}

/** Off the basket, spread over its lines. */
export interface BasketOffEffect {
  readonly do: 'basketOff'
  /** Lines that share it; all when absent. */
  readonly of?: Code
  readonly off: Off
  /** The voucher kind that this discount redeems: needs one presented voucher of the kind for each use. */
  readonly voucher?: Code
  readonly rounding?: Rounding
}

/** Higher baskets, more off: the highest step that is reached counts. */
export interface BasketStepsEffect {
  readonly do: 'basketSteps'
  /** Name of the slot whose lines are counted and share the discount; all when absent. */
  readonly of?: Code
  /** Ascending. @minItems 1 @maxItems 20 */
  readonly steps: readonly {
    /** From this value on, after line discounts. @minimum 1 @maximum 1000000000 */
    readonly fromMinor: number
    readonly off: Off
  }[]
  readonly rounding?: Rounding
}

/** An offered gift: the till adds it as a line of kind `reward`. */
export interface GiftEffect {
  readonly do: 'gift'
  /** The customer chooses one of these. @minItems 1 @maxItems 50 */
  readonly products: readonly Code[]
  /** Quantity for each repeat. @minimum 1 @maximum 1000000 */
  readonly quantityMilli: number
}

/** Points as a tender: how much of the basket may be paid with points. */
export interface PointsPayEffect {
  readonly do: 'pointsPay'
  /** The points that may be paid with; the main point type when absent. */
  readonly pointType?: Code
  /** Name of the slot whose lines may be paid with points; all when absent. */
  readonly of?: Code
  /** Share of the copayment that points may pay. @minimum 1 @maximum 1000000 */
  readonly mostPpm: number
}

/** A voucher of a kind, issued after the sale is booked. */
export interface VoucherIssueEffect {
  readonly do: 'voucherIssue'
  readonly voucher: Code
  /** For each repeat. @minimum 1 @maximum 100 */
  readonly count: number
}

/** A text for cashier or receipt. */
export interface MessageEffect {
  readonly do: 'message'
  /** Who reads it: the cashier at the till, or the customer on the receipt. */
  readonly at: 'till' | 'receipt'
  /** Key of the text, or the text itself where the program has one language. @maxLength 200 */
  readonly text: string
}

export type LimitSubject = 'sale' | 'member' | 'card' | 'outlet' | 'staff' | 'campaign'
export type LimitPeriod = 'sale' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'ever'

/** How much a rule may give. The counter lives with the caller: this package only says what was used. */
export interface Limit {
  /** Rules that name the same limit share its counter; the rule's own when absent. */
  readonly id?: Code
  /** Whose counter it is; `campaign` is one counter for all. */
  readonly per: LimitSubject
  /** In the program's zone. */
  readonly period: LimitPeriod
  /** Times the rule was applied, points it gave, or minor units it took off. */
  readonly measure: 'uses' | 'points' | 'amount'
  /** So much at most in each period: times, points in the smallest part of their type, or minor units. @minimum 0 @maximum 1000000000 */
  readonly most: number
  /** When less is left than the effect needs: give what is left, or nothing. */
  readonly over: 'truncate' | 'drop'
  /**
   * What a till without connection does, which cannot know the counter. `allow` (default): it gives as if nothing were used
   * yet. `deny`: the rule gives nothing and the till says so. `escrow`: it gives from a slice that was handed to it before.
   */
  readonly offline?: 'allow' | 'deny' | 'escrow'
}

/** Keys of texts; whoever shows them renders them in the member's language. */
export interface RuleTexts {
  /** What the receipt says beside the points or the amount of this rule. */
  readonly receipt: Code
}

/** What every rule has. */
export interface RuleHead {
  readonly schema: 1
  readonly id: Code
  /** Of this rule; a published version never changes. @minimum 1 @maximum 1000000 */
  readonly version: number
  /** As the receipt and the console show it. @minLength 1 @maxLength 120 */
  readonly name: string
  /** Group of the program that settles conflicts; rules without one stack. */
  readonly group?: Code
  /** Greater is earlier; 0 when absent. @minimum -1000000 @maximum 1000000 */
  readonly priority?: number
  /** Half-open, local time of the outlet. */
  readonly valid?: {
    /** From this moment on. */
    readonly from?: LocalDateTime
    /** Until this moment, which does not belong to it. */
    readonly to?: LocalDateTime
  }
  /** In which sales the rule applies; in all when absent. */
  readonly when?: Condition
  /** The goods that the rule looks at, each part by its name. Every one must be filled. @minItems 1 @maxItems 8 */
  readonly slots?: readonly Slot[]
  /** How much the rule may give in all. @minItems 1 @maxItems 8 */
  readonly limits?: readonly Limit[]
  /** What this rule is, for `excludes` of others. @minItems 1 @maxItems 10 */
  readonly tags?: readonly Code[]
  /** Tags of rules that may not apply together with this one, whichever names the other. @minItems 1 @maxItems 10 */
  readonly excludes?: readonly Code[]
  /** What a partial return takes back of the effect in return model `frozen`: its share (default), or nothing before all comes back. */
  readonly onReturn?: 'proportional' | 'keep'
  /** Who pays for what the rule gives; not told when absent. @minItems 1 @maxItems 8 */
  readonly funding?: readonly Funding[]
  /** The name of the rule where it has none. */
  readonly text?: RuleTexts
  /** Baskets and what this rule must give for them; run before rules are published. @minItems 1 @maxItems 20 */
  readonly examples?: readonly Example[]
}

/** Phase 1: the shelf price becomes the promotion price. */
export interface PriceRule extends RuleHead {
  readonly phase: 'price'
  /** What happens, one after the other. @minItems 1 @maxItems 8 */
  readonly then: readonly (SetPriceEffect | PriceOffEffect)[]
}
/** Phase 2: discounts of lines. */
export interface LineRule extends RuleHead {
  readonly phase: 'line'
  /** What happens, one after the other. @minItems 1 @maxItems 8 */
  readonly then: readonly (SetPriceEffect | PriceOffEffect | PriceTiersEffect | BundlePriceEffect)[]
}
/** Phase 3: discounts of the basket, vouchers, gifts. */
export interface BasketRule extends RuleHead {
  readonly phase: 'basket'
  /** What happens, one after the other. @minItems 1 @maxItems 8 */
  readonly then: readonly (BasketOffEffect | BasketStepsEffect | GiftEffect | MessageEffect)[]
}
/** Phase 4: how the basket may be paid. */
export interface PaymentRule extends RuleHead {
  readonly phase: 'payment'
  /** What happens, one after the other. @minItems 1 @maxItems 8 */
  readonly then: readonly PointsPayEffect[]
}
/** Phase 5: the points that multipliers multiply. */
export interface BaseRule extends RuleHead {
  readonly phase: 'accrual.base'
  /** What happens, one after the other. @minItems 1 @maxItems 8 */
  readonly then: readonly PointsEffect[]
}
/** Phase 6: points on top, multipliers, vouchers to take home. */
export interface BonusRule extends RuleHead {
  readonly phase: 'accrual.bonus'
  /** What happens, one after the other. @minItems 1 @maxItems 8 */
  readonly then: readonly (PointsEffect | MultiplyEffect | VoucherIssueEffect | MessageEffect)[]
}

/** A rule: in which sales (`when`), for which goods (`slots`), what happens (`then`). Its phase says what it may do. */
export type Rule = PriceRule | LineRule | BasketRule | PaymentRule | BaseRule | BonusRule
export type Phase = Rule['phase']
export type Effect = Rule['then'][number]
