import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Sql, Tx } from './pool.ts'
import { StartError } from './start-error.ts'

/**
 * Plain SQL files, numbered without gaps, forward only. Each runs in one database transaction together with the row that
 * records it, under an advisory lock (this is not loyalty data), so any number of installs at once end with one outcome.
 * A file checks/<name>.sql beside it is run after it, inside the same transaction: each row that its last query returns is
 * a row that was moved wrongly, and undoes the migration.
 */
export type Migration = {
  readonly number: number
  readonly name: string
  readonly sha256: string
  readonly text: string
}
export type MigrateResult = { readonly applied: readonly string[]; readonly latest: number }

export const migrationsFolder = fileURLToPath(new URL('../../migrations/', import.meta.url))

const LOCK_KEY = 7_736_642 // "PREMIA" typed on a telephone.
const LOCK_TIMEOUT_MS = 120_000
const STATEMENT_TIMEOUT_MS = 600_000

export function readMigrations(folder: string = migrationsFolder): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort()
  return names.map((name, index) => {
    const number = Number(name.slice(0, 4))
    if (number !== index + 1) {
      throw new StartError(`The migrations are not numbered 1, 2, 3…: expected ${index + 1}, found ${name}.`)
    }
    const text = readFileSync(`${folder}/${name}`, 'utf8')
    return { number, name, sha256: createHash('sha256').update(text).digest('hex'), text }
  })
}

/** Brings the database to the newest migration; sql must be the owner's. */
export async function migrate(sql: Sql, folder: string = migrationsFolder): Promise<MigrateResult> {
  const migrations = readMigrations(folder)
  const applied: string[] = []
  // One more than there are files: the last round finds nothing to do.
  for (let round = 0; round <= migrations.length; round += 1) {
    const name = await sql.begin((tx) => applyNext(tx, migrations, folder))
    if (name === undefined) return { applied, latest: migrations.length }
    applied.push(name)
  }
  throw new StartError('The migrations do not come to an end: another install keeps undoing them.')
}

async function applyNext(tx: Tx, migrations: readonly Migration[], folder: string): Promise<string | undefined> {
  await tx.unsafe(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
  await tx`SELECT pg_advisory_xact_lock(${LOCK_KEY})`
  await tx.unsafe(`
    CREATE SCHEMA IF NOT EXISTS meta;
    CREATE TABLE IF NOT EXISTS meta.migration (
      number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL);
    CREATE TABLE IF NOT EXISTS meta.mark (name text PRIMARY KEY, set_at timestamptz NOT NULL)`)
  const done = await tx<{ number: number; name: string; sha256: string }[]>`
    SELECT number, name, sha256 FROM meta.migration ORDER BY number`
  checkHistory(done, migrations)
  const next = migrations[done.length]
  if (next === undefined) return undefined
  try {
    await tx.unsafe(next.text)
    await runCheck(tx, next, folder)
  } catch (error) {
    throw new Error(`Migration ${next.name} failed and was undone: ${(error as Error).message}`, { cause: error })
  }
  await tx`INSERT INTO meta.migration (number, name, sha256, applied_at)
    VALUES (${next.number}, ${next.name}, ${next.sha256}, ${new Date()})`
  return next.name
}

function checkHistory(
  done: readonly { number: number; name: string; sha256: string }[],
  migrations: readonly Migration[],
): void {
  for (const [index, row] of done.entries()) {
    const file = migrations[index]
    if (file === undefined) {
      throw new StartError(
        `The database holds migration ${row.name}, this Premia knows ${migrations.length} at most: it was written by a newer Premia, start that one.`,
      )
    }
    if (row.number !== file.number || row.name !== file.name || row.sha256 !== file.sha256) {
      throw new StartError(
        `Migration ${row.name} was applied with another content than ${file.name} has now: restore the file and put the change into a new migration.`,
      )
    }
  }
}

async function runCheck(tx: Tx, migration: Migration, folder: string): Promise<void> {
  const file = `${folder}/checks/${migration.name}`
  if (!existsSync(file)) return
  const results = (await tx.unsafe(readFileSync(file, 'utf8'))) as unknown as readonly unknown[]
  // Several statements give a list of results, one statement its rows.
  const last = results.at(-1)
  const wrong = Array.isArray(last) ? last : results
  if (wrong.length > 0)
    throw new Error(`its check found ${wrong.length} wrong rows, the first: ${JSON.stringify(wrong[0])}`)
}
