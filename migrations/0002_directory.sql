-- Who and where: cold, small, cached by config_version in every engine process (reference tables when distributed).
-- All that changes over time is a row with [from_at, until_at); until_at is null while it lasts.
-- Locks: none, new tables.
CREATE TABLE directory.organization (
  organization_id uuid PRIMARY KEY,
  operator_id uuid NOT NULL, -- itself for an operator; an organizer that runs itself is its own operator
  kind text NOT NULL CHECK (kind IN ('operator', 'organizer', 'owner', 'payer')),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  mark text CHECK (length(mark) <= 4), -- the short mark of the operator's lists
  colour text CHECK (length(colour) <= 40), -- of the scope band
  country text NOT NULL CHECK (length(country) = 2),
  tax_id text CHECK (length(tax_id) <= 20),
  created_at timestamptz NOT NULL
);
CREATE INDEX organization_operator ON directory.organization (operator_id, kind);

CREATE TABLE directory.program (
  program_id bigint PRIMARY KEY,
  public_id uuid NOT NULL UNIQUE,
  operator_id uuid NOT NULL,
  organizer_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  zone text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'active', 'suspended', 'closed')),
  state_reason text CHECK (length(state_reason) <= 500),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  config_version bigint NOT NULL DEFAULT 1, -- raised by every change that a judgement depends on
  version integer NOT NULL DEFAULT 1, -- of the row, for concurrent edits
  created_at timestamptz NOT NULL
);

CREATE TABLE directory.outlet (
  outlet_id uuid PRIMARY KEY,
  operator_id uuid NOT NULL,
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  country text NOT NULL CHECK (length(country) = 2),
  created_at timestamptz NOT NULL,
  UNIQUE (operator_id, code)
);

CREATE TABLE directory.outlet_period (
  outlet_id uuid NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz CHECK (until_at > from_at),
  owner_id uuid NOT NULL, -- the outlet owner's organization
  outlet_type text NOT NULL, -- 'pharmacy', 'shop'… decides the legal regime
  zone text NOT NULL,
  region text,
  city text,
  groups text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (outlet_id, from_at)
);

CREATE TABLE directory.program_outlet (
  program_id bigint NOT NULL,
  outlet_id uuid NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz CHECK (until_at > from_at),
  steers_prices boolean NOT NULL DEFAULT false,
  stores text NOT NULL DEFAULT 'all' CHECK (stores IN ('all', 'totals', 'nothing')), -- of sales without a member of this program
  PRIMARY KEY (program_id, outlet_id, from_at)
);
CREATE INDEX program_outlet_outlet ON directory.program_outlet (outlet_id);

CREATE TABLE directory.terminal (
  terminal_id uuid PRIMARY KEY,
  operator_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  state text NOT NULL CHECK (state IN ('new', 'active', 'quarantined', 'revoked')),
  state_reason text CHECK (length(state_reason) <= 500),
  enrol_code_hash bytea, -- sha-256
  enrol_key_id text, -- the key that used the code: it may repeat it when the answer was lost, no other key can
  enrol_until_at timestamptz,
  software text CHECK (length(software) <= 100),
  queue_length integer, -- what the terminal said at its last hello
  queue_parked integer,
  queue_oldest_at timestamptz,
  last_contact_at timestamptz,
  version integer NOT NULL DEFAULT 1, -- of the row, for concurrent edits
  created_at timestamptz NOT NULL
);
CREATE INDEX terminal_operator ON directory.terminal (operator_id);
CREATE UNIQUE INDEX terminal_enrol_code ON directory.terminal (enrol_code_hash) WHERE enrol_code_hash IS NOT NULL;

CREATE TABLE directory.terminal_period (
  terminal_id uuid NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz CHECK (until_at > from_at),
  outlet_id uuid NOT NULL,
  replaces_id uuid,
  PRIMARY KEY (terminal_id, from_at)
);
CREATE INDEX terminal_period_outlet ON directory.terminal_period (outlet_id);

CREATE TABLE directory.terminal_key (
  terminal_id uuid NOT NULL,
  key_id text NOT NULL CHECK (length(key_id) <= 64),
  public_key bytea NOT NULL,
  from_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_from_sequence bigint, -- documents from this sequence on are refused
  PRIMARY KEY (terminal_id, key_id)
);

-- What each key signed, filled off the sale's path: a second hash at one sequence is a fork, a missing one a gap.
CREATE TABLE directory.terminal_document (
  terminal_id uuid NOT NULL,
  key_id text NOT NULL,
  sequence bigint NOT NULL,
  document_id uuid NOT NULL,
  document_hash bytea NOT NULL,
  previous_hash bytea NOT NULL,
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (terminal_id, key_id, sequence, document_hash)
);

CREATE TABLE directory.staff (
  staff_id uuid PRIMARY KEY,
  operator_id uuid NOT NULL,
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 40), -- what the till sends as staff.code
  UNIQUE (operator_id, code)
);
CREATE TABLE directory.staff_period (
  staff_id uuid NOT NULL,
  outlet_id uuid NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz CHECK (until_at > from_at),
  role text NOT NULL DEFAULT 'staff' CHECK (role IN ('staff', 'manager')),
  PRIMARY KEY (staff_id, outlet_id, from_at)
);
CREATE INDEX staff_period_outlet ON directory.staff_period (outlet_id);

