import type { Channel, LineKind, LineMark, TenderKind } from './sale.ts'
import type { Basis } from './program.ts'

/**
 * A code that another record is known by: letters, digits and `. _ : -`, at most 64.
 * @pattern ^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$
 */
export type Code = string

/**
 * A local date, `YYYY-MM-DD`.
 * @pattern ^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$
 */
export type LocalDate = string

/**
 * A local date and time at the outlet, `YYYY-MM-DDTHH:MM`.
 * @pattern ^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]$
 */
export type LocalDateTime = string

/**
 * A time of day, `HH:MM`; `24:00` is the end of the day.
 * @pattern ^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$
 */
export type TimeOfDay = string

/** One condition on a typed attribute of the member. Missing is not false: only `known` looks at a missing one. */
export type AttributeCondition =
  | {
      /** The attribute's code. */
      readonly attr: Code
      /** The attribute is there and has this value. */
      readonly is: string | number | boolean
    }
  | {
      /** The attribute's code. */
      readonly attr: Code
      /** The attribute is there and has one of these values. @minItems 1 @maxItems 100 */
      readonly anyOf: readonly (string | number)[]
    }
  | {
      /** The attribute's code. */
      readonly attr: Code
      /** The attribute is there, is a number or a date, and is this or more. */
      readonly atLeast: number | string
    }
  | {
      /** The attribute's code. */
      readonly attr: Code
      /** The attribute is there, is a number or a date, and is this or less. */
      readonly atMost: number | string
    }
  | {
      /** The attribute's code. */
      readonly attr: Code
      /** Whether the attribute is there at all. */
      readonly known: boolean
    }

/** How many visits the member has made, this sale included. */
export interface VisitCondition {
  /** Every n-th visit: 3 means the third, sixth, ninth. @minimum 2 @maximum 10000 */
  readonly every?: number
  /** From this visit on. @minimum 1 @maximum 1000000 */
  readonly atLeast?: number
  /** Up to this visit. @minimum 1 @maximum 1000000 */
  readonly atMost?: number
}

/**
 * When a rule looks at a sale at all. All fields that are present must hold; a list holds when one of its values does.
 * `all`, `any` and `not` nest further conditions, to depth 4.
 */
export interface Condition {
  /** ISO weekdays, 1 = Monday … 7 = Sunday. A window of `hours` that crosses midnight belongs to the day it begins on. @minItems 1 @maxItems 7 @itemMinimum 1 @itemMaximum 7 */
  readonly weekdays?: readonly number[]
  /** Windows of the day, from (included) to (not included). A window whose end is not after its start crosses midnight. @minItems 1 @maxItems 24 */
  readonly hours?: readonly (readonly [from: TimeOfDay, to: TimeOfDay])[]
  /** Only on these local dates. @minItems 1 @maxItems 400 */
  readonly dates?: readonly LocalDate[]
  /** Never on these local dates. @minItems 1 @maxItems 400 */
  readonly exceptDates?: readonly LocalDate[]
  /** `only` on public holidays of the outlet, or `never` on them. */
  readonly holidays?: 'only' | 'never'
  /** The sale was made at one of these outlets. @minItems 1 @maxItems 5000 */
  readonly outlets?: readonly Code[]
  /** The outlet belongs to one of these groups. @minItems 1 @maxItems 500 */
  readonly outletGroups?: readonly Code[]
  /** The outlet is of one of these types, for example `pharmacy`. @minItems 1 @maxItems 50 */
  readonly outletTypes?: readonly Code[]
  /** The outlet stands in one of these countries. @minItems 1 @maxItems 50 */
  readonly countries?: readonly Code[]
  /** The outlet stands in one of these regions. @minItems 1 @maxItems 500 */
  readonly regions?: readonly string[]
  /** The outlet belongs to one of these owner companies. @minItems 1 @maxItems 5000 */
  readonly owners?: readonly Code[]
  /** One of these staff members served. @minItems 1 @maxItems 5000 */
  readonly staff?: readonly Code[]
  /** How the sale was made. @minItems 1 @maxItems 5 */
  readonly channels?: readonly Channel[]
  /** Part of the sale was paid in one of these ways. @minItems 1 @maxItems 8 */
  readonly tenders?: readonly TenderKind[]
  /** A member was identified (true), or none was (false). */
  readonly identified?: boolean
  /** The card that identified the member is of one of these kinds. @minItems 1 @maxItems 100 */
  readonly cardKinds?: readonly Code[]
  /** The member is in one of these tiers. @minItems 1 @maxItems 50 */
  readonly tiers?: readonly Code[]
  /** The member is a person or a company. @minItems 1 @maxItems 2 */
  readonly memberKinds?: readonly ('person' | 'company')[]
  /** The member is in one of these segments. @minItems 1 @maxItems 200 */
  readonly segments?: readonly Code[]
  /** Each of these holds for the member's attributes. @minItems 1 @maxItems 10 */
  readonly member?: readonly AttributeCondition[]
  /** This is the member's first purchase (true), or it is not (false). */
  readonly firstPurchase?: boolean
  /** It is the member's birthday (true), or it is not (false). */
  readonly birthday?: boolean
  /** The number of the member's visits. */
  readonly visits?: VisitCondition
  /** A voucher of one of these kinds was presented. @minItems 1 @maxItems 100 */
  readonly vouchers?: readonly Code[]
  /** Each of these holds too. @minItems 1 @maxItems 16 */
  readonly all?: readonly Condition[]
  /** At least one of these holds. @minItems 1 @maxItems 16 */
  readonly any?: readonly Condition[]
  /** This does not hold. */
  readonly not?: Condition
}

