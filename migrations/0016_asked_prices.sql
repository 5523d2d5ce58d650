-- What products cost: the record that the lowest price of the 30 days before a price cut is read from (EU price indication).
-- A row says that a price was asked from one local day of the outlet to another: on both, and in between never longer than 30
-- days without a sale at it. The job that rolls up a batch writes it (engine/prices/record.ts), so the sale's own database
-- transaction pays nothing. Only until_date changes in place, so updates touch no index.
-- Batches that left the outbox before this migration are not in the record: rollup.rebuild takes a day in, and what proves the
-- record asks the job's row since when it is whole.
-- Locks: none, new objects.
CREATE TABLE loyalty.asked_price (
  program_id bigint NOT NULL, -- the one that steers prices at the outlet
  outlet_id uuid NOT NULL,
  product_id uuid NOT NULL,
  unit_price_minor bigint NOT NULL CHECK (unit_price_minor > 0),
  from_date date NOT NULL,
  until_date date NOT NULL CHECK (until_date >= from_date),
  PRIMARY KEY (program_id, outlet_id, product_id, unit_price_minor, from_date)
) WITH (fillfactor = 85);
ALTER TABLE loyalty.asked_price ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.asked_price
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
-- Spans that a late sale joins become one, and those too old to matter go.
GRANT SELECT, INSERT, UPDATE, DELETE ON loyalty.asked_price TO premia_engine;
GRANT SELECT ON loyalty.asked_price TO premia_console;

CREATE VIEW read.asked_price WITH (security_invoker = true) AS
  SELECT program_id, outlet_id, product_id, unit_price_minor, from_date, until_date FROM loyalty.asked_price;
GRANT SELECT ON read.asked_price TO premia_console;

INSERT INTO loyalty.job (program_id, job, note)
  SELECT program_id, 'prices', jsonb_build_object('since', transaction_timestamp()) FROM directory.program;
