import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { lockJob, noteJob } from './job-lock.ts'

/** Keeps what the last proof of a program found; the engine's metrics show it and an alarm watches them. */
export const noteProof = (
  sql: Sql,
  { programId, nowMs, wrong }: { readonly programId: number; readonly nowMs: number; readonly wrong: number },
): Promise<void> =>
  inProgram(sql, programId, async (tx) => {
    await lockJob(tx, programId, 'verify')
    await noteJob(tx, { programId, job: 'verify' }, { at: new Date(nowMs).toISOString(), wrong })
  })
