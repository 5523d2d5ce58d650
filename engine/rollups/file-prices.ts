import type { Tx } from '../db/pool.ts'
import { recordAsked } from '../prices/record.ts'
import type { AskedPrice } from '../prices/asked.ts'
import { openPriceReader, STORED_COLUMNS, type StoredSale } from '../prices/stored.ts'
import { COUNTED, type Selection } from './documents.ts'

/** A page of a day is bounded; batches are bounded by whoever claims them. */
const PAGE = 1_000

/** Takes the prices of stored documents into the record: of batches that do not tell them, and of days from before it. */
export const filePrices = async (tx: Tx, programId: number, selection: Selection): Promise<void> => {
  const batches = 'batches' in selection
  const wanted = batches
    ? 'd.booked_at = ANY($2::timestamptz[]) AND d.batch_id = ANY($3::uuid[])'
    : `d.business_date = $2::date AND ${COUNTED}`
  const parameters = batches ? [selection.bookedAt as string[], selection.batches as string[]] : [selection.date]
  const from = `FROM loyalty.sale d WHERE d.program_id = $1 AND d.kind = 'sale' AND ${wanted}`
  const sets = await tx.unsafe<{ hash: string }[]>(`SELECT DISTINCT d.rule_set AS hash ${from}`, [
    programId,
    ...parameters,
  ])
  const hashes = sets.map(({ hash }) => hash)
  const askedIn = hashes.length === 0 ? undefined : await openPriceReader(tx, programId, hashes)
  if (askedIn === undefined) return
  const sales = tx.unsafe<StoredSale[]>(`SELECT ${STORED_COLUMNS} ${from}`, [programId, ...parameters])
  // Each once: a day has many sales and few prices.
  const asked = new Map<string, AskedPrice>()
  for await (const page of sales.cursor(PAGE)) {
    for (const each of page.flatMap(askedIn)) asked.set(Object.values(each).join(' '), each)
  }
  await recordAsked(tx, programId, [...asked.values()])
}
