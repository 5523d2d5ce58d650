import { type SQL, sql } from 'drizzle-orm'
import type { RefCell } from '../model/wire.ts'
import type { ScopedTx } from './transaction.ts'

/** What a `ref` field points to: labels for ids that a list shows, and what a filter offers. */
export interface Reference {
  readonly labels: (tx: ScopedTx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Labels of ids that a request names: only what the person could have chosen, whatever they ask for. */
  readonly chosen: (tx: ScopedTx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** At most `optionsMax` that fit the text. */
  readonly options: (tx: ScopedTx, text: string) => Promise<readonly RefCell[]>
}
export type References = Readonly<Record<string, Reference>>

export const optionsMax = 30

interface LabelRow {
  readonly id: string
  readonly label: string
}

export const idArray = (ids: readonly string[]): SQL => sql`${sql.param([...ids])}::uuid[]`

interface Rows {
  readonly from: SQL
  readonly id: SQL
  readonly label: SQL
  /** The explicit scope where the rows belong to programs; row security stands behind it. */
  readonly within?: SQL
  /** Narrows what a filter offers; a row in scope may still point to something older. */
  readonly offered: SQL
}

/** A reference from one query over (id, label). */
export const referenceOf = (rows: (tx: ScopedTx) => Rows): Reference => ({
  labels: (tx, ids) => readLabels(tx, { ...rows(tx), offered: sql`true` }, ids),
  chosen: (tx, ids) => readLabels(tx, rows(tx), ids),
  options: async (tx, text) => {
    const { from, id, label, offered, within = sql`true` } = rows(tx)
    return await tx.run<LabelRow>(sql`SELECT id, label FROM (SELECT ${id} AS id, ${label} AS label FROM ${from}
        WHERE ${within} AND ${offered}) found
      WHERE strpos(lower(label COLLATE "und-x-icu"), lower(${text} COLLATE "und-x-icu")) > 0
      ORDER BY label COLLATE "und-x-icu", id LIMIT ${optionsMax}`)
  },
})

const readLabels = async (tx: ScopedTx, rows: Rows, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map()
  const { from, id, label, offered, within = sql`true` } = rows
  const found = await tx.run<LabelRow>(sql`SELECT ${id} AS id, ${label} AS label FROM ${from}
    WHERE ${within} AND ${offered} AND ${id} = ANY (${idArray(ids)})`)
  return new Map(found.map((row) => [row.id, row.label]))
}
