import type { ProgramResult, QuoteRequest, Sale, Uuid } from '@premia/pos-sdk/contract/till'
import type { RefusalCode } from '@premia/pos-sdk/contract/problems'

/** A sale as the door has checked it: understood, trusted, hashed once. Shared by its items in several programs. */
export interface Received {
  readonly sale: Sale
  readonly operator: Uuid
  readonly outlet: Uuid
  readonly occurredAtMs: number
  readonly receivedAtMs: number
  /** The instant it is judged as of: the till's, unless that is ahead of ours. */
  readonly atMs: number
  readonly clockWrong: boolean
  /** Hex. */
  readonly contentHash: string
  /** Hex, 16 bytes of the hash of the receipt's identity. */
  readonly receiptKey: string
  /** Hex, by index of the card; of no other use than to find and compare. */
  readonly cardTokens: readonly string[]
  /** Hex, by index of the use; `null` where a use is no voucher. */
  readonly voucherTokens: readonly (string | null)[]
  /** Canonical JSON of parts of the sale: written once, to be hashed, and again as it is into the row. */
  readonly texts: { readonly lines: string; readonly tenders: string }
  /** What was signed, packed for the row. */
  readonly signed: Buffer
  /** Size on the wire, for the bounds of queue and batch. */
  readonly bytes: number
  /** In how many programs it is booked. */
  readonly programs: number
  readonly quote: NamedQuote | null
}

/** A quote of ours that the sale names. */
export interface NamedQuote {
  readonly givenMs: number
  /** It was not over when the sale was made. */
  readonly holds: boolean
}

/** What is judged of a sale, which a quote has as well. */
export type Judged = Pick<
  Received,
  'receivedAtMs' | 'atMs' | 'clockWrong' | 'outlet' | 'cardTokens' | 'voucherTokens' | 'programs' | 'quote'
> & { readonly sale: QuoteRequest }

/** What one program answers: its result, whether it was already there, or why it refuses the document. */
export type Settled =
  | { readonly kind: 'result'; readonly result: ProgramResult; readonly duplicate: boolean }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string }

/** One sale in one program. */
export interface Item {
  readonly received: Received
  readonly programId: number
  readonly settle: (settled: Settled) => void
  /** Batches that have handed it on. */
  attempts: number
  /** A return that has waited here for a sale that turned out to be of other programs alone. */
  readonly soldElsewhere?: boolean
}

export const documentOf = (item: Item): Uuid => item.received.sale.id
