-- What the console may name: security_invoker views over base tables, and rollups filled after commit.
-- Locks: none, new objects.
CREATE VIEW read.program WITH (security_invoker = true) AS
  SELECT p.program_id, p.public_id, p.operator_id, p.organizer_id, o.name AS organizer_name, o.mark AS organizer_mark,
         o.colour AS organizer_colour, p.name, p.currency, p.zone, p.state, p.state_reason, p.starts_at, p.ends_at,
         p.version, p.created_at
  FROM directory.program p JOIN directory.organization o ON o.organization_id = p.organizer_id;
CREATE VIEW read.organization WITH (security_invoker = true) AS
  SELECT organization_id, operator_id, kind, name, mark, colour, country FROM directory.organization;
CREATE VIEW read.outlet WITH (security_invoker = true) AS
  SELECT o.outlet_id, o.operator_id, o.code, o.name, o.country, p.outlet_type, p.region, p.city, p.zone, p.owner_id
  FROM directory.outlet o
  LEFT JOIN directory.outlet_period p ON p.outlet_id = o.outlet_id AND p.until_at IS NULL;
CREATE VIEW read.program_outlet WITH (security_invoker = true) AS
  SELECT program_id, outlet_id, from_at, until_at, steers_prices, stores FROM directory.program_outlet;
CREATE VIEW read.terminal WITH (security_invoker = true) AS
  SELECT t.terminal_id, t.operator_id, t.name, t.state, t.state_reason, t.software, t.queue_length, t.queue_parked,
         t.queue_oldest_at, t.last_contact_at, t.version, p.outlet_id
  FROM directory.terminal t
  LEFT JOIN directory.terminal_period p ON p.terminal_id = t.terminal_id AND p.until_at IS NULL;
CREATE VIEW read.staff WITH (security_invoker = true) AS
  SELECT s.staff_id, s.operator_id, s.code, n.name
  FROM directory.staff s LEFT JOIN people.staff n ON n.operator_id = s.operator_id AND n.staff_id = s.staff_id;
CREATE VIEW read.product WITH (security_invoker = true) AS
  SELECT catalogue_id, product_id, name, category_id, producer, tags, marks, regime_class
  FROM directory.product WHERE until_at IS NULL;
CREATE VIEW read.category WITH (security_invoker = true) AS
  SELECT catalogue_id, category_id, parent_id, name FROM directory.category;
CREATE VIEW read.person WITH (security_invoker = true) AS
  SELECT organizer_id, person_id, given_name, family_name, phone, email, birth_date, language, city, version, created_at
  FROM people.person;
CREATE VIEW read.program_version WITH (security_invoker = true) AS
  SELECT program_id, version, document, published_at FROM loyalty.program_version;
CREATE VIEW read.rule_version WITH (security_invoker = true) AS
  SELECT program_id, rule_id, version, name, document, created_at FROM loyalty.rule_version;
CREATE VIEW read.rule_set WITH (security_invoker = true) AS
  SELECT program_id, hash, semantics, program_version, rules, created_at FROM loyalty.rule_set;
CREATE VIEW read.rule_set_period WITH (security_invoker = true) AS
  SELECT program_id, from_at, decided_at, hash FROM loyalty.rule_set_period;
CREATE VIEW read.member WITH (security_invoker = true) AS
  SELECT program_id, member_id, kind, state, tier, person_id, merged_into, segments, visits, last_sale_at, joined_at,
         joined_outlet_id, version FROM loyalty.member;
CREATE VIEW read.card WITH (security_invoker = true) AS
  SELECT program_id, card_id, number_token, number_last, kind, state, state_reason, member_id, issued_at, expires_at, version
  FROM loyalty.card;
CREATE VIEW read.account WITH (security_invoker = true) AS
  SELECT program_id, account_id, holder_kind, holder_id, point_type, balance, pending, held, debt, due_at,
         next_expiry_at, next_expiry_points FROM loyalty.account;
CREATE VIEW read.account_slot WITH (security_invoker = true) AS
  SELECT program_id, account_id, slot, balance, pending FROM loyalty.account_slot;
CREATE VIEW read.lot WITH (security_invoker = true) AS
  SELECT program_id, lot_id, account_id, point_type, origin_document_id, earned_at, active_from, expires_at, pending,
         amount, remaining FROM loyalty.lot;
