/**
 * What a terminal needs to judge sales while the engine is away: `GET /v1/bundle` answers a `SignedBundle`.
 *
 * The bundle travels as text, so that the signature and the hash cover exactly the bytes that were sent. `Sale.offline`
 * names the hash; inside a program's `validUntil` the engine books the sale under the rule set named here.
 */
import { type Minor, type ProductFacts, type ProgramDocument, type Rule, sha256Hex } from '@premia/rules'
import type { Instant, Uuid } from '../ids.ts'
import type { CatalogueProduct, JudgedOutlet, Law } from './judge.ts'
import type { Line } from './sale.ts'
import type { Sha256 } from './signature.ts'

/** Longest bundle a terminal takes. */
export const bundleBytesMax = 16 * 1024 * 1024

/** A product with all that a till may know it by: its codes, GTINs, and national codes as `BLOZ:1234567`. */
export interface BundleProduct {
  readonly codes: readonly string[]
  readonly facts: ProductFacts
  readonly regime?: string
  readonly marks: CatalogueProduct['marks']
  readonly floorMinor?: Minor
  readonly lowestPrices?: CatalogueProduct['lowestPrices']
}

export interface BundleProgram {
  readonly program: Uuid
  readonly name: string
  readonly steersPrices: boolean
  /** Until when this program's part may be used; signed with the rest. */
  readonly validUntil: Instant
  /** Hash that compiling `rules` must give. */
  readonly ruleSet: string
  readonly document: ProgramDocument
  readonly rules: readonly Rule[]
}

export interface BundleDocument {
  readonly schema: 1
  readonly terminal: Uuid
  readonly issuedAt: Instant
  readonly outlet: JudgedOutlet & { readonly zone: string; readonly currency: string }
  /** Local dates that are public holidays at the outlet, as far as the bundle is valid. */
  readonly holidays: readonly string[]
  readonly law: Law
  /** Products this outlet sells, as far as the programs' rules or the law care for them. */
  readonly products: readonly BundleProduct[]
  /** Staff known at the outlet, by the code they type at the till. */
  readonly staff: readonly { readonly id: Uuid; readonly code: string }[]
  readonly programs: readonly BundleProgram[]
}

/** A bundle as it travels. */
export interface SignedBundle {
  readonly schema: 1
  /** The canonical JSON of a `BundleDocument`. */
  readonly text: string
  readonly keyId: string
  /** Ed25519 of the engine over the UTF-8 bytes of the text. */
  readonly value: string
}

/** The name of a bundle. @example bundleHash(bundle.text) === sale.offline?.bundle // true */
export const bundleHash = (text: string, sha256: Sha256 = sha256Hex): string => sha256(text)

/** The codes by which a line's product may be known, the till's preference first. */
export const productCodes = ({ product }: Line): readonly string[] => {
  if (product === undefined) return []
  const codes = [product.code]
  if (product.gtin !== undefined) codes.push(product.gtin)
  if (product.nationalCode !== undefined) codes.push(`${product.nationalCode.scheme}:${product.nationalCode.value}`)
  return codes
}
