-- What the engine last refused of a till's documents: with when it last came, this is what the console says of each till.
-- Written in bulk with the contacts, never with a sale. Locks: ACCESS EXCLUSIVE on directory.terminal for a moment.
ALTER TABLE directory.terminal ADD COLUMN refusal_code text CHECK (length(refusal_code) <= 60),
  ADD COLUMN refused_at timestamptz, ADD CHECK ((refusal_code IS NULL) = (refused_at IS NULL));

CREATE OR REPLACE VIEW read.till WITH (security_invoker = true) AS
  SELECT t.terminal_id, t.operator_id, t.name, t.state, t.state_reason, t.software, t.queue_length, t.queue_parked,
         t.queue_oldest_at, t.last_contact_at, t.version, t.created_at, p.outlet_id, p.from_at, p.replaces_id,
         (SELECT h.terminal_id FROM directory.terminal_period h WHERE h.replaces_id = t.terminal_id
          ORDER BY h.from_at DESC, h.terminal_id LIMIT 1) AS replaced_by_id,
         CASE WHEN t.enrol_key_id IS NULL THEN t.enrol_until_at END AS code_until_at, t.refusal_code, t.refused_at
  FROM directory.terminal t
  JOIN directory.terminal_period p ON p.terminal_id = t.terminal_id AND p.until_at IS NULL
  WHERE EXISTS (SELECT FROM directory.program_outlet a WHERE a.outlet_id = p.outlet_id);
