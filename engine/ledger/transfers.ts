import type { Uuid } from '@premia/pos-sdk/contract/till'
import { newId } from '../clock.ts'
import { instantText, plainArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import { batchDigest } from './digest.ts'
import type { Entries } from './entries.ts'

/** What stands in a transfer's place of the hashes that a sale has. */
const NO_HASH = '0'.repeat(64)

export interface TransferWrite {
  readonly programId: number
  readonly bookedAtMs: number
  readonly kind: 'expire'
  readonly reason: string
  readonly transfers: readonly Uuid[]
  readonly entries: Entries
}

/** Movements without a sale, and the outbox row that tells of them: rollups and the chain see them like sales. */
export const writeTransfers = async (tx: Tx, write: TransferWrite): Promise<void> => {
  const { programId, bookedAtMs, kind, reason, transfers, entries } = write
  if (transfers.length === 0) return
  const bookedAt = instantText(bookedAtMs)
  const batchId = newId(bookedAtMs)
  await tx`
    INSERT INTO loyalty.transfer (program_id, transfer_id, kind, booked_at, reason, batch_id)
    SELECT ${programId}, t, ${kind}, ${bookedAt}, ${reason}, ${batchId}
    FROM unnest(${plainArray(transfers)}::uuid[]) AS n(t)`
  const digest = batchDigest(transfers.map(digested), entries.postings)
  const points = entries.postings.reduce((sum, { amount }) => sum + amount, 0)
  await tx`
    INSERT INTO loyalty.batch (program_id, booked_at, batch_id, documents, points, digest)
    VALUES (${programId}, ${bookedAt}, ${batchId}, ${transfers.length}, ${points}, ${Buffer.from(digest, 'hex')})`
}

/** A transfer in a batch's digest. */
export const digested = (documentId: string): { documentId: string; contentHash: string; outcomeHash: string } => ({
  documentId,
  contentHash: NO_HASH,
  outcomeHash: NO_HASH,
})
