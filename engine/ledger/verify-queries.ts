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

export const counted = (from: string, wrong: string): string =>
  `SELECT count(*) AS checked, count(*) FILTER (WHERE ${wrong}) AS wrong FROM ${from}`

export const ledgerQueries: readonly VerifyQuery[] = [
  {
    name: 'accounts, cards and vouchers name members that are there',
    sql: counted(
      `(SELECT holder_id FROM loyalty.account WHERE program_id = $1 AND holder_kind = 'member'
          UNION ALL SELECT member_id FROM loyalty.card WHERE program_id = $1
          UNION ALL SELECT member_id FROM loyalty.voucher WHERE program_id = $1 AND member_id IS NOT NULL
          UNION ALL SELECT merged_into FROM loyalty.member WHERE program_id = $1 AND merged_into IS NOT NULL) n
         LEFT JOIN loyalty.member m ON m.program_id = $1 AND m.member_id = n.holder_id`,
      'm.member_id IS NULL',
    ),
  },
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
    name: 'members: what was ever earned = postings',
    sql: counted(
      `loyalty.account a LEFT JOIN (
           SELECT account_id, sum(amount) AS earned FROM loyalty.posting
           WHERE program_id = $1 AND kind IN ('earn', 'clawBack') GROUP BY account_id) p USING (account_id)
         WHERE a.program_id = $1 AND a.holder_kind = 'member'`,
      'a.earned_total <> coalesce(p.earned, 0)',
    ),
  },
  {
    // Points are held by nobody yet: the engine has no holds.
    name: 'members: no points are held',
    sql: counted(`loyalty.account WHERE program_id = $1 AND holder_kind = 'member'`, 'held <> 0'),
  },
  {
    name: 'members: visits and last sale = sales',
    sql: counted(
      `loyalty.member m LEFT JOIN (
           SELECT member_id, count(*) AS visits,
             max(coalesce(to_timestamp((told->>'atMs')::bigint / 1000.0), occurred_at)) AS last
           FROM loyalty.sale WHERE program_id = $1 AND kind = 'sale' AND member_id IS NOT NULL GROUP BY member_id) s
           USING (member_id)
         WHERE m.program_id = $1`,
      'm.visits <> coalesce(s.visits, 0) OR m.last_sale_at IS DISTINCT FROM s.last',
    ),
  },
  {
    name: 'members: tier = that of the present period',
    sql: counted(
      `loyalty.member m LEFT JOIN (
           SELECT member_id, count(*) AS periods, count(*) FILTER (WHERE until_at IS NULL) AS open,
             max(tier) FILTER (WHERE until_at IS NULL) AS tier
           FROM loyalty.member_period WHERE program_id = $1 GROUP BY member_id) p USING (member_id)
         WHERE m.program_id = $1`,
      'p.periods IS NOT NULL AND (p.open <> 1 OR m.tier IS DISTINCT FROM p.tier)',
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
    name: 'slots belong to an account that is no member’s',
    sql: counted(
      `loyalty.account_slot s LEFT JOIN loyalty.account a ON a.program_id = $1 AND a.account_id = s.account_id
         WHERE s.program_id = $1`,
      `a.account_id IS NULL OR a.holder_kind = 'member'`,
    ),
  },
  {
    name: 'lots: what is left = credited - used',
    sql: counted(
      `loyalty.lot l
         LEFT JOIN (SELECT lot_id, sum(amount) AS used FROM loyalty.lot_use WHERE program_id = $1 GROUP BY lot_id) u
           USING (lot_id)
         LEFT JOIN (SELECT lot_id, sum(amount) AS earned FROM loyalty.posting
           WHERE program_id = $1 AND lot_id IS NOT NULL AND kind IN ('earn', 'giveBack') GROUP BY lot_id) p USING (lot_id)
         WHERE l.program_id = $1`,
      'l.remaining <> l.amount - coalesce(u.used, 0) OR l.amount <> coalesce(p.earned, 0)',
    ),
  },
  {
    name: 'lots belong to the account and the document that were credited',
    sql: counted(
      `loyalty.posting p LEFT JOIN loyalty.lot l ON l.program_id = $1 AND l.lot_id = p.lot_id
         WHERE p.program_id = $1 AND p.lot_id IS NOT NULL`,
      `l.lot_id IS NULL OR l.account_id <> p.account_id OR l.point_type <> p.point_type
         OR l.origin_document_id <> p.document_id`,
    ),
  },
  {
    // What is used beyond the debits has settled a debt with points of the same document. What a return takes back may be
    // owed instead, and what it gives back is used the other way round; told outcomes say how much of each.
    name: 'uses of lots = debits of their document',
    sql: counted(
      `(SELECT booked_at, document_id, -sum(amount) FILTER (WHERE amount < 0) AS debited,
            -sum(amount) FILTER (WHERE kind = 'clawBack') AS clawed, sum(amount) FILTER (WHERE kind = 'giveBack') AS given,
            sum(amount) FILTER (WHERE kind = 'earn') AS credited
          FROM loyalty.posting WHERE program_id = $1 GROUP BY booked_at, document_id) p
         FULL JOIN (SELECT booked_at, document_id, sum(amount) AS used
          FROM loyalty.lot_use WHERE program_id = $1 GROUP BY booked_at, document_id) u USING (booked_at, document_id)`,
      `coalesce(u.used, 0) < coalesce(p.debited, 0) - coalesce(p.clawed, 0) - coalesce(p.given, 0)
         OR coalesce(u.used, 0) > coalesce(p.debited, 0) + coalesce(p.credited, 0)`,
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
    // Where time has passed since the last batch, rows may tell of what had not expired then.
    name: 'next expiry of an account is in its row',
    sql: counted(
      `loyalty.account a LEFT JOIN (
           SELECT DISTINCT ON (account_id) account_id, expires_at, sum(remaining) AS points FROM loyalty.lot
           WHERE program_id = $1 AND open AND NOT pending AND expires_at IS NOT NULL
           GROUP BY account_id, expires_at ORDER BY account_id, expires_at) l USING (account_id)
         WHERE a.program_id = $1 AND a.holder_kind = 'member'
           AND (l.expires_at IS NULL OR l.expires_at > (SELECT max(booked_at) FROM loyalty.batch WHERE program_id = $1))`,
      'a.next_expiry_at IS DISTINCT FROM l.expires_at OR coalesce(a.next_expiry_points, 0) <> coalesce(l.points, 0)',
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
         LEFT JOIN loyalty.transfer t ON t.program_id = $1 AND t.booked_at = p.booked_at AND t.transfer_id = p.document_id
         LEFT JOIN loyalty.account a ON a.program_id = $1 AND a.account_id = p.account_id
         WHERE p.program_id = $1`,
      '(s.document_id IS NULL AND t.transfer_id IS NULL) OR a.account_id IS NULL OR a.point_type <> p.point_type',
    ),
  },
  {
    name: 'movements without a sale have postings',
    sql: counted(
      `loyalty.transfer t WHERE t.program_id = $1`,
      `NOT EXISTS (SELECT FROM loyalty.posting p
         WHERE p.program_id = $1 AND p.booked_at = t.booked_at AND p.document_id = t.transfer_id)`,
    ),
  },
  {
    name: 'members are credited and debited by their own sales',
    sql: counted(
      `loyalty.posting p JOIN loyalty.account a ON a.program_id = $1 AND a.account_id = p.account_id AND a.holder_kind = 'member'
         JOIN loyalty.sale s ON s.program_id = $1 AND s.booked_at = p.booked_at AND s.document_id = p.document_id
         WHERE p.program_id = $1`,
      's.member_id IS DISTINCT FROM a.holder_id',
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
    // The check of signatures adds notices of its own later.
    name: 'every notice that a sale counts is there',
    sql: counted(
      `loyalty.sale s LEFT JOIN (
           SELECT document_id, count(*) AS found FROM loyalty.finding WHERE program_id = $1 GROUP BY document_id) f
           USING (document_id)
         WHERE s.program_id = $1`,
      's.notices > coalesce(f.found, 0)',
    ),
  },
  {
    name: 'uses of vouchers have a voucher and a sale',
    sql: counted(
      `loyalty.voucher_use u LEFT JOIN loyalty.voucher v ON v.program_id = $1 AND v.voucher_id = u.voucher_id
         LEFT JOIN loyalty.sale_key k ON k.program_id = $1 AND k.document_id = u.document_id
         LEFT JOIN loyalty.sale_return r ON r.program_id = $1 AND r.return_id = u.document_id
         LEFT JOIN loyalty.voucher_use o
           ON o.program_id = $1 AND o.voucher_id = u.voucher_id AND o.document_id = r.original_id
         WHERE u.program_id = $1`,
      `v.voucher_id IS NULL OR k.document_id IS NULL
         OR (r.return_id IS NOT NULL AND o.amount_minor + u.amount_minor IS DISTINCT FROM 0)`,
    ),
  },
  {
    // A return of the whole sale makes them usable again: a row that takes the use back.
    name: 'used vouchers have one use',
    sql: counted(
      `loyalty.voucher v LEFT JOIN (
           SELECT u.voucher_id, sum(CASE WHEN r.return_id IS NULL THEN 1 ELSE -1 END) AS uses
           FROM loyalty.voucher_use u
           LEFT JOIN loyalty.sale_return r ON r.program_id = $1 AND r.return_id = u.document_id
           WHERE u.program_id = $1 GROUP BY u.voucher_id) u
           USING (voucher_id)
         WHERE v.program_id = $1`,
      `(v.state = 'used') <> (coalesce(u.uses, 0) = 1)`,
    ),
  },
  {
    name: 'returns that are booked have their document, those that wait have none',
    sql: counted(
      `loyalty.sale_return r LEFT JOIN loyalty.sale_key k ON k.program_id = $1 AND k.document_id = r.return_id
         LEFT JOIN loyalty.sale s ON s.program_id = $1 AND s.booked_at = k.booked_at AND s.document_id = r.return_id
         LEFT JOIN loyalty.sale_key o ON o.program_id = $1 AND o.document_id = r.original_id
         WHERE r.program_id = $1`,
      `k.document_id IS NULL OR (r.waiting IS NOT NULL AND o.document_id IS NULL) OR (k.state = 'booked') <> (r.booked_at IS NOT NULL)
         OR r.booked_at IS DISTINCT FROM s.booked_at OR s.kind <> 'return'`,
    ),
  },
  {
    name: 'keys are awaited by a return that waits',
    sql: counted(
      `loyalty.sale_key k WHERE k.program_id = $1 AND k.state <> 'booked'`,
      `k.booked_at IS NOT NULL OR NOT EXISTS (SELECT FROM loyalty.sale_return r
         WHERE r.program_id = $1 AND r.waiting IS NOT NULL AND (r.return_id = k.document_id OR r.original_id = k.document_id))`,
    ),
  },
  ...['sale', 'posting', 'lot_use', 'batch'].map((table) => ({
    name: `nothing in the default partition of ${table}`,
    sql: `SELECT count(*) AS checked, count(*) AS wrong FROM loyalty.${table} WHERE program_id = $1 AND tableoid = 'loyalty.${table}_default'::regclass`,
  })),
]
