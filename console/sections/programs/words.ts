import type { TextsOf } from '../../kit/model/texts.ts'
import type { programs } from './section.ts'

/** Words of a program's own page. */
interface ProgramWords {
  readonly salesToday: string
  readonly noticesToday: string
  readonly points: (n: string) => string
  readonly chart: string
  readonly chartSummary: (given: string, spent: string) => string
  readonly given: string
  readonly spent: string
  readonly rules: string
  readonly rulesOf: (n: number) => string
  readonly noRules: string
  readonly noPoints: string
  readonly phases: Readonly<Record<string, string>>
  readonly outlets: string
  readonly outletsOf: (n: number) => string
  readonly noOutlets: string
  readonly outlet: string
  readonly tills: string
  readonly silentSince: (when: string) => string
  readonly neverSeen: string
  readonly tillStates: Readonly<Record<string, string>>
  readonly events: Readonly<Record<string, string>>
  readonly reason: string
}

export type ProgramsTexts = TextsOf<typeof programs, { readonly program: ProgramWords }>
