import type { Batch, OutboxEffect } from '../outbox/drain.ts'
import { recordAsked } from '../prices/record.ts'
import { askedOf, type PriceNews } from '../prices/seen.ts'
import { addDeltas } from './add-deltas.ts'
import { type Deltas, Sheet } from './deltas.ts'
import { countStored, type Selection } from './documents.ts'
import { filePrices } from './file-prices.ts'
import { fileSales } from './file-sales.ts'

/**
 * Files what some batches have booked in the register, and adds it to the rollups of each document's business day. Sales
 * come counted: whoever booked the batch had all of it in memory, and wrote the sums into its outbox row. A batch without
 * sums, such as a night's expiry, is counted from its documents. Prices that the record did not know come the same way.
 */
export const rollUp: OutboxEffect = {
  name: 'rollup',
  run: async (tx, { programId }, batches) => {
    await fileSales(tx, programId, selectionOf(batches))
    const sheet = new Sheet()
    for (const { sums } of batches) if (sums !== null) sheet.add(sums as Deltas)
    const uncounted = batches.filter(({ sums }) => sums === null)
    if (uncounted.length > 0) await countStored(tx, { programId, selection: selectionOf(uncounted) }, sheet)
    await addDeltas(tx, programId, sheet.deltas())
    await recordAsked(tx, programId, askedOf(batches.flatMap(({ sums }) => newsOf(sums) ?? [])))
    const untold = batches.filter(({ sums }) => newsOf(sums) === undefined)
    if (untold.length > 0) await filePrices(tx, programId, selectionOf(untold))
  },
}

/** Absent in a batch without sums, or of an engine that knew of no prices. */
const newsOf = (sums: unknown): PriceNews | undefined => (sums as { readonly prices?: PriceNews } | null)?.prices

const selectionOf = (batches: readonly Batch[]): Selection => ({
  batches: batches.map(({ batchId }) => batchId),
  bookedAt: batches.map(({ bookedAt }) => bookedAt.toISOString()),
})
