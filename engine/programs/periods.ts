import type { Tx } from '../db/pool.ts'

/**
 * Facts that hold in [from_at, until_at). A new period ends the one it begins in and lasts until the next one begins, or until
 * the end that it names; a period that begins at the same instant is replaced. One statement a table, whatever the number of rows.
 */
export interface PeriodTable {
  readonly name: string
  /** Columns before from_at in the primary key, with their SQL types. */
  readonly key: Readonly<Record<string, string>>
  readonly facts: Readonly<Record<string, string>>
}

/** `rows` name the columns; `from_at`, and `until_at` where there is an end, as ISO text. No two of them may have the same key and from_at. */
export const putPeriods = async (
  tx: Tx,
  table: PeriodTable,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> => {
  const { name } = table
  const key = Object.keys(table.key)
  const facts = Object.keys(table.facts)
  const types = Object.entries({ ...table.key, from_at: 'timestamptz', until_at: 'timestamptz', ...table.facts })
  const same = (a: string, b: string): string => key.map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ')
  const input = `jsonb_to_recordset($1::text::jsonb) AS i(${types.map((each) => each.join(' ')).join(', ')})`
  const values = JSON.stringify(rows)
  await tx.unsafe(
    `UPDATE ${name} AS p SET until_at = (SELECT min(i.from_at) FROM ${input} WHERE ${same('p', 'i')} AND i.from_at > p.from_at)
     FROM (SELECT DISTINCT ${key.join(', ')} FROM ${input}) AS k
     WHERE ${same('p', 'k')} AND EXISTS (
       SELECT FROM ${input} WHERE ${same('p', 'i')} AND i.from_at > p.from_at
         AND (p.until_at IS NULL OR i.from_at < p.until_at))`,
    [values],
  )
  await tx.unsafe(
    `INSERT INTO ${name} (${[...key, 'from_at', 'until_at', ...facts].join(', ')})
     SELECT ${key.map((column) => `i.${column}`).join(', ')}, i.from_at,
       least(i.until_at, (SELECT min(n.from_at) FROM (
          SELECT from_at FROM ${name} AS p WHERE ${same('p', 'i')}
          UNION ALL SELECT o.from_at FROM ${input.replaceAll(' AS i(', ' AS o(')} WHERE ${same('o', 'i')}) AS n
        WHERE n.from_at > i.from_at))
       ${facts.map((column) => `, i.${column}`).join('')}
     FROM ${input}
     ON CONFLICT (${[...key, 'from_at'].join(', ')}) DO UPDATE SET
       ${['until_at', ...facts].map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [values],
  )
}
