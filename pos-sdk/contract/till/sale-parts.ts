/** The parts and the content hash of a sale, on the path of every sale: written by the schema, not by looking around. */
import { sha256Hex } from '@premia/rules'
import { canonicalWriter } from '../canonical-writer.ts'
import { object } from '../schema.ts'
import type { Sale } from './sale.ts'
import { bodyFields, cardSchema, headerFields, saidFields, useSchema } from './sale-schema.ts'
import { listParts, type Part, type Sha256, type UnsignedSale } from './signature.ts'

const writeHeader = canonicalWriter(object(headerFields))
const writeSaid = canonicalWriter(object(saidFields))
const write = {
  cards: canonicalWriter(cardSchema),
  uses: canonicalWriter(useSchema),
  lines: canonicalWriter(bodyFields.lines),
  adjustments: canonicalWriter(bodyFields.adjustments),
  tenders: canonicalWriter(bodyFields.tenders),
  totals: canonicalWriter(bodyFields.totals),
}

/**
 * The parts of a sale that fits its schema, in signed order, each as its canonical JSON. The texts serve both
 * `partDigests` and `contentHash`.
 */
export const saleParts = (sale: UnsignedSale | Sale): readonly Part[] =>
  listParts(sale, writeHeader(sale), (part, value) => write[part](value))

/**
 * The hash of what the sale says, equal for two deliveries of one receipt: without id, sequence, previous, offline
 * part and signature. Pass `parts` where `saleParts` has already been called.
 *
 * @example contentHash(sale) === contentHash({ ...sale, sequence: 99 }) // true
 */
export const contentHash = (
  sale: UnsignedSale | Sale,
  sha256: Sha256 = sha256Hex,
  parts: readonly Part[] = saleParts(sale),
): string => {
  let content = `${writeSaid(sale)}\n`
  for (const part of parts) if (part.name !== 'header') content += `${part.name} ${part.text}\n`
  return sha256(content)
}
