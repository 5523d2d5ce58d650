import type { Tx } from '../db/pool.ts'

export type JobLock = 'rollup' | 'chain' | 'verify'

/** Waits until nobody else does this work for the program, and holds it until the database transaction ends. */
export const lockJob = async (tx: Tx, programId: number, job: JobLock): Promise<Readonly<Record<string, unknown>>> => {
  await tx`
    INSERT INTO loyalty.job (program_id, job) VALUES (${programId}, ${job}) ON CONFLICT DO NOTHING`
  const [row] = await tx<{ note: Readonly<Record<string, unknown>> }[]>`
    SELECT note FROM loyalty.job WHERE program_id = ${programId} AND job = ${job} FOR UPDATE`
  return row?.note ?? {}
}

/** What the next holder of the lock must know. */
export const noteJob = async (
  tx: Tx,
  lock: { readonly programId: number; readonly job: JobLock },
  note: Readonly<Record<string, string | number>>,
): Promise<void> => {
  await tx`
    UPDATE loyalty.job SET note = ${tx.json(note)} WHERE program_id = ${lock.programId} AND job = ${lock.job}`
}
