import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { findClosedFolder, type RunUser } from './run-user.ts'
import { StartError } from './start-error.ts'

/** PostgreSQL's own folder inside the data folder. */
export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres')
}

/** Looks at the folder without changing it: whole and of our version, or absent; anything else is a StartError. */
export function inspectCluster(folder: string, binaries: Binaries): 'whole' | 'absent' {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return 'absent'
  const versionFile = join(folder, 'PG_VERSION')
  if (!existsSync(versionFile) || !existsSync(join(folder, 'global', 'pg_control'))) {
    throw new StartError(
      `The data folder ${folder} is damaged (PG_VERSION or global/pg_control is missing): restore it with npm run restore, or move it away to begin anew.`,
    )
  }
  const major = Number(readFileSync(versionFile, 'utf8').trim())
  if (major !== binaries.major) {
    const relation = major > binaries.major ? 'newer' : 'older'
    throw new StartError(
      `The data folder ${folder} was written by PostgreSQL ${major}, ${relation} than the ${binaries.major} that would run here: use the Premia that made it, or move the folder away.`,
    )
  }
  return 'whole'
}

export function checkReachable(paths: readonly string[], user: RunUser | undefined): void {
  if (user === undefined) return
  for (const path of paths) {
    const closed = findClosedFolder(path, user)
    if (closed !== undefined) {
      throw new StartError(
        `PostgreSQL runs as the user ${user.name}, who may not enter ${closed}: open it with chmod o+x ${closed}, or move the project (or PREMIA_DATA) elsewhere.`,
      )
    }
  }
}

type NewCluster = {
  readonly dataDir: string
  readonly binaries: Binaries
  readonly user: RunUser | undefined
  readonly password: string
}

/**
 * Makes the cluster beside its final place and renames it when complete: a start that is killed in the middle leaves
 * nothing that looks like data.
 */
export function createCluster({ dataDir, binaries, user, password }: NewCluster): void {
  const draft = join(dataDir, 'postgres.new')
  const passwordFile = join(dataDir, 'postgres.password')
  rmSync(draft, { recursive: true, force: true })
  try {
    mkdirSync(draft, { mode: 0o700 })
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
    if (user !== undefined) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid)
    const args = ['-D', draft, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
    const result = spawnSync(
      join(binaries.folder, 'initdb'),
      [...args, '--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums', '--no-instructions'],
      { ...asUser(user), encoding: 'utf8', timeout: 120_000 },
    )
    if (result.status !== 0) {
      throw new StartError(`PostgreSQL could not make its data folder ${draft}: ${complaintOf(result.stderr)}.`)
    }
    // Archiving needs a restart to be switched on, so it always is; until npm run backup names a place, WAL is let go.
    appendFileSync(join(draft, 'postgresql.conf'), "\narchive_command = 'true'\n")
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(draft, clusterFolder(dataDir))
}

export function asUser(user: RunUser | undefined): { uid?: number; gid?: number; env: NodeJS.ProcessEnv } {
  // Variables such as PGDATA or PGPORT of the operator's own work must not steer our server.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')))
  return user === undefined ? { env } : { uid: user.uid, gid: user.gid, env }
}

/** Whether this build of PostgreSQL takes a setting's value; builds differ in lz4. */
export function supportsSetting(
  binaries: Binaries,
  folder: string,
  user: RunUser | undefined,
  setting: string,
): boolean {
  const name = setting.slice(0, setting.indexOf('='))
  try {
    execFileSync(join(binaries.folder, 'postgres'), ['-D', folder, '-C', name, '-c', setting], {
      ...asUser(user),
      stdio: 'ignore',
      timeout: 10_000,
    })
    return true
  } catch {
    return false
  }
}

/** What it failed of; the last line tells of the tidying up. */
function complaintOf(text: string | null): string {
  const lines = (text ?? '').trim().split('\n')
  return lines.findLast((line) => /error|FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? 'no reason was given'
}
