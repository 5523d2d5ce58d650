import { plainArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import type { AskedPrice } from './asked.ts'
import { type DateSpan, joinDays } from './spans.ts'

interface SpanRow extends DateSpan {
  readonly outlet: string
  readonly product: string
  readonly unitPriceMinor: number
}

/** Prices of one statement. */
const PRICES_MAX = 2_000

/**
 * Takes prices into the record, at whatever time and however often they come (`spans.ts`). Under the lock of the program's
 * rollups: nobody else writes it.
 */
export const recordAsked = async (tx: Tx, programId: number, asked: readonly AskedPrice[]): Promise<void> => {
  const days = new Map<string, AskedPrice[]>()
  for (const each of asked) {
    const known = days.get(keyOf(each))
    if (known === undefined) days.set(keyOf(each), [each])
    else known.push(each)
  }
  const prices = [...days.entries()]
  for (let from = 0; from < prices.length; from += PRICES_MAX) {
    await recordPrices(tx, programId, new Map(prices.slice(from, from + PRICES_MAX)))
  }
}

const keyOf = ({ outlet, product, unitPriceMinor }: Omit<SpanRow, 'from' | 'until'>): string =>
  `${outlet} ${product} ${unitPriceMinor}`

const recordPrices = async (
  tx: Tx,
  programId: number,
  prices: ReadonlyMap<string, readonly AskedPrice[]>,
): Promise<void> => {
  const spans = await readSpans(
    tx,
    programId,
    [...prices.values()].flatMap((asked) => asked[0] ?? []),
  )
  const written: SpanRow[] = []
  const gone: SpanRow[] = []
  for (const [key, asked] of prices) {
    const before = spans.get(key) ?? []
    const after = joinDays(
      before,
      asked.map(({ date }) => date),
    )
    const [{ outlet, product, unitPriceMinor }] = asked as readonly [AskedPrice]
    const changed = after.filter(({ from, until }) => !before.some((row) => row.from === from && row.until === until))
    written.push(...changed.map((span) => ({ ...span, outlet, product, unitPriceMinor })))
    gone.push(...before.filter(({ from }) => !after.some((span) => span.from === from)))
  }
  if (gone.length > 0) {
    await tx`
      DELETE FROM loyalty.asked_price a USING ${columns(tx, gone)} AS g (outlet, product, price, from_date, until_date)
      WHERE a.program_id = ${programId} AND a.outlet_id = g.outlet AND a.product_id = g.product
        AND a.unit_price_minor = g.price AND a.from_date = g.from_date`
  }
  if (written.length > 0) {
    await tx`
      INSERT INTO loyalty.asked_price AS a (program_id, outlet_id, product_id, unit_price_minor, from_date, until_date)
      SELECT ${programId}::bigint, w.outlet, w.product, w.price, w.from_date, w.until_date
      FROM ${columns(tx, written)} AS w (outlet, product, price, from_date, until_date) ORDER BY 2, 3, 4, 5
      ON CONFLICT (program_id, outlet_id, product_id, unit_price_minor, from_date)
        DO UPDATE SET until_date = excluded.until_date`
  }
}

const columns = (tx: Tx, rows: readonly SpanRow[]) => tx`
  unnest(${plainArray(rows.map(({ outlet }) => outlet))}::text::uuid[],
    ${plainArray(rows.map(({ product }) => product))}::text::uuid[],
    ${plainArray(rows.map(({ unitPriceMinor }) => unitPriceMinor))}::text::bigint[],
    ${plainArray(rows.map(({ from }) => from))}::text::date[],
    ${plainArray(rows.map(({ until }) => until))}::text::date[])`

const readSpans = async (
  tx: Tx,
  programId: number,
  prices: readonly AskedPrice[],
): Promise<ReadonlyMap<string, readonly SpanRow[]>> => {
  const wanted = prices.map((price) => ({ ...price, from: price.date, until: price.date }))
  const rows = await tx<SpanRow[]>`
    SELECT a.outlet_id AS outlet, a.product_id AS product, a.unit_price_minor AS "unitPriceMinor",
      a.from_date::text AS from, a.until_date::text AS until
    FROM ${columns(tx, wanted)} AS w (outlet, product, price, from_date, until_date)
    JOIN loyalty.asked_price a ON a.program_id = ${programId} AND a.outlet_id = w.outlet AND a.product_id = w.product
      AND a.unit_price_minor = w.price`
  const spans = new Map<string, SpanRow[]>()
  for (const row of rows) {
    const known = spans.get(keyOf(row))
    if (known === undefined) spans.set(keyOf(row), [row])
    else known.push(row)
  }
  return spans
}
