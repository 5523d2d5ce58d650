-- Returns. A return is a document of its own (loyalty.sale, kind 'return'); here stands which sale it takes back, because both
-- models need what came back before, and because a return may come before its sale: then it waits here as it was received,
-- without card numbers, and its key and that of its sale are 'awaited'.
-- Points that were spent on a sale go back to the lots they came from: a use of a lot may be negative now.
-- Older processes go on: they answer 'later' where they meet an awaited key, and refuse returns as before.
-- Locks: ACCESS EXCLUSIVE on loyalty.lot_use while its rows are read once for the new check (2 s a million rows).
ALTER TABLE loyalty.lot_use DROP CONSTRAINT lot_use_amount_check;
ALTER TABLE loyalty.lot_use ADD CONSTRAINT lot_use_amount_check CHECK (amount <> 0);

CREATE TABLE loyalty.sale_return (
  program_id bigint NOT NULL,
  original_id uuid NOT NULL, -- the sale that it takes back
  return_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  booked_at timestamptz, -- of the return: with it the row in loyalty.sale is found
  waiting bytea, -- kept text: what was received, while its sale has not come
  PRIMARY KEY (program_id, original_id, return_id),
  CHECK ((booked_at IS NULL) = (waiting IS NOT NULL))
);
CREATE INDEX sale_return_waiting ON loyalty.sale_return (program_id, received_at) WHERE waiting IS NOT NULL;
ALTER TABLE loyalty.sale_return ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.sale_return
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
GRANT SELECT, INSERT, UPDATE ON loyalty.sale_return TO premia_engine;
GRANT SELECT ON loyalty.sale_return TO premia_console;

CREATE VIEW read.sale_return WITH (security_invoker = true) AS
  SELECT program_id, original_id, return_id, received_at, booked_at FROM loyalty.sale_return;
GRANT SELECT ON read.sale_return TO premia_console;
