import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { constants, copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { clusterFolder } from './cluster.ts'
import { openPool, closePool, type ReservedSql, type Sql } from './pool.ts'
import { makeFolder } from './make-folder.ts'
import { findClosedFolder, findRunUser } from './run-user.ts'
import { deriveKey, loadSecret } from './secret.ts'
import { StartError } from './start-error.ts'

/**
 * A base backup over SQL and files, because the embedded server ships without pg_basebackup, and from then on the archive of
 * the write-ahead log:
 *
 *   <target>/base-<time>/{postgres/, secret, backup.json}   the last two are kept; backup.json is written last
 *   <target>/wal/<segment>                                  each at the latest 60 s after it was written to
 *
 * It runs beside the working server, on the same machine. Archiving goes on until another target is named.
 */
export type Backup = {
  readonly folder: string
  readonly takenAt: string
  readonly major: number
  /** First segment of the log that this base needs. */
  readonly firstSegment: string
  readonly bytes: number
  /** Whose archive this is: only the same place goes on writing to it after a restore. */
  readonly source: Place
}

export type Place = { readonly host: string; readonly dataDir: string }

export const placeOf = (dataDir: string): Place => ({ host: hostname(), dataDir: resolve(dataDir) })

export type BackupOptions = { readonly dataDir: string; readonly port: number; readonly target: string }

const run = promisify(execFile)
const BASES_KEPT = 2
const ARCHIVE_ATTEMPTS = 5
const ARCHIVE_WAIT_MS = 20_000
/** Files of a running server come and go; these are never needed, or are made anew. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label', 'recovery.signal', 'standby.signal'])
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])

export async function takeBackup({ dataDir, port, target: wanted }: BackupOptions): Promise<Backup> {
  const target = resolve(wanted)
  const folder = clusterFolder(dataDir)
  const walFolder = makeWalFolder(target, folder)
  const password = deriveKey(loadSecret(dataDir), 'role:postgres')
  const admin = openPool(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, {
    name: 'backup',
    connectionsMax: 2,
    statementTimeoutMs: 3_600_000,
  })
  try {
    await refuseTablespaces(admin)
    await archiveInto(admin, walFolder)
    const backup = await copyBase(admin, { folder, target, dataDir })
    prune(target, walFolder)
    return backup
  } finally {
    await closePool(admin)
  }
}

/** Complete bases, oldest first. */
export function listBackups(target: string): Backup[] {
  if (!existsSync(target)) return []
  return readdirSync(target)
    .filter((name) => name.startsWith('base-') && existsSync(join(target, name, 'backup.json')))
    .sort()
    .map((name) => ({
      ...(JSON.parse(readFileSync(join(target, name, 'backup.json'), 'utf8')) as Omit<Backup, 'folder'>),
      folder: join(target, name),
    }))
}

/** PostgreSQL itself writes here, as its own user, by a shell command: the path must need no quoting of its own. */
function makeWalFolder(target: string, cluster: string): string {
  checkShellSafe(target)
  const folder = join(target, 'wal')
  const user = findRunUser(cluster)
  makeFolder(folder, 0o711)
  if (user !== undefined) {
    const closed = findClosedFolder(target, user)
    if (closed !== undefined) {
      throw new StartError(
        `PostgreSQL's user ${user.name} may not enter ${closed}: open it with chmod o+x ${closed}, or name another folder.`,
      )
    }
    chownSync(folder, user.uid, user.gid)
  }
  return folder
}

export function checkShellSafe(path: string): void {
  if (/["'`$%\\\n]/.test(path))
    throw new StartError(`The folder ${path} has a quote, $, %, or backslash in its name: name another one.`)
}

async function refuseTablespaces(admin: Sql): Promise<void> {
  const found = await admin`SELECT 1 FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')`
  if (found.length > 0)
    throw new StartError('The database uses tablespaces, which npm run backup does not copy: use pg_basebackup.')
}

/**
 * Names the archive and proves that segments arrive: a segment that the server had just let go by the old command would be
 * missing in the middle.
 */
async function archiveInto(admin: Sql, walFolder: string): Promise<void> {
  const file = `"${walFolder}/%f"`
  const part = `"${walFolder}/%f.part"`
  const command = `if test -f ${file}; then cmp -s "%p" ${file}; else cp "%p" ${part} && sync ${part} && mv ${part} ${file}; fi`
  await admin.unsafe(`ALTER SYSTEM SET archive_command = '${command}'`)
  await admin`SELECT pg_reload_conf()`
  for (let attempt = 0; attempt < ARCHIVE_ATTEMPTS; attempt += 1) {
    await admin`SELECT pg_create_restore_point('premia')`
    const [row] = await admin<{ segment: string }[]>`SELECT pg_walfile_name(pg_switch_wal()) AS segment`
    if (row !== undefined && (await appears(join(walFolder, row.segment)))) return
  }
  throw new StartError(`PostgreSQL could not archive into ${walFolder}: see postgres.log in the data folder.`)
}

async function appears(file: string): Promise<boolean> {
  const until = performance.now() + ARCHIVE_WAIT_MS / ARCHIVE_ATTEMPTS
  while (performance.now() < until) {
    if (existsSync(file)) return true
    await delay(50)
  }
  return false
}

type Copying = { readonly folder: string; readonly target: string; readonly dataDir: string }

async function copyBase(admin: Sql, { folder, target, dataDir }: Copying): Promise<Backup> {
  const takenAt = new Date().toISOString()
  const base = join(target, `base-${takenAt.replaceAll(/[:.]/g, '-')}`)
  mkdirSync(join(base, 'postgres'), { recursive: true, mode: 0o700 })
  // Start and stop belong to one session.
  const session = await admin.reserve()
  try {
    const [started] = await session<{ segment: string; major: number }[]>`
      SELECT pg_walfile_name(pg_backup_start('premia', true)) AS segment,
        current_setting('server_version_num')::int / 10000 AS major`
    const bytes = await copyFolder(folder, join(base, 'postgres'))
    await finishBase(session, join(base, 'postgres'))
    await copyOne(join(dataDir, 'secret'), join(base, 'secret'))
    await flushFolder(base)
    const about = {
      takenAt,
      major: started?.major ?? 0,
      firstSegment: started?.segment ?? '',
      bytes,
      source: placeOf(dataDir),
    }
    await writeDurably(join(base, 'backup.json'), `${JSON.stringify(about, null, 2)}\n`)
    return { ...about, folder: base }
  } catch (error) {
    rmSync(base, { recursive: true, force: true })
    throw error
  } finally {
    session.release()
  }
}

/** Waits until all of the log that the copy needs is in the archive. */
async function finishBase(session: ReservedSql, copy: string): Promise<void> {
  const [stopped] = await session<{ labelfile: string }[]>`SELECT labelfile FROM pg_backup_stop(true)`
  await writeDurably(join(copy, 'backup_label'), stopped?.labelfile ?? '')
}

/** Copies as found, also half-written pages: replay from the start of the backup mends them. Gives the bytes. */
async function copyFolder(from: string, to: string): Promise<number> {
  let bytes = 0
  await mkdir(to, { recursive: true, mode: 0o700 })
  const entries = await readdir(from, { withFileTypes: true })
  // pg_control last, as the newest: the others may be older than it says, never newer.
  entries.sort((a, b) => Number(a.name === 'pg_control') - Number(b.name === 'pg_control'))
  for (const entry of entries) {
    const source = join(from, entry.name)
    if (entry.isDirectory()) {
      if (entry.name.startsWith('pgsql_tmp')) continue
      if (EMPTIED.has(entry.name)) await makeEmpty(source, join(to, entry.name))
      else bytes += await copyFolder(source, join(to, entry.name))
    } else if (entry.isFile() && !LEFT_OUT.has(entry.name)) {
      bytes += await copyOne(source, join(to, entry.name))
    }
  }
  return bytes
}

async function makeEmpty(source: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 })
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (entry.isDirectory()) await mkdir(join(to, entry.name), { mode: 0o700 })
  }
}

