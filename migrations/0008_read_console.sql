-- What the console needs beside the views of 0006. Locks: none, new views.

-- Where a document was booked: a sale is opened by its id alone, and only the gate knows the partition.
CREATE VIEW read.sale_key WITH (security_invoker = true) AS
  SELECT program_id, document_id, state, booked_at FROM loyalty.sale_key;
-- Who works where today: a filter by staff offers those of the outlets in scope. The join to read.staff applies row security.
CREATE VIEW read.staff_outlet WITH (security_invoker = true) AS
  SELECT s.staff_id, s.outlet_id, s.role FROM directory.staff_period s
  JOIN directory.staff d ON d.staff_id = s.staff_id WHERE s.until_at IS NULL;
GRANT SELECT ON read.sale_key, read.staff_outlet TO premia_console;
