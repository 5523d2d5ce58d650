import { execFileSync } from 'node:child_process'
import {
  accessSync,
  constants,
  linkSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from './make-folder.ts'
import { StartError } from './start-error.ts'

/**
 * One supervisor a data folder. The lock is a file with process id and start time of its holder: it needs no unlocking
 * after kill -9, because a holder that is gone, or whose number now belongs to another process, does not count.
 */
export type FolderLock = {
  /** The folder did not exist before; it goes again with release() when it is still empty. */
  readonly madeFolder: boolean
  /** The last holder did not release: it was killed, and what it had started may still be ending. */
  readonly afterCrash: boolean
  release(): void
}

const ATTEMPTS_MAX = 5

export function lockFolder(folder: string): FolderLock {
  const file = join(folder, 'premia.lock')
  const madeFolder = openFolder(folder)
  let afterCrash = false
  const mine = `${process.pid} ${startTimeOf(process.pid) ?? 'unknown'}\n`
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (claim(file, mine)) {
      const release = (): void => {
        if (readHolder(file)?.text === mine) rmSync(file, { force: true })
        if (madeFolder) removeIfEmpty(folder)
      }
      return { madeFolder, afterCrash, release }
    }
    const holder = readHolder(file)
    if (holder !== undefined && isAlive(holder)) {
      throw new StartError(`Premia is already running on the data folder ${folder} (process ${holder.pid}).`)
    }
    discard(file, holder?.text)
    afterCrash = true
  }
  throw new StartError(`The lock ${file} is fought over by several starts: try again.`)
}

/** Whether it had to be made. A path below a file, or on a disk that takes nothing, is the operator's to put right. */
function openFolder(folder: string): boolean {
  try {
    const made = makeFolder(folder, 0o711)
    if (!statSync(folder).isDirectory()) throw new Error('it is a file')
    accessSync(folder, constants.W_OK)
    return made
  } catch (error) {
    throw new StartError(`The data folder ${folder} cannot be used (${(error as Error).message}): set PREMIA_DATA.`)
  }
}

type Holder = { readonly pid: number; readonly startedAt: string; readonly text: string }

/** link() fails when the name exists: the file appears whole or not at all. */
function claim(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    unlinkSync(draft)
  }
}

/** Moves the stale file away first and puts it back when another start has replaced it in between. */
function discard(file: string, stale: string | undefined): void {
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, file)
  } catch {
    // Somebody else has discarded it: the next attempt sees what is there.
  }
  rmSync(aside, { force: true })
}

function readHolder(file: string): Holder | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    const [pid = '', startedAt = ''] = text.trim().split(' ')
    return { pid: Number(pid), startedAt, text }
  } catch {
    return undefined
  }
}

function isAlive(holder: Holder): boolean {
  if (!Number.isSafeInteger(holder.pid) || holder.pid <= 0) return false
  return startTimeOf(holder.pid) === holder.startedAt
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // It holds data by now.
  }
}

/** Start time of a process, so that a number given to another process is not taken for the old one. */
function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name in parentheses may hold spaces: field 22 is counted from behind it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? undefined : `${fields[19]}@${bootId()}`
    } catch {
      return undefined
    }
  }
  try {
    const text = execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8', timeout: 5_000 }).trim()
    return text === '' ? undefined : text.replaceAll(/\s+/g, '_')
  } catch {
    return undefined
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
