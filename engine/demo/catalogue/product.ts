import type { ProductInput } from '@premia/pos-sdk/contract/admin'
import type { Line, Uuid } from '@premia/pos-sdk/contract/till'
import { mulDiv } from '@premia/rules'
import { demoId } from '../identity.ts'
import { gtin13 } from '../numbers.ts'
import { type Random, randomOf } from '../random.ts'
import { drawVariants, type Family, type Variant } from './family.ts'
import { overTheCounter, prescription } from './pharmacy.ts'
import { pharmacyShelf, supplements } from './pharmacy-shelf.ts'
import { polishLoose, polishShop } from './polish-shop.ts'
import { romanianLoose, romanianShop } from './romanian-shop.ts'

/** Where a product stands: the tills of one kind of outlet in one country sell one assortment. */
export type Assortment = 'pharmacy' | 'prescription' | 'polishShop' | 'romanianShop'

/** What the payer pays of a pack, as the national list says. */
export interface Reimbursed {
  readonly level: 'R' | '30' | '50' | 'B'
  readonly limitMinor: number
}

/** What the tills know of a product. */
export interface DemoProduct {
  readonly id: Uuid
  readonly assortment: Assortment
  readonly name: string
  readonly category: string
  readonly producer: string
  readonly tags: readonly string[]
  readonly marks: Line['marks']
  readonly regimeClass: string
  readonly code: string
  readonly gtin?: string
  readonly bloz?: string
  readonly unit: 'piece' | 'kg'
  /** Of a piece or a kilogram. */
  readonly priceMinor: number
  readonly vat: { readonly ratePpm: number; readonly code: string }
  readonly reimbursed?: Reimbursed
}

/** Rate and fiscal letter by category; the longest matching code counts. */
const vatOf: readonly (readonly [category: string, percent: number, letter: string])[] = [
  ['leki', 8, 'B'],
  ['recepta', 8, 'B'],
  ['suplementy', 8, 'B'],
  ['kosmetyki', 23, 'A'],
  ['dziecko.mleko', 5, 'C'],
  ['dziecko', 23, 'A'],
  ['wyroby', 8, 'B'],
  ['sklep.slodycze', 23, 'A'],
  ['sklep.napoje.soki', 5, 'C'],
  ['sklep.napoje', 23, 'A'],
  ['sklep.kawa', 23, 'A'],
  ['sklep.alkohol', 23, 'A'],
  ['sklep.tyton', 23, 'A'],
  ['sklep', 5, 'C'],
  ['dom', 23, 'A'],
  ['aliment.dulciuri', 21, 'A'],
  ['aliment.bauturi.sucuri', 11, 'B'],
  ['aliment.bauturi', 21, 'A'],
  ['aliment.alcool', 21, 'A'],
  ['aliment.tutun', 21, 'A'],
  ['aliment', 11, 'B'],
  ['casa', 21, 'A'],
]

const regimeOf: Readonly<Record<string, readonly [regimeClass: string, ...marks: Line['marks']]>> = {
  'dziecko.mleko': ['infantFormula', 'noDiscount'],
  'sklep.alkohol': ['alcohol', 'ageLimited'],
  'aliment.alcool': ['alcohol', 'ageLimited'],
  'sklep.tyton': ['tobacco', 'ageLimited', 'noDiscount'],
  'aliment.tutun': ['tobacco', 'ageLimited', 'noDiscount'],
}

const vat = (category: string): DemoProduct['vat'] => {
  const found = vatOf.find(([start]) => category === start || category.startsWith(`${start}.`))
  if (found === undefined) throw new RangeError(`no VAT for ${category}`)
  return { ratePpm: found[1] * 10_000, code: found[2] }
}

const tagsOf = (random: Random, category: string): readonly string[] =>
  [
    ...(random.percent(12) ? ['zalecane'] : []),
    ...(random.percent(6) ? ['nowosc'] : []),
    ...(random.percent(7) && /^(sklep|aliment|suplementy)/.test(category) ? ['bio'] : []),
    ...(category.includes('dzieci') || category.startsWith('dziecko') ? ['dziecko'] : []),
  ].sort()

