import type { Outcome } from '@premia/rules'
import type { Tx } from '../db/pool.ts'
import { unpackJson } from '../ledger/kept-text.ts'
import type { SaleContent } from '../ledger/sale-content.ts'
import { type CountedDocument, type CountedLine, type CountedPosting, countedLines, type Sheet } from './deltas.ts'

/** Some batches of one program (instants as ISO text), or all documents of one business day whose batches are counted already. */
export type Selection =
  | { readonly batches: readonly string[]; readonly bookedAt: readonly string[] }
  | { readonly date: string }

/** A page of a day is bounded; batches are bounded by whoever claims them. */
const PAGE = 1_000

interface SaleRow extends Omit<CountedDocument, 'lines'> {
  readonly outcome: Buffer
  readonly content: Buffer | null
}

/** Nothing where the content is redacted, or no more than totals were ever kept. */
const linesOf = ({ content, outcome }: SaleRow, mainPointType: string): readonly CountedLine[] => {
  const facts = content === null ? undefined : unpackJson<SaleContent>(content).input?.lines
  return facts === undefined ? [] : countedLines(facts, unpackJson<Outcome>(outcome), mainPointType)
}

const COLUMNS = `
  kind, business_date::text AS "businessDate", outlet_id AS outlet, staff_id AS staff,
  member_id AS member, gross_minor AS "grossMinor", reduction_minor AS "reductionMinor",
  reimbursed_minor AS "reimbursedMinor", payable_minor AS "payableMinor", points, outcome, content`

/** Whether the rollups know a document's batch: it leaves the outbox in the database transaction that adds its deltas. */
export const COUNTED = `EXISTS (SELECT FROM loyalty.batch b
  WHERE b.program_id = d.program_id AND b.booked_at = d.booked_at AND b.batch_id = d.batch_id AND b.relayed_at IS NOT NULL)`

/** Counts stored documents and their postings, page by page, and answers how many documents they are. */
export const countStored = async (
  tx: Tx,
  { programId, selection }: { readonly programId: number; readonly selection: Selection },
  sheet: Sheet,
): Promise<number> => {
  const [program] = await tx<{ main: string }[]>`
    SELECT document->>'mainPointType' AS main FROM loyalty.program_version
    WHERE program_id = ${programId} ORDER BY version DESC LIMIT 1`
  const sales = tx.unsafe<SaleRow[]>(
    `SELECT ${COLUMNS} FROM loyalty.sale d
     WHERE program_id = $1 AND ${
       'batches' in selection
         ? 'booked_at = ANY($2::timestamptz[]) AND batch_id = ANY($3::uuid[])'
         : `business_date = $2::date AND ${COUNTED}`
     }`,
    'batches' in selection
      ? [programId, selection.bookedAt as string[], selection.batches as string[]]
      : [programId, selection.date],
  )
  let documents = 0
  for await (const page of sales.cursor(PAGE)) {
    documents += page.length
    for (const row of page) sheet.document({ ...row, lines: linesOf(row, program?.main ?? '') })
  }
  for (const posting of await readPostings(tx, programId, selection)) sheet.posting(posting)
  return documents
}

/** Postings of the same documents, added up. A movement without a sale belongs to the program's local day of its booking. */
const readPostings = async (tx: Tx, programId: number, selection: Selection): Promise<readonly CountedPosting[]> => {
  const [zone] = await tx<{ zone: string }[]>`SELECT zone FROM directory.program WHERE program_id = ${programId}`
  const of = (document: string): string => `
    SELECT ${document} AS "businessDate", p.kind, a.holder_kind AS "holderKind",
      CASE WHEN a.holder_kind = 'staff' THEN a.holder_id END AS holder, p.point_type AS "pointType", sum(p.amount)::bigint AS amount`
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
