import type { Tx } from '../db/pool.ts'
import { lockJob } from '../outbox/job-lock.ts'
import { addDeltas } from './add-deltas.ts'
import { Sheet } from './deltas.ts'
import { countStored } from './documents.ts'
import { filePrices } from './file-prices.ts'
import { fileSales } from './file-sales.ts'
import { rollupTables } from './tables.ts'

/** A day of a large program takes longer than a command usually may. */
const STATEMENT_TIMEOUT_MS = 600_000

/**
 * Counts one business day again from what is booked, and answers how many documents it has. Under the lock of the
 * program's rollups, and only with batches that have left the outbox: one that is still there adds itself later.
 */
export const rebuildDay = async (
  tx: Tx,
  { programId, date }: { readonly programId: number; readonly date: string },
): Promise<number> => {
  await tx.unsafe(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
  await lockJob(tx, programId, 'rollup')
  for (const { name } of Object.values(rollupTables)) {
    await tx.unsafe(`DELETE FROM ${name} WHERE program_id = $1 AND business_date = $2::date`, [programId, date])
  }
  await fileSales(tx, programId, { date })
  const sheet = new Sheet()
  const documents = await countStored(tx, { programId, selection: { date } }, sheet)
  await addDeltas(tx, programId, sheet.deltas())
  await filePrices(tx, programId, { date })
  return documents
}
