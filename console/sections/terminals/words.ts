import type { TextsOf } from '../../kit/model/texts.ts'
import type { terminals } from './section.ts'

/** Words of a till's own page. */
interface TerminalWords {
  readonly never: string
  readonly hours: (n: number) => string
  readonly waiting: string
  readonly parked: string
  readonly parkedHint: string
  readonly refused: string
  readonly refusals: Readonly<Record<string, string>>
  readonly oldest: (when: string) => string
  readonly keys: string
  readonly noKeys: string
  readonly key: string
  readonly keyFrom: string
  readonly keyState: string
  readonly keyInUse: string
  readonly keyRetired: (date: string) => string
  readonly keyRefused: (sequence: string) => string
  readonly last: string
  readonly missing: string
  readonly none: string
  readonly gapsHint: string
  readonly gapsAmong: (n: number) => string
  readonly periods: string
  readonly from: string
  readonly until: string
  readonly now: string
  readonly documents: string
  readonly allDocuments: string
  readonly noDocuments: string
  readonly made: string
  readonly received: string
  readonly after: (n: number) => string
  readonly isReturn: string
  readonly troubles: string
  readonly noTroubles: string
  readonly quarantined: string
  readonly suspicions: Readonly<Record<string, string>>
  readonly suspect: string
  readonly revoked: string
  readonly byEngine: string
  readonly byTill: string
  readonly events: Readonly<Record<string, string>>
  readonly code: string
  readonly codeHint: string
}

export type TerminalsTexts = TextsOf<typeof terminals, { readonly terminal: TerminalWords }>