async function copyOne(from: string, to: string): Promise<number> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    // A table was dropped meanwhile: the log knows.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  return (await stat(to)).size
}

/** One flush of the file system instead of one a file: a base has a thousand small ones. */
async function flushFolder(folder: string): Promise<void> {
  await run('sync', process.platform === 'linux' ? ['-f', folder] : [], { timeout: 600_000 })
}

async function writeDurably(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600, flush: true })
}

/** Keeps the newest bases and the log since the older of them. */
function prune(target: string, walFolder: string): void {
  const backups = listBackups(target)
  const kept = backups.slice(-BASES_KEPT)
  for (const backup of backups.slice(0, -BASES_KEPT)) rmSync(backup.folder, { recursive: true, force: true })
  const oldest = kept[0]?.firstSegment
  if (oldest === undefined) return
  for (const name of readdirSync(walFolder)) {
    if (/^[0-9A-F]{24}$/.test(name) && name < oldest) rmSync(join(walFolder, name), { force: true })
  }
}

/** For the programs of npm: what they can do nothing about. */
export function refuseForeignDatabase(databaseUrl: string | undefined, verb: string): void {
  if (databaseUrl === undefined) return
  throw new StartError(
    `DATABASE_URL is set, and that server is not ours to ${verb}: use pg_basebackup with WAL archiving, or pg_dump and pg_restore, and keep the file "secret" of PREMIA_DATA with it.`,
  )
}
