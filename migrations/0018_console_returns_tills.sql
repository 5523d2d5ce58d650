-- What the console shows of returns and tills.
-- Figures of a return stand in the register with a minus, as in the rollups, so that lists, filters, files and sums agree;
-- returns that were filed before are turned here, and what counts from the register needs no sign of its own any more.
-- Locks: none that matter: a few rows of the register, two small indexes, new views.
UPDATE read.sale_register r SET gross_minor = -gross_minor, reduction_minor = -reduction_minor,
  reimbursed_minor = -reimbursed_minor, payable_minor = -payable_minor,
  spent = -(SELECT coalesce(sum(p.amount), 0) FROM loyalty.posting p WHERE p.program_id = r.program_id
    AND p.booked_at = r.booked_at AND p.document_id = r.document_id AND p.kind IN ('redeem', 'giveBack'))
  WHERE kind = 'return';

CREATE OR REPLACE VIEW read.daily_member WITH (security_invoker = true) AS
  SELECT program_id, business_date, member_id, count(*) FILTER (WHERE kind = 'sale') AS sales,
         sum(gross_minor)::bigint AS gross_minor, sum(payable_minor)::bigint AS payable_minor, sum(points)::bigint AS points
  FROM read.sale_register WHERE member_id IS NOT NULL GROUP BY program_id, business_date, member_id;

-- Which sale a return takes back; returns are few.
CREATE INDEX sale_return_return ON loyalty.sale_return (program_id, return_id);
-- Returns that came before their sale: nowhere else is anything of them.
CREATE VIEW read.waiting_return WITH (security_invoker = true) AS
  SELECT program_id, original_id, return_id, received_at, waiting FROM loyalty.sale_return WHERE waiting IS NOT NULL;
CREATE VIEW read.voucher_use WITH (security_invoker = true) AS
  SELECT u.program_id, u.voucher_id, u.document_id, u.amount_minor, u.used_at, v.kind, v.code_last
  FROM loyalty.voucher_use u JOIN loyalty.voucher v ON v.program_id = u.program_id AND v.voucher_id = u.voucher_id;

-- Tills, each at its outlet of today, as far as a program in scope ever had that outlet; the tables' own row security keeps
-- to the operator.
CREATE INDEX terminal_period_replaces ON directory.terminal_period (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE VIEW read.till WITH (security_invoker = true) AS
  SELECT t.terminal_id, t.operator_id, t.name, t.state, t.state_reason, t.software, t.queue_length, t.queue_parked,
         t.queue_oldest_at, t.last_contact_at, t.version, t.created_at, p.outlet_id, p.from_at, p.replaces_id,
         (SELECT h.terminal_id FROM directory.terminal_period h WHERE h.replaces_id = t.terminal_id
          ORDER BY h.from_at DESC, h.terminal_id LIMIT 1) AS replaced_by_id,
         CASE WHEN t.enrol_key_id IS NULL THEN t.enrol_until_at END AS code_until_at
  FROM directory.terminal t
  JOIN directory.terminal_period p ON p.terminal_id = t.terminal_id AND p.until_at IS NULL
  WHERE EXISTS (SELECT FROM directory.program_outlet a WHERE a.outlet_id = p.outlet_id);
CREATE VIEW read.till_period WITH (security_invoker = true) AS
  SELECT p.terminal_id, p.from_at, p.until_at, p.outlet_id, p.replaces_id
  FROM directory.terminal_period p JOIN directory.terminal t ON t.terminal_id = p.terminal_id;
CREATE VIEW read.till_key WITH (security_invoker = true) AS
  SELECT k.terminal_id, k.key_id, k.from_at, k.revoked_at, k.revoked_from_sequence
  FROM directory.terminal_key k JOIN directory.terminal t ON t.terminal_id = k.terminal_id;
CREATE VIEW read.till_document WITH (security_invoker = true) AS
  SELECT d.terminal_id, d.key_id, d.sequence, d.document_id, d.checked_at
  FROM directory.terminal_document d JOIN directory.terminal t ON t.terminal_id = d.terminal_id;
-- What people did to what the operator shares between programs.
CREATE VIEW read.operator_audit WITH (security_invoker = true) AS
  SELECT operator_id, audit_id, at, actor_id, actor_name, command, section, row_id, reason, changes FROM directory.audit;

GRANT SELECT ON read.waiting_return, read.voucher_use, read.till, read.till_period, read.till_key, read.till_document,
  read.operator_audit TO premia_console;