CREATE VIEW read.sale WITH (security_invoker = true) AS
  SELECT program_id, booked_at, document_id, kind, occurred_at, received_at, business_date, outlet_id, terminal_id,
         staff_id, member_id, document_number, gross_minor, reduction_minor, reimbursed_minor, payable_minor, points,
         notices, rule_set, semantics, outcome, content FROM loyalty.sale;
CREATE VIEW read.posting WITH (security_invoker = true) AS
  SELECT program_id, booked_at, document_id, n, kind, account_id, contra, contra_account_id, point_type, amount, lot_id
  FROM loyalty.posting;
CREATE VIEW read.transfer WITH (security_invoker = true) AS
  SELECT program_id, transfer_id, kind, booked_at, reason, actor_id FROM loyalty.transfer;
CREATE VIEW read.finding WITH (security_invoker = true) AS
  SELECT program_id, finding_id, document_id, code, severity, about, found_at FROM loyalty.finding;
CREATE VIEW read.audit WITH (security_invoker = true) AS
  SELECT program_id, audit_id, at, actor_id, actor_name, command, section, row_id, reason, changes FROM loyalty.audit;
CREATE VIEW read.chain_head WITH (security_invoker = true) AS
  SELECT program_id, (note->>'n')::bigint AS n, note->>'hash' AS hash FROM loyalty.job WHERE job = 'chain';

-- Rollups: signed deltas to the business day of each document, guarded by one effect row a batch; rebuildable from sales.
CREATE TABLE read.daily_outlet (
  program_id bigint NOT NULL, business_date date NOT NULL, outlet_id uuid NOT NULL,
  sales bigint NOT NULL, member_sales bigint NOT NULL, gross_minor bigint NOT NULL, reduction_minor bigint NOT NULL,
  reimbursed_minor bigint NOT NULL, payable_minor bigint NOT NULL, points bigint NOT NULL,
  PRIMARY KEY (program_id, business_date, outlet_id));
CREATE TABLE read.daily_staff (
  program_id bigint NOT NULL, business_date date NOT NULL, staff_id uuid NOT NULL,
  sales bigint NOT NULL, member_sales bigint NOT NULL, gross_minor bigint NOT NULL, payable_minor bigint NOT NULL,
  points bigint NOT NULL, -- the staff member's own
  PRIMARY KEY (program_id, business_date, staff_id));
CREATE TABLE read.daily_member (
  program_id bigint NOT NULL, business_date date NOT NULL, member_id uuid NOT NULL,
  sales bigint NOT NULL, gross_minor bigint NOT NULL, payable_minor bigint NOT NULL, points bigint NOT NULL,
  PRIMARY KEY (program_id, business_date, member_id));
CREATE TABLE read.daily_category (
  program_id bigint NOT NULL, business_date date NOT NULL, category_id text NOT NULL, -- '' = unknown product
  lines bigint NOT NULL, quantity_milli bigint NOT NULL, gross_minor bigint NOT NULL, paid_minor bigint NOT NULL,
  points bigint NOT NULL,
  PRIMARY KEY (program_id, business_date, category_id));
CREATE TABLE read.daily_points (
  program_id bigint NOT NULL, business_date date NOT NULL, holder_kind text NOT NULL, point_type text NOT NULL,
  earned bigint NOT NULL, redeemed bigint NOT NULL, expired bigint NOT NULL, adjusted bigint NOT NULL, clawed_back bigint NOT NULL,
  PRIMARY KEY (program_id, business_date, holder_kind, point_type));

GRANT SELECT, INSERT, UPDATE, DELETE ON read.daily_outlet, read.daily_staff, read.daily_member, read.daily_category,
  read.daily_points TO premia_engine; -- DELETE: a rebuilt day starts empty
GRANT SELECT ON ALL TABLES IN SCHEMA read TO premia_console, premia_engine;
ALTER TABLE read.daily_outlet ENABLE ROW LEVEL SECURITY;
ALTER TABLE read.daily_staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE read.daily_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE read.daily_category ENABLE ROW LEVEL SECURITY;
ALTER TABLE read.daily_points ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON read.daily_outlet USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
CREATE POLICY in_scope ON read.daily_staff USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
CREATE POLICY in_scope ON read.daily_member USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
CREATE POLICY in_scope ON read.daily_category USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
CREATE POLICY in_scope ON read.daily_points USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
