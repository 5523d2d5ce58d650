-- breaking: an engine, jobs process or console of an older version reads and writes these columns as jsonb.
-- What is large in a booked sale is packed by the engine (engine/ledger/kept-text.ts, signed.ts) instead of kept as jsonb,
-- whose parsing took half of the database's time of a sale and two thirds of its room. Rows that are there already become
-- plain kept texts (first byte 0), which every reader knows.
-- MAIN: a row of two kB stays in one piece, without a second table and without a second try to compress it.
-- Locks: ACCESS EXCLUSIVE on loyalty.sale while its partitions are written anew, some six minutes for a million sales.
DROP VIEW read.sale;

CREATE FUNCTION loyalty.packed_signature(signed jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT decode(lpad(to_hex((signed->>'c')::int), 2, '0') || lpad(to_hex(length(signed->>'k')), 2, '0'), 'hex')
    || convert_to(signed->>'k', 'UTF8') || int8send((signed->>'n')::bigint)
    || decode(translate(signed->>'p', '-_', '+/') || '=', 'base64')
    || decode(translate(signed->>'v', '-_', '+/') || '==', 'base64')
    || (SELECT string_agg(decode(translate(d, '-_', '+/') || '=', 'base64'), ''::bytea ORDER BY n)
        FROM jsonb_array_elements_text(signed->'d') WITH ORDINALITY AS digests (d, n)) $$;

ALTER TABLE loyalty.sale
  ALTER COLUMN outcome TYPE bytea USING '\x00'::bytea || convert_to(outcome::text, 'UTF8'),
  ALTER COLUMN content TYPE bytea USING '\x00'::bytea || convert_to(content::text, 'UTF8'),
  ALTER COLUMN signed TYPE bytea USING loyalty.packed_signature(signed);
ALTER TABLE loyalty.sale
  ALTER COLUMN outcome SET STORAGE MAIN,
  ALTER COLUMN content SET STORAGE MAIN,
  ALTER COLUMN signed SET STORAGE MAIN;
DROP FUNCTION loyalty.packed_signature;

CREATE VIEW read.sale WITH (security_invoker = true) AS
  SELECT program_id, booked_at, document_id, kind, occurred_at, received_at, business_date, outlet_id, terminal_id,
         staff_id, member_id, document_number, gross_minor, reduction_minor, reimbursed_minor, payable_minor, points,
         notices, rule_set, semantics, outcome, content, told FROM loyalty.sale;
GRANT SELECT ON read.sale TO premia_console;
