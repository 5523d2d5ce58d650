import type { Minor } from './money.ts'
import type { Points } from './points.ts'
import type { Basis, DatedActivation, ExpiryPolicy } from './program.ts'
import type { Beneficiary } from './sale.ts'

/** The five bases of a line after all reductions. */
export type LineBases = { readonly number: number } & { readonly [B in Basis as `${B}Minor`]: Minor }

/** A part of an amount that belongs to one line; parts add up to the whole exactly. */
export interface LinePoints {
  readonly line: number
  readonly points: Points
}
export interface LineAmount {
  readonly line: number
  readonly amountMinor: Minor
  /** Phases `price` and `line`: lowest unit price of the 30 days before the rule's cut, where the caller knows it. */
  readonly lowestPrice30DaysMinor?: Minor
}

/** One rule's contribution. `version` and the numbers are enough to tell why, without running the evaluator again. */
export interface Applied {
  readonly rule: string
  readonly version: number
  readonly to?: Beneficiary
  readonly pointType?: string
  readonly basis?: Basis
  /** What the formula was applied to: minor units, or milli-units for a per-unit formula. */
  readonly baseMinor?: Minor
  /** A multiplier: the points of the base that it multiplied. */
  readonly basePoints?: number
  readonly points?: Points
  readonly amountMinor?: Minor
  readonly pointShares?: readonly LinePoints[]
  readonly amountShares?: readonly LineAmount[]
  /** Which of the rule's effects, from 0; absent for the first. */
  readonly effect?: number
  /** Set where a limit cut the effect. */
  readonly cut?: { readonly limit: string; readonly wanted: number }
  readonly funding?: readonly { readonly party: string; readonly amountMinor: Minor }[]
  /** Key of the rule's text for the receipt; whoever prints it renders it in the member's language. */
  readonly text?: string
}

/** What the ledger books: applied points summed by beneficiary, point type, activation and expiry. Positive. */
export interface Award {
  readonly to: Beneficiary
  readonly pointType: string
  readonly points: Points
  readonly activation: DatedActivation
  readonly expiry: ExpiryPolicy
}

/** Consumption of a limit; the caller adds it to the counter in the same database transaction. */
export interface Claim {
  readonly limit: string
  readonly subject: string
  readonly period: string
  readonly amount: number
}

/**
 * Plain JSON, integers only. `evaluate` makes every object of it with its keys by code unit and without `undefined`, so that
 * `JSON.stringify` already gives the canonical text, which is hashed.
 */
export interface Outcome {
  readonly schema: 1
  readonly ruleSet: string
  /** Version of the semantics; a change that alters any golden vector raises it. */
  readonly semantics: number
  readonly lines: readonly LineBases[]
  /** mode `price` only: what the shelf price became, where a rule steered it. */
  readonly steered: readonly {
    readonly line: number
    readonly unitPriceMinor: Minor
    /** Lowest unit price of the 30 days before the cut, where the caller knows it; of several cuts the lowest. */
    readonly lowestPrice30DaysMinor?: Minor
  }[]
  readonly applied: readonly Applied[]
  readonly awards: readonly Award[]
  readonly claims: readonly Claim[]
  readonly issues: readonly { readonly rule: string; readonly voucherKind: string; readonly count: number }[]
  /** mode `price` only: offered gifts; the customer chooses one product of each. Absent where there are none. */
  readonly gifts?: readonly {
    readonly rule: string
    readonly products: readonly string[]
    readonly quantityMilli: number
  }[]
  readonly messages?: readonly { readonly rule: string; readonly at: 'till' | 'receipt'; readonly text: string }[]
  /** mode `price` only: how much of the copayment points may pay. */
  readonly payable?: readonly {
    readonly rule: string
    readonly pointType: string
    readonly points: Points
    readonly amountMinor: Minor
  }[]
  /** mode `price` only: presented vouchers that a discount redeems, by `use`. */
  readonly redeemed?: readonly { readonly rule: string; readonly use: number; readonly amountMinor: Minor }[]
  /** Groups whose exact search ended at its node budget: their rules applied in declared order instead. */
  readonly ordered?: readonly string[]
  /** At a till without connection: rules that gave nothing because of a limit's `offline`. The booking may give it yet. */
  readonly denied?: readonly { readonly rule: string; readonly limit: string }[]
  readonly totals: {
    readonly grossMinor: Minor
    readonly reductionMinor: Minor
    readonly reimbursedMinor: Minor
    readonly paidInMoneyMinor: Minor
  }
}
