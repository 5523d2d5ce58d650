import { counted, type VerifyQuery } from './verify-queries.ts'

/** What the console shows against what is booked: the register of sales and the rollups, of batches that left the outbox. */
const RELAYED = `JOIN loyalty.batch b ON b.program_id = $1 AND b.booked_at = d.booked_at AND b.batch_id = d.batch_id
  AND b.relayed_at IS NOT NULL`

const FIGURES = ['gross_minor', 'reduction_minor', 'reimbursed_minor', 'payable_minor', 'points'] as const
const SAID =
  'booked_at, received_at, business_date, outlet_id, terminal_id, staff_id, member_id, notices, kind, document_number'

/** Amounts of a return are booked as what was paid back and filed with a minus; its points have one already. */
const filed = (column: string): string =>
  column === 'points' ? 's.points' : `CASE s.kind WHEN 'return' THEN -s.${column} ELSE s.${column} END`
const SALES = `count(*) FILTER (WHERE kind = 'sale')`
const MEMBER_SALES = `count(*) FILTER (WHERE kind = 'sale' AND member_id IS NOT NULL)`
const differ = (columns: readonly string[]): string =>
  columns.map((column) => `coalesce(r.${column}, 0) <> coalesce(c.${column}, 0)`).join(' OR ')

/** Postings of counted documents by the day of their document; a movement without a sale has its program's local day. */
const POSTED = `
  SELECT d.business_date, p.kind, p.account_id, p.point_type, p.amount FROM loyalty.sale d ${RELAYED}
  JOIN loyalty.posting p ON p.program_id = $1 AND p.booked_at = d.booked_at AND p.document_id = d.document_id
  WHERE d.program_id = $1
  UNION ALL
  SELECT (d.booked_at AT TIME ZONE (SELECT zone FROM directory.program WHERE program_id = $1))::date, p.kind,
    p.account_id, p.point_type, p.amount
  FROM loyalty.transfer d ${RELAYED}
  JOIN loyalty.posting p ON p.program_id = $1 AND p.booked_at = d.booked_at AND p.document_id = d.transfer_id
  WHERE d.program_id = $1`

export const readQueries: readonly VerifyQuery[] = [
  {
    name: 'the register of sales = sales that left the outbox',
    sql: counted(
      `(SELECT d.* FROM loyalty.sale d ${RELAYED} WHERE d.program_id = $1) s
         FULL JOIN (SELECT * FROM read.sale_register WHERE program_id = $1) r USING (occurred_at, document_id)`,
      `s.program_id IS NULL OR r.program_id IS NULL
         OR ${SAID.split(', ')
           .map((column) => `s.${column} IS DISTINCT FROM r.${column}`)
           .join(' OR ')}
         OR ${FIGURES.map((column) => `${filed(column)} IS DISTINCT FROM r.${column}`).join(' OR ')}`,
    ),
  },
  {
    name: 'what the register says was spent = postings',
    sql: counted(
      `read.sale_register r LEFT JOIN (
           SELECT booked_at, document_id, -sum(amount) AS spent FROM loyalty.posting
           WHERE program_id = $1 AND kind IN ('redeem', 'giveBack') GROUP BY booked_at, document_id) p USING (booked_at, document_id)
         WHERE r.program_id = $1`,
      'r.spent <> coalesce(p.spent, 0)',
    ),
  },
  {
    name: 'days of outlets = the register',
    sql: counted(
      `(SELECT * FROM read.daily_outlet WHERE program_id = $1) r FULL JOIN (
           SELECT business_date, outlet_id, ${SALES} AS sales, ${MEMBER_SALES} AS member_sales,
             ${FIGURES.map((column) => `sum(${column}) AS ${column}`).join(', ')}
           FROM read.sale_register WHERE program_id = $1 GROUP BY business_date, outlet_id) c
           USING (business_date, outlet_id)`,
      differ(['sales', 'member_sales', ...FIGURES]),
    ),
  },
  {
    name: 'days of staff = the register and postings',
    sql: counted(
      `(SELECT * FROM read.daily_staff WHERE program_id = $1) r FULL JOIN (
           SELECT business_date, staff_id, sum(sales) AS sales, sum(member_sales) AS member_sales,
             sum(gross_minor) AS gross_minor, sum(payable_minor) AS payable_minor, sum(points) AS points
           FROM (
             SELECT business_date, staff_id, ${SALES} AS sales, ${MEMBER_SALES} AS member_sales,
               sum(gross_minor) AS gross_minor, sum(payable_minor) AS payable_minor, 0 AS points
             FROM read.sale_register WHERE program_id = $1 AND staff_id IS NOT NULL GROUP BY business_date, staff_id
             UNION ALL
             SELECT p.business_date, a.holder_id, 0, 0, 0, 0, sum(p.amount) FROM (${POSTED}) p
             JOIN loyalty.account a ON a.program_id = $1 AND a.account_id = p.account_id AND a.holder_kind = 'staff'
             GROUP BY p.business_date, a.holder_id) parts
           GROUP BY business_date, staff_id) c USING (business_date, staff_id)`,
      differ(['sales', 'member_sales', 'gross_minor', 'payable_minor', 'points']),
    ),
  },
  {
    name: 'days of points = postings',
    sql: counted(
      `(SELECT * FROM read.daily_points WHERE program_id = $1) r FULL JOIN (
           SELECT p.business_date, a.holder_kind, p.point_type, sum(p.amount) FILTER (WHERE p.kind = 'earn') AS earned,
             -sum(p.amount) FILTER (WHERE p.kind IN ('redeem', 'giveBack')) AS redeemed,
             -sum(p.amount) FILTER (WHERE p.kind = 'expire') AS expired,
             sum(p.amount) FILTER (WHERE p.kind = 'adjust') AS adjusted,
             -sum(p.amount) FILTER (WHERE p.kind = 'clawBack') AS clawed_back
           FROM (${POSTED}) p JOIN loyalty.account a ON a.program_id = $1 AND a.account_id = p.account_id
           GROUP BY p.business_date, a.holder_kind, p.point_type) c USING (business_date, holder_kind, point_type)`,
      differ(['earned', 'redeemed', 'expired', 'adjusted', 'clawed_back']),
    ),
  },
]
