import {
  appendFileSync,
  chownSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Backup, checkShellSafe, listBackups, placeOf } from './backup.ts'
import { findBinaries } from './binaries.ts'
import { checkReachable, clusterFolder } from './cluster.ts'
import { startEmbedded } from './embedded.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { closePool, openPool } from './pool.ts'
import { findRunUser, type RunUser } from './run-user.ts'
import { StartError } from './start-error.ts'

/**
 * Puts the newest base back and replays all of the log that was archived, or the log up to `until`. A data folder that is
 * there is moved aside, never overwritten, and only when told to. The server runs once, until the replay is done.
 */
export type RestoreOptions = {
  readonly dataDir: string
  readonly target: string
  readonly binDir?: string | undefined
  readonly replace?: boolean
  /** An instant; the state just before it. */
  readonly until?: Date | undefined
}
/** movedAside is the suffix that the former folder and secret now carry; archives: into the backup's own folder, as before. */
export type Restored = { readonly backup: Backup; readonly movedAside: string | undefined; readonly archives: boolean }

const REPLAY_TIMEOUT_MS = 24 * 3_600_000

export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const target = resolve(options.target)
  const dataDir = resolve(options.dataDir)
  checkShellSafe(target)
  const binaries = findBinaries(options.binDir)
  const backup = listBackups(target).findLast(
    ({ takenAt }) => options.until === undefined || new Date(takenAt) < options.until,
  )
  if (backup === undefined) throw new StartError(`There is no complete backup in ${target} that could be restored.`)
  if (backup.major !== binaries.major) {
    throw new StartError(`The backup was made by PostgreSQL ${backup.major}; here runs ${binaries.major}.`)
  }
  const user = findRunUser(clusterFolder(dataDir))
  checkReachable([join(target, 'wal'), binaries.folder], user)
  const lock = lockFolder(dataDir)
  try {
    refuseExisting(dataDir, backup, options.replace === true)
    const movedAside = moveAside(dataDir)
    // A copy that archived too would begin a newer history in the archive, which the next real restore would follow.
    const archives = isDeepStrictEqual(backup.source, placeOf(dataDir))
    try {
      placeBase({ dataDir, target, backup, user, until: options.until, archives })
      await replay(dataDir, lock, options.binDir)
    } catch (error) {
      putBack(dataDir, movedAside)
      throw error
    }
    return { backup, movedAside, archives }
  } finally {
    lock.release()
  }
}

function refuseExisting(dataDir: string, backup: Backup, replace: boolean): void {
  if (existsSync(clusterFolder(dataDir)) && !replace) {
    throw new StartError(`${clusterFolder(dataDir)} exists: npm run restore -- --replace moves it aside first.`)
  }
  const secret = join(dataDir, 'secret')
  if (
    existsSync(secret) &&
    readFileSync(secret, 'utf8') !== readFileSync(join(backup.folder, 'secret'), 'utf8') &&
    !replace
  ) {
    throw new StartError(
      `${secret} is of another installation than the backup: npm run restore -- --replace moves it aside first.`,
    )
  }
}

/** Both under one suffix, which is given back; undefined when nothing was there. */
function moveAside(dataDir: string): string | undefined {
  const suffix = `before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  const there = movable(dataDir).filter((path) => existsSync(path))
  for (const path of there) renameSync(path, `${path}.${suffix}`)
  return there.length === 0 ? undefined : suffix
}

/** A restore that failed leaves everything as it was. */
function putBack(dataDir: string, suffix: string | undefined): void {
  rmSync(join(dataDir, 'postgres.new'), { recursive: true, force: true })
  for (const path of movable(dataDir)) {
    rmSync(path, { recursive: true, force: true })
    if (suffix !== undefined && existsSync(`${path}.${suffix}`)) renameSync(`${path}.${suffix}`, path)
  }
}

function movable(dataDir: string): string[] {
  return [clusterFolder(dataDir), join(dataDir, 'secret')]
}

type Placing = {
  readonly dataDir: string
  readonly target: string
  readonly backup: Backup
  readonly user: RunUser | undefined
  readonly until: Date | undefined
  readonly archives: boolean
}

function placeBase({ dataDir, target, backup, user, until, archives }: Placing): void {
  const draft = join(dataDir, 'postgres.new')
  rmSync(draft, { recursive: true, force: true })
  cpSync(join(backup.folder, 'postgres'), draft, { recursive: true })
  writeFileSync(join(draft, 'recovery.signal'), '')
  appendFileSync(
    join(draft, 'postgresql.auto.conf'),
    [
      ...(archives ? [] : [`archive_command = 'true'`]),
      `restore_command = 'cp "${target}/wal/%f" "%p"'`,
      `recovery_target_timeline = 'latest'`,
      ...(until === undefined
        ? []
        : [
            `recovery_target_time = '${until.toISOString().replace('T', ' ').replace('Z', '+00')}'`,
            `recovery_target_inclusive = off`,
          ]),
      `recovery_target_action = 'promote'\n`,
    ].join('\n'),
  )
  if (user !== undefined) giveTo(draft, user)
  renameSync(draft, clusterFolder(dataDir))
  cpSync(join(backup.folder, 'secret'), join(dataDir, 'secret'))
}

function giveTo(path: string, user: RunUser): void {
  chownSync(path, user.uid, user.gid)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) giveTo(child, user)
    else chownSync(child, user.uid, user.gid)
  }
}

/** The server answers questions while it still replays; the replay has ended when it may write. */
async function replay(dataDir: string, lock: FolderLock, binDir: string | undefined): Promise<void> {
  const server = await startEmbedded({ dataDir, port: 0, binDir, lock, startTimeoutMs: REPLAY_TIMEOUT_MS })
  const admin = openPool(server.adminUrl(), { name: 'restore', connectionsMax: 1 })
  try {
    const until = performance.now() + REPLAY_TIMEOUT_MS
    while ((await admin<{ replaying: boolean }[]>`SELECT pg_is_in_recovery() AS replaying`)[0]?.replaying !== false) {
      if (performance.now() > until) throw new StartError('The replay of the log did not end within a day.')
      await delay(100)
    }
    for (const name of [
      'restore_command',
      'recovery_target_timeline',
      'recovery_target_action',
      'recovery_target_time',
      'recovery_target_inclusive',
    ]) {
      await admin.unsafe(`ALTER SYSTEM RESET ${name}`)
    }
  } finally {
    await closePool(admin)
    await server.stop()
  }
}
