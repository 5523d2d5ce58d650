import { documentHash, type PartDigest, type Sale } from '@premia/pos-sdk/contract/till'
import { sha256 } from '../keys.ts'

/**
 * What is kept of a sale's signature: the digest list and what signed it. It outlives every redaction. The names of the
 * parts follow from their number (`signature.ts` of the contract says the order), so only the digests are stored.
 */
export interface SignedList {
  readonly keyId: string
  readonly sequence: number
  readonly previous: string
  /** Ed25519 over `signedText(digests)`, base64url. */
  readonly value: string
  readonly digests: readonly PartDigest[]
}

/** Of the parts after header, cards and uses. */
const TAIL = ['lines', 'adjustments', 'tenders', 'totals'] as const

const DIGEST_BYTES = 32
const SIGNATURE_BYTES = 64
/** Bytes from the end of the key's name to the first digest: sequence, previous hash, signature. */
const FIXED_BYTES = 8 + DIGEST_BYTES + SIGNATURE_BYTES

/**
 * In bytes, because digests do not compress: number of cards · length of the key's name, the name · sequence (8, big endian)
 * · previous hash (32) · signature (64) · the digests (32 each); the uses are what remains.
 */
export const packSigned = (sale: Sale, digests: readonly PartDigest[]): Buffer => {
  const { keyId, value } = sale.signature
  const start = 2 + keyId.length
  const bytes = Buffer.alloc(start + FIXED_BYTES + digests.length * DIGEST_BYTES)
  bytes.writeUInt8(sale.cards.length, 0)
  bytes.writeUInt8(keyId.length, 1)
  bytes.write(keyId, 2, 'latin1')
  bytes.writeBigUInt64BE(BigInt(sale.sequence), start)
  bytes.write(sale.previous, start + 8, 'hex')
  bytes.write(value, start + 8 + DIGEST_BYTES, 'base64url')
  let at = start + FIXED_BYTES
  for (const { digest } of digests) at += bytes.write(digest, at, 'hex')
  return bytes
}

/** Names of the parts by number of cards and of digests: sales differ little, and so many lists are read at once. */
const knownNames = new Map<string, readonly string[]>()
const KNOWN_NAMES_MAX = 1_000

const namesOf = (cards: number, count: number): readonly string[] => {
  const key = `${cards} ${count}`
  const known = knownNames.get(key)
  if (known !== undefined) return known
  const names = [
    'header',
    ...Array.from({ length: cards }, (_, index) => `card.${index}`),
    ...Array.from({ length: count - 1 - cards - TAIL.length }, (_, index) => `use.${index}`),
    ...TAIL,
  ]
  if (knownNames.size < KNOWN_NAMES_MAX) knownNames.set(key, names)
  return names
}

/** The inverse of `packSigned`, from the column `signed`. */
export const readSigned = (packed: Buffer): SignedList => {
  const start = 2 + packed.readUInt8(1)
  const first = start + FIXED_BYTES
  // All bytes become hex at once and are cut afterwards: a call for each digest costs twice as much.
  const hex = packed.toString('hex', first)
  const names = namesOf(packed.readUInt8(0), (packed.length - first) / DIGEST_BYTES)
  return {
    keyId: packed.toString('latin1', 2, start),
    sequence: Number(packed.readBigUInt64BE(start)),
    previous: packed.toString('hex', start + 8, start + 8 + DIGEST_BYTES),
    value: packed.toString('base64url', start + 8 + DIGEST_BYTES, first),
    digests: names.map((name, index) => ({
      name,
      digest: hex.slice(2 * DIGEST_BYTES * index, 2 * DIGEST_BYTES * (index + 1)),
    })),
  }
}

/** The hash that the next document of the same key names as `previous`. */
export const hashOfSigned = (list: SignedList): string => documentHash(list.digests, sha256)
