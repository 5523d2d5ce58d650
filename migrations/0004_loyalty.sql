-- The loyalty model: configuration, members, ledger, limits, vouchers, rewards, outbox. engine/README.md tells how a
-- sale passes through it. program_id leads every key and index, so that the same schema is distributed by it one day.
-- No foreign keys on hot tables (they cost more than half of the database time again); `npm run verify` proves references.
-- Locks: none, new tables.

-- Configuration: cold, written on publishing -------------------------------------------------------------------------
CREATE TABLE loyalty.program_version (
  program_id bigint NOT NULL,
  version integer NOT NULL,
  document jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, version)
);
CREATE TABLE loyalty.rule_version (
  program_id bigint NOT NULL,
  rule_id text NOT NULL CHECK (length(rule_id) <= 60),
  version integer NOT NULL,
  name text NOT NULL CHECK (length(name) <= 200),
  document jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, rule_id, version)
);
CREATE TABLE loyalty.rule_set (
  program_id bigint NOT NULL,
  hash text NOT NULL CHECK (length(hash) = 64),
  semantics integer NOT NULL,
  program_version integer NOT NULL,
  rules jsonb NOT NULL, -- [{ rule, version }]
  facts jsonb NOT NULL, -- category tree and outlet groups the rules were compiled with
  created_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, hash)
);
-- Which set was in force, in two times: from when it holds, and when that was decided.
CREATE TABLE loyalty.rule_set_period (
  program_id bigint NOT NULL,
  from_at timestamptz NOT NULL,
  decided_at timestamptz NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (program_id, from_at, decided_at)
);
CREATE TABLE loyalty.bundle (
  program_id bigint NOT NULL,
  bundle_id text NOT NULL CHECK (length(bundle_id) = 64), -- hash of the signed document
  terminal_id uuid NOT NULL,
  rule_set text NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz NOT NULL,
  PRIMARY KEY (program_id, bundle_id)
);

-- Members -------------------------------------------------------------------------------------------------------------
-- The member row is the lock of everything a member has. No index on a column that a sale changes.
CREATE TABLE loyalty.member (
  program_id bigint NOT NULL,
  member_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('person', 'company')),
  state text NOT NULL CHECK (state IN ('active', 'blocked', 'left', 'merged', 'erased')),
  tier text,
  person_id uuid,
  merged_into uuid, -- always the final member
  health_consent boolean NOT NULL DEFAULT false,
  segments text[] NOT NULL DEFAULT '{}',
  attributes jsonb NOT NULL DEFAULT '{}',
  visits integer NOT NULL DEFAULT 0,
  last_sale_at timestamptz,
  joined_at timestamptz NOT NULL,
  joined_outlet_id uuid,
  birth_day text CHECK (birth_day ~ '^[0-9]{2}-[0-9]{2}$'), -- month and day alone, so that a sale never reads people
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (program_id, member_id)
) WITH (fillfactor = 85);
CREATE INDEX member_person ON loyalty.member (program_id, person_id);
CREATE INDEX member_joined ON loyalty.member (program_id, joined_at, member_id);

CREATE TABLE loyalty.member_period (
  program_id bigint NOT NULL,
  member_id uuid NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz CHECK (until_at > from_at),
  tier text,
  attributes jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (program_id, member_id, from_at)
);

CREATE TABLE loyalty.card (
  program_id bigint NOT NULL,
  card_id uuid NOT NULL,
  number_token bytea NOT NULL CHECK (length(number_token) = 32), -- HMAC-SHA-256 of the number; stays as a tombstone
  number_last text NOT NULL CHECK (length(number_last) <= 4),
  kind text NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'blocked', 'lost', 'replaced', 'expired')),
  state_reason text CHECK (length(state_reason) <= 500),
  member_id uuid NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (program_id, card_id),
  UNIQUE (program_id, number_token)
);
CREATE INDEX card_member ON loyalty.card (program_id, member_id);

