-- A person's own views of a list: a filter and an order with a name. The filter is text as it stands in the address, because
-- it is compared with it; the console checks it before it is kept, and keeps none that looks for personal data.
-- Locks: none but a moment's SHARE ROW EXCLUSIVE on console."user", for the reference.
CREATE TABLE console.saved_view (
  view_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES console."user" ON DELETE CASCADE,
  section text NOT NULL CHECK (length(section) BETWEEN 1 AND 60),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  filter text NOT NULL CHECK (length(filter) <= 4000), -- empty: all rows
  sort text NOT NULL CHECK (length(sort) BETWEEN 1 AND 200),
  changed_at timestamptz NOT NULL,
  UNIQUE (user_id, section, name)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON console.saved_view TO premia_console;
