import type { Sql } from '../db/pool.ts'
import { type At, type Drained, drainOutbox } from '../outbox/drain.ts'
import { rollUp } from '../rollups/roll-up.ts'

/** Empties the outbox of one program into what a console shows. Harmless to call at any time, by any number of processes. */
export const drainProgram = (sql: Sql, at: At): Promise<Drained> => drainOutbox(sql, at, [rollUp])
