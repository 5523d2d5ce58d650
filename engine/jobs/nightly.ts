import type { Sql } from '../db/pool.ts'
import { activate } from '../ledger/activate.ts'
import { expire } from '../ledger/expire.ts'
import { recomputeTiers } from '../members/tiers.ts'

/**
 * A program's night. The order is fixed and published: activate what was pending, (automatic redemption, which no program
 * has yet), tiers, expire, tiers again. Balances already tell the time before it has run, so a late night changes nothing
 * that anybody was told; run twice, the second run finds nothing to do.
 */
export interface Night {
  readonly activated: number
  readonly expired: number
  readonly tiers: number
}

/** Members of one database transaction are the step's own limit; so many of them are more than any program has. */
const ROUNDS_MAX = 1_000_000

type Step = (sql: Sql, programId: number, nowMs: number) => Promise<number>

export const nightly = async (
  sql: Sql,
  { programId, nowMs }: { readonly programId: number; readonly nowMs: number },
): Promise<Night> => {
  const toTheEnd = async (step: Step): Promise<number> => {
    let total = 0
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const settled = await step(sql, programId, nowMs)
      total += settled
      if (settled === 0) break
    }
    return total
  }
  const activated = await toTheEnd(activate)
  const risen = await toTheEnd(recomputeTiers)
  const expired = await toTheEnd(expire)
  return { activated, expired, tiers: risen + (await toTheEnd(recomputeTiers)) }
}
