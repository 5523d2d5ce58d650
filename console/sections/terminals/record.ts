import type { Language, TimelineEvent } from '../../kit/model/wire.ts'

/** What the page of one till shows beside its row; written by api.ts, read by page.tsx. */
export interface TerminalRecord {
  readonly place: { readonly code: string; readonly city: string | null; readonly zone: string | null }
  readonly keys: readonly TerminalKey[]
  /** Where it stood, the latest first. */
  readonly periods: readonly TerminalPeriod[]
  /** The latest documents that came from it. */
  readonly documents: readonly TerminalDocument[]
  /** Of the last month, what was odd about its documents. */
  readonly troubles: readonly TerminalTrouble[]
  /** Why the engine itself has put it into quarantine. */
  readonly suspicion: { readonly code: string; readonly document: string } | null
  readonly events: readonly TerminalEvent[]
}

export interface TerminalKey {
  readonly id: string
  readonly from: string
  readonly revokedAt: string | null
  readonly refusedFrom: number | null
  /** The highest number that it signed and the engine has proven. */
  readonly last: number | null
  /** Numbers between documents that were proven which nobody has brought, among the latest. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  readonly missing: number
}

export interface TerminalPeriod {
  readonly outlet: string
  readonly from: string
  readonly until: string | null
}

export interface TerminalDocument {
  readonly id: string
  readonly number: string
  readonly isReturn: boolean
  readonly at: string
  readonly receivedAt: string
}

export interface TerminalTrouble {
  readonly id: string
  readonly number: string
  readonly at: string
  readonly notices: readonly {
    readonly code: string
    readonly warns: boolean
    readonly texts: Readonly<Record<Language, string>>
  }[]
}

export interface TerminalEvent extends TimelineEvent {
  /** Nobody did it: the engine, or the till itself. */
  readonly by?: 'engine' | 'till'
}
