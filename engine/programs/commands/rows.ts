import type { Tx } from '../../db/pool.ts'
import { CommandRefused } from './refusal.ts'

/** Rows as one jsonb parameter: their types stand once, in the statement that reads them by jsonb_to_recordset. */
export const asJson = (rows: readonly object[]): string => JSON.stringify(rows)

/** Ids that are not the operator's do not exist for it: which of them stays untold. */
export const requireOutlets = async (tx: Tx, operator: string, ids: readonly string[]): Promise<void> => {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return
  const [found] = await tx<{ count: number }[]>`
    SELECT count(*) FROM directory.outlet WHERE operator_id = ${operator} AND outlet_id = ANY(${wanted}::uuid[])`
  if (found?.count !== wanted.length) throw new CommandRefused('not_found', 'There is no such outlet here')
}

/** The same key inserted twice, by us or by somebody who was faster. */
export const isUniqueViolation = (error: unknown): boolean => (error as { code?: string }).code === '23505'
