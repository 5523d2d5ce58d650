import { sql } from 'drizzle-orm'
import { addDays } from '@premia/rules'
import type { Condition } from '../model/condition.ts'
import { testedFields } from '../model/tested-fields.ts'
import { scanRowsMax } from '../model/wire.ts'
import { localDate } from '../model/zoned-time.ts'
import { Problem } from './problem.ts'
import type { SortKey } from './sort-sql.ts'
import type { Source } from './source.ts'
import { type ScopedTx, scopePrograms } from './transaction.ts'

/** Registers are searched in their latest days where a filter has no index and nobody said a period. */
export const boundedDays = 31

/** One exact value of a field that is found by it leads to a handful of rows, however long ago. */
const findsExactly = (condition: Condition, fields: Source['section']['fields']): boolean => {
  if ('all' in condition) return condition.all.some((part) => findsExactly(part, fields))
  return 'field' in condition && fields[condition.field]?.find === 'exact' && ['eq', 'in'].includes(condition.is)
}

const saysPeriod = (condition: Condition, field: string): boolean => {
  if ('all' in condition) return condition.all.some((part) => saysPeriod(part, field))
  return 'field' in condition && condition.field === field && !['lt', 'lte', 'empty'].includes(condition.is)
}

/**
 * Keeps a filter or sort without an index from reading a whole register: a register is bounded by its period, any other
 * list by the number of its rows in scope. `scans` says that rows are looked at which do not pass.
 */
export const keepBounded = async (
  source: Source,
  filter: Condition,
  keys: readonly SortKey[],
  tx: ScopedTx,
): Promise<{ readonly filter: Condition; readonly scans: boolean; readonly boundedFrom?: string }> => {
  const { fields } = source.section
  const scans =
    testedFields(filter).some((name) => fields[name]?.filter === 'scan') || keys.some((key) => key.unindexed)
  if (!scans || findsExactly(filter, fields)) return { filter, scans: false }
  const { period, scope, view } = source.binding
  if (period !== undefined) {
    if (saysPeriod(filter, period)) return { filter, scans }
    const boundedFrom = addDays(localDate(tx.access.nowMs, tx.access.zone), 1 - boundedDays)
    return { filter: { all: [filter, { field: period, is: 'gte', value: boundedFrom }] }, scans, boundedFrom }
  }
  if (scope.program === undefined) return { filter, scans }
  const [row] = await tx.run<{ n: number }>(sql`SELECT count(*) AS n FROM (SELECT 1 FROM ${view}
    WHERE ${scope.program} = ANY (${scopePrograms}) LIMIT ${scanRowsMax + 1}) counted`)
  if ((row?.n ?? 0) <= scanRowsMax) return { filter, scans }
  throw new Problem('validation_failed', `This filter or order looks through at most ${scanRowsMax} rows`, {
    errors: [{ path: '/filter', message: 'has no index: choose one program, or add a filter that has one' }],
  })
}
