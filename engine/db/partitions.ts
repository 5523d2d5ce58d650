import type { Sql, Tx } from './pool.ts'

/**
 * Monthly partitions by booking time. A partition is made beside its parent and attached, which lets sales go on; rows that
 * had to go to the default partition, because nobody had made the month in time, move along.
 */
export const partitionedTables = ['loyalty.sale', 'loyalty.posting', 'loyalty.lot_use', 'loyalty.batch'] as const
export type PartitionedTable = (typeof partitionedTables)[number]

const MONTHS_AHEAD = 3
/** Ten years: a simulated clock may go back that far, a wrong one must not make partitions without end. */
const MONTHS_MAX = 120
const LOCK_TIMEOUT_MS = 5_000

/** What is there for `nowMs`: its month and three more; or every month that [from, to] touches. Gives the names made. */
export async function ensurePartitions(
  sql: Sql,
  when: number | { readonly from: number; readonly to: number },
): Promise<string[]> {
  const first = monthOf(typeof when === 'number' ? when : when.from)
  const last = typeof when === 'number' ? first + MONTHS_AHEAD : monthOf(when.to)
  if (last < first || last - first >= MONTHS_MAX) throw new RangeError('partitions: at most 120 months, in order')
  const made: string[] = []
  for (let month = first; month <= last; month += 1) {
    for (const table of partitionedTables) {
      const name = partitionName(table, month)
      if (await sql.begin((tx) => ensurePartition(tx, { table, name, month }))) made.push(name)
    }
  }
  return made
}

/** Months since year 0, so that they can be counted. */
function monthOf(timeMs: number): number {
  const date = new Date(timeMs)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function partitionName(table: PartitionedTable, month: number): string {
  return `${table}_${Math.floor(month / 12)}_${String((month % 12) + 1).padStart(2, '0')}`
}

function firstInstant(month: number): string {
  return new Date(Date.UTC(Math.floor(month / 12), month % 12)).toISOString()
}

type Wanted = { readonly table: PartitionedTable; readonly name: string; readonly month: number }

async function ensurePartition(tx: Tx, { table, name, month }: Wanted): Promise<boolean> {
  if (await exists(tx, name)) return false
  const from = `'${firstInstant(month)}'`
  const until = `'${firstInstant(month + 1)}'`
  const spare = `${table}_default`
  // Two at once: the second finds the name taken and has nothing to do. Advisory locks are not for loyalty data only.
  await tx.unsafe(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`)
  await tx`SELECT pg_advisory_xact_lock(hashtext(${table}))`
  if (await exists(tx, name)) return false
  await tx.unsafe(`
    LOCK TABLE ${spare} IN SHARE ROW EXCLUSIVE MODE;
    CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION);
    WITH moved AS (DELETE FROM ${spare} WHERE booked_at >= ${from} AND booked_at < ${until} RETURNING *)
      INSERT INTO ${name} SELECT * FROM moved;
    ALTER TABLE ${name} ADD CONSTRAINT booked_in_month CHECK (booked_at >= ${from} AND booked_at < ${until});
    ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${until});
    ALTER TABLE ${name} DROP CONSTRAINT booked_in_month`)
  return true
}

/** By reading pg_class: to_regclass may answer from a cache that has not yet heard of another's commit. */
async function exists(tx: Tx, name: string): Promise<boolean> {
  const [schema = '', table = ''] = name.split('.')
  const found = await tx`
    SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${schema} AND c.relname = ${table}`
  return found.length > 0
}
