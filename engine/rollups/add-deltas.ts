import { plainArray, textArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import type { DeltaRow, Deltas } from './deltas.ts'
import { rollupNames, type RollupTable, rollupTables } from './tables.ts'

/** Adds deltas to the rollups, one statement a table, rows in key order. */
export const addDeltas = async (tx: Tx, programId: number, deltas: Deltas): Promise<void> => {
  for (const name of rollupNames) {
    const rows = deltas[name]
    if (rows !== undefined) await addRows(tx, programId, rollupTables[name], rows)
  }
}

const addRows = async (tx: Tx, programId: number, table: RollupTable, rows: readonly DeltaRow[]): Promise<void> => {
  const keys = { business_date: 'date', ...table.key }
  const key = Object.keys(keys).join(', ')
  const columns = [...Object.keys(keys), ...table.sums].join(', ')
  const types = [...Object.values(keys), ...table.sums.map(() => 'bigint')]
  const values = types.map((type, index) => {
    const column = rows.map((row) => row[index] as string | number)
    return type === 'text' ? textArray(column.map(String)) : plainArray(column)
  })
  await tx.unsafe(
    `INSERT INTO ${table.name} AS t (program_id, ${columns})
     SELECT $1::bigint, ${columns}
     FROM unnest(${types.map((type, index) => `$${index + 2}::${type}[]`).join(', ')}) AS i (${columns})
     ORDER BY ${key}
     ON CONFLICT (program_id, ${key}) DO UPDATE SET
       ${table.sums.map((column) => `${column} = t.${column} + excluded.${column}`).join(', ')}`,
    [programId, ...values],
    { prepare: true },
  )
}