-- Ledger --------------------------------------------------------------------------------------------------------------
-- A member's balance = active part, pending = lots not yet spendable. due_at = the earliest instant at which a lot of the
-- account changes by time alone: until then the row is exact, from then on the lots say it.
CREATE TABLE loyalty.account (
  program_id bigint NOT NULL,
  account_id uuid NOT NULL,
  holder_kind text NOT NULL CHECK (holder_kind IN ('member', 'staff', 'owner', 'organizer')),
  holder_id uuid NOT NULL,
  point_type text NOT NULL,
  balance bigint NOT NULL DEFAULT 0 CHECK (balance >= 0),
  pending bigint NOT NULL DEFAULT 0 CHECK (pending >= 0),
  held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  debt bigint NOT NULL DEFAULT 0 CHECK (debt >= 0),
  earned_total bigint NOT NULL DEFAULT 0, -- for tiers
  due_at timestamptz,
  next_expiry_at timestamptz,
  next_expiry_points bigint,
  PRIMARY KEY (program_id, account_id),
  UNIQUE (program_id, holder_kind, holder_id, point_type)
) WITH (fillfactor = 85);

-- Parts of a house, staff or owner balance: the balance is their sum.
CREATE TABLE loyalty.account_slot (
  program_id bigint NOT NULL,
  account_id uuid NOT NULL,
  slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 31),
  balance bigint NOT NULL DEFAULT 0,
  pending bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (program_id, account_id, slot)
) WITH (fillfactor = 50);

-- The gate: narrow, kept for ever, one row a document and program.
CREATE TABLE loyalty.sale_key (
  program_id bigint NOT NULL,
  document_id uuid NOT NULL,
  receipt_key bytea NOT NULL CHECK (length(receipt_key) = 16), -- of outlet, fiscal device or terminal, business date, number, kind
  content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
  state text NOT NULL CHECK (state IN ('booked', 'awaited')),
  booked_at timestamptz,
  PRIMARY KEY (program_id, document_id),
  UNIQUE (program_id, receipt_key)
);

CREATE TABLE loyalty.sale (
  program_id bigint NOT NULL,
  booked_at timestamptz NOT NULL,
  document_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('sale', 'return')),
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  business_date date NOT NULL,
  outlet_id uuid NOT NULL,
  terminal_id uuid NOT NULL,
  staff_id uuid,
  member_id uuid,
  document_number text NOT NULL,
  gross_minor bigint NOT NULL,
  reduction_minor bigint NOT NULL,
  reimbursed_minor bigint NOT NULL,
  payable_minor bigint NOT NULL,
  points bigint NOT NULL, -- earned by the member in the main point type
  notices smallint NOT NULL,
  batch_id uuid NOT NULL,
  rule_set text NOT NULL,
  outcome_hash bytea NOT NULL,
  semantics integer NOT NULL,
  outcome jsonb NOT NULL, -- applied rules and amounts: readable for ever without the evaluator
  told jsonb NOT NULL, -- what else the till was answered: tier, uses, notices, difference
  content jsonb, -- redactable: lines, tenders, uses, card tokens and the evaluation input
  signed jsonb NOT NULL, -- digest list, signature, sequence, previous
  PRIMARY KEY (program_id, booked_at, document_id)
) PARTITION BY RANGE (booked_at);
-- No SET COMPRESSION lz4: the embedded PostgreSQL is built without it and would refuse the migration.
CREATE INDEX sale_occurred ON loyalty.sale (program_id, occurred_at, document_id);
CREATE INDEX sale_member ON loyalty.sale (program_id, member_id, occurred_at) WHERE member_id IS NOT NULL;
CREATE INDEX sale_outlet ON loyalty.sale (program_id, outlet_id, occurred_at);

-- A movement without a sale: adjust, expire, merge, order.
CREATE TABLE loyalty.transfer (
  program_id bigint NOT NULL,
  transfer_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('adjust', 'expire', 'merge', 'unmerge', 'order', 'enrol')),
  booked_at timestamptz NOT NULL,
  reason text NOT NULL CHECK (length(reason) <= 500),
  actor_id uuid,
  approver_id uuid,
  batch_id uuid NOT NULL, -- the outbox row that tells of it
  PRIMARY KEY (program_id, transfer_id)
);
CREATE INDEX transfer_booked ON loyalty.transfer (program_id, booked_at);

