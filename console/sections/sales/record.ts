import type { Language, MoneyCell, RefCell } from '../../kit/model/wire.ts'
import type { RuleFace } from '../../kit/server/rule-faces.ts'

/** What the page of one sale shows beside its row; written by api.ts, read by page.tsx. */
export interface SaleRecord {
  /** Absent where the content was redacted: then only amounts are left. */
  readonly receipt: Receipt | null
  /** By number of a line with price cuts: the lowest unit price of the 30 days before them, where the record of prices knows it. */
  readonly lowestPrices: Readonly<Record<number, number>>
  readonly place: {
    readonly outlet: string
    readonly code: string
    readonly city: string | null
    readonly zone: string | null
  }
  /** Of a return with a minus, like its lines and tenders. */
  readonly totals: ReceiptTotals
  readonly isReturn: boolean
  readonly programs: readonly SaleProgram[]
}

export interface ReceiptTotals {
  readonly grossMinor: number
  readonly reductionMinor: number
  readonly reimbursedMinor: number
  readonly roundingMinor: number
  readonly payableMinor: number
}

export interface Receipt {
  readonly kind: 'receipt' | 'invoice' | 'simplifiedInvoice'
  readonly channel: string
  readonly lines: readonly ReceiptLine[]
  readonly adjustments: readonly { readonly by: string; readonly amountMinor: number }[]
  readonly tenders: readonly { readonly kind: string; readonly amountMinor: number }[]
}

export interface ReceiptLine {
  readonly number: number
  /** As printed; absent where the till keeps health data to itself. */
  readonly name: string | null
  readonly quantityMilli: number
  readonly unit: string
  readonly unitPriceMinor: number
  readonly grossMinor: number
  readonly reductionMinor: number
  readonly reimbursedMinor: number
  readonly vat: string | null
}

export type Beneficiary = 'customer' | 'staff' | 'owner' | 'organizer'

/** The sale as one program judged it. */
export interface SaleProgram {
  readonly program: string
  readonly member: RefCell | null
  readonly bookedAt: string
  readonly awards: readonly AwardLine[]
  readonly applied: readonly AppliedRule[]
  readonly notices: readonly SaleNotice[]
  readonly shortfalls: readonly { readonly amountMinor: number; readonly code: string | null }[]
  /** Of a sale: what came back of it, the oldest first. */
  readonly returns: readonly SaleReturn[]
  /** Of a return: what it took back. */
  readonly returned: ReturnedSale | null
}

/** A return of the sale on screen. What another outlet's return says of itself is not for who has one outlet. */
export interface SaleReturn {
  readonly key: string
  readonly id: string | null
  readonly number: string | null
  readonly outlet: string | null
  readonly at: string
  /** Received, and not booked yet. */
  readonly waits: boolean
  readonly units: readonly { readonly line: number; readonly quantityMilli: number }[]
  readonly points: readonly AwardLine[]
}

/** What the return on screen took back. */
export interface ReturnedSale {
  /** Absent where nobody knows it. */
  readonly sale: {
    readonly id: string | null
    readonly number: string | null
    readonly outlet: string | null
    readonly at: string
  } | null
  /** What the till called the receipt, where it knew no sale of ours. */
  readonly named: string | null
  readonly reason: string | null
  readonly units: readonly {
    readonly line: number
    readonly name: string | null
    readonly quantityMilli: number
    readonly ofMilli: number | null
  }[]
  readonly taken: readonly (AwardLine & {
    readonly owed: number
    readonly uncollected: number
    readonly expired: number
  })[]
  readonly given: readonly Omit<AwardLine, 'to'>[]
  readonly vouchers: readonly { readonly kind: string; readonly last: string }[]
}

/** Returns that came before their sale; in no list, because nothing of them is booked. */
export interface WaitingReturns {
  readonly count: number
  readonly returns: readonly WaitingReturn[]
}

export interface WaitingReturn {
  readonly id: string
  readonly number: string
  readonly outlet: string
  readonly at: string
  readonly receivedAt: string
  readonly paid: MoneyCell
}

export interface AwardLine {
  readonly to: Beneficiary
  readonly pointType: string
  readonly scale: number
  /** Negative: spent. */
  readonly points: number
}

/** Why: one rule's contribution, with the share of each line. */
export interface AppliedRule extends RuleFace {
  readonly to: Beneficiary | null
  readonly pointType: string | null
  readonly scale: number
  readonly basis: string | null
  readonly baseMinor: number | null
  readonly points: number | null
  readonly amountMinor: number | null
  readonly shares: readonly { readonly line: number; readonly points: number }[]
  /** A limit left less than the rule would have given. */
  readonly wanted: number | null
}

export interface SaleNotice {
  readonly code: string
  readonly severity: 'info' | 'warn'
  readonly texts: Readonly<Record<Language, string>>
  readonly line: number | null
}