-- The catalogue of an operator: catalogue_id = operator_id.
CREATE TABLE directory.category (
  catalogue_id uuid NOT NULL,
  category_id text NOT NULL CHECK (length(category_id) <= 40),
  parent_id text,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  PRIMARY KEY (catalogue_id, category_id)
);
CREATE TABLE directory.product (
  catalogue_id uuid NOT NULL,
  product_id uuid NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz CHECK (until_at > from_at),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
  category_id text NOT NULL,
  producer text,
  tags text[] NOT NULL DEFAULT '{}',
  marks text[] NOT NULL DEFAULT '{}', -- rx, regulatedPrice, noDiscount, noPoints, ageLimited
  regime_class text NOT NULL DEFAULT 'free', -- 'free', 'medicine', 'rx', 'reimbursed'… what the legal regime asks for
  floor_minor bigint,
  PRIMARY KEY (catalogue_id, product_id, from_at)
);
CREATE TABLE directory.product_code (
  catalogue_id uuid NOT NULL,
  scope text NOT NULL, -- 'gtin', 'BLOZ', 'CIM', 'own', or an outlet's id for its own codes
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
  product_id uuid NOT NULL,
  PRIMARY KEY (catalogue_id, scope, code)
);
CREATE INDEX product_code_product ON directory.product_code (catalogue_id, product_id);

-- The law is data: what a class of product may do at a kind of outlet, below the rules.
CREATE TABLE directory.legal_regime (
  country text NOT NULL CHECK (length(country) = 2),
  outlet_type text NOT NULL,
  regime_class text NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz CHECK (until_at > from_at),
  may_earn boolean NOT NULL,
  may_discount boolean NOT NULL,
  may_count boolean NOT NULL,
  source text NOT NULL, -- the act and article, for the person who asks
  PRIMARY KEY (country, outlet_type, regime_class, from_at)
);

-- What a person did to the operator's own rows; commands on one program's rows stand in loyalty.audit.
CREATE TABLE directory.audit (
  operator_id uuid NOT NULL,
  audit_id uuid NOT NULL, -- the command's id: a repeated command finds its row
  at timestamptz NOT NULL,
  actor_id uuid NOT NULL,
  actor_name text NOT NULL CHECK (length(actor_name) <= 200),
  command text NOT NULL,
  section text NOT NULL,
  row_id uuid NOT NULL,
  reason text CHECK (length(reason) <= 500),
  changes jsonb NOT NULL, -- { field: [before, after] }
  input_hash bytea NOT NULL,
  result jsonb NOT NULL,
  PRIMARY KEY (operator_id, audit_id)
);
CREATE INDEX audit_row ON directory.audit (operator_id, section, row_id, at);

-- Raised by every command that changes a part of what an operator has: engine processes look here to know that what they
-- keep in memory is old.
CREATE TABLE directory.change (
  operator_id uuid NOT NULL,
  part text NOT NULL CHECK (part IN ('programs', 'outlets', 'terminals', 'staff', 'catalogue', 'law')),
  version bigint NOT NULL,
  PRIMARY KEY (operator_id, part)
);

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA directory TO premia_engine;
REVOKE UPDATE ON directory.audit FROM premia_engine;
GRANT SELECT ON ALL TABLES IN SCHEMA directory TO premia_console;

ALTER TABLE directory.program ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory.program_outlet ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine_all ON directory.program TO premia_engine USING (true) WITH CHECK (true);
CREATE POLICY engine_all ON directory.program_outlet TO premia_engine USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON directory.program FOR SELECT TO premia_console
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
CREATE POLICY in_scope ON directory.program_outlet FOR SELECT TO premia_console
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));

ALTER TABLE directory.audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine_all ON directory.audit TO premia_engine USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON directory.audit FOR SELECT TO premia_console
  USING (operator_id = ANY ((SELECT directory.operators_in_scope())::uuid[]));
ALTER TABLE directory.outlet ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory.terminal ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory.staff ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine_all ON directory.outlet TO premia_engine USING (true) WITH CHECK (true);
CREATE POLICY engine_all ON directory.terminal TO premia_engine USING (true) WITH CHECK (true);
CREATE POLICY engine_all ON directory.staff TO premia_engine USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON directory.outlet FOR SELECT TO premia_console
  USING (operator_id = ANY ((SELECT directory.operators_in_scope())::uuid[]));
CREATE POLICY in_scope ON directory.terminal FOR SELECT TO premia_console
  USING (operator_id = ANY ((SELECT directory.operators_in_scope())::uuid[]));
CREATE POLICY in_scope ON directory.staff FOR SELECT TO premia_console
  USING (operator_id = ANY ((SELECT directory.operators_in_scope())::uuid[]));
