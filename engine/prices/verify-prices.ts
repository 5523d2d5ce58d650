import type { Uuid } from '@premia/pos-sdk/contract/till'
import { addDays } from '@premia/rules'
import type { Tx } from '../db/pool.ts'
import type { Verified } from '../ledger/verified.ts'
import type { AskedPrice } from './asked.ts'
import { keptFrom } from './forget.ts'
import { openPriceReader, type PriceReader, STORED_COLUMNS, type StoredSale } from './stored.ts'

interface Drawing {
  readonly programId: number
  /** Sales that are drawn by lot. */
  readonly replays: number
}

/** Spans that are drawn by lot; each takes the sales of an outlet on two days. */
const SPANS_MAX = 20
/** Sales of an outlet around a day; of more the day is not judged. */
const SALES_MAX = 20_000
/** A price that is about to be forgotten is not asked for. */
const MARGIN_DAYS = 10

/**
 * The record of prices against what is booked, both ways: what some sales asked stands in it, and some of its spans begin
 * and end on a day on which a sale asked that price. Which sales and which spans, the lot says.
 */
export const verifyPrices = async (tx: Tx, { programId, replays }: Drawing): Promise<readonly Verified[]> => {
  const sets = await tx<{ hash: string }[]>`SELECT hash FROM loyalty.rule_set WHERE program_id = ${programId}`
  const read = await openPriceReader(
    tx,
    programId,
    sets.map(({ hash }) => hash),
  )
  return [
    await verifyAsked(tx, { programId, replays }, read),
    await verifySpans(tx, programId, read),
    await verifyApart(tx, programId),
  ]
}

/** Nothing where the content cannot be read: another check tells that. */
const askedIn = (read: PriceReader, sale: StoredSale): readonly AskedPrice[] => {
  try {
    return read(sale)
  } catch {
    return []
  }
}

const verifyAsked = async (
  tx: Tx,
  { programId, replays }: Drawing,
  read: PriceReader | undefined,
): Promise<Verified> => {
  const result = { programId, name: 'prices of stored sales are in the record of prices', checked: 0, wrong: 0 }
  if (read === undefined) return result
  const [all] = await tx<{ sales: number; last: Date | null }[]>`
    SELECT count(*) AS sales, max(booked_at) AS last FROM loyalty.sale WHERE program_id = ${programId}`
  const kept = addDays(keptFrom(all?.last?.getTime() ?? 0), MARGIN_DAYS)
  const share = Math.min(100, (200 * replays) / Math.max(1, all?.sales ?? 1))
  // Batches that left the outbox before there was a record are not in it.
  const sales = await tx.unsafe<StoredSale[]>(
    `SELECT ${STORED_COLUMNS} FROM loyalty.sale d TABLESAMPLE BERNOULLI (${share})
     JOIN loyalty.batch b ON b.program_id = $1 AND b.booked_at = d.booked_at AND b.batch_id = d.batch_id
       AND b.relayed_at >= coalesce((SELECT (note->>'since')::timestamptz FROM loyalty.job
         WHERE program_id = $1 AND job = 'prices'), '-infinity')
     WHERE d.program_id = $1 AND d.kind = 'sale' AND d.content IS NOT NULL LIMIT ${replays}`,
    [programId],
  )
  const asked = sales.flatMap((sale) => askedIn(read, sale)).filter(({ date }) => date >= kept)
  const found = await tx<{ found: number }[]>`
    SELECT count(*) AS found FROM unnest(${asked.map(({ outlet }) => outlet)}::uuid[], ${asked.map(({ product }) => product)}::uuid[],
      ${asked.map(({ unitPriceMinor }) => unitPriceMinor)}::bigint[], ${asked.map(({ date }) => date)}::date[])
      AS p (outlet, product, price, date)
    WHERE EXISTS (SELECT FROM loyalty.asked_price a WHERE a.program_id = ${programId} AND a.outlet_id = p.outlet
      AND a.product_id = p.product AND a.unit_price_minor = p.price AND p.date BETWEEN a.from_date AND a.until_date)`
  return { ...result, checked: asked.length, wrong: asked.length - (found[0]?.found ?? 0) }
}

interface SpanRow {
  readonly outlet: Uuid
  readonly product: Uuid
  readonly unitPriceMinor: number
  readonly from: string
  readonly until: string
}

const verifySpans = async (tx: Tx, programId: number, read: PriceReader | undefined): Promise<Verified> => {
  const spans = await tx<SpanRow[]>`
    SELECT outlet_id AS outlet, product_id AS product, unit_price_minor AS "unitPriceMinor", from_date::text AS from,
      until_date::text AS until
    FROM loyalty.asked_price WHERE program_id = ${programId} ORDER BY random() LIMIT ${SPANS_MAX}`
  let wrong = 0
  for (const span of spans) {
    const ends = [...new Set([span.from, span.until])]
    for (const date of ends) {
      if (read !== undefined && (await wasAsked(tx, programId, { read, price: { ...span, date } }))) continue
      wrong += 1
      break
    }
  }
  return { programId, name: 'spans of a price begin and end with a sale at it', checked: spans.length, wrong }
}

/** Whether a sale asked this price on this day, or nobody can tell any more. */
const wasAsked = async (
  tx: Tx,
  programId: number,
  { read, price }: { readonly read: PriceReader; readonly price: AskedPrice },
): Promise<boolean> => {
  const { outlet, product, unitPriceMinor, date } = price
  const tells = (sales: readonly StoredSale[]): boolean =>
    sales.length === SALES_MAX ||
    sales.some((sale) => sale.content === null) ||
    sales
      .flatMap((sale) => askedIn(read, sale))
      .some((each) => each.product === product && each.unitPriceMinor === unitPriceMinor && each.date === date)
  // A day of the outlet's own zone lies within these two.
  const near = await tx.unsafe<StoredSale[]>(
    `SELECT ${STORED_COLUMNS} FROM read.sale_register r
     JOIN loyalty.sale d ON d.program_id = $1 AND d.booked_at = r.booked_at AND d.document_id = r.document_id
     WHERE r.program_id = $1 AND r.outlet_id = $2 AND r.kind = 'sale'
       AND r.occurred_at BETWEEN $3::date::timestamptz - interval '1 day' AND $3::date::timestamptz + interval '2 days'
     LIMIT ${SALES_MAX}`,
    [programId, outlet, date],
  )
  if (tells(near)) return true
  // A till whose clock went ahead: its sales are judged as of another instant than they say.
  const judgedElsewhen = await tx.unsafe<StoredSale[]>(
    `SELECT ${STORED_COLUMNS} FROM loyalty.sale d
     WHERE d.program_id = $1 AND d.outlet_id = $2 AND d.kind = 'sale' AND d.told ? 'atMs' LIMIT ${SALES_MAX}`,
    [programId, outlet],
  )
  return tells(judgedElsewhen)
}

/** Two spans of one price between which no 30 days lie are one: the record would not be a function of its sales. */
const verifyApart = async (tx: Tx, programId: number): Promise<Verified> => {
  const [row] = await tx<{ checked: number; wrong: number }[]>`
    SELECT count(*) AS checked, count(*) FILTER (WHERE from_date <= before + 30) AS wrong FROM (
      SELECT from_date, lag(until_date) OVER (
        PARTITION BY outlet_id, product_id, unit_price_minor ORDER BY from_date, until_date) AS before
      FROM loyalty.asked_price WHERE program_id = ${programId}) s`
  return {
    programId,
    name: 'spans of a price lie more than 30 days apart',
    checked: row?.checked ?? 0,
    wrong: row?.wrong ?? 0,
  }
}
