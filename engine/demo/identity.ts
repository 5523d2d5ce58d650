import { createHash } from 'node:crypto'
import { type Uuid, uuid } from '@premia/pos-sdk/contract/till'

/** What stays the same however the demo's days are placed bears this moment in its id: 2025-01-01. */
const foundedMs = Date.UTC(2025, 0, 1)

/** A UUIDv7 whose random part is a hash of what it names: made again, it is the same. */
export const namedUuid = (atMs: number, name: string): Uuid => {
  const random = createHash('sha256').update(name).digest()
  random[0] = ((random[0] ?? 0) & 0x0f) | 0x70
  random[2] = ((random[2] ?? 0) & 0x3f) | 0x80
  const hex = atMs.toString(16).padStart(12, '0') + random.toString('hex', 0, 10)
  return uuid(`${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`)
}

/** The id of something of the demo that does not hang on its days. @example demoId('outlet', 3) === demoId('outlet', 3) // true */
export const demoId = (noun: string, key: number | string): Uuid => namedUuid(foundedMs, `premia-demo:${noun}:${key}`)
