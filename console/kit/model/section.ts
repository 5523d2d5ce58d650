/** What a section is: plain data. Words live in texts.*.ts, SQL in schema.ts, JSX in page.tsx. */
import type { Condition } from './condition.ts'

interface Common {
  readonly required?: true
  readonly fixed?: true // after creation
  readonly computed?: true
  readonly personal?: true
  readonly group?: 'private' | 'financial' | 'health' // field rights: masked or left out
  readonly find?: 'exact' | 'prefix' | 'words'
  readonly filter?: 'indexed' | 'scan' | 'no' // 'scan' only while at most 50,000 rows are in scope
  readonly sort?: true
}
export type Field = Common &
  (
    | {
        readonly type: 'text'
        readonly max: number
        readonly lines?: number
        readonly translated?: true
        readonly unique?: true
        readonly series?: string
        readonly format?: 'code' | 'gtin' | 'phone' | 'email' | 'iban' | 'nip' | 'cui' | 'url'
      }
    | { readonly type: 'integer' | 'quantity' | 'points' | 'ppm'; readonly min?: number; readonly max?: number }
    | { readonly type: 'money' | 'flag' | 'date' | 'instant' | 'period' }
    | { readonly type: 'choice'; readonly of: readonly string[] } // closed, known to code
    | { readonly type: 'dictionary'; readonly of: string; readonly many?: true } // open, edited by the organizer
    | {
        readonly type: 'state'
        readonly of: readonly string[]
        readonly moves: readonly (readonly [from: string, to: string, action: string])[]
      }
    | { readonly type: 'ref'; readonly to: string; readonly many?: true }
    | { readonly type: 'rows'; readonly of: Readonly<Record<string, Field>>; readonly max: number } // phones, order lines
    | { readonly type: 'file'; readonly image?: true; readonly many?: true }
  )
export type FieldType = Field['type']

export interface Action {
  readonly right: string
  readonly from?: readonly string[]
  readonly input?: Readonly<Record<string, Field>>
  readonly reason?: true
  readonly second?: true // four-eyes
  readonly bulk?: true
  readonly undo?: true
  readonly key?: string
}

export interface Section {
  readonly name: string
  readonly group: string
  readonly icon: string
  readonly order: number
  readonly owner: 'console' | 'engine' // who writes; decides the source
  readonly scope: 'operator' | 'organizer' | 'program' // what a row belongs to
  readonly fields: Readonly<Record<string, Field>>
  readonly title: string
  readonly subtitle?: string
  readonly relations?: Readonly<Record<string, { readonly to: string; readonly by: string; readonly inverse?: string }>>
  readonly logic?: readonly {
    readonly when: Condition
    readonly require?: readonly string[]
    readonly show?: readonly string[]
    readonly fix?: readonly string[]
  }[]
  readonly list: {
    readonly columns: readonly string[]
    readonly sort: readonly string[]
    readonly quick?: readonly string[]
    readonly totals?: Readonly<Record<string, 'sum' | 'avg' | 'min' | 'max'>>
    readonly views?: readonly {
      readonly name: string
      readonly filter?: Condition
      readonly layout?: 'table' | 'board' | 'calendar' | 'cards'
      readonly by?: string
    }[]
  }
  readonly form?: readonly { readonly part: string; readonly fields: readonly string[]; readonly folded?: true }[] // absent: no form
  readonly record: {
    readonly facts: readonly string[]
    readonly related?: readonly string[]
    readonly feeds?: readonly string[]
    readonly panels?: readonly ('notes' | 'files' | 'tasks' | 'custom' | 'audit')[]
  }
  readonly can: readonly ('create' | 'change' | 'remove' | 'bulk' | 'import' | 'export' | 'merge')[]
  readonly actions?: Readonly<Record<string, Action>>
  readonly duplicates?: readonly {
    readonly exact?: readonly string[]
    readonly similar?: string
    readonly from?: number
  }[]
}

// Names are checked where the section is defined, so that Section itself stays non-generic and any function can take one.
type Name<S extends Section> = keyof S['fields'] & string
type Checked<S extends Section> = {
  readonly title: Name<S>
  readonly subtitle?: Name<S>
  readonly list: {
    readonly columns: readonly Name<S>[]
    readonly sort: readonly `${'-' | ''}${Name<S>}`[]
    readonly quick?: readonly Name<S>[]
  }
  readonly record: {
    readonly facts: readonly Name<S>[]
    readonly related?: readonly (keyof S['relations'] & string)[]
  }
  readonly form?: readonly {
    readonly part: string
    readonly fields: readonly Name<S>[]
    readonly folded?: true
  }[]
}

/** @example defineSection({ name: 'sales', title: 'number', fields: { number: { type: 'text', max: 60 } }, … }) */
export const defineSection = <const S extends Section>(section: S & Checked<S>): S => section
