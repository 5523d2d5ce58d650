import type { Column, SQL } from 'drizzle-orm'
import type { PgColumn, PgView } from 'drizzle-orm/pg-core'
import type { CommandName } from '@premia/pos-sdk/contract/admin'
import type { Section } from '../model/section.ts'

/** Every stored field needs a column, every computed one SQL: else a schema.ts does not compile. Money is amount and, where the row has it, currency. */
type Stored<F> = {
  readonly [K in keyof F as F[K] extends { computed: true } ? never : K]:
    | PgColumn
    | Readonly<Record<string, PgColumn | SQL>>
}
type Computed<F> = { readonly [K in keyof F as F[K] extends { computed: true } ? K : never]: SQL }

export interface Binding<F> {
  readonly view: PgView
  readonly id: PgColumn
  /** Absent for rows that never change. */
  readonly version?: PgColumn
  readonly scope: { readonly organizer?: PgColumn; readonly program?: PgColumn; readonly outlet?: PgColumn }
  /** Which rows the scope has, where they belong to no program. */
  readonly within?: SQL
  readonly columns: Stored<F>
  readonly computed: Computed<F>
  /** Narrows the search for one row by its id to where it stands: a partitioned view has no index on the id alone. */
  readonly locate?: (id: SQL) => SQL
  /** The instant a register is bounded by: filters without an index look at its latest days only. */
  readonly period?: keyof F & string
  /** Text fields whose folded text (`model/fold-text.ts`) is kept beside them: they are searched in that. */
  readonly folded?: Readonly<Partial<Record<keyof F & string, PgColumn>>>
  /**
   * What finds one row at once. A page of a large register is picked by this alone and its rows are joined afterwards, so
   * that an index which covers filter and order is read and the rows that do not pass are not.
   */
  readonly key?: readonly PgColumn[]
}

/** What the read path knows of a section, whoever writes its rows. */
export interface Source {
  readonly section: Section
  readonly binding: Binding<Readonly<Record<string, object>>>
  /** Action → command of contract/admin. */
  readonly commands: Readonly<Record<string, CommandName>>
  /** Where a record is opened from, if lists read rows that are filed a moment after they were written. */
  readonly opened?: Source
}

/** A section whose rows the engine writes: reads a view of the schema `read`, sends commands. */
export const engineSource = <const S extends Section>(
  section: S,
  binding: Binding<S['fields']>,
  commands: { readonly [A in keyof S['actions']]: CommandName },
): Source => ({ section, binding: binding as unknown as Source['binding'], commands: commands as Source['commands'] })

/** The expression of a field: its column, its SQL, or the amount of money. */
export const expressionOf = (source: Source, field: string): SQL | Column => {
  const { columns, computed } = source.binding as {
    columns: Readonly<Record<string, PgColumn | Readonly<Record<string, PgColumn | SQL>>>>
    computed: Readonly<Record<string, SQL>>
  }
  const stored = columns[field]
  const found = stored === undefined ? computed[field] : 'amountMinor' in stored ? stored['amountMinor'] : stored
  if (found === undefined) throw new TypeError(`the field ${field} of ${source.section.name} is not bound`)
  return found as SQL | Column
}
