import type { OutboxEffect } from '../outbox/drain.ts'
import { addDeltas } from './add-deltas.ts'
import { countDeltas } from './deltas.ts'
import { readDocuments, readPostings } from './documents.ts'

/** Adds what some batches have booked to the rollups of each document's business day. */
export const rollUp: OutboxEffect = {
  name: 'rollup',
  run: async (tx, { programId }, batches) => {
    const selection = {
      batches: batches.map(({ batchId }) => batchId),
      bookedAt: batches.map(({ bookedAt }) => bookedAt.toISOString()),
    }
    const documents = []
    for await (const page of readDocuments(tx, programId, selection)) documents.push(...page)
    await addDeltas(tx, programId, countDeltas(documents, await readPostings(tx, programId, selection)))
  },
}
