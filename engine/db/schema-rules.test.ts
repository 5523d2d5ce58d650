import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { partitionedTables } from './partitions.ts'

/** Reads the catalogue and holds it against the rules of one program, one place: what keeps a sale on one shard. */
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database?.drop())

const ask = async (query: string): Promise<readonly string[]> => {
  const rows = await database.admin.unsafe<{ found: string }[]>(query)
  return rows.map(({ found }) => found)
}

/** Tables with a program in each row: the loyalty schema and the rollups. Partitions follow their parents. */
const OF_PROGRAM = `
  SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relrowsecurity AS secured
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('loyalty', 'read')`

describe('the schema', () => {
  it('has a program in every table of loyalty and read, and leads every key and index with it', async () => {
    const tables = await ask(`SELECT name AS found FROM (${OF_PROGRAM}) t`)
    expect(tables.length).toBeGreaterThan(25)
    expect(
      await ask(`
        SELECT t.name AS found FROM (${OF_PROGRAM}) t WHERE NOT EXISTS (
          SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'program_id' AND a.attnotnull)`),
    ).toEqual([])
    expect(
      await ask(`
        SELECT i.indexrelid::regclass::text AS found FROM (${OF_PROGRAM}) t JOIN pg_index i ON i.indrelid = t.oid
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
        WHERE a.attname IS DISTINCT FROM 'program_id'`),
    ).toEqual([])
    expect(
      await ask(`
        SELECT t.name AS found FROM (${OF_PROGRAM}) t
        WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'p')`),
    ).toEqual([])
  })

  it('has no trigger, no exclusion, nothing deferrable, and no foreign key where sales are booked', async () => {
    const ours = `n.nspname IN ('loyalty', 'read', 'directory', 'people')`
    expect(
      await ask(`
        SELECT t.tgname AS found FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${ours} AND NOT t.tgisinternal`),
    ).toEqual([])
    expect(
      await ask(`
        SELECT k.conname AS found FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
        WHERE ${ours} AND (k.contype IN ('x', 'f') OR k.condeferrable)`),
    ).toEqual([])
  })

  it('secures every row that names a program, by a policy for each role that may read it', async () => {
    const named = `
      SELECT c.oid, c.oid::regclass::text AS name, c.relrowsecurity AS secured FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'program_id'
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('loyalty', 'read', 'directory')`
    expect(await ask(`SELECT name AS found FROM (${named}) t WHERE NOT secured`)).toEqual([])
    expect(
      await ask(`
        SELECT t.name || ' for ' || r.rolname AS found FROM (${named}) t
        CROSS JOIN pg_roles r
        WHERE r.rolname IN ('premia_engine', 'premia_console') AND has_table_privilege(r.oid, t.oid, 'SELECT')
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND (r.oid = ANY(p.polroles) OR p.polroles = '{0}'))`),
    ).toEqual([])
    expect(
      await ask(`SELECT rolname AS found FROM pg_roles WHERE rolname LIKE 'premia%' AND (rolsuper OR rolbypassrls)`),
    ).toEqual([])
  })

  it('lets nobody reach a partition but through its parent', async () => {
    expect(
      await ask(`
        SELECT c.oid::regclass || ' by ' || r.rolname AS found FROM pg_class c CROSS JOIN pg_roles r
        WHERE c.relispartition AND c.relkind = 'r' AND r.rolname IN ('premia_engine', 'premia_console')
          AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')`),
    ).toEqual([])
  })

  it('lets the engine neither change nor delete what is booked', async () => {
    const may = (table: string, right: string): Promise<readonly string[]> =>
      ask(`
        SELECT '${table} ${right}' AS found WHERE has_table_privilege('premia_engine', '${table}', '${right}')
          OR ('${right}' = 'UPDATE' AND has_any_column_privilege('premia_engine', '${table}', '${right}'))`)
    for (const table of ['posting', 'lot_use', 'sale', 'transfer', 'voucher_use', 'audit', 'effect', 'finding']) {
      expect([...(await may(`loyalty.${table}`, 'UPDATE')), ...(await may(`loyalty.${table}`, 'DELETE'))]).toEqual([])
    }
    for (const table of ['account', 'account_slot', 'lot', 'batch', 'counter', 'member', 'card', 'voucher']) {
      expect(await may(`loyalty.${table}`, 'DELETE')).toEqual([])
    }
    expect([...(await may('directory.audit', 'UPDATE')), ...(await may('directory.audit', 'DELETE'))]).toEqual([])
    expect(
      await ask(`
        SELECT a.attname AS found FROM pg_attribute a WHERE a.attrelid = 'loyalty.batch'::regclass AND a.attnum > 0
          AND has_column_privilege('premia_engine', a.attrelid, a.attnum, 'UPDATE') ORDER BY 1`),
    ).toEqual(['chain_hash', 'chain_late', 'chain_n', 'relayed_at', 'sums'])
  })

  it('lets the console read and nothing else, outside of its own schema', async () => {
    expect(
      await ask(`
        SELECT c.oid::regclass::text AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname IN ('loyalty', 'read', 'directory', 'people')
          AND has_table_privilege('premia_console', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')`),
    ).toEqual([])
  })

  it('lets views of the console see with the console’s own eyes', async () => {
    expect(
      await ask(`
        SELECT c.relname AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'read' AND c.relkind = 'v' AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false)`),
    ).toEqual([])
  })

  it('keeps at most three secondary indexes on a table that every sale writes', async () => {
    expect(
      await ask(`
        SELECT i.indrelid::regclass || ' ' || count(*) AS found FROM pg_index i
        WHERE i.indrelid = ANY(ARRAY['${[...partitionedTables, 'loyalty.lot', 'loyalty.account', 'loyalty.member', 'loyalty.sale_key'].join("','")}']::regclass[])
          AND NOT i.indisprimary GROUP BY i.indrelid HAVING count(*) > 3`),
    ).toEqual([])
  })
})
