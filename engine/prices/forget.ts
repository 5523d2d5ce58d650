import { addDays, dateOfDay } from '@premia/rules'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'

/**
 * How long the record keeps what was asked: 30 days before a cut of twelve months, and a little more. A price cut that has
 * lasted longer is told without a number, for it is no cut any more. Sales come at most 400 days late.
 */
const KEPT_DAYS = 400
/** Of one database transaction, and of one night: the next night goes on. */
const ROWS_MAX = 5_000
const ROUNDS_MAX = 1_000
const DAY_MS = 86_400_000

/** The first day that the record keeps. */
export const keptFrom = (nowMs: number): string => addDays(dateOfDay(Math.floor(nowMs / DAY_MS)), -KEPT_DAYS)

/** Forgets prices that were last asked too long ago; answers how many. */
export const forgetPrices = async (sql: Sql, programId: number, nowMs: number): Promise<number> => {
  let forgotten = 0
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const count = await forgetSome(sql, programId, keptFrom(nowMs))
    forgotten += count
    if (count < ROWS_MAX) break
  }
  return forgotten
}

const forgetSome = (sql: Sql, programId: number, before: string): Promise<number> =>
  inProgram(sql, programId, async (tx) => {
    const { count } = await tx`
      DELETE FROM loyalty.asked_price a USING (
        SELECT outlet_id, product_id, unit_price_minor, from_date FROM loyalty.asked_price
        WHERE program_id = ${programId} AND until_date < ${before}::date LIMIT ${ROWS_MAX} FOR UPDATE SKIP LOCKED) o
      WHERE a.program_id = ${programId} AND a.outlet_id = o.outlet_id AND a.product_id = o.product_id
        AND a.unit_price_minor = o.unit_price_minor AND a.from_date = o.from_date`
    return count
  })
