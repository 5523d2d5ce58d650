-- breaking: jobs of an older version write read.daily_member, which is a view from here on.
-- The outbox row of a batch carries what the batch adds to the rollups, so that the jobs need not read and unpack the sales
-- again. It is cleared when the rollups have it: the sums of a batch of one tell what was bought, and outlive no redaction.
-- read.daily_member had a row for nearly every sale, because a member buys once a day: the register of sales, which has an
-- index by member, tells the same.
-- Locks: ACCESS EXCLUSIVE on loyalty.batch, read.sale_register and read.daily_member; the register's business dates are
-- filled in, half a minute for a million sales.
ALTER TABLE loyalty.batch ADD COLUMN sums json;
GRANT UPDATE (sums) ON loyalty.batch TO premia_engine;

ALTER TABLE read.sale_register ADD COLUMN business_date date;
UPDATE read.sale_register r SET business_date = s.business_date FROM loyalty.sale s
WHERE s.program_id = r.program_id AND s.booked_at = r.booked_at AND s.document_id = r.document_id;
ALTER TABLE read.sale_register ALTER COLUMN business_date SET NOT NULL;

DROP TABLE read.daily_member;
CREATE VIEW read.daily_member WITH (security_invoker = true) AS
  SELECT program_id, business_date, member_id, count(*) FILTER (WHERE kind = 'sale') AS sales,
         sum(CASE kind WHEN 'return' THEN -gross_minor ELSE gross_minor END)::bigint AS gross_minor,
         sum(CASE kind WHEN 'return' THEN -payable_minor ELSE payable_minor END)::bigint AS payable_minor,
         sum(points)::bigint AS points
  FROM read.sale_register WHERE member_id IS NOT NULL GROUP BY program_id, business_date, member_id;
GRANT SELECT ON read.daily_member TO premia_console, premia_engine;

-- A place that is kept proves the document's predecessor from here on (engine/terminals/prove-documents.ts), so documents
-- that were not proven themselves, which were kept until now, have none.
DELETE FROM directory.terminal_document d USING loyalty.finding f
WHERE f.document_id = d.document_id AND f.code IN ('signature_bad', 'signature_key_unknown');
