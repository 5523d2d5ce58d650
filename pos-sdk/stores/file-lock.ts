/** One process per store: two tills on one log would write over each other. Node has no flock, so the owner is named. */
import { openSync, readFileSync, rmSync, writeSync, closeSync } from 'node:fs'

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

const isHeld = (path: string): boolean => {
  const [pid = '', start = ''] = readFileSync(path, 'utf8').split(' ')
  const owner = Number(pid)
  if (!Number.isInteger(owner) || owner <= 0 || !isAlive(owner)) return false
  return start === '' || startOf(owner) === start
}

const take = (path: string): boolean => {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, `${process.pid} ${startOf(process.pid)}`)
    closeSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Takes the lock and answers how to give it back. Throws when a living process holds it. */
export const lockStore = (path: string): (() => void) => {
  if (!take(path)) {
    if (isHeld(path)) throw new Error(`another process uses this till's store: ${path} names it`)
    // The owner was killed: its lock is void.
    rmSync(path, { force: true })
    if (!take(path)) throw new Error(`another process has just taken this till's store: ${path}`)
  }
  return () => rmSync(path, { force: true })
}
