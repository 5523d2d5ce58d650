import type { OutboxEffect } from '../outbox/drain.ts'
import { addDeltas } from './add-deltas.ts'
import { countDeltas } from './deltas.ts'
import { readDocuments, readPostings } from './documents.ts'
import { fileSales } from './file-sales.ts'

/** Files what some batches have booked in the register, and adds it to the rollups of each document's business day. */
export const rollUp: OutboxEffect = {
  name: 'rollup',
  run: async (tx, { programId }, batches) => {
    const selection = {
      batches: batches.map(({ batchId }) => batchId),
      bookedAt: batches.map(({ bookedAt }) => bookedAt.toISOString()),
    }
    await fileSales(tx, programId, selection)
    const documents = []
    for await (const page of readDocuments(tx, programId, selection)) documents.push(...page)
    await addDeltas(tx, programId, countDeltas(documents, await readPostings(tx, programId, selection)))
  },
}
