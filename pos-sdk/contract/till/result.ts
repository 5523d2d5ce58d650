import type { Milli, Minor } from '@premia/rules'
import type { Instant, Uuid } from '../ids.ts'

export type SaleResult =
  | {
      readonly sale: Uuid
      readonly status: 'rejected'
      readonly problem: {
        readonly code: string
        readonly detail: string
        readonly errors: readonly { readonly path: string; readonly message: string }[]
      }
    }
  | {
      readonly sale: Uuid
      readonly status: 'recorded' | 'duplicate' | 'incomplete' // incomplete: send the same again
      readonly programs: readonly ProgramResult[]
      readonly receipt: Readonly<Record<string, readonly string[]>>
    } // by language, ≤ 20 lines of ≤ 42 signs
export type ProgramResult =
  | { readonly program: Uuid; readonly status: 'later'; readonly retryAfterMs: number }
  | { readonly program: Uuid; readonly status: 'outside'; readonly notices: readonly Notice[] } // closed, suspended, too old, other currency: final, books nothing
  | {
      readonly program: Uuid
      readonly status: 'booked' | 'waiting' // waiting: a return before its sale
      readonly booking: Uuid
      readonly ruleSet: string
      readonly engine: string
      readonly outcome: string // hashes: reproducible for ever
      readonly member: { readonly id: Uuid; readonly tier?: string; readonly salutation?: string } | null // null = anonymous here
      readonly points: readonly {
        readonly to: 'customer' | 'staff' | 'owner' | 'organizer'
        readonly pointType: string
        readonly earned: number
        readonly pending: number
        readonly redeemed: number // below zero on a return: points that were spent on the sale come back
        readonly clawedBack: number
        readonly activeFrom?: Instant
        readonly expiresOn?: string
      }[]
      readonly balances: readonly {
        readonly pointType: string
        readonly scale: number
        readonly spendable: number
        readonly pending: number
        readonly held: number
        readonly debt: number
        readonly nextExpiry?: { readonly points: number; readonly onDate: string }
      }[] // the member's, after this sale
      readonly applied: readonly {
        readonly rule: string
        readonly version: number
        readonly name: string
        readonly lines: readonly number[]
        readonly points?: number
        readonly amountMinor?: Minor
        readonly lowestPrices?: readonly LowestPrice[] // quotes only, of rules that cut prices
      }[]
      readonly uses: readonly {
        readonly useRef: number
        readonly status: 'taken' | 'shortfall'
        readonly code?: string
        readonly shortfallMinor?: Minor
      }[]
      readonly issued: readonly {
        readonly kind: 'voucher' | 'card'
        readonly code: string
        readonly text: string
        readonly expiresOn?: string
      }[]
      readonly hints: readonly {
        readonly rule: string
        readonly text: string
        readonly missing: { readonly product?: string; readonly quantityMilli?: Milli; readonly amountMinor?: Minor }
      }[] // quotes only
      readonly difference?: {
        readonly from: 'estimate' | 'quote'
        readonly points: number
        readonly amountMinor: Minor
        readonly causes: readonly string[]
      }
      readonly notices: readonly Notice[]
    }
/** The lowest price of a line's product in the 30 days before a cut: to be told wherever the cut is. */
export interface LowestPrice {
  readonly line: number
  readonly lowestPrice30DaysMinor: Minor
}
export interface Notice {
  readonly code: string
  readonly severity: 'info' | 'warn'
  readonly text: string
  readonly about?: { readonly line?: number; readonly card?: number; readonly use?: number }
}

/** What `POST /v1/sales` with `{ sales: […] }` answers: one result a sale, in the order of the request. */
export interface SalesAnswer {
  readonly results: readonly SaleResult[]
}

type Judged = Extract<ProgramResult, { readonly status: 'booked' | 'waiting' }>

/** A program's answer to a quote: as of a booking, but nothing is booked. */
export type QuotedProgram =
  | Exclude<ProgramResult, Judged>
  | ({ readonly status: 'quoted'; readonly back?: readonly ReturnedShare[] } & Omit<Judged, 'status' | 'booking'>)

/** Of a quoted return: what the customer had paid for units of a line of the sale, so that the till knows what to pay back. */
export interface ReturnedShare {
  readonly line: number // of the sale
  readonly quantityMilli: Milli // what comes back, less what is not there to come back
  readonly leftMilli: Milli // what could still come back behind it
  readonly inMoneyMinor: Minor
  readonly inPointsMinor: Minor
}

/** What `POST /v1/quotes` answers. `quote` and `digest` go back in `Sale.quote`. */
export interface QuoteAnswer {
  readonly quote: Uuid
  readonly digest: string
  readonly validUntil: Instant
  readonly programs: readonly QuotedProgram[]
  /** Of the one program that steers prices here: the lines whose price it changes. */
  readonly lines: readonly {
    readonly number: number
    readonly steeredPriceMinor: Minor
    /** Of the 30 days before the cut; of several cuts the lowest. Absent where the engine knows no earlier price. */
    readonly lowestPrice30DaysMinor?: Minor
  }[]
}
