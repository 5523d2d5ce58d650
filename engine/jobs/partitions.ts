import { ensurePartitions, partitionedTables } from '../db/partitions.ts'
import type { Sql } from '../db/pool.ts'

/** Keeps the months ahead and answers which default partitions hold rows: each of them is an alarm. `owner` is premia_owner. */
export const keepPartitions = async (
  owner: Sql,
  nowMs: number,
): Promise<{ readonly made: readonly string[]; readonly astray: readonly string[] }> => {
  const made = await ensurePartitions(owner, nowMs)
  const astray: string[] = []
  for (const table of partitionedTables) {
    const found = await owner.unsafe(`SELECT 1 FROM ${table}_default LIMIT 1`)
    if (found.length > 0) astray.push(table)
  }
  return { made, astray }
}
