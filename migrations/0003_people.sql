-- Personal data, once, by organizer; erasable. Loyalty rows hold random ids and keyed tokens only.
-- Locks: none, new tables.
CREATE TABLE people.person (
  organizer_id uuid NOT NULL,
  person_id uuid NOT NULL,
  given_name text CHECK (length(given_name) <= 100),
  family_name text CHECK (length(family_name) <= 100),
  phone text CHECK (length(phone) <= 20), -- E.164
  email text CHECK (length(email) <= 200),
  birth_date date,
  language text NOT NULL DEFAULT 'pl' CHECK (language IN ('pl', 'en', 'ro')),
  city text CHECK (length(city) <= 100),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organizer_id, person_id)
);
CREATE INDEX person_phone ON people.person (organizer_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX person_email ON people.person (organizer_id, email) WHERE email IS NOT NULL;

CREATE TABLE people.consent (
  organizer_id uuid NOT NULL,
  person_id uuid NOT NULL,
  consent_id uuid NOT NULL,
  kind text NOT NULL, -- 'program', 'marketing.email', 'marketing.sms', 'health'
  given boolean NOT NULL,
  at timestamptz NOT NULL,
  source text NOT NULL,
  PRIMARY KEY (organizer_id, person_id, consent_id)
);

CREATE TABLE people.staff (
  operator_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) <= 200),
  PRIMARY KEY (operator_id, staff_id)
);

GRANT SELECT, INSERT, UPDATE ON people.person, people.staff TO premia_engine;
GRANT SELECT, INSERT ON people.consent TO premia_engine; -- append-only
GRANT SELECT ON ALL TABLES IN SCHEMA people TO premia_console;

ALTER TABLE people.person ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.staff ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON people.person
  USING (organizer_id = ANY ((SELECT people.organizers_in_scope())::uuid[]));
CREATE POLICY in_scope ON people.consent
  USING (organizer_id = ANY ((SELECT people.organizers_in_scope())::uuid[]));
CREATE POLICY in_scope ON people.staff
  USING (operator_id = ANY ((SELECT directory.operators_in_scope())::uuid[]));
