/**
 * How a draft becomes a document, what a till refuses by itself, whether two documents say the same, and which answers are
 * the engine's. Loaded when the terminal opens, apart from the core, because the schemas are a fifth of all its code.
 */
import type { Refused, Sale, UnsignedSale } from './contract/till/index.ts'
import { checkSchema } from './contract/check.ts'
import { inspectQuote, inspectSale } from './contract/till/inspect.ts'
import { contentHash } from './contract/till/sale-parts.ts'
import { quoteSchema, saleSchema } from './contract/till/sale-schema.ts'

/** Why a finished sale cannot be understood, before it is signed; `null` when it can. */
export const refuseSale = (sale: UnsignedSale): Refused | null =>
  inspectSale({ ...sale, signature: { keyId: 'unsigned', value: '' } }, (value) => checkSchema(saleSchema, value))

/** Why a quote cannot be understood. */
export const refuseQuote = (quote: unknown): Refused | null =>
  inspectQuote(quote, (value) => checkSchema(quoteSchema, value))

/** Whether a queued document says what this one says. */
export const saysTheSame = (queued: string, sale: UnsignedSale): boolean =>
  contentHash(JSON.parse(queued) as Sale) === contentHash(sale)

export * from './answer-check.ts'
export { completeBasket, completeSale } from './draft.ts'
