import type { Milli, Minor, Ppm } from '@premia/rules'
import type { Instant, Uuid } from '../ids.ts'

export interface Sale {
  readonly schema: 1
  readonly id: Uuid // v7, made at the till; the key of exactly-once, the terminal is an attribute
  readonly kind: 'sale' | 'return' // a void or exchange = return (+ new sale)
  readonly terminal: Uuid // outlet, owner, operator follow from the enrolment at occurredAt
  readonly sequence: number // 1, 2, 3… per terminal key: gaps are seen
  readonly previous: string // hash of the previous signed document: the chain
  readonly occurredAt: Instant // till's clock, UTC; receivedAt is the engine's
  readonly utcOffsetMinutes: number
  readonly businessDate: string // the till's day, may differ after midnight
  readonly staff?: { readonly id?: Uuid; readonly code?: string } // who served; own card → notice own_card
  readonly currency: string
  readonly channel: 'counter' | 'delivery' | 'online' | 'machine' | 'institution'
  readonly document: {
    readonly kind: 'receipt' | 'invoice' | 'simplifiedInvoice'
    readonly number: string // with outlet, fiscal device (else terminal) and businessDate the receipt's identity
    readonly fiscal?: { readonly deviceId: string; readonly number: string; readonly reportNumber?: string } // pl: numer unikatowy, numer paragonu, raport · ro: serie AMEF, bon fiscal, raport Z
    readonly buyerTaxId?: string
  } // companies only; never joined to a card by us
  readonly cards: readonly {
    readonly number: string
    readonly entry: 'scanned' | 'tapped' | 'keyed' | 'app' | 'found'
    readonly role: 'identify' | 'merge' | 'staff'
  }[]
  readonly lines: readonly Line[]
  readonly adjustments: readonly Reduction[] // on the whole basket; the engine spreads them
  readonly uses: readonly Use[] // what was presented or spent
  readonly tenders: readonly {
    readonly kind: 'cash' | 'card' | 'transfer' | 'giftCard' | 'mealCard' | 'onAccount' | 'points' | 'other'
    readonly amountMinor: Minor
    readonly useRef?: number
  }[] // change already subtracted; return: what was paid back
  readonly totals: {
    readonly grossMinor: Minor
    readonly reductionMinor: Minor
    readonly reimbursedMinor: Minor
    readonly roundingMinor: Minor
    readonly payableMinor: Minor
  }
  // gross − reduction − reimbursed + rounding = payable = Σ tenders, else sums_disagree
  readonly quote?: { readonly id: Uuid; readonly digest: string }
  readonly offline?: {
    readonly bundle: string
    readonly outcomes: Readonly<Record<Uuid, string>>
    readonly clockSkewMs: number
  } // program → hash of the estimate told to the customer
  readonly original?: {
    readonly sale?: Uuid
    readonly document?: string
    readonly reason: 'customer' | 'defect' | 'mistake' | 'exchange' | 'recall' | 'reimbursement' | 'void'
  } // kind return; neither sale nor document = without receipt
  readonly privacy?: 'items' | 'categories' | 'totals' // health-data minimising: product and name left out below 'items'
  readonly signature: { readonly keyId: string; readonly value: string; readonly salt?: string } // Ed25519 over the digest list of the parts: header, each card and use (salted at the till), lines, adjustments, tenders, totals; see signature.ts
}
export interface Line {
  readonly number: number // 1…n; voided lines are not sent
  readonly kind: 'goods' | 'service' | 'giftCard' | 'deposit' | 'delivery' | 'donation' | 'reward' // only goods and service earn unless a program says so
  readonly product?: {
    readonly code: string
    readonly gtin?: string
    readonly nationalCode?: { readonly scheme: 'BLOZ' | 'CIM' | 'other'; readonly value: string }
  } // gtin absent: compounded, loose
  readonly name?: string // as printed; lets an unknown product be shown
  readonly category?: string // neutral category when privacy is 'categories'
  readonly batch?: string // recalls
  readonly quantityMilli: Milli // > 0 also on returns; half a pack = 500
  readonly unit: 'piece' | 'kg' | 'g' | 'l' | 'ml' | 'm'
  readonly unitPriceMinor: Minor // shelf price, before anything
  readonly grossMinor: Minor // as the till rounded it
  readonly reductions: readonly Reduction[]
  readonly vat: { readonly ratePpm: Ppm | null; readonly code?: string } // null = exempt or unknown; code = fiscal letter
  readonly reimbursement?: {
    readonly payer: string
    readonly amountMinor: Minor
    readonly limitMinor?: Minor
    readonly level?: string
    readonly entitlement?: string
    readonly listDate?: string
    readonly prescription?: string
  } // '1', '2' within this sale; NEVER a prescription or patient number
  readonly marks: readonly ('rx' | 'regulatedPrice' | 'noDiscount' | 'noPoints' | 'ageLimited')[] // till's own knowledge; catalogue may add, never remove
  readonly originalLine?: number // returns
}
// copayment of a line = gross − Σ reductions − reimbursement
export interface Reduction {
  readonly by: 'rule' | 'till' | 'staff' | 'voucher' | 'points'
  readonly amountMinor: Minor
  readonly rule?: string
  readonly useRef?: number
  readonly reason?: string
}
export type Use =
  | { readonly kind: 'voucher'; readonly code: string; readonly amountMinor: Minor; readonly hold?: Uuid }
  | {
      readonly kind: 'points'
      readonly program: Uuid
      readonly pointType: string
      readonly points: number
      readonly amountMinor: Minor
      readonly hold?: Uuid
      readonly allowance?: string
    } // allowance: signed, when offline
  | {
      readonly kind: 'reward'
      readonly program: Uuid
      readonly reward: Uuid
      readonly quantity: number
      readonly hold?: Uuid
    }
  | { readonly kind: 'discretionary'; readonly program: Uuid; readonly points: number; readonly reason: string } // from the outlet's budget

/** A quote request: a basket before payment, with `uses` as wishes. */
export type QuoteRequest = Omit<Sale, 'sequence' | 'previous' | 'document' | 'signature'>
