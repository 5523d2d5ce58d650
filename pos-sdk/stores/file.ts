/**
 * The store of a till on a disk: an append-only log in a folder of its own. A write is one record and one flush
 * (`fdatasync` into space allocated ahead, so that no metadata is flushed with it), done synchronously, because handing
 * it to a thread costs more than the flush itself. What has been deleted is dropped by compaction: the living entries go
 * to a new file, which replaces the log in one rename.
 *
 * Node only. Mode 0600: the log holds the device key.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Change, Store } from '../store.ts'
import { isLocked, lockStore } from './file-lock.ts'
import { decodeLog, recordEncoder } from './log-format.ts'

/** Space is allocated in steps of this many bytes. */
const STEP_BYTES = 1_048_576
/** No compaction below this length. */
const COMPACT_FROM_BYTES = 4 * STEP_BYTES
/** Longest record of a compacted log. */
const CHUNK_ENTRIES = 200
/** What it takes to remove an entry, and to put some aside: kept free, so that a full disk never stops a queue from emptying. */
const REMOVAL_BYTES = 80
const RESERVE_BYTES = 65_536

const writeAll = (file: number, bytes: Uint8Array, position: number): void => {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done)
}

/** Makes the names in a folder durable. Windows flushes no folders: there the file system's own log keeps names. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The folder with all above it that did not exist: a power cut must not take it away with what was acknowledged in it. */
const makeFolder = (folder: string): void => {
  const missing: string[] = []
  for (let path = resolve(folder); !existsSync(path) && path !== dirname(path); path = dirname(path)) missing.push(path)
  // One by one: with `recursive` Node never returns where a file system answers ENOENT below a folder, as /proc does.
  for (const path of missing.reverse()) {
    // Another process may be faster: the lock decides between the two.
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 })
    syncFolder(dirname(path))
  }
}

const encodeRecord = recordEncoder()

interface Log {
  file: number
  /** Where the next record goes. */
  end: number
  /** Length of the file: allocated and zeroed up to here. */
  allocated: number
}

const allocate = (log: Log, needed: number): void => {
  if (log.end + needed <= log.allocated) return
  const target = Math.ceil((log.end + needed) / STEP_BYTES) * STEP_BYTES
  writeAll(log.file, Buffer.alloc(target - log.allocated), log.allocated)
  fsyncSync(log.file)
  log.allocated = target
}

const append = (log: Log, record: Buffer): void => {
  allocate(log, record.length)
  writeAll(log.file, record, log.end)
  fdatasyncSync(log.file)
  log.end += record.length
}

const apply = (kept: Map<string, string>, changes: readonly Change[]): void => {
  for (const { key, value } of changes) {
    if (value === null) kept.delete(key)
    else kept.set(key, value)
  }
}

/** Writes the living entries to a new log, durably. What cannot be written whole is taken away again. */
const writeNew = (path: string, kept: ReadonlyMap<string, string>): Log => {
  const log: Log = { file: openSync(path, 'w+', 0o600), end: 0, allocated: 0 }
  const entries = [...kept].map(([key, value]) => ({ key, value }))
  try {
    for (let start = 0; start < entries.length; start += CHUNK_ENTRIES) {
      const record = encodeRecord(entries.slice(start, start + CHUNK_ENTRIES))
      writeAll(log.file, record, log.end)
      log.end += record.length
    }
    log.allocated = log.end
    allocate(log, STEP_BYTES)
    return log
  } catch (error) {
    closeSync(log.file)
    rmSync(path, { force: true })
    throw error
  }
}

/** Puts a new log in the old one's place. */
const replaceLog = (folder: string, written: Log): Log => {
  const path = join(folder, 'till.log')
  renameSync(`${path}.new`, path)
  syncFolder(folder)
  return written
}

/** A log is whole steps long, so that a copy which was cut is known by its length. */
const makeWhole = (log: Log): void => {
  if (log.allocated % STEP_BYTES === 0) return
  try {
    allocate(log, log.allocated - log.end + 1)
  } catch {
    // A full disk keeps no till from opening: the next write that has room does it.
  }
}

const openLog = (folder: string, kept: Map<string, string>): Log => {
  const path = join(folder, 'till.log')
  rmSync(`${path}.new`, { force: true })
  if (!existsSync(path)) return replaceLog(folder, writeNew(`${path}.new`, kept))
  const bytes = readFileSync(path)
  const { records, end, torn } = decodeLog(bytes)
  for (const changes of records) apply(kept, changes)
  const log: Log = { file: openSync(path, 'r+'), end, allocated: bytes.length }
  if (torn) {
    // What was never acknowledged goes, so that nothing of it can be taken for a record later.
    ftruncateSync(log.file, end)
    fsyncSync(log.file)
    log.allocated = end
  }
  makeWhole(log)
  return log
}