-- A posting is a pair: account and contra. It cannot fail to balance. amount > 0 is a credit of the account.
CREATE TABLE loyalty.posting (
  program_id bigint NOT NULL,
  booked_at timestamptz NOT NULL,
  document_id uuid NOT NULL, -- the sale's id, or the transfer's
  n smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('earn', 'redeem', 'expire', 'adjust', 'clawBack', 'giveBack', 'merge')),
  account_id uuid NOT NULL,
  contra text NOT NULL CHECK (contra IN ('issued', 'redeemed', 'expired', 'adjusted', 'clearing', 'account')),
  contra_account_id uuid,
  point_type text NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  lot_id uuid,
  PRIMARY KEY (program_id, booked_at, document_id, n)
) PARTITION BY RANGE (booked_at);
CREATE INDEX posting_account ON loyalty.posting (program_id, account_id, booked_at);

CREATE TABLE loyalty.lot (
  program_id bigint NOT NULL,
  lot_id uuid NOT NULL,
  account_id uuid NOT NULL,
  point_type text NOT NULL,
  origin_document_id uuid, -- null for the collecting lots of house, staff and owner accounts
  origin_lot_id uuid, -- where a merge brought it from
  earned_at timestamptz NOT NULL,
  active_from timestamptz NOT NULL,
  expires_at timestamptz, -- half-open: spendable before it
  pending boolean NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  remaining bigint NOT NULL CHECK (remaining BETWEEN 0 AND amount),
  -- Indexes ask for `open` instead of `remaining > 0`: a column in an index's predicate costs every update its HOT path.
  open boolean NOT NULL CHECK (open = (remaining > 0)),
  PRIMARY KEY (program_id, lot_id)
) WITH (fillfactor = 90);
CREATE INDEX lot_open ON loyalty.lot (program_id, account_id, expires_at) WHERE open;
CREATE INDEX lot_expiring ON loyalty.lot (program_id, expires_at) WHERE open AND expires_at IS NOT NULL;
CREATE INDEX lot_pending ON loyalty.lot (program_id, active_from) WHERE pending;

CREATE TABLE loyalty.lot_use (
  program_id bigint NOT NULL,
  booked_at timestamptz NOT NULL,
  document_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  PRIMARY KEY (program_id, booked_at, document_id, lot_id)
) PARTITION BY RANGE (booked_at);

-- Limits --------------------------------------------------------------------------------------------------------------
CREATE TABLE loyalty.counter (
  program_id bigint NOT NULL,
  limit_id text NOT NULL,
  subject_id text NOT NULL,
  period text NOT NULL,
  used bigint NOT NULL,
  PRIMARY KEY (program_id, subject_id, limit_id, period) -- all counters of one subject stand together
) WITH (fillfactor = 85);

-- Vouchers and rewards ------------------------------------------------------------------------------------------------
CREATE TABLE loyalty.voucher (
  program_id bigint NOT NULL,
  voucher_id uuid NOT NULL,
  code_token bytea NOT NULL CHECK (length(code_token) = 32),
  code_last text NOT NULL CHECK (length(code_last) <= 4),
  kind text NOT NULL,
  state text NOT NULL CHECK (state IN ('issued', 'held', 'used', 'expired', 'cancelled')),
  value_minor bigint NOT NULL CHECK (value_minor >= 0),
  member_id uuid,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz,
  PRIMARY KEY (program_id, voucher_id),
  UNIQUE (program_id, code_token)
);
CREATE INDEX voucher_member ON loyalty.voucher (program_id, member_id);
CREATE TABLE loyalty.voucher_use (
  program_id bigint NOT NULL,
  voucher_id uuid NOT NULL,
  document_id uuid NOT NULL,
  amount_minor bigint NOT NULL,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, voucher_id, document_id)
);
CREATE TABLE loyalty.reward (
  program_id bigint NOT NULL,
  reward_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) <= 200),
  kind text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, reward_id)
);
CREATE TABLE loyalty.reward_price (
  program_id bigint NOT NULL,
  reward_id uuid NOT NULL,
  point_type text NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz CHECK (until_at > from_at),
  points bigint NOT NULL CHECK (points > 0),
  PRIMARY KEY (program_id, reward_id, point_type, from_at)
);
CREATE TABLE loyalty.stock (
  program_id bigint NOT NULL,
  outlet_id uuid NOT NULL,
  reward_id uuid NOT NULL,
  on_hand integer NOT NULL CHECK (on_hand >= 0),
  reserved integer NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND on_hand),
  PRIMARY KEY (program_id, outlet_id, reward_id)
);

