import type { Section } from './section.ts'

/** Words of one field. `short` heads a narrow column. */
export interface FieldTexts {
  readonly label: string
  readonly short?: string
}
/** An action in whole sentences: a verb and its object, never "OK". */
export interface ActionTexts {
  readonly label: string
  readonly ask: string
  readonly effect: string
  readonly done: string
  /** Of what the person types for it. */
  readonly fields?: Readonly<Record<string, { readonly label: string; readonly hint?: string }>>
}
/** Words of a section in one language, as any kit part reads them. */
export interface SectionTexts {
  readonly title: string
  readonly count: (n: number) => string
  /** An estimate, as a whole phrase: some languages change the noun. */
  readonly about: (n: number) => string
  readonly newer: (n: number) => string
  /** So many rows of the list are chosen. */
  readonly selected: (n: number) => string
  readonly fields: Readonly<Record<string, FieldTexts>>
  readonly choices: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly views: Readonly<Record<string, string>>
  readonly actions: Readonly<Record<string, ActionTexts>>
  readonly none: { readonly title: string; readonly text: string }
}

type Choices<S extends Section> = {
  readonly [K in keyof S['fields'] as S['fields'][K] extends { readonly of: readonly string[] } ? K : never]: {
    readonly [V in S['fields'][K] extends { readonly of: readonly (infer T extends string)[] } ? T : never]: string
  }
}
type Views<S extends Section> = S['list']['views'] extends readonly { readonly name: infer N extends string }[]
  ? { readonly [K in N]: string }
  : Readonly<Record<string, string>>
type Actions<S extends Section> = S['actions'] extends object
  ? { readonly [K in keyof S['actions'] & string]: ActionTexts }
  : Readonly<Record<string, ActionTexts>>

/** The same, checked against the definition: a missing text does not compile. `More` are the words of the section's page. */
export type TextsOf<S extends Section, More extends object = object> = Omit<
  SectionTexts,
  'fields' | 'choices' | 'views' | 'actions'
> & {
  readonly fields: { readonly [K in keyof S['fields'] & string]: FieldTexts }
  readonly choices: Choices<S>
  readonly views: Views<S>
  readonly actions: Actions<S>
} & More
