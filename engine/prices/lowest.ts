import type { CatalogueProduct, Uuid } from '@premia/pos-sdk/contract/till'
import { lowestPriceBefore, minor, type PriceSpan } from '@premia/rules'
import type { Tx } from '../db/pool.ts'
import type { Cut } from './cuts.ts'

/** By product and rule: the lowest price of the 30 days before the rule's cut began. Nothing where nothing is known. */
export type LowestPrices = ReadonlyMap<string, NonNullable<CatalogueProduct['lowestPrices']>>

export interface LowestQuery {
  readonly programId: number
  readonly outlet: Uuid
  readonly cuts: readonly Cut[]
  readonly products: readonly CatalogueProduct[]
}

interface SpanRow extends PriceSpan {
  readonly product: string
}

const NONE: LowestPrices = new Map()
/** More are asked for by the outlet. */
const PRODUCTS_MAX = 2_000
const PAGE = 5_000

/** What has to be told beside the cuts of these products. Reads the record alone: an unknown price is no number. */
export const readLowestPrices = async (
  tx: Tx,
  { programId, outlet, cuts, products }: LowestQuery,
): Promise<LowestPrices> => {
  const wanted = new Map<string, readonly Cut[]>()
  for (const product of cuts.length === 0 ? [] : products) {
    const own = cuts.filter(({ selects }) => selects(product))
    if (own.length > 0) wanted.set(product.facts.id, own)
  }
  if (wanted.size === 0) return NONE
  const named = wanted.size <= PRODUCTS_MAX ? tx`AND product_id = ANY (${[...wanted.keys()]}::uuid[])` : tx``
  const rows = tx<SpanRow[]>`
    SELECT product_id AS product, unit_price_minor AS "unitPriceMinor", from_date::text AS from, until_date::text AS until
    FROM loyalty.asked_price WHERE program_id = ${programId} AND outlet_id = ${outlet} ${named}`
  const spans = new Map<string, PriceSpan[]>()
  const take = (page: readonly SpanRow[]): void => {
    for (const row of page) {
      if (!wanted.has(row.product)) continue
      const known = spans.get(row.product)
      if (known === undefined) spans.set(row.product, [row])
      else known.push(row)
    }
  }
  // A quote has one round trip, an outlet's bundle pages.
  if (wanted.size <= PRODUCTS_MAX) take(await rows)
  else for await (const page of rows.cursor(PAGE)) take(page)
  const lowest = new Map<string, NonNullable<CatalogueProduct['lowestPrices']>>()
  for (const [product, own] of spans) {
    const known = (wanted.get(product) ?? []).flatMap(({ rule, since }) => {
      const before = lowestPriceBefore(own, since)
      return before === undefined ? [] : [[rule, minor(before)] as const]
    })
    if (known.length > 0) lowest.set(product, Object.fromEntries(known))
  }
  return lowest
}
