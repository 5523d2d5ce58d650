import type { Sql } from '../db/pool.ts'
import { type Drained, drainOutbox } from '../outbox/drain.ts'
import { rollUp } from '../rollups/roll-up.ts'
import { checkSignatures } from '../terminals/check-signatures.ts'

/** What happens to each batch after its commit, in this order. */
const effects = [rollUp, checkSignatures]

/** Empties the outbox of one program. Harmless to call at any time, by any number of processes. */
export const drainProgram = (sql: Sql, at: { readonly programId: number; readonly nowMs: number }): Promise<Drained> =>
  drainOutbox(sql, at, effects)
