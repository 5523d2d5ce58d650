/**
 * The records of the file store: `magic · length · CRC-32 · payload`, little-endian, one record a flush. Behind the last
 * record the file is zeros that were allocated ahead.
 *
 * A record is acknowledged only after its flush, and the next one is written only after that. So a record that does not
 * check at the end of the log was never acknowledged: a torn tail, dropped. With a good record behind it, it was: then
 * the disk has lost something, and the store refuses to open instead of forgetting sales. The first byte of `magic`
 * occurs in no UTF-8 text, so a payload is never taken for a record.
 */
import { crc32 } from 'node:zlib'
import type { Change } from '../store.ts'

const MAGIC = Buffer.from([0xf5, 0x50, 0x52, 0x4d])
const HEADER_BYTES = 12

/** One record of changes. */
export const encodeRecord = (changes: readonly Change[]): Buffer => {
  const payload = Buffer.from(JSON.stringify(changes.map(({ key, value }) => [key, value])))
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeUInt32LE(payload.length, 4)
  header.writeUInt32LE(crc32(payload), 8)
  return Buffer.concat([header, payload])
}

const recordAt = (log: Buffer, offset: number): { readonly end: number; readonly payload: Buffer } | null => {
  if (offset + HEADER_BYTES > log.length || log.compare(MAGIC, 0, 4, offset, offset + 4) !== 0) return null
  const end = offset + HEADER_BYTES + log.readUInt32LE(offset + 4)
  if (end > log.length) return null
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
    const pairs = JSON.parse(found.payload.toString()) as readonly (readonly [string, string | null])[]
    records.push(pairs.map(([key, value]) => ({ key, value })))
    end = found.end
  }
  const torn = log.subarray(end).some((byte) => byte !== 0)
  if (torn && hasRecordAfter(log, end + 1)) {
    throw new Error(`the till's log is damaged at byte ${end}, and later records are intact: restore it or ask support`)
  }
  return { records, end, torn }
}
