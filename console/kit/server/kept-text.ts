import { inflateRawSync } from 'node:zlib'
import { unpackKept } from '@premia/pos-sdk/contract/admin'

/** JSON that the engine keeps packed (`contract/admin/kept-text.ts`): content and outcome of a sale. */
export const unpackJson = <T>(packed: Uint8Array): T => JSON.parse(unpackKept(packed, inflateRawSync)) as T
