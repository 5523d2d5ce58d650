import { inflateRawSync } from 'node:zlib'
import { keptAs, keptDictionary } from '@premia/pos-sdk/contract/admin'

const dictionary = Buffer.from(keptDictionary)
/** A record that is larger than this is none that a page could show. */
const UNPACKED_MAX = 32 * 1024 * 1024

/** JSON that the engine keeps packed (`contract/admin/kept-text.ts`): content and outcome of a sale. */
export const unpackKept = <T>(packed: Uint8Array): T => {
  const body = packed.subarray(1)
  const text =
    packed[0] === keptAs.deflated
      ? inflateRawSync(body, { dictionary, maxOutputLength: UNPACKED_MAX })
      : Buffer.from(body)
  return JSON.parse(text.toString('utf8')) as T
}
