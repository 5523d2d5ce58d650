-- The console's own tables: who may log in, their sessions, and what the log of both must tell. Only the console's role
-- enters this schema. Locks: none, new tables.
CREATE TABLE console."user" (
  user_id uuid PRIMARY KEY,
  login text NOT NULL UNIQUE CHECK (login = lower(login) AND length(login) BETWEEN 3 AND 200),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('operator', 'organizer', 'analyst', 'outlet')),
  operator_id uuid NOT NULL,
  organizer_ids uuid[], -- null: all organizers of the operator
  outlet_id uuid,
  language text NOT NULL DEFAULT 'pl' CHECK (language IN ('pl', 'en', 'ro')),
  zone text NOT NULL DEFAULT 'Europe/Warsaw', -- of dates where the programs on screen do not share one
  demo boolean NOT NULL DEFAULT false,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL,
  CHECK ((role = 'outlet') = (outlet_id IS NOT NULL)),
  CHECK (role NOT IN ('organizer', 'analyst') OR cardinality(organizer_ids) > 0)
);

-- The cookie's token itself is never stored.
CREATE TABLE console.session (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  user_id uuid NOT NULL REFERENCES console."user" ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL, -- of the idle limit; written at most once a minute
  expires_at timestamptz NOT NULL -- of the absolute limit
);
CREATE INDEX session_by_user ON console.session (user_id);

-- Every attempt to log in and every log-out: the audit, and the counter of the rate limit.
CREATE TABLE console.login (
  login_id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  login text NOT NULL CHECK (length(login) <= 200),
  address text NOT NULL CHECK (length(address) <= 60),
  outcome text NOT NULL CHECK (outcome IN ('tried', 'refused', 'limited', 'in', 'out')),
  user_id uuid
);
CREATE INDEX login_login ON console.login (login, at);
CREATE INDEX login_address ON console.login (address, at);

-- What a person did in the console that the engine does not see: an export leaves a row with its filter.
CREATE TABLE console.audit (
  audit_id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  user_id uuid NOT NULL,
  section text NOT NULL,
  action text NOT NULL,
  changes jsonb NOT NULL
);
CREATE INDEX audit_at ON console.audit (at);

GRANT SELECT, INSERT, UPDATE, DELETE ON console."user", console.session, console.login TO premia_console;
GRANT SELECT, INSERT ON console.audit TO premia_console;

-- Row security shows no program before a scope is set, and a scope is made of programs: this one question is asked of
-- the owner. It answers ids alone; the console intersects them with what its user may see, then sets the scope.
CREATE FUNCTION console.programs_of(p_operator_id uuid, p_outlet_id uuid)
  RETURNS TABLE (program_id bigint, organizer_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$
    SELECT p.program_id, p.organizer_id FROM directory.program p
    WHERE p.operator_id = p_operator_id
      AND (p_outlet_id IS NULL
           OR EXISTS (SELECT FROM directory.program_outlet a WHERE a.program_id = p.program_id AND a.outlet_id = p_outlet_id))
    ORDER BY p.program_id
  $$;
REVOKE ALL ON FUNCTION console.programs_of(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console.programs_of(uuid, uuid) TO premia_console;
