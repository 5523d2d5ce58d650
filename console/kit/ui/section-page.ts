import type { ComponentChildren, FunctionComponent } from 'preact'
import type { Section } from '../model/section.ts'
import type { SectionTexts } from '../model/texts.ts'
import type { ListRow } from '../model/wire.ts'
import type { Shell } from './shell-context.ts'

export interface LoadedSection {
  readonly section: Section
  readonly texts: SectionTexts
  readonly page: SectionPage
}

export interface CellProps {
  readonly row: ListRow
  readonly shell: Shell
  readonly texts: SectionTexts
}

/** What GET records/:id answers: the row in each program of the scope, and the section's own part. */
export interface RecordAnswer<More = unknown> {
  readonly rows: readonly ListRow[]
  readonly more: More
}
export interface RecordProps {
  readonly id: string
  readonly answer: RecordAnswer
  readonly loaded: LoadedSection
  /** Reads the record anew after an action. */
  readonly refresh: () => Promise<void>
}

/** What a section adds to one of its actions. */
interface ActionSlots {
  /** What stands in its fields when it is opened. */
  readonly initial?: (answer: RecordAnswer) => Readonly<Record<string, string>>
  /** What it told, where that is more than that it is done: it stays on screen until it is closed. */
  readonly told?: (result: unknown, texts: SectionTexts) => ComponentChildren
}

/** The slots of a section: what it adds to a page that the definition alone already gives. */
export interface SectionPage {
  readonly list?: {
    readonly cells?: Readonly<Record<string, (props: CellProps) => ComponentChildren>>
    readonly widths?: Readonly<Record<string, string>>
    /** Stands between filter and rows, on its own data (`GET aside`). */
    readonly aside?: FunctionComponent<{ readonly texts: SectionTexts }>
    readonly narrow?: { readonly lead: readonly string[]; readonly trail: readonly string[] }
    /** Probe for newer rows while the list is in sight: for registers that grow by themselves. */
    readonly live?: true
    /** Each row is a program itself: its mark needs no name. */
    readonly ownProgram?: true
    /** One record may be rows of several programs: a row leads to its own program's view of it. */
    readonly several?: true
  }
  readonly record?: FunctionComponent<RecordProps>
  readonly actions?: Readonly<Record<string, ActionSlots>>
}
