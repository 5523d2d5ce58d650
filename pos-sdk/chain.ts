/** The signed chain of a device key: each document carries the next number and the hash of the one before. */
import { type DeviceKey, randomBytes, sha256, toHex } from './crypto.ts'
import type { Sale, UnsignedSale } from './contract/till/index.ts'
import { chainStart, documentHash, partDigests, plainParts, signedText } from './contract/till/signature.ts'
import type { ChainHead } from './journal.ts'

/** The head of a chain without documents. */
export const emptyChain: ChainHead = { sequence: 0, hash: chainStart }

/** Signs a sale as the next document of the chain and answers the new head with it. */
export const signNext = async (
  sale: UnsignedSale,
  head: ChainHead,
  { key, keyId }: { readonly key: DeviceKey; readonly keyId: string },
): Promise<{ readonly sale: Sale; readonly head: ChainHead }> => {
  const placed: UnsignedSale = { ...sale, sequence: head.sequence + 1, previous: head.hash }
  const salt = toHex(randomBytes(16))
  const digests = partDigests(plainParts(placed), salt, sha256)
  const value = await key.sign(signedText(digests))
  return {
    sale: { ...placed, signature: { keyId, value, salt } },
    head: { sequence: placed.sequence, hash: documentHash(digests, sha256) },
  }
}