-- After commit --------------------------------------------------------------------------------------------------------
-- The outbox: one row a batch. The relay sets relayed_at, the chainer the chain columns, nobody anything else.
CREATE TABLE loyalty.batch (
  program_id bigint NOT NULL,
  booked_at timestamptz NOT NULL,
  batch_id uuid NOT NULL,
  documents integer NOT NULL,
  points bigint NOT NULL, -- sum of its credits minus debits over all accounts
  digest bytea NOT NULL, -- over documents and postings in order
  relayed_at timestamptz,
  chain_n bigint,
  chain_hash bytea,
  chain_late boolean NOT NULL DEFAULT false, -- linked behind a batch that was booked after it
  PRIMARY KEY (program_id, booked_at, batch_id)
) PARTITION BY RANGE (booked_at);
CREATE INDEX batch_waiting ON loyalty.batch (program_id, booked_at, batch_id) WHERE relayed_at IS NULL;
CREATE INDEX batch_unchained ON loyalty.batch (program_id, booked_at, batch_id) WHERE chain_n IS NULL;

CREATE TABLE loyalty.effect (
  program_id bigint NOT NULL,
  effect text NOT NULL,
  source_id uuid NOT NULL,
  done_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, effect, source_id)
);

-- One row a program and piece of work after commit: its lock, and what the next one must know (the head of the chain).
CREATE TABLE loyalty.job (
  program_id bigint NOT NULL,
  job text NOT NULL,
  note jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (program_id, job)
);

CREATE TABLE loyalty.finding (
  program_id bigint NOT NULL,
  finding_id uuid NOT NULL,
  document_id uuid NOT NULL,
  code text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('info', 'warn')),
  about jsonb,
  found_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, finding_id)
);
CREATE INDEX finding_document ON loyalty.finding (program_id, document_id);

-- What a person did to a row through the engine. audit_id is the command's id: a repeated command finds its row.
CREATE TABLE loyalty.audit (
  program_id bigint NOT NULL,
  audit_id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_id uuid NOT NULL,
  actor_name text NOT NULL CHECK (length(actor_name) <= 200),
  command text NOT NULL,
  section text NOT NULL,
  row_id uuid NOT NULL,
  reason text CHECK (length(reason) <= 500),
  changes jsonb NOT NULL, -- { field: [before, after] }
  input_hash bytea NOT NULL, -- the same id with another input is refused
  result jsonb NOT NULL, -- what a repeated command is answered
  PRIMARY KEY (program_id, audit_id)
);
CREATE INDEX audit_row ON loyalty.audit (program_id, section, row_id, at);

-- Partitions of the month are made ahead by engine/db/partitions.ts; a row in a default partition is an alarm.
CREATE TABLE loyalty.sale_default PARTITION OF loyalty.sale DEFAULT;
CREATE TABLE loyalty.posting_default PARTITION OF loyalty.posting DEFAULT;
CREATE TABLE loyalty.lot_use_default PARTITION OF loyalty.lot_use DEFAULT;
CREATE TABLE loyalty.batch_default PARTITION OF loyalty.batch DEFAULT;

-- Grants: the ledger's writer can neither change nor delete a posting, a sale or a lot's use.
GRANT SELECT, INSERT ON loyalty.program_version, loyalty.rule_version, loyalty.rule_set, loyalty.rule_set_period,
  loyalty.bundle, loyalty.sale, loyalty.transfer, loyalty.posting, loyalty.lot_use, loyalty.voucher_use,
  loyalty.effect, loyalty.finding, loyalty.audit, loyalty.batch TO premia_engine;
GRANT SELECT, INSERT, UPDATE ON loyalty.member, loyalty.member_period, loyalty.card, loyalty.account,
  loyalty.account_slot, loyalty.lot, loyalty.job, loyalty.counter, loyalty.voucher, loyalty.reward, loyalty.reward_price,
  loyalty.stock TO premia_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON loyalty.sale_key TO premia_engine; -- a refused item gives its gate row back
GRANT UPDATE (relayed_at, chain_n, chain_hash, chain_late) ON loyalty.batch TO premia_engine;
GRANT SELECT ON ALL TABLES IN SCHEMA loyalty TO premia_console;
-- Partitions are reached through their parents only.
REVOKE ALL ON loyalty.sale_default, loyalty.posting_default, loyalty.lot_use_default, loyalty.batch_default FROM premia_console;
