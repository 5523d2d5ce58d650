/**
 * What is hashed and what is signed of a sale.
 *
 * The signature covers a list of digests, one per part: `header` (all that is in no other part, without the
 * signature), `card.0`…, `use.0`…, `lines`, `adjustments`, `tenders`, `totals`. So a part can be redacted later: its
 * digest stays in the list, and list and signature still verify.
 *
 * Salts. A card number could be guessed from a bare digest, so the till draws 16 random bytes a sale and sends them as
 * `signature.salt`. Each part has its own salt, SHA-256 of that salt and the part's name, put before its text. Who
 * redacts a part throws `signature.salt` away and keeps `partSalt` of the parts that stay: they remain provable, the
 * redacted one cannot be guessed, because from one part's salt neither the sale's nor another part's can be found.
 * Without `signature.salt` the digests are of the bare texts.
 *
 * The primitives come in as arguments: `sha256` is `sha256Hex` of the rules unless the caller has a faster one.
 */
import { canonicalJson, sha256Hex } from '@premia/rules'
import type { Uuid } from '../ids.ts'
import type { Sale } from './sale.ts'

/** SHA-256 of the UTF-8 bytes of a text, in lower-case hex. */
export type Sha256 = (text: string) => string

/** One part of a sale: its name and its canonical JSON. */
export interface Part {
  readonly name: string
  readonly text: string
}

/** One line of the signed list. */
export interface PartDigest {
  readonly name: string
  readonly digest: string
}

/** A sale before it is signed. */
export type UnsignedSale = Omit<Sale, 'signature'>

/** `previous` of the first document a key signs. */
export const chainStart = '0'.repeat(64)

/** The six bodies of a sale, each a part or a list of parts; all else is its header. */
type Bodies = Pick<Sale, 'cards' | 'uses' | 'lines' | 'adjustments' | 'tenders' | 'totals'>

/** The parts in signed order; how a part becomes text is the caller's. */
export const listParts = (
  sale: Bodies,
  header: string,
  write: (part: keyof Bodies, value: unknown) => string,
): readonly Part[] => {
  const parts: Part[] = [{ name: 'header', text: header }]
  sale.cards.forEach((card, index) => parts.push({ name: `card.${index}`, text: write('cards', card) }))
  sale.uses.forEach((use, index) => parts.push({ name: `use.${index}`, text: write('uses', use) }))
  for (const name of ['lines', 'adjustments', 'tenders', 'totals'] as const) {
    parts.push({ name, text: write(name, sale[name]) })
  }
  return parts
}

/**
 * The parts of a sale in signed order, each as its canonical JSON. `sale-parts.ts` writes the same faster for sales that
 * are known to fit the schema.
 */
export const plainParts = (sale: UnsignedSale | Sale): readonly Part[] => {
  const { cards, uses, lines, adjustments, tenders, totals, signature: _, ...header } = sale as Sale
  return listParts({ cards, uses, lines, adjustments, tenders, totals }, canonicalJson(header), (_part, value) =>
    canonicalJson(value),
  )
}

/** The salt of one part. Keep this, not the sale's salt, with a part that outlives a redaction. */
export const partSalt = (salt: string | undefined, name: string, sha256: Sha256 = sha256Hex): string =>
  salt === undefined ? '' : sha256(`${salt}:${name}`)

/** The digest of one part under its own salt. */
export const partDigest = (text: string, saltOfPart: string, sha256: Sha256 = sha256Hex): string =>
  sha256(saltOfPart + text)

/** The digest list that the signature covers. */
export const partDigests = (
  parts: readonly Part[],
  salt: string | undefined,
  sha256: Sha256 = sha256Hex,
): readonly PartDigest[] =>
  parts.map(({ name, text }) => ({ name, digest: partDigest(text, partSalt(salt, name, sha256), sha256) }))

/** The text whose UTF-8 bytes the device key signs (Ed25519, value in base64url). */
export const signedText = (digests: readonly PartDigest[]): string =>
  `premia-sale-1\n${digests.map(({ name, digest }) => `${name} ${digest}\n`).join('')}`

/** What the next document of the same key names as `previous`. Needs only what is kept after every redaction. */
export const documentHash = (digests: readonly PartDigest[], sha256: Sha256 = sha256Hex): string =>
  sha256(signedText(digests))

/**
 * The receipt's identity: unique for its outlet, fiscal device (else terminal) and business date. Receipts and
 * invoices, sales and returns are numbered apart.
 */
export const receiptIdentity = (
  sale: Pick<Sale, 'kind' | 'terminal' | 'businessDate' | 'document'>,
  outlet: Uuid,
): string =>
  canonicalJson([
    outlet,
    sale.document.fiscal?.deviceId ?? sale.terminal,
    sale.businessDate,
    sale.kind,
    sale.document.kind,
    sale.document.number,
  ])
