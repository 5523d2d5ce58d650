import { randomFillSync } from 'node:crypto'
import { type Uuid, uuidv7 } from '@premia/pos-sdk/contract/till'

/** Milliseconds since 1970. Injected everywhere, so that tests stand still and the demo runs through ninety days. */
export type Clock = () => number

/** The one place, besides `main.ts` files, where the engine asks the machine for the time. */
export const systemClock: Clock = () => Date.now()

const ID_BYTES = 10
const POOL_BYTES = ID_BYTES * 256
const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/** A new id of an instant. Random bytes are drawn in bulk: asking the system for ten costs more than making the id. */
export const newId = (nowMs: number): Uuid => {
  if (used === POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  used += ID_BYTES
  return uuidv7(nowMs, pool.subarray(used - ID_BYTES, used))
}
