import type { Code, LocalDateTime } from './condition.ts'
import type { Beneficiary, Channel, LineKind, LineMark, TenderKind } from './sale.ts'

/** A line of an example's basket. What is left out is plain: one unit of goods that nobody else pays for. */
export interface ExampleLine {
  /** The product's id. */
  readonly product?: Code
  /** Categories of the product; those above them are added where the category tree is known. @minItems 1 @maxItems 20 */
  readonly categories?: readonly Code[]
  /** The product's producer. */
  readonly producer?: Code
  /** Tags of the product. @minItems 1 @maxItems 20 */
  readonly tags?: readonly Code[]
  /** `goods` when absent. */
  readonly kind?: LineKind
  /** In thousandths of a unit; one unit when absent. @minimum 1 @maximum 1000000000 */
  readonly quantityMilli?: number
  /** Shelf price of one unit in minor units. @minimum 0 @maximum 1000000000 */
  readonly unitPriceMinor: number
  /** What the till has taken off this line already. @minimum 0 @maximum 1000000000 */
  readonly reductionMinor?: number
  /** What a third party pays of this line. @minimum 0 @maximum 1000000000 */
  readonly reimbursedMinor?: number
  /** Price of one unit below which no reduction may go. @minimum 0 @maximum 1000000000 */
  readonly floorMinor?: number
  /** Marks of the line, for example `rx`. @minItems 1 @maxItems 5 */
  readonly marks?: readonly LineMark[]
}

/** Who buys, where that matters. What is left out is plain: a person on a second visit, without tier or segment. */
export interface ExampleMember {
  /** Kind of the card that was shown. */
  readonly cardKind?: Code
  /** The member's tier. */
  readonly tier?: Code
  /** A person when absent. */
  readonly kind?: 'person' | 'company'
  /** Segments the member is in. @minItems 1 @maxItems 50 */
  readonly segments?: readonly Code[]
  /** The member's attributes by code. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /** Whether this is the member's first purchase. */
  readonly firstPurchase?: boolean
  /** Whether it is the member's birthday. */
  readonly birthday?: boolean
  /** Number of visits, this sale included; 2 when absent. @minimum 1 @maximum 1000000 */
  readonly visits?: number
}

/** Where it was sold, where that matters. */
export interface ExampleOutlet {
  /** The outlet's id. */
  readonly id?: Code
  /** Groups the outlet belongs to. @minItems 1 @maxItems 50 */
  readonly groups?: readonly Code[]
  /** Type of the outlet, for example `pharmacy`. */
  readonly type?: Code
  /** Country of the outlet. */
  readonly country?: Code
  /** Region of the outlet. */
  readonly region?: string
  /** The company that owns the outlet. */
  readonly owner?: Code
}

/** What the rule must give. A field that is left out is not looked at; with no field at all the rule must give nothing. */
export interface ExampleGives {
  /** Points of this rule, in the smallest part of their point type. @minimum 0 @maximum 1000000000 */
  readonly points?: number
  /** Only the points of this beneficiary; of all when absent. */
  readonly to?: Beneficiary
  /** What this rule takes off, in minor units. @minimum 0 @maximum 1000000000 */
  readonly amountMinor?: number
  /** How many vouchers it issues. @minimum 0 @maximum 100000 */
  readonly vouchers?: number
  /** How much of a gift it offers, in thousandths. @minimum 0 @maximum 1000000000 */
  readonly giftMilli?: number
}

/** A basket and what the rule that carries it must give for it, in the whole set of rules and with all limits unused. */
export interface Example {
  /** What it shows: "two packs on a Friday". @minLength 1 @maxLength 120 */
  readonly name: string
  /** What is bought. @minItems 1 @maxItems 50 */
  readonly basket: readonly ExampleLine[]
  /** Local time at the outlet; when absent the rule's first moment, else noon of 2026-01-05, a Monday. */
  readonly at?: LocalDateTime
  /** Whether that day is a public holiday. */
  readonly holiday?: boolean
  /** Nobody shows a card. */
  readonly anonymous?: true
  readonly member?: ExampleMember
  readonly outlet?: ExampleOutlet
  /** The counter when absent. */
  readonly channel?: Channel
  /** The staff member who serves. */
  readonly staff?: Code
  /** How it is paid; in cash when absent. @minItems 1 @maxItems 8 */
  readonly tenders?: readonly {
    /** The way of paying. */
    readonly kind: TenderKind
    /** How much is paid this way, in minor units. @minimum 0 @maximum 1000000000 */
    readonly amountMinor: number
  }[]
  /** Kinds of the vouchers that are presented. @minItems 1 @maxItems 20 */
  readonly vouchers?: readonly Code[]
  /** What the till has taken off the whole basket already. @minimum 0 @maximum 1000000000 */
  readonly basketReductionMinor?: number
  readonly gives: ExampleGives
}
