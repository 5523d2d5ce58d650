/** One process per store: two tills on one log would write over each other. Node has no flock, so the owner is named. */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** Start time of a process from `/proc`, so that a reused process id is not taken for the owner; '' elsewhere. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; the start time is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What stands in the lock, `undefined` where there is none. */
const readLock = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const isHeld = (lock: string): boolean => {
  const [pid = '', start = ''] = lock.split(' ')
  const owner = Number(pid)
  if (!Number.isInteger(owner) || owner <= 0 || !isAlive(owner)) return false
  return start === '' || startOf(owner) === start
}

/** A link appears whole or, where the name is taken, not at all: nobody reads a lock that is not yet written. */
const take = (path: string): boolean => {
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Moves a void lock away, and back again when it is another one by then: somebody was faster and holds it. */
const discard = (path: string, lock: string): void => {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
    if (readLock(aside) !== lock) linkSync(aside, path)
  } catch {
    // Somebody else has moved it away.
  }
  rmSync(aside, { force: true })
}

/** Whether a living process holds the lock. */
export const isLocked = (path: string): boolean => {
  const lock = readLock(path)
  return lock !== undefined && isHeld(lock)
}

const ATTEMPTS = 3

/** Takes the lock and answers how to give it back. Throws when a living process holds it. */
export const lockStore = (path: string): (() => void) => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (take(path)) return () => rmSync(path, { force: true })
    const lock = readLock(path)
    if (lock === undefined) continue
    if (isHeld(lock)) break
    // The owner was killed: its lock is void.
    discard(path, lock)
  }
  throw new Error(`another process uses this till's store: ${path} names it`)
}
