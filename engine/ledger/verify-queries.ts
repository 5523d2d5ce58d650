/**
 * What must be true of a program's rows, as queries that count what is checked and what is wrong. `$1` is the program.
 * Each runs in the snapshot of one database transaction, so a busy engine does not disturb the answer.
 */
export interface VerifyQuery {
  readonly name: string
  readonly sql: string
}

const POSTED = `SELECT account_id, sum(amount) AS posted FROM loyalty.posting WHERE program_id = $1 GROUP BY account_id`
const LOTS = `SELECT account_id, sum(remaining) FILTER (WHERE NOT pending) AS active,
    sum(remaining) FILTER (WHERE pending) AS waiting
  FROM loyalty.lot WHERE program_id = $1 GROUP BY account_id`
const SLOTS = `SELECT account_id, sum(balance) AS active, sum(pending) AS waiting
  FROM loyalty.account_slot WHERE program_id = $1 GROUP BY account_id`

const counted = (from: string, wrong: string): string =>
  `SELECT count(*) AS checked, count(*) FILTER (WHERE ${wrong}) AS wrong FROM ${from}`

export const verifyQueries: readonly VerifyQuery[] = [
  {
    name: 'members: account = postings',
    sql: counted(
      `loyalty.account a LEFT JOIN (${POSTED}) p USING (account_id) WHERE a.program_id = $1 AND a.holder_kind = 'member'`,
      'a.balance + a.pending - a.debt <> coalesce(p.posted, 0)',
    ),
  },
  {
    name: 'members: account = open lots',
    sql: counted(
      `loyalty.account a LEFT JOIN (${LOTS}) l USING (account_id) WHERE a.program_id = $1 AND a.holder_kind = 'member'`,
      'a.balance <> coalesce(l.active, 0) OR a.pending <> coalesce(l.waiting, 0)',
    ),
  },
  {
    name: 'others: slots = postings = open lots',
    sql: counted(
      `loyalty.account a LEFT JOIN (${SLOTS}) s USING (account_id) LEFT JOIN (${POSTED}) p USING (account_id)
         LEFT JOIN (${LOTS}) l USING (account_id) WHERE a.program_id = $1 AND a.holder_kind <> 'member'`,
      `coalesce(s.active, 0) + coalesce(s.waiting, 0) <> coalesce(p.posted, 0)
         OR coalesce(s.active, 0) <> coalesce(l.active, 0) OR coalesce(s.waiting, 0) <> coalesce(l.waiting, 0)`,
    ),
  },
  {
    name: 'lots: what is left = credited - used',
    sql: counted(
      `loyalty.lot l
         LEFT JOIN (SELECT lot_id, sum(amount) AS used FROM loyalty.lot_use WHERE program_id = $1 GROUP BY lot_id) u
           USING (lot_id)
         LEFT JOIN (SELECT lot_id, sum(amount) AS earned FROM loyalty.posting
           WHERE program_id = $1 AND lot_id IS NOT NULL AND kind = 'earn' GROUP BY lot_id) p USING (lot_id)
         WHERE l.program_id = $1`,
      'l.remaining <> l.amount - coalesce(u.used, 0) OR l.amount <> coalesce(p.earned, 0)',
    ),
  },
  {
    name: 'next change of an account is in its row',
    sql: counted(
      `loyalty.account a LEFT JOIN (
           SELECT account_id, min(CASE WHEN pending THEN active_from ELSE expires_at END) AS due
           FROM loyalty.lot WHERE program_id = $1 AND open GROUP BY account_id) l USING (account_id)
         WHERE a.program_id = $1 AND a.holder_kind = 'member'`,
      'a.due_at IS DISTINCT FROM l.due',
    ),
  },
  {
    name: 'every key has its document, once',
    sql: counted(
      `loyalty.sale_key k LEFT JOIN (
           SELECT document_id, count(*) AS times, min(booked_at) AS booked_at
           FROM loyalty.sale WHERE program_id = $1 GROUP BY document_id) s USING (document_id)
         WHERE k.program_id = $1 AND k.state = 'booked'`,
      's.times IS DISTINCT FROM 1 OR s.booked_at <> k.booked_at',
    ),
  },
  {
    name: 'every document has its key',
    sql: counted(
      `loyalty.sale s LEFT JOIN loyalty.sale_key k ON k.program_id = $1 AND k.document_id = s.document_id
         WHERE s.program_id = $1`,
      `k.state IS DISTINCT FROM 'booked'`,
    ),
  },
  {
    name: 'postings have a document and an account',
    sql: counted(
      `loyalty.posting p
         LEFT JOIN loyalty.sale s ON s.program_id = $1 AND s.booked_at = p.booked_at AND s.document_id = p.document_id
         LEFT JOIN loyalty.transfer t ON t.program_id = $1 AND t.transfer_id = p.document_id
         LEFT JOIN loyalty.account a ON a.program_id = $1 AND a.account_id = p.account_id
         WHERE p.program_id = $1`,
      '(s.document_id IS NULL AND t.transfer_id IS NULL) OR a.account_id IS NULL OR a.point_type <> p.point_type',
    ),
  },
  {
    name: 'sales name members that are there',
    sql: counted(
      `loyalty.sale s LEFT JOIN loyalty.member m ON m.program_id = $1 AND m.member_id = s.member_id
         WHERE s.program_id = $1 AND s.member_id IS NOT NULL`,
      'm.member_id IS NULL',
    ),
  },
  {
    name: 'documents belong to a batch of their instant',
    sql: counted(
      `(SELECT booked_at, batch_id FROM loyalty.sale WHERE program_id = $1
          UNION ALL SELECT booked_at, batch_id FROM loyalty.transfer WHERE program_id = $1) d
         LEFT JOIN loyalty.batch b ON b.program_id = $1 AND b.booked_at = d.booked_at AND b.batch_id = d.batch_id`,
      'b.batch_id IS NULL',
    ),
  },
  {
    name: 'notices belong to a document',
    sql: counted(
      `loyalty.finding f LEFT JOIN loyalty.sale_key k ON k.program_id = $1 AND k.document_id = f.document_id
         WHERE f.program_id = $1`,
      'k.document_id IS NULL',
    ),
  },
  {
    name: 'used vouchers have one use',
    sql: counted(
      `loyalty.voucher v LEFT JOIN (
           SELECT voucher_id, count(*) AS uses FROM loyalty.voucher_use WHERE program_id = $1 GROUP BY voucher_id) u
           USING (voucher_id)
         WHERE v.program_id = $1`,
      `(v.state = 'used') <> (coalesce(u.uses, 0) = 1)`,
    ),
  },
  ...['sale', 'posting', 'lot_use', 'batch'].map((table) => ({
    name: `nothing in the default partition of ${table}`,
    sql: `SELECT count(*) AS checked, count(*) AS wrong FROM loyalty.${table} WHERE program_id = $1 AND tableoid = 'loyalty.${table}_default'::regclass`,
  })),
]
