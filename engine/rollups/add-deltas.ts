import type { Tx } from '../db/pool.ts'
import type { Deltas } from './deltas.ts'
import { type RollupName, type RollupTable, rollupTables } from './tables.ts'

/** Adds deltas to the rollups, one statement a table, rows in key order. */
export const addDeltas = async (tx: Tx, programId: number, deltas: Deltas): Promise<void> => {
  for (const name of Object.keys(rollupTables) as RollupName[]) {
    const rows = deltas[name]
    if (rows.length > 0) await addRows(tx, programId, rollupTables[name], JSON.stringify(rows))
  }
}

const addRows = async (tx: Tx, programId: number, table: RollupTable, rows: string): Promise<void> => {
  const key = ['business_date', ...Object.keys(table.key)]
  const types = [
    'business_date date',
    ...Object.entries(table.key).map((each) => each.join(' ')),
    ...table.sums.map((column) => `${column} bigint`),
  ]
  await tx.unsafe(
    `INSERT INTO ${table.name} AS t (program_id, ${[...key, ...table.sums].join(', ')})
     SELECT $1::bigint, ${[...key, ...table.sums].join(', ')}
     FROM jsonb_to_recordset($2::text::jsonb) AS i (${types.join(', ')})
     ORDER BY ${key.join(', ')}
     ON CONFLICT (program_id, ${key.join(', ')}) DO UPDATE SET
       ${table.sums.map((column) => `${column} = t.${column} + excluded.${column}`).join(', ')}`,
    [programId, rows],
  )
}
