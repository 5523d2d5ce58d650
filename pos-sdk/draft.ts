/** What a host says of a sale, and how it becomes the document that is signed. */
import { randomBytes } from './crypto.ts'
import type { Instant, QuoteRequest, Sale, UnsignedSale, Uuid } from './contract/till/index.ts'
import { instantOf } from './contract/ids.ts'
import { localTime, utcOffsetMinutes } from './contract/till/local-time.ts'
import { chainStart } from './contract/till/signature.ts'
import { uuidv7 } from './contract/uuidv7.ts'

type Filled = 'schema' | 'id' | 'terminal' | 'occurredAt' | 'utcOffsetMinutes' | 'businessDate' | 'currency'
type Own = 'sequence' | 'previous' | 'offline' | 'signature'

interface Optionals {
  /** Made when absent. A host that repeats a sale under its own id repeats `occurredAt` with it, else it is another sale. */
  readonly id?: Uuid
  /** The terminal's clock when absent; where it is minutes away from the engine's, that one's. */
  readonly occurredAt?: Instant
  /** That of the outlet's zone when absent. */
  readonly utcOffsetMinutes?: number
  /** The local date at the outlet when absent. */
  readonly businessDate?: string
  /** The outlet's when absent. */
  readonly currency?: string
}

/** A finished sale as the host knows it; the terminal adds identity, sequence, chain and signature. */
export type SaleDraft = Omit<Sale, Filled | Own> & Optionals
/** A basket before payment. `tenders` may be empty. */
export type QuoteDraft = Omit<QuoteRequest, Filled | Own> & Optionals

/** Where and when the terminal is. */
export interface Place {
  readonly terminal: Uuid
  readonly zone: string
  readonly currency: string
}

/** Completes a basket: what is absent follows from place and time. */
export const completeBasket = <D extends QuoteDraft>(draft: D, place: Place, nowMs: number) => {
  const occurredAt = draft.occurredAt ?? instantOf(nowMs)
  const atMs = Date.parse(occurredAt)
  // An instant that is none is refused later, with its path.
  const known = !Number.isNaN(atMs)
  return {
    ...draft,
    schema: 1 as const,
    id: draft.id ?? uuidv7(nowMs, randomBytes(10)),
    terminal: place.terminal,
    occurredAt,
    utcOffsetMinutes: draft.utcOffsetMinutes ?? (known ? Math.round(utcOffsetMinutes(place.zone, atMs)) : 0),
    businessDate: draft.businessDate ?? (known ? localTime(place.zone, atMs).date : ''),
    currency: draft.currency ?? place.currency,
  }
}

/** The document before its place in the chain is known: enough to check all that can be refused. */
export const completeSale = (draft: SaleDraft, place: Place, nowMs: number): UnsignedSale => ({
  ...completeBasket(draft, place, nowMs),
  sequence: 1,
  previous: chainStart,
})
