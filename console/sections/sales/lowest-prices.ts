import { cutBegan, cutsPrices, inForceSince, type SetPeriod } from '@premia/pos-sdk/contract/admin'
import { type Line, localTime } from '@premia/pos-sdk/contract/till'
import { type EvaluationInput, lowestPriceBefore, type PriceSpan, type Rule } from '@premia/rules'
import { sql } from 'drizzle-orm'
import type { ScopedTx } from '../../kit/server/transaction.ts'

/** A sale as one program keeps it. */
interface KeptSale {
  readonly programId: number
  readonly outletId: string
  readonly zone: string | null
  readonly ruleSet: string
  readonly bookedAt: string
  readonly content: { readonly lines: readonly Line[]; readonly input?: EvaluationInput } | null
}

interface CutSale extends Omit<KeptSale, 'content'> {
  readonly lines: readonly Line[]
  /** As it was judged. */
  readonly input: EvaluationInput
}

/** Sets that are looked back at, as the engine does. */
const periodsMax = 200
const spansMax = 5_000

/**
 * By line: the lowest price of the 30 days before the price cuts that the till took, as the record of prices has it now. Only
 * the program that steers prices at the outlet keeps that record; what was asked longer than 13 months ago is forgotten.
 */
export const lowestPricesIn = async (
  tx: ScopedTx,
  sales: readonly KeptSale[],
): Promise<Readonly<Record<number, number>>> => {
  for (const { content, ...sale } of sales) {
    if (content?.input === undefined) continue
    const found = await lowestPrices(tx, { ...sale, lines: content.lines, input: content.input })
    if (found.size > 0) return Object.fromEntries(found)
  }
  return {}
}

const lowestPrices = async (tx: ScopedTx, sale: CutSale): Promise<ReadonlyMap<number, number>> => {
  const cuts = sale.lines.flatMap((line, index) => {
    const rules = line.reductions.flatMap(({ by, rule }) => (by === 'rule' && rule !== undefined ? rule : []))
    const product = sale.input.lines[index]?.product?.id
    return rules.length === 0 || product === undefined ? [] : [{ line: line.number, product, rules }]
  })
  if (cuts.length === 0) return new Map()
  const spans = await readSpans(
    tx,
    sale,
    cuts.map(({ product }) => product),
  )
  if (spans.length === 0) return new Map()
  const began = await readBegan(tx, sale, [...new Set(cuts.flatMap(({ rules }) => rules))])
  return new Map(
    cuts.flatMap(({ line, product, rules }) => {
      const own = spans.filter((span) => span.product === product)
      const known = rules.flatMap((rule) => {
        const date = began.get(rule)
        return (date === undefined ? undefined : lowestPriceBefore(own, date)) ?? []
      })
      return known.length === 0 ? [] : [[line, Math.min(...known)] as const]
    }),
  )
}

interface SpanRow extends PriceSpan {
  readonly product: string
}

const readSpans = async (
  tx: ScopedTx,
  { programId, outletId }: CutSale,
  products: readonly string[],
): Promise<readonly SpanRow[]> => {
  const rows = await tx.run<SpanRow>(sql`
    SELECT product_id AS product, unit_price_minor AS "unitPriceMinor", from_date::text AS "from", until_date::text AS until
    FROM read.asked_price WHERE program_id = ${programId}::bigint AND outlet_id = ${outletId}::uuid
      AND product_id = ANY (${sql.param(products)}::uuid[]) LIMIT ${spansMax}`)
  // Part of the record may not hold the lowest.
  return rows.length === spansMax ? [] : rows
}

/** The day on which the cut of each rule began, as of the sale. */
const readBegan = async (
  tx: ScopedTx,
  { programId, ruleSet, bookedAt, zone, input }: CutSale,
  rules: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const documents = await tx.run<{ document: Rule }>(sql`
    SELECT v.document FROM read.rule_set s, jsonb_to_recordset(s.rules) AS r (rule text, version integer), read.rule_version v
    WHERE s.program_id = ${programId}::bigint AND s.hash = ${ruleSet} AND r.rule = ANY (${sql.param(rules)}::text[])
      AND v.program_id = s.program_id AND v.rule_id = r.rule AND v.version = r.version`)
  const periods = await tx.run<SetPeriod>(sql`
    SELECT (extract(epoch FROM p.from_at) * 1000)::bigint AS "fromMs",
      (extract(epoch FROM p.effective_at) * 1000)::bigint AS "effectiveMs",
      array(SELECT r.rule FROM jsonb_to_recordset(s.rules) AS r (rule text)
        WHERE r.rule = ANY (${sql.param(rules)}::text[])) AS rules
    FROM (SELECT from_at, decided_at, greatest(from_at, decided_at) AS effective_at, hash FROM read.rule_set_period
      WHERE program_id = ${programId}::bigint AND from_at <= ${bookedAt}::timestamptz AND decided_at <= ${bookedAt}::timestamptz
      ORDER BY 3 DESC, 2 DESC LIMIT ${periodsMax}) p
    JOIN read.rule_set s ON s.program_id = ${programId}::bigint AND s.hash = p.hash ORDER BY p.effective_at, p.decided_at`)
  const since = inForceSince(periods)
  return new Map(
    documents.flatMap(({ document }) => {
      if (!cutsPrices(document)) return []
      const fromMs = since.get(document.id)
      const inForce = fromMs === undefined || zone === null ? undefined : localTime(zone, fromMs).date
      return [[document.id, cutBegan(document, { inForce, today: input.at.date })] as const]
    }),
  )
}
