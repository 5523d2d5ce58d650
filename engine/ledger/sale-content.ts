import type { Sale, Uuid } from '@premia/pos-sdk/contract/till'
import type {
  Beneficiary,
  BookedSale,
  Claim,
  Counters,
  EvaluationInput,
  Outcome,
  Reversal,
  ReturnedUnits,
} from '@premia/rules'

/**
 * The redactable column of a booked sale (a kept text, `kept-text.ts`): what a receipt says and what the judgement was made from. No card number, voucher
 * code or name of a person stands here; a card is its token, so that an unknown one can claim the sale later.
 */
export interface SaleContent {
  readonly schema: 1
  readonly currency: string
  readonly channel: Sale['channel']
  readonly utcOffsetMinutes: number
  readonly document: Sale['document']
  /** Of a return: which sale it says it takes back, and why. */
  readonly original?: Sale['original']
  readonly roundingMinor: number
  readonly privacy?: Sale['privacy']
  readonly lines: Sale['lines']
  readonly adjustments?: Sale['adjustments']
  readonly tenders: Sale['tenders']
  readonly uses?: readonly KeptUse[]
  readonly cards?: readonly KeptCard[]
  /** Of the signed digests; whoever redacts a part throws it away. */
  readonly salt?: string
  /** Absent where only totals are kept: then the judgement cannot be repeated. */
  readonly input?: EvaluationInput
  /** Counters as they were read; absent: none. */
  readonly counters?: Counters
  /** Of a return: what had come back of its sale before. */
  readonly before?: Pick<BookedSale, 'returned' | 'takenBack'>
}

/** What a return took back, in the shape of an outcome: its effects are negative, it awards nothing and claims nothing. */
export interface ReturnOutcome extends Outcome {
  readonly returned: {
    readonly sale: Uuid
    /** Of the sale's lines. */
    readonly units: readonly ReturnedUnits[]
    readonly points: Reversal['points']
    /** Use of limits that is given back. */
    readonly claims: readonly Claim[]
  }
}

export interface KeptCard {
  readonly index: number
  readonly entry: Sale['cards'][number]['entry']
  readonly role: Sale['cards'][number]['role']
  /** Absent: unknown when the sale was booked. */
  readonly card?: Uuid
  /** Of an unknown card only: by it the card can claim the sale later. */
  readonly token?: string
}

export interface KeptUse {
  readonly index: number
  readonly kind: Sale['uses'][number]['kind'] | 'external'
  readonly amountMinor: number
  readonly points?: number
  readonly pointType?: string
  readonly voucher?: Uuid
  readonly reward?: Uuid
  readonly quantity?: number
  readonly reason?: string
}

/** What else the till was answered and no other row says; for ever. */
export interface Told {
  /** The instant of judgement, where it is not that of the sale. */
  readonly atMs?: number
  readonly tier?: string
  readonly uses?: readonly ToldUse[]
  readonly redeemed?: readonly { readonly pointType: string; readonly points: number }[]
  readonly notices?: readonly {
    readonly code: string
    readonly about?: { line?: number; card?: number; use?: number }
  }[]
  /** Used up of the limits on prices and discounts, beside the claims of the outcome. */
  readonly priceClaims?: readonly Claim[]
  /** Of a return with a known sale: points as they were posted, and why these were fewer than the rules say. */
  readonly clawedBack?: readonly ToldClawBack[]
  /** Of a return: points that were spent on the sale and are the member's again. */
  readonly givenBack?: readonly { readonly pointType: string; readonly points: number }[]
  /** Of a return: what of the sale's price was paid back in points, for goods that points had paid. */
  readonly paidInPointsMinor?: number
  readonly difference?: {
    readonly from: 'estimate' | 'quote'
    readonly points: number
    readonly amountMinor: number
    readonly causes: readonly string[]
  }
}

export interface ToldUse {
  readonly useRef: number
  readonly status: 'taken' | 'shortfall'
  readonly code?: string
  readonly shortfallMinor?: number
}

export interface ToldClawBack {
  readonly to: Beneficiary
  readonly pointType: string
  readonly points: number
  /** Of `points` what the member owes from now on. */
  readonly owed?: number
  /** Beyond `points`: spent already, and the point type knows no debt. */
  readonly uncollected?: number
  /** Beyond `points`: had expired unused. */
  readonly expired?: number
}