/** A set of lines: those that carry one of the values, whatever the list. An empty set of lists means every line. */
export interface ItemSet {
  /** Products by id. @minItems 1 @maxItems 20000 */
  readonly products?: readonly Code[]
  /** Categories, each with all that are below it. @minItems 1 @maxItems 2000 */
  readonly categories?: readonly Code[]
  /** Producers. @minItems 1 @maxItems 2000 */
  readonly producers?: readonly Code[]
  /** Tags of the product. @minItems 1 @maxItems 500 */
  readonly tags?: readonly Code[]
}

/** What a single line must be like. All fields that are present must hold. */
export interface LineFilter {
  /** Lines of these kinds. @minItems 1 @maxItems 7 */
  readonly kinds?: readonly LineKind[]
  /** Lines with none of these marks. @minItems 1 @maxItems 5 */
  readonly withoutMarks?: readonly LineMark[]
  /** Shelf price of one unit, this or more. @minimum 0 @maximum 1000000000 */
  readonly unitPriceAtLeastMinor?: number
  /** Shelf price of one unit, this or less. @minimum 0 @maximum 1000000000 */
  readonly unitPriceAtMostMinor?: number
  /** Already reduced, at the till or by a rule of an earlier phase (true), or not (false). */
  readonly discounted?: boolean
  /** Partly paid by a third party (true), or not (false). */
  readonly reimbursed?: boolean
}

/** Which lines a slot takes: those in the set, also in `and` where given, without those in `except`, that pass `where`. */
export interface ItemSelector extends ItemSet {
  /** The line must be in this set as well, for example a producer within a category. */
  readonly and?: ItemSet
  /** Lines of this set are left out. */
  readonly except?: ItemSet
  /** Further tests of the line itself. */
  readonly where?: LineFilter
}

/** Amounts over the lines of a slot. All fields that are present must hold. */
export interface Threshold {
  /** Sum of quantities in thousandths. @minimum 1 @maximum 1000000000 */
  readonly quantityMilli?: number
  /** Sum of values in minor units, on `basis`. @minimum 1 @maximum 1000000000 */
  readonly valueMinor?: number
  /** The basis of `valueMinor`; `gross` when absent. */
  readonly basis?: Basis
  /** Number of different products. @minimum 1 @maximum 2000 */
  readonly products?: number
  /** Number of lines. @minimum 1 @maximum 2000 */
  readonly lines?: number
}

/** A part of the basket that a rule looks at. Every slot of a rule must be filled. */
export interface Slot {
  /** Name by which effects refer to the slot. */
  readonly name: Code
  /** The lines of the slot; all lines when absent. */
  readonly items?: ItemSelector
  /** What the lines must reach together. A slot without it needs one line; a delivery is one, though it counts for nothing. */
  readonly atLeast?: Threshold
  /** What the lines must not exceed together. */
  readonly atMost?: Threshold
  /** Repeat the rule's fixed effects, picks and sets for each full amount of this. */
  readonly each?: Repeat
  /** The units that fill the slot are used up: no other claiming rule of the phase counts them again. */
  readonly claims?: boolean
}

/** Exactly one of quantity and value. */
export interface Repeat {
  /** For each full quantity of this, in thousandths. @minimum 1 @maximum 1000000000 */
  readonly quantityMilli?: number
  /** For each full value of this, in minor units of `basis`. @minimum 1 @maximum 1000000000 */
  readonly valueMinor?: number
  /** The basis of `valueMinor`; `gross` when absent. */
  readonly basis?: Basis
  /** At most so many times. @minimum 1 @maximum 100000 */
  readonly atMostTimes?: number
}
