import type { Language, RefCell } from '../../kit/model/wire.ts'
import type { RuleFace } from '../../kit/server/rule-faces.ts'

/** What the page of one sale shows beside its row; written by api.ts, read by page.tsx. */
export interface SaleRecord {
  /** Absent where the content was redacted: then only amounts are left. */
  readonly receipt: Receipt | null
  readonly place: {
    readonly outlet: string
    readonly code: string
    readonly city: string | null
    readonly zone: string | null
  }
  readonly totals: ReceiptTotals
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
