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
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Change, Store } from '../store.ts'
import { lockStore } from './file-lock.ts'
import { decodeLog, recordEncoder } from './log-format.ts'

/** Space is allocated in steps of this many bytes. */
const STEP_BYTES = 1_048_576
/** No compaction below this length. */
const COMPACT_FROM_BYTES = 4 * STEP_BYTES
/** Longest record of a compacted log. */
const CHUNK_ENTRIES = 200

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
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = resolve(folder); ; made = dirname(made)) {
    syncFolder(dirname(made))
    if (made === resolve(first) || made === dirname(made)) return
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

/** Writes the living entries to a new log and puts it in the old one's place. */
const compact = (folder: string, kept: ReadonlyMap<string, string>): Log => {
  const path = join(folder, 'till.log')
  const log: Log = { file: openSync(`${path}.new`, 'w+', 0o600), end: 0, allocated: 0 }
  const entries = [...kept].map(([key, value]) => ({ key, value }))
  for (let start = 0; start < entries.length; start += CHUNK_ENTRIES) {
    const record = encodeRecord(entries.slice(start, start + CHUNK_ENTRIES))
    writeAll(log.file, record, log.end)
    log.end += record.length
  }
  log.allocated = log.end
  allocate(log, STEP_BYTES)
  renameSync(`${path}.new`, path)
  syncFolder(folder)
  return log
}

const openLog = (folder: string, kept: Map<string, string>): Log => {
  const path = join(folder, 'till.log')
  rmSync(`${path}.new`, { force: true })
  if (!existsSync(path)) return compact(folder, kept)
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
  return log
}

/**
 * Opens, or creates, the store in a folder. Throws a clear error when another living process uses it or its middle is
 * damaged; the tail of an interrupted write is dropped.
 *
 * @example const store = fileStore('/var/lib/till-3')
 */
export const fileStore = (folder: string): Store => {
  makeFolder(folder)
  const unlock = lockStore(join(folder, 'till.lock'))
  const kept = new Map<string, string>()
  let log: Log
  try {
    log = openLog(folder, kept)
  } catch (error) {
    unlock()
    throw error
  }
  let livingBytes = [...kept].reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  let failure: Error | undefined
  let closed = false

  const write = (changes: readonly Change[]): void => {
    if (failure !== undefined) throw new Error('the store has failed before', { cause: failure })
    if (closed) throw new Error('the store is closed')
    if (changes.length === 0) return
    try {
      append(log, encodeRecord(changes))
      for (const { key, value } of changes) {
        const before = kept.get(key)
        livingBytes +=
          (value === null ? 0 : key.length + value.length) - (before === undefined ? 0 : key.length + before.length)
      }
      apply(kept, changes)
      if (log.end > COMPACT_FROM_BYTES && log.end > 4 * livingBytes) {
        const old = log.file
        log = compact(folder, kept)
        closeSync(old)
      }
    } catch (error) {
      failure = error as Error
      throw error
    }
  }

  return {
    load: () => Promise.resolve(new Map(kept)),
    // An async function, so that a failure rejects; the flush itself happens before it returns.
    write: async (changes) => write(changes),
    close: async () => {
      if (closed) return
      closed = true
      closeSync(log.file)
      unlock()
    },
  }
}
