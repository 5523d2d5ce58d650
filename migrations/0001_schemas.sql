-- The schemas and who may enter them. Roles are made before the first migration (engine/db/migrate.ts):
--   premia_engine   writes directory, people, loyalty and the rollups in read; row security applies to it
--   premia_console  reads what read names, under row security; writes console and crm
-- Locks: none that matter, the schemas are new.
CREATE SCHEMA directory;
CREATE SCHEMA people;
CREATE SCHEMA loyalty;
CREATE SCHEMA read;
CREATE SCHEMA console;

GRANT USAGE ON SCHEMA directory, people, loyalty, read TO premia_engine, premia_console;
GRANT USAGE ON SCHEMA console TO premia_console;

-- The scope of a database transaction, read once a statement by every policy; nothing where it was not set.
-- Plain SQL and STABLE, so that the planner inlines them.
CREATE FUNCTION loyalty.programs_in_scope() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(nullif(current_setting('app.programs', true), ''), '{}')::bigint[] $$;
CREATE FUNCTION people.organizers_in_scope() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(nullif(current_setting('app.organizers', true), ''), '{}')::uuid[] $$;
CREATE FUNCTION directory.operators_in_scope() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(nullif(current_setting('app.operators', true), ''), '{}')::uuid[] $$;