const sizeOf = (key: string, value: string | null | undefined): number =>
  typeof value === 'string' ? key.length + value.length : 0

class LogStore implements Store {
  readonly #folder: string
  readonly #unlock: () => void
  readonly #kept = new Map<string, string>()
  #log: Log
  #livingBytes = 0
  #compactFrom = COMPACT_FROM_BYTES
  #failure: Error | undefined
  /** There was no room for a write. Nothing of it is on disk, so what removes may go on. */
  #full: Error | undefined
  #closed = false

  constructor(folder: string) {
    this.#folder = folder
    makeFolder(folder)
    this.#unlock = lockStore(join(folder, 'till.lock'))
    try {
      this.#log = openLog(folder, this.#kept)
    } catch (error) {
      this.#unlock()
      throw error
    }
    for (const [key, value] of this.#kept) this.#livingBytes += sizeOf(key, value)
  }

  load(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map(this.#kept))
  }

  /** An async function, so that a failure rejects; the flush itself happens before it returns. */
  async write(changes: readonly Change[]): Promise<void> {
    const removes = changes.some(({ value }) => value === null)
    const before = this.#failure ?? (removes ? undefined : this.#full)
    if (before !== undefined) throw new Error('the store has failed before', { cause: before })
    if (this.#closed) throw new Error('the store is closed')
    if (changes.length === 0) return
    const record = this.#prepare(changes, removes)
    try {
      append(this.#log, record)
      for (const { key, value } of changes) this.#livingBytes += sizeOf(key, value) - sizeOf(key, this.#kept.get(key))
      apply(this.#kept, changes)
      if (this.#log.end > this.#compactFrom && this.#log.end > 4 * this.#livingBytes) this.#compact()
    } catch (error) {
      this.#failure = error as Error
      throw error
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    closeSync(this.#log.file)
    this.#unlock()
  }

  /** The record of a write for which there is room. */
  #prepare(changes: readonly Change[], removes: boolean): Buffer {
    try {
      const record = encodeRecord(changes)
      if (!removes) allocate(this.#log, record.length + RESERVE_BYTES + REMOVAL_BYTES * this.#kept.size)
      return record
    } catch (error) {
      this.#full = error as Error
      throw error
    }
  }

  #compact(): void {
    let written: Log
    try {
      written = writeNew(join(this.#folder, 'till.log.new'), this.#kept)
    } catch {
      // No room for a second log: the old one goes on, and this is tried again when it has grown.
      this.#compactFrom = this.#log.end + STEP_BYTES
      return
    }
    const old = this.#log.file
    this.#log = replaceLog(this.#folder, written)
    closeSync(old)
    this.#compactFrom = COMPACT_FROM_BYTES
  }
}

/**
 * Opens, or creates, the store in a folder. Throws a clear error when another living process uses it or its middle is
 * damaged; the tail of an interrupted write is dropped.
 *
 * @example const store = fileStore('/var/lib/till-3')
 */
export const fileStore = (folder: string): Store => {
  const store = new LogStore(folder)
  // A plain object, so that a host can wrap it by spreading it.
  return { load: () => store.load(), write: (changes) => store.write(changes), close: () => store.close() }
}

/** The log of a till that is not open, from its folder or from a copy of `till.log`. */
const readLeft = (path: string): ReadonlyMap<string, string> => {
  if (!existsSync(path)) throw new Error(`there is nothing at ${path}`)
  const isFolder = statSync(path).isDirectory()
  const log = isFolder ? join(path, 'till.log') : path
  if (isFolder && !existsSync(log)) throw new Error(`there is no till.log in ${path}`)
  if (isFolder && isLocked(join(path, 'till.lock')))
    throw new Error(`the till of ${path} is still open: close it first`)
  const bytes = readFileSync(log)
  const { records } = decodeLog(bytes)
  // A tail that was never acknowledged lies inside of what was allocated; what is not whole has lost an unknown part.
  if (records.length === 0 || bytes.length % STEP_BYTES !== 0) throw new Error(`${log} is no log of a till, or was cut`)
  const kept = new Map<string, string>()
  for (const changes of records) apply(kept, changes)
  return kept
}

/**
 * What a till has left, for `takeOver`: its folder, also on a disk that can only be read, or a copy of its `till.log`.
 * Nothing is written there. Fails to load what is damaged, cut, or still open.
 *
 * @example leftFileStore('/mnt/old-disk/till-3')
 */
export const leftFileStore = (path: string): Store => ({
  load: async () => readLeft(path),
  write: () => Promise.reject(new Error('what a till has left is only read')),
  close: () => Promise.resolve(),
})
