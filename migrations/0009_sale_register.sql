-- The register of sales as the console lists it: ids and figures of each booked document, without what makes loyalty.sale
-- wide (outcome, content, signatures). The job that rolls up a batch files its documents here, so that the sale's own
-- database transaction pays for none of these indexes; engine/rollups/file-sales.ts. A filter without an index of its own
-- reads the narrow rows of its period along the primary key: a million in 0.2 s (console/server/register.test.ts).
-- Locks: none, a new table; what is booked already is filed here, which takes about 15 s a million.
CREATE TABLE read.sale_register (
  program_id bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  booked_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  document_id uuid NOT NULL,
  outlet_id uuid NOT NULL,
  terminal_id uuid NOT NULL,
  staff_id uuid,
  member_id uuid,
  gross_minor bigint NOT NULL,
  reduction_minor bigint NOT NULL,
  reimbursed_minor bigint NOT NULL,
  payable_minor bigint NOT NULL,
  points bigint NOT NULL, -- earned by the member in the main point type
  spent bigint NOT NULL, -- redeemed with this document
  notices smallint NOT NULL,
  kind text NOT NULL,
  document_number text NOT NULL,
  PRIMARY KEY (program_id, occurred_at, document_id)
);

INSERT INTO read.sale_register (program_id, occurred_at, booked_at, received_at, document_id, outlet_id, terminal_id,
  staff_id, member_id, gross_minor, reduction_minor, reimbursed_minor, payable_minor, points, spent, notices, kind,
  document_number)
SELECT s.program_id, s.occurred_at, s.booked_at, s.received_at, s.document_id, s.outlet_id, s.terminal_id, s.staff_id,
  s.member_id, s.gross_minor, s.reduction_minor, s.reimbursed_minor, s.payable_minor, s.points,
  CASE WHEN s.told ? 'redeemed' THEN (SELECT coalesce(-sum(p.amount), 0)::bigint FROM loyalty.posting p
    WHERE p.program_id = s.program_id AND p.booked_at = s.booked_at AND p.document_id = s.document_id
      AND p.kind = 'redeem') ELSE 0 END,
  s.notices, s.kind, s.document_number
FROM loyalty.sale s ORDER BY s.booked_at;

CREATE INDEX sale_register_outlet ON read.sale_register (program_id, outlet_id, occurred_at, document_id);
CREATE INDEX sale_register_member ON read.sale_register (program_id, member_id, occurred_at, document_id)
  WHERE member_id IS NOT NULL;
CREATE INDEX sale_register_number ON read.sale_register (program_id, document_number);

ALTER TABLE read.sale_register ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON read.sale_register USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
GRANT SELECT, INSERT ON read.sale_register TO premia_engine;
GRANT SELECT ON read.sale_register TO premia_console;
