import type { TimelineEvent } from '../../kit/model/wire.ts'

/** What the page of one member shows beside the row; written by api.ts, read by page.tsx. */
export interface MemberRecord {
  readonly accounts: readonly MemberAccount[]
  readonly cards: readonly MemberCard[]
  readonly sales: readonly MemberSale[]
  readonly events: readonly MemberEvent[]
}

export interface MemberAccount {
  readonly id: string
  readonly pointType: string
  readonly scale: number
  readonly spendable: number
  readonly pending: number
  readonly held: number
  readonly debt: number
  /** Lots that hold points at this instant, soonest to expire first. */
  readonly lots: readonly MemberLot[]
  /** Newest first; `after` is what the account held once the movement was booked. */
  readonly movements: readonly Movement[]
  /** Expired at this instant, while the ledger still waits for the night job. */
  readonly expired: number
}

export interface MemberLot {
  readonly id: string
  readonly amount: number
  readonly remaining: number
  readonly earnedAt: string
  readonly activeFrom: string
  readonly expiresAt: string | null
  readonly pending: boolean
  readonly sale: string | null
}

export interface Movement {
  readonly id: string
  readonly at: string
  readonly kind: string
  readonly amount: number
  readonly after: number
  /** The sale it came from, where it came from one. */
  readonly sale: string | null
  readonly number: string | null
  readonly reason: string | null
}

export interface MemberCard {
  readonly id: string
  readonly last: string
  readonly kind: string
  readonly state: string
  readonly reason: string | null
  readonly issuedAt: string
  readonly expiresAt: string | null
  readonly version: number
}

export interface MemberSale {
  readonly id: string
  readonly at: string
  readonly number: string
  readonly outlet: string
  readonly isReturn: boolean
  /** Of a return below zero. */
  readonly paidMinor: number
  readonly points: number
}

export interface MemberEvent extends TimelineEvent {
  /** Last digits of the card it is about. */
  readonly card?: string
}
