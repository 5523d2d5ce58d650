-- Where a document was booked: the console opens a sale by its id alone, and only the gate knows the partition.
-- Locks: none, new views.
CREATE VIEW read.sale_key WITH (security_invoker = true) AS
  SELECT program_id, document_id, state, booked_at FROM loyalty.sale_key;
GRANT SELECT ON read.sale_key TO premia_console;
