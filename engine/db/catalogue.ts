import type { Sql } from './pool.ts'

/**
 * The whole schema as text, by ordered queries of the system catalogue whose wording is the same on PostgreSQL 15 and 18:
 * pg_get_* functions only where both print alike, and NOT NULL as a column's property (18 also lists it as a constraint).
 * Monthly partitions come and go, so only default partitions are shown.
 */
export async function describeSchema(sql: Sql): Promise<string> {
  const parts = await Promise.all([tables(sql), views(sql), functions(sql), schemaGrants(sql)])
  return `${parts.flat().join('\n\n')}\n`
}

const SHOWN = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'meta') AND n.nspname NOT LIKE 'pg\\_%'`
const NOT_MONTHLY = `NOT (c.relispartition AND c.relname ~ '_[0-9]{4}_[0-9]{2}$')`

async function tables(sql: Sql): Promise<string[]> {
  const found = await sql.unsafe<{ oid: number; name: string; about: string }[]>(`
    SELECT c.oid::int AS oid, n.nspname || '.' || c.relname AS name,
      concat_ws(' ',
        CASE WHEN c.relkind = 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(c.oid) END,
        CASE WHEN c.relispartition THEN 'PARTITION OF ' || i.inhparent::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid) END,
        CASE WHEN c.reloptions IS NOT NULL THEN 'WITH (' || array_to_string(c.reloptions, ', ') || ')' END,
        CASE WHEN c.relrowsecurity THEN 'ROW SECURITY' END,
        CASE WHEN c.relforcerowsecurity THEN 'FORCED' END) AS about
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
    WHERE c.relkind IN ('r', 'p') AND ${SHOWN} AND ${NOT_MONTHLY}
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`)
  const [columns, constraints, indexes, policies, grants] = await Promise.all([
    tableColumns(sql),
    tableConstraints(sql),
    tableIndexes(sql),
    tablePolicies(sql),
    relationGrants(sql),
  ])
  return found.map(({ oid, name, about }) => {
    const lines = [columns, constraints, indexes, policies, grants].flatMap((part) => part.get(oid) ?? [])
    return [`TABLE ${name}${about === '' ? '' : ` ${about}`}`, ...lines.map((line) => `  ${line}`)].join('\n')
  })
}

type Line = { readonly oid: number; readonly line: string }

async function byTable(sql: Sql, query: string): Promise<Map<number, string[]>> {
  const lines = new Map<number, string[]>()
  for (const row of await sql.unsafe<Line[]>(query)) lines.set(row.oid, [...(lines.get(row.oid) ?? []), row.line])
  return lines
}

const tableColumns = (sql: Sql) =>
  byTable(
    sql,
    `SELECT a.attrelid::int AS oid, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'NOT NULL' END,
        CASE WHEN a.attidentity <> '' THEN 'IDENTITY' END,
        CASE WHEN d.adbin IS NOT NULL THEN
          CASE a.attgenerated WHEN '' THEN 'DEFAULT ' ELSE 'GENERATED AS ' END || pg_get_expr(d.adbin, d.adrelid) END) AS line
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`,
  )

const tableConstraints = (sql: Sql) =>
  byTable(
    sql,
    `SELECT conrelid::int AS oid, 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) AS line
      FROM pg_constraint WHERE contype IN ('c', 'p', 'u', 'f', 'x') AND conrelid <> 0
      ORDER BY conrelid, contype, conname COLLATE "C"`,
  )

/** Indexes of constraints are shown as those. */
const tableIndexes = (sql: Sql) =>
  byTable(
    sql,
    `SELECT indrelid::int AS oid, pg_get_indexdef(indexrelid) AS line
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
      ORDER BY indrelid, c.relname COLLATE "C"`,
  )

const tablePolicies = (sql: Sql) =>
  byTable(
    sql,
    `SELECT polrelid::int AS oid, concat_ws(' ', 'POLICY', polname,
        CASE WHEN polpermissive THEN NULL ELSE 'RESTRICTIVE' END,
        'FOR', CASE polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' ELSE 'DELETE' END,
        'TO', CASE WHEN polroles = '{0}' THEN 'PUBLIC' ELSE
          (SELECT string_agg(rolname, ', ' ORDER BY rolname COLLATE "C") FROM pg_roles WHERE oid = ANY (polroles)) END,
        'USING ' || regexp_replace(pg_get_expr(polqual, polrelid), '\\s+', ' ', 'g'),
        'CHECK ' || regexp_replace(pg_get_expr(polwithcheck, polrelid), '\\s+', ' ', 'g')) AS line
      FROM pg_policy ORDER BY polrelid, polname COLLATE "C"`,
  )

/**
 * Rights of our roles except the owner, whose rights come with owning. 17 added MAINTAIN, which only owners get by default.
 */
const relationGrants = (sql: Sql) =>
  byTable(
    sql,
    `SELECT oid, 'GRANT ' || string_agg(privilege, ', ' ORDER BY privilege COLLATE "C") || ' TO ' || grantee AS line
      FROM (
        SELECT c.oid::int AS oid, x.privilege_type AS privilege, pg_get_userbyid(x.grantee) AS grantee
        FROM pg_class c, aclexplode(c.relacl) x WHERE x.grantee <> c.relowner
        UNION ALL
        SELECT a.attrelid::int, x.privilege_type || ' (' || a.attname || ')', pg_get_userbyid(x.grantee)
        FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attacl IS NOT NULL
      ) grants GROUP BY oid, grantee ORDER BY oid, grantee COLLATE "C"`,
  )

async function views(sql: Sql): Promise<string[]> {
  const grants = await relationGrants(sql)
  const rows = await sql.unsafe<{ oid: number; name: string; about: string; columns: string[]; query: string }[]>(`
    SELECT c.oid::int AS oid, n.nspname || '.' || c.relname AS name,
      coalesce('WITH (' || array_to_string(c.reloptions, ', ') || ')', 'OWNER RIGHTS') AS about,
      ARRAY(SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum) AS columns,
      regexp_replace(pg_get_viewdef(c.oid), '\\s+', ' ', 'g') AS query
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND ${SHOWN} ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`)
  return rows.map((row) => {
    const lines = [...row.columns, `AS${unqualify(row.query)}`, ...(grants.get(row.oid) ?? [])]
    return [`VIEW ${row.name} ${row.about}`, ...lines.map((line) => `  ${line}`)].join('\n')
  })
}

/** 16 and newer leave a column's table out where only one table is read; so do we on 15. */
function unqualify(query: string): string {
  const only = / FROM \w+\.(\w+)(?: (?!WHERE|GROUP|ORDER|LIMIT)(\w+))?(?= WHERE| GROUP| ORDER| LIMIT|;|$)/.exec(query)
  const name = only?.[2] ?? only?.[1]
  return name === undefined ? query : query.replaceAll(new RegExp(`(?<![.\\w])${name}\\.(?=\\w)`, 'g'), '')
}

async function functions(sql: Sql): Promise<string[]> {
  const rows = await sql.unsafe<{ text: string }[]>(`
    SELECT pg_get_functiondef(p.oid) AS text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p') AND ${SHOWN}
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY n.nspname COLLATE "C", p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C"`)
  return rows.map((row) => row.text.trim())
}

async function schemaGrants(sql: Sql): Promise<string[]> {
  const rows = await sql.unsafe<{ line: string }[]>(`
    SELECT 'SCHEMA ' || nspname || ' ' || privileges || ' TO ' || grantee AS line
    FROM (
      SELECT n.nspname, pg_get_userbyid(x.grantee) AS grantee,
        string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type COLLATE "C") AS privileges
      FROM pg_namespace n, aclexplode(n.nspacl) x
      WHERE ${SHOWN} AND x.grantee <> n.nspowner AND x.grantee <> 0 GROUP BY 1, 2
    ) grants ORDER BY nspname COLLATE "C", grantee COLLATE "C"`)
  return [rows.map((row) => row.line).join('\n')]
}
