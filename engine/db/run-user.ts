import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StartError } from './start-error.ts'

/**
 * PostgreSQL refuses to run as root. Started by root, we hand it to an unprivileged user by the uid and gid options of
 * spawn (libuv also drops the supplementary groups), so neither su nor setpriv needs to be there.
 */
export type RunUser = { readonly name: string; readonly uid: number; readonly gid: number }

const NAMES = ['postgres', 'nobody'] as const
const CREATED_NAME = 'premia'

/** The user that PostgreSQL runs as, or undefined when this process is not root and simply keeps its own. */
export function findRunUser(existingFolder: string): RunUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readUsers()
  if (existsSync(existingFolder)) {
    const { uid } = statSync(existingFolder)
    if (uid !== 0) {
      const owner = users.find((user) => user.uid === uid)
      // PostgreSQL itself fails with "could not look up effective user ID" for a number without a name.
      if (owner === undefined) {
        throw new StartError(
          `The folder ${existingFolder} belongs to user number ${uid}, which has no name on this machine: give it to an existing user with chown -R.`,
        )
      }
      return owner
    }
  }
  for (const name of NAMES) {
    const user = users.find((candidate) => candidate.name === name)
    if (user !== undefined && user.uid !== 0) return user
  }
  return createRunUser()
}

function readUsers(): RunUser[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}

function createRunUser(): RunUser {
  const attempts = [
    ['useradd', '--system', '--no-create-home', '--shell', '/usr/sbin/nologin', CREATED_NAME],
    ['adduser', '-S', '-D', '-H', CREATED_NAME],
  ] as const
  for (const [command, ...args] of attempts) {
    try {
      execFileSync(command, args, { stdio: 'ignore', timeout: 10_000 })
    } catch {
      continue
    }
    const user = readUsers().find((candidate) => candidate.name === CREATED_NAME)
    if (user !== undefined) return user
  }
  throw new StartError(
    'PostgreSQL cannot run as root and no unprivileged user could be found or created: start Premia as an ordinary user.',
  )
}

/** The first folder on the way to the path that the user may not enter, read from the mode bits. */
export function findClosedFolder(path: string, user: RunUser): string | undefined {
  const ancestors: string[] = []
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    ancestors.unshift(folder)
    if (folder === dirname(folder)) break
  }
  return ancestors.find((folder) => existsSync(folder) && !mayEnter(folder, user))
}

function mayEnter(folder: string, user: RunUser): boolean {
  const { mode, uid, gid } = statSync(folder)
  if (uid === user.uid) return (mode & 0o100) !== 0
  if (gid === user.gid) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}
