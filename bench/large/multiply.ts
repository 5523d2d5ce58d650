/** Makes millions of past sales out of the ones that were booked: copies with ids, tokens, members and weeks of their own. */
import { ensurePartitions } from '@premia/engine/db/partitions.ts'
import type { Sql } from '@premia/engine/db/pool.ts'

const WEEK_MS = 7 * 86_400_000
/** Copies made by one statement. */
const COPIES_A_STEP = 5
/** Two years of weeks. */
export const copiesMax = 104

/**
 * What of a table is another one in each copy; everything else stays as it is. A copy hangs together like its original:
 * an id becomes the same new id wherever it stands, of the same time.
 */
const tables: Readonly<Record<string, Readonly<Record<string, 'id' | 'token' | 'past'>>>> = {
  'loyalty.member': { member_id: 'id' },
  'loyalty.card': { card_id: 'id', member_id: 'id', number_token: 'token' },
  'loyalty.account': { account_id: 'id', holder_id: 'id' },
  'loyalty.account_slot': { account_id: 'id' },
  'loyalty.lot': { lot_id: 'id', account_id: 'id', origin_document_id: 'id', origin_lot_id: 'id' },
  'loyalty.lot_use': { booked_at: 'past', document_id: 'id', lot_id: 'id' },
  'loyalty.sale_key': { document_id: 'id', receipt_key: 'token', booked_at: 'past' },
  'loyalty.sale': { booked_at: 'past', occurred_at: 'past', received_at: 'past', document_id: 'id', member_id: 'id' },
  'loyalty.posting': {
    booked_at: 'past',
    document_id: 'id',
    account_id: 'id',
    contra_account_id: 'id',
    lot_id: 'id',
  },
  'read.sale_register': {
    booked_at: 'past',
    occurred_at: 'past',
    received_at: 'past',
    document_id: 'id',
    member_id: 'id',
  },
}

const originalOf = (table: string): string => `bench_original.${table.replace('.', '_')}`

const columnsOf = async (admin: Sql, table: string): Promise<readonly string[]> => {
  const [schema = '', name = ''] = table.split('.')
  const rows = await admin<{ name: string }[]>`
    SELECT column_name AS name FROM information_schema.columns
    WHERE table_schema = ${schema} AND table_name = ${name} AND is_generated = 'NEVER' ORDER BY ordinal_position`
  return rows.map((row) => row.name)
}

const prepare = async (admin: Sql): Promise<void> => {
  await admin.unsafe(`
    CREATE SCHEMA bench_original;
    CREATE FUNCTION bench_original.id(original uuid, copy int) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN encode(substring(uuid_send(original) FOR 6)
        || substring(decode(md5(uuid_send(original) || int4send(copy)), 'hex') FOR 10), 'hex')::uuid;
    CREATE FUNCTION bench_original.token(original bytea, copy int) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN overlay(original PLACING int4send(copy) FROM 1);
    CREATE FUNCTION bench_original.past(original timestamptz, copy int) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN original - copy * interval '168 hours'`)
  for (const table of Object.keys(tables)) {
    await admin.unsafe(`CREATE UNLOGGED TABLE ${originalOf(table)} AS SELECT * FROM ${table}
      WHERE program_id IN (SELECT program_id FROM loyalty.sale_key)`)
  }
}

/** Adds `copies` times what is there. A step is a transaction of its own, each a few hundred thousand sales at most. */
export const multiply = async (admin: Sql, copies: number, told: (done: number) => void): Promise<void> => {
  if (copies < 1 || copies > copiesMax) throw new RangeError(`1 to ${copiesMax} copies`)
  const nowMs = Date.now()
  await ensurePartitions(admin, { from: nowMs - (copies + 1) * WEEK_MS, to: nowMs })
  await prepare(admin)
  const columns = new Map<string, readonly string[]>()
  for (const table of Object.keys(tables)) columns.set(table, await columnsOf(admin, table))
  for (let first = 1; first <= copies; first += COPIES_A_STEP) {
    const last = Math.min(copies, first + COPIES_A_STEP - 1)
    await admin.begin(async (tx) => {
      await tx`SET LOCAL synchronous_commit = off`
      for (const [table, others] of Object.entries(tables)) {
        const names = columns.get(table) ?? []
        const values = names.map((name) =>
          name in others ? `bench_original.${others[name]}(o.${name}, k)` : `o.${name}`,
        )
        await tx.unsafe(`INSERT INTO ${table} (${names.join()})
          SELECT ${values.join()} FROM generate_series(${first}, ${last}) k, ${originalOf(table)} o`)
      }
    })
    told(last)
  }
  await admin.unsafe('DROP SCHEMA bench_original CASCADE')
  await admin.unsafe('VACUUM (ANALYZE)')
  await admin.unsafe('CHECKPOINT')
}
