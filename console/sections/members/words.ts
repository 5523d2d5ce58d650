import type { TextsOf } from '../../kit/model/texts.ts'
import type { members } from './section.ts'

/** Words of a member's own page. */
interface MemberWords {
  readonly lots: string
  readonly lotsOf: (n: number) => string
  readonly expiry: string
  readonly never: string
  readonly expires: string
  readonly earned: string
  readonly left: string
  readonly of: (whole: string) => string
  readonly active: (from: string) => string
  readonly held: string
  readonly debt: string
  readonly debtHint: (points: string) => string
  readonly expired: (points: string) => string
  readonly noLots: string
  readonly cards: string
  readonly noCards: string
  readonly cardStates: Readonly<Record<string, string>>
  readonly issued: (date: string) => string
  readonly movements: string
  readonly noMovements: string
  readonly kinds: Readonly<Record<string, string>>
  readonly date: string
  readonly text: string
  readonly in: string
  readonly out: string
  readonly after: string
  readonly sales: string
  readonly allSales: string
  readonly noSales: string
  readonly isReturn: string
  readonly receipt: (number: string) => string
  readonly events: Readonly<Record<string, (card: string) => string>>
  readonly masked: string
}

export type MembersTexts = TextsOf<typeof members, { readonly member: MemberWords }>
