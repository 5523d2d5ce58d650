import type { Outcome } from '@premia/rules'
import type { Tx } from '../db/pool.ts'
import { unpackJson } from '../ledger/kept-text.ts'
import type { SaleContent } from '../ledger/sale-content.ts'
import type { CountedDocument, CountedLine, CountedPosting } from './deltas.ts'

/** Some batches of one program (instants as ISO text), or all documents of one business day whose batches are counted already. */
export type Selection =
  | { readonly batches: readonly string[]; readonly bookedAt: readonly string[] }
  | { readonly date: string }

/** A page of a day is bounded; batches are bounded by whoever claims them. */
const PAGE = 1_000

interface SaleRow extends Omit<CountedDocument, 'lines'> {
  readonly bookedAt: Date
  readonly outcome: Buffer
  readonly content: Buffer | null
}

const linesOf = (row: SaleRow, mainPointType: string): readonly CountedLine[] => {
  const facts = row.content === null ? undefined : unpackJson<SaleContent>(row.content).input?.lines
  if (facts === undefined) return []
  const outcome = unpackJson<Outcome>(row.outcome)
  const bases = new Map(outcome.lines.map((base) => [base.number, base]))
  const points = new Map<number, number>()
  for (const { to, pointType, pointShares } of outcome.applied) {
    if (to !== 'customer' || pointType !== mainPointType) continue
    for (const share of pointShares ?? []) points.set(share.line, (points.get(share.line) ?? 0) + share.points)
  }
  return facts.map((line) => ({
    category: line.product?.categories[0] ?? '',
    quantityMilli: line.quantityMilli,
    grossMinor: line.grossMinor,
    paidMinor: bases.get(line.number)?.copaymentMinor ?? 0,
    points: points.get(line.number) ?? 0,
  }))
}

const COLUMNS = `
  document_id AS "documentId", kind, business_date::text AS "businessDate", outlet_id AS outlet, staff_id AS staff,
  member_id AS member, gross_minor AS "grossMinor", reduction_minor AS "reductionMinor",
  reimbursed_minor AS "reimbursedMinor", payable_minor AS "payableMinor", points, booked_at AS "bookedAt",
  outcome, content`

/** Whether the rollups know a batch: its effect row stands in the same database transaction as its deltas. */
export const COUNTED = `EXISTS (SELECT FROM loyalty.effect e
  WHERE e.program_id = d.program_id AND e.effect = 'rollup' AND e.source_id = d.batch_id)`

/** Sales and returns, page by page, so that a busy day needs no more memory than a quiet one. */
export async function* readDocuments(
  tx: Tx,
  programId: number,
  selection: Selection,
): AsyncGenerator<readonly CountedDocument[]> {
  const [program] = await tx<{ main: string }[]>`
    SELECT document->>'mainPointType' AS main FROM loyalty.program_version
    WHERE program_id = ${programId} ORDER BY version DESC LIMIT 1`
  const main = program?.main ?? ''
  const count = (rows: readonly SaleRow[]): readonly CountedDocument[] =>
    rows.map((row) => ({ ...row, lines: linesOf(row, main) }))
  if ('batches' in selection) {
    const rows = await tx.unsafe<SaleRow[]>(
      `SELECT ${COLUMNS} FROM loyalty.sale
       WHERE program_id = $1 AND booked_at = ANY($2::timestamptz[]) AND batch_id = ANY($3::uuid[])`,
      [programId, selection.bookedAt as string[], selection.batches as string[]],
    )
    yield count(rows)
    return
  }
  const sales = tx.unsafe<SaleRow[]>(
    `SELECT ${COLUMNS} FROM loyalty.sale d
     WHERE program_id = $1 AND business_date = $2::date AND ${COUNTED}`,
    [programId, selection.date],
  )
  for await (const page of sales.cursor(PAGE)) yield count(page)
}

/** Postings of the same documents. A movement without a sale belongs to the program's local day of its booking. */
export const readPostings = async (
  tx: Tx,
  programId: number,
  selection: Selection,
): Promise<readonly CountedPosting[]> => {
  const [zone] = await tx<{ zone: string }[]>`SELECT zone FROM directory.program WHERE program_id = ${programId}`
  const of = (document: string): string => `
    SELECT ${document} AS "businessDate", p.kind, a.holder_kind AS "holderKind", a.holder_id AS holder,
      p.point_type AS "pointType", sum(p.amount)::bigint AS amount`
  const joined = (table: string, id: string): string => `
    FROM ${table} d
    JOIN loyalty.posting p ON p.program_id = d.program_id AND p.booked_at = d.booked_at AND p.document_id = d.${id}
    JOIN loyalty.account a ON a.program_id = p.program_id AND a.account_id = p.account_id`
  const localDate = `(d.booked_at AT TIME ZONE $2)::date`
  const wanted =
    'batches' in selection
      ? () => 'd.booked_at = ANY($3::timestamptz[]) AND d.batch_id = ANY($4::uuid[])'
      : (date: string) => `${date} = $3::date AND ${COUNTED}`
  const parameters =
    'batches' in selection
      ? [programId, zone?.zone ?? 'UTC', selection.bookedAt as string[], selection.batches as string[]]
      : [programId, zone?.zone ?? 'UTC', selection.date]
  return tx.unsafe<CountedPosting[]>(
    `${of('d.business_date::text')} ${joined('loyalty.sale', 'document_id')}
     WHERE d.program_id = $1 AND $2::text IS NOT NULL AND ${wanted('d.business_date')}
     GROUP BY 1, 2, 3, 4, 5
     UNION ALL
     ${of(`${localDate}::text`)} ${joined('loyalty.transfer', 'transfer_id')}
     WHERE d.program_id = $1 AND ${wanted(localDate)}
     GROUP BY 1, 2, 3, 4, 5`,
    parameters,
  )
}
