-- What the console needs beside the views of 0006. Locks: ACCESS EXCLUSIVE on read.sale for a moment, else new views.

-- Where a document was booked: a sale is opened by its id alone, and only the gate knows the partition.
CREATE VIEW read.sale_key WITH (security_invoker = true) AS
  SELECT program_id, document_id, state, booked_at FROM loyalty.sale_key;
-- What the till was told besides points: a sale's record shows it.
CREATE OR REPLACE VIEW read.sale WITH (security_invoker = true) AS
  SELECT program_id, booked_at, document_id, kind, occurred_at, received_at, business_date, outlet_id, terminal_id,
         staff_id, member_id, document_number, gross_minor, reduction_minor, reimbursed_minor, payable_minor, points,
         notices, rule_set, semantics, outcome, content, told FROM loyalty.sale;
-- Lots that still hold points; the flag is what the indexes ask for.
CREATE VIEW read.open_lot WITH (security_invoker = true) AS
  SELECT program_id, lot_id, account_id, point_type, origin_document_id, earned_at, active_from, expires_at, pending,
         amount, remaining FROM loyalty.lot WHERE open;
-- Who works where today: a filter by staff offers those of the outlets in scope. The join to staff applies row security.
CREATE VIEW read.staff_outlet WITH (security_invoker = true) AS
  SELECT s.staff_id, s.outlet_id, s.role FROM directory.staff_period s
  JOIN directory.staff d ON d.staff_id = s.staff_id WHERE s.until_at IS NULL;
GRANT SELECT ON read.sale_key, read.open_lot, read.staff_outlet TO premia_console;