const reimbursedOf = (random: Random, priceMinor: number): Reimbursed => ({
  level: random.weighted([
    ['R', 25],
    ['30', 45],
    ['50', 25],
    ['B', 5],
  ]),
  limitMinor: mulDiv(priceMinor, random.between(78, 108), 100, 'halfUp'),
})

const regime = (variant: Variant, reimbursed: boolean): readonly [string, Line['marks']] => {
  const [found, ...marks] = regimeOf[variant.category] ?? []
  if (found !== undefined) return [found, marks]
  if (reimbursed) return ['reimbursed', ['rx', 'regulatedPrice', 'noDiscount']]
  if (variant.category.startsWith('recepta')) return ['rx', ['rx']]
  return [variant.category.startsWith('leki') ? 'medicine' : 'general', []]
}

interface Shelf {
  readonly assortment: Assortment
  readonly families: readonly Family[]
  readonly count: number
  /** First digits of the pack's GTIN; loose goods have none. */
  readonly gtinPrefix?: string
}

const shelves: readonly Shelf[] = [
  { assortment: 'pharmacy', families: overTheCounter, count: 410, gtinPrefix: '5909991' },
  { assortment: 'pharmacy', families: supplements, count: 250, gtinPrefix: '5909992' },
  { assortment: 'pharmacy', families: pharmacyShelf, count: 430, gtinPrefix: '5909993' },
  { assortment: 'prescription', families: prescription, count: 440, gtinPrefix: '5909994' },
  { assortment: 'polishShop', families: polishShop, count: 580, gtinPrefix: '5909995' },
  { assortment: 'polishShop', families: polishLoose, count: 15 },
  { assortment: 'romanianShop', families: romanianShop, count: 860, gtinPrefix: '5949991' },
  { assortment: 'romanianShop', families: romanianLoose, count: 15 },
]

const productOf = (shelf: Shelf, variant: Variant, place: number): DemoProduct => {
  const key = `${shelf.gtinPrefix ?? `${shelf.assortment}.loose`}-${place}`
  const random = randomOf(`product:${key}`)
  const medicine = shelf.assortment === 'prescription' || variant.category.startsWith('leki')
  const reimbursed = shelf.assortment === 'prescription' && random.percent(66)
  const [regimeClass, marks] = regime(variant, reimbursed)
  const shelfNumber = shelves.indexOf(shelf) + 1
  return {
    id: demoId('product', key),
    assortment: shelf.assortment,
    name: variant.name,
    category: variant.category,
    producer: variant.producer,
    tags: tagsOf(random, variant.category),
    marks,
    regimeClass,
    code: `${shelfNumber}${String(place + 1).padStart(5, '0')}`,
    unit: shelf.gtinPrefix === undefined ? 'kg' : 'piece',
    priceMinor: variant.priceMinor,
    vat: vat(variant.category),
    ...(shelf.gtinPrefix === undefined
      ? {}
      : { gtin: gtin13(shelf.gtinPrefix + String(place * 7 + 11).padStart(5, '0')) }),
    ...(medicine ? { bloz: String(shelfNumber * 1_000_000 + place * 13 + 101) } : {}),
    ...(reimbursed ? { reimbursed: reimbursedOf(random, variant.priceMinor) } : {}),
  }
}

/** The 3,000 products of the operator's catalogue. */
export const products: readonly DemoProduct[] = shelves.flatMap((shelf) =>
  drawVariants(shelf.families, shelf.count, shelf.gtinPrefix ?? shelf.assortment).map((variant, place) =>
    productOf(shelf, variant, place),
  ),
)

export const assortment = (name: Assortment): readonly DemoProduct[] =>
  products.filter((product) => product.assortment === name)

/** A product as the engine's catalogue takes it. */
export const productInput = (product: DemoProduct, from: ProductInput['from']): ProductInput => ({
  id: product.id,
  name: product.name,
  category: product.category,
  producer: product.producer,
  tags: product.tags,
  marks: product.marks,
  regimeClass: product.regimeClass,
  from,
  codes: [
    { scope: 'own', code: product.code },
    ...(product.gtin === undefined ? [] : [{ scope: 'gtin', code: product.gtin }]),
    ...(product.bloz === undefined ? [] : [{ scope: 'BLOZ', code: product.bloz }]),
  ],
})
