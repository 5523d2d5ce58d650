import type { Tx } from '../db/pool.ts'
import { COUNTED, type Selection } from './documents.ts'

const AS_BOOKED = `program_id, occurred_at, booked_at, received_at, business_date, document_id, outlet_id, terminal_id, staff_id,
  member_id, points, notices, kind, document_number`

/** Figures of a return have a minus here, so that a list, its sums and the rollups agree; its points are booked with one. */
const AMOUNTS = ['gross_minor', 'reduction_minor', 'reimbursed_minor', 'payable_minor']
const SIGNED = AMOUNTS.map((column) => `CASE d.kind WHEN 'return' THEN -d.${column} ELSE d.${column} END`).join(', ')

/** What was told says whether points were spent, or given back, at all: few documents need the look into the ledger. */
const SPENT = `CASE WHEN d.told ?| ARRAY['redeemed', 'givenBack'] THEN (
  SELECT coalesce(-sum(p.amount), 0)::bigint FROM loyalty.posting p
  WHERE p.program_id = d.program_id AND p.booked_at = d.booked_at AND p.document_id = d.document_id
    AND p.kind IN ('redeem', 'giveBack'))
  ELSE 0 END`

/**
 * Files documents in the register that the console lists. One statement, nothing of it in the sale's own database
 * transaction; a document that stands there already stays as it is, for booked documents do not change.
 */
export const fileSales = async (tx: Tx, programId: number, selection: Selection): Promise<void> => {
  const batches = 'batches' in selection
  const wanted = batches
    ? 'd.booked_at = ANY($2::timestamptz[]) AND d.batch_id = ANY($3::uuid[])'
    : `d.business_date = $2::date AND ${COUNTED}`
  const parameters = batches ? [selection.bookedAt as string[], selection.batches as string[]] : [selection.date]
  await tx.unsafe(
    `INSERT INTO read.sale_register (${AS_BOOKED}, ${AMOUNTS.join(', ')}, spent)
     SELECT ${AS_BOOKED}, ${SIGNED}, ${SPENT} FROM loyalty.sale d WHERE d.program_id = $1 AND ${wanted}
     ORDER BY occurred_at, document_id ON CONFLICT DO NOTHING`,
    [programId, ...parameters],
  )
}
