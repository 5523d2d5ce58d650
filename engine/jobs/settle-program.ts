import type { Sql } from '../db/pool.ts'
import { type Settled, settleBatches } from '../outbox/chain.ts'
import type { At } from '../outbox/drain.ts'
import { checkSignatures } from '../terminals/check-signatures.ts'

/** Checks the signatures of what is settled and links it. Harmless to call at any time, by any number of processes. */
export const settleProgram = (sql: Sql, at: At): Promise<Settled> => settleBatches(sql, at, checkSignatures)
