import type { CatalogueProduct, Uuid } from '@premia/pos-sdk/contract/till'
import { lowestPriceBefore, minor, type PriceSpan } from '@premia/rules'
import type { Tx } from '../db/pool.ts'
import type { Cut } from './cuts.ts'

type Lowest = NonNullable<CatalogueProduct['lowestPrices']>

/** By product and rule: the lowest price of the 30 days before the rule's cut began. Nothing where nothing is known. */
export type LowestPrices = ReadonlyMap<string, Lowest>

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
/** Few enough that nothing else has to wait while they are looked through. */
const PAGE = 1_000

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
    FROM loyalty.asked_price WHERE program_id = ${programId} AND outlet_id = ${outlet} ${named} ORDER BY product_id`
  const lowest = new Map<string, Lowest>()
  let spans: SpanRow[] = []
  const finish = (): void => {
    const [first] = spans
    const found = first === undefined ? undefined : lowestOf(spans, wanted.get(first.product) ?? [])
    if (first !== undefined && found !== undefined) lowest.set(first.product, found)
    spans = []
  }
  const take = (page: readonly SpanRow[]): void => {
    for (const row of page) {
      if (spans[0]?.product !== row.product) finish()
      spans.push(row)
    }
  }
  // A quote has one round trip, an outlet's bundle pages.
  if (wanted.size <= PRODUCTS_MAX) take(await rows)
  else for await (const page of rows.cursor(PAGE)) take(page)
  finish()
  return lowest
}

/** Of one product; nothing where nothing is known. Cuts that began on one day have one number. */
const lowestOf = (spans: readonly PriceSpan[], cuts: readonly Cut[]): Lowest | undefined => {
  const before = new Map<string, number | undefined>()
  const known: [string, Lowest[string]][] = []
  for (const { rule, since } of cuts) {
    if (!before.has(since)) before.set(since, lowestPriceBefore(spans, since))
    const price = before.get(since)
    if (price !== undefined) known.push([rule, minor(price)])
  }
  return known.length === 0 ? undefined : Object.fromEntries(known)
}
