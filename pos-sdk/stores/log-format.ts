/**
 * The records of the file store, one a flush, little-endian: `magic · length · CRC-32 · payload`; the payload holds each
 * change as `length of key · length of value or −1 · key · value`, in UTF-8. Behind the last record the file is zeros
 * that were allocated ahead.
 *
 * A record is acknowledged only after its flush, and the next one is written only after that. So a record that does not
 * check at the end of the log was never acknowledged: a torn tail, dropped. With a good record behind it, it was: then
 * the disk has lost something, and the store refuses to open instead of forgetting sales. `magic` occurs in no payload:
 * its first byte is in no UTF-8 text, and as a length it would be above a gigabyte.
 */
import { crc32 } from 'node:zlib'
import type { Change } from '../store.ts'

const MAGIC = Buffer.from([0xf5, 0x50, 0x52, 0x4d])
const HEADER_BYTES = 12
const LENGTHS_BYTES = 8
const RECORD_BYTES_MAX = 256 * 1_048_576

/** Most writes are one sale and the head of its chain. */
const SCRATCH_BYTES = 64 * 1_024

const encodeInto = (record: Buffer, changes: readonly Change[]): Buffer => {
  let end = HEADER_BYTES
  for (const { key, value } of changes) {
    const keyBytes = record.write(key, end + LENGTHS_BYTES)
    const valueBytes = value === null ? 0 : record.write(value, end + LENGTHS_BYTES + keyBytes)
    record.writeInt32LE(keyBytes, end)
    record.writeInt32LE(value === null ? -1 : valueBytes, end + 4)
    end += LENGTHS_BYTES + keyBytes + valueBytes
  }
  MAGIC.copy(record)
  record.writeUInt32LE(end - HEADER_BYTES, 4)
  record.writeUInt32LE(crc32(record.subarray(HEADER_BYTES, end)), 8)
  return record.subarray(0, end)
}

/**
 * Makes an encoder. Its records share memory: each is valid until the next is made, because fresh memory costs a cold
 * processor more than the encoding.
 */
export const recordEncoder = (): ((changes: readonly Change[]) => Buffer) => {
  const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  return (changes) => {
    // UTF-8 takes at most three bytes for a UTF-16 unit.
    let most = HEADER_BYTES
    for (const { key, value } of changes) most += LENGTHS_BYTES + 3 * (key.length + (value?.length ?? 0))
    if (most > RECORD_BYTES_MAX) throw new RangeError('the changes are too large for one record')
    return encodeInto(most <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafe(most), changes)
  }
}

const decodeChanges = (payload: Buffer): readonly Change[] => {
  const changes: Change[] = []
  for (let at = 0; at < payload.length; ) {
    const keyEnd = at + LENGTHS_BYTES + payload.readInt32LE(at)
    const valueBytes = payload.readInt32LE(at + 4)
    const key = payload.toString('utf8', at + LENGTHS_BYTES, keyEnd)
    const end = keyEnd + Math.max(0, valueBytes)
    changes.push({ key, value: valueBytes < 0 ? null : payload.toString('utf8', keyEnd, end) })
    at = end
  }
  return changes
}

const recordAt = (log: Buffer, offset: number): { readonly end: number; readonly payload: Buffer } | null => {
  if (offset + HEADER_BYTES > log.length || log.compare(MAGIC, 0, 4, offset, offset + 4) !== 0) return null
  const length = log.readUInt32LE(offset + 4)
  const end = offset + HEADER_BYTES + length
  // Length and checksum of nothing are zeros, which is also what lies behind a cut magic.
  if (length === 0 || end > log.length) return null
  const payload = log.subarray(offset + HEADER_BYTES, end)
  return crc32(payload) === log.readUInt32LE(offset + 8) ? { end, payload } : null
}

const hasRecordAfter = (log: Buffer, offset: number): boolean => {
  for (let at = log.indexOf(MAGIC, offset); at >= 0; at = log.indexOf(MAGIC, at + 1)) {
    if (recordAt(log, at) !== null) return true
  }
  return false
}

export interface DecodedLog {
  readonly records: readonly (readonly Change[])[]
  /** Where the next record goes. */
  readonly end: number
  /** Something unreadable lies behind the end: the tail of a write that was never acknowledged. */
  readonly torn: boolean
}

/** Reads a log. Throws when a record in its middle is damaged. */
export const decodeLog = (log: Buffer): DecodedLog => {
  const records: (readonly Change[])[] = []
  let end = 0
  for (let found = recordAt(log, 0); found !== null; found = recordAt(log, end)) {
    records.push(decodeChanges(found.payload))
    end = found.end
  }
  const torn = log.subarray(end).some((byte) => byte !== 0)
  if (torn && hasRecordAfter(log, end + 1)) {
    throw new Error(`the till's log is damaged at byte ${end}, and later records are intact: restore it or ask support`)
  }
  return { records, end, torn }
}
