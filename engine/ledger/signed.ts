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

interface PackedList {
  readonly k: string
  readonly n: number
  readonly p: string
  readonly v: string
  /** Number of cards; the uses are what remains. */
  readonly c: number
  readonly d: readonly string[]
}

const TAIL = ['lines', 'adjustments', 'tenders', 'totals'] as const

/** Bytes in base64url take a third less room than in hex, in a column that does not compress. */
const pack = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
const unpack = (text: string): string => Buffer.from(text, 'base64url').toString('hex')

export const packSigned = (sale: Sale, digests: readonly PartDigest[]): string => {
  const packed: PackedList = {
    k: sale.signature.keyId,
    n: sale.sequence,
    p: pack(sale.previous),
    v: sale.signature.value,
    c: sale.cards.length,
    d: digests.map(({ digest }) => pack(digest)),
  }
  return JSON.stringify(packed)
}

/** The inverse of `packSigned`, from the column `signed`. */
export const readSigned = (packed: unknown): SignedList => {
  const { k, n, p, v, c, d } = packed as PackedList
  const uses = d.length - 1 - c - TAIL.length
  const names = [
    'header',
    ...Array.from({ length: c }, (_, index) => `card.${index}`),
    ...Array.from({ length: uses }, (_, index) => `use.${index}`),
    ...TAIL,
  ]
  const digests = d.map((digest, index) => ({ name: names[index] as string, digest: unpack(digest) }))
  return { keyId: k, sequence: n, previous: unpack(p), value: v, digests }
}

/** The hash that the next document of the same key names as `previous`. */
export const hashOfSigned = (list: SignedList): string => documentHash(list.digests, sha256)
