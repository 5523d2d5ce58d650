/**
 * Products come in families: one kind of thing, in several variants and packs, of several producers. A table row is
 * `category; noun; variants; packs; price; producers`, the price in minor units of the smallest pack.
 */
import { mulDiv } from '@premia/rules'
import { plainLetters } from '../plain-letters.ts'
import { type Random, randomOf } from '../random.ts'

export interface Family {
  readonly category: string
  readonly noun: string
  readonly variants: readonly string[]
  readonly packs: readonly string[]
  readonly priceMinor: number
  readonly producers: readonly string[]
}

/** One product of a family before it gets its numbers. */
export interface Variant {
  readonly category: string
  readonly name: string
  /** The code by which rules name the producer. */
  readonly producer: string
  readonly priceMinor: number
}

// A comma inside a number (1,5 l) has no space behind it.
const list = (text: string): readonly string[] => text.split(/,(?:\s+|$)/)

export const families = (table: string): readonly Family[] =>
  table
    .trim()
    .split('\n')
    .map((row) => {
      const [category, noun, variants, packs, price, producers] = row.split(';').map((cell) => cell.trim())
      if (category === undefined || noun === undefined || producers === undefined)
        throw new RangeError(`short row: ${row}`)
      return {
        category,
        noun,
        variants: list(variants ?? ''),
        packs: list(packs ?? ''),
        priceMinor: Number(price),
        producers: list(producers),
      }
    })

/** Shops like prices that end in nine. */
const shelfPrice = (family: Family, [variant, pack]: readonly [number, number], random: Random): number => {
  const stronger = mulDiv(family.priceMinor, 100 + 18 * variant, 100, 'halfUp')
  const larger = mulDiv(stronger, 100 + 75 * pack, 100, 'halfUp')
  const price = mulDiv(larger, random.between(86, 124), 100, 'halfUp')
  return price - (price % 10) + 9
}

const productName = (words: readonly string[], pack: string): string =>
  words.filter((word) => word !== '').join(' ') + (pack === '' ? '' : `, ${pack}`)

const variantsOf = (family: Family, random: Random): readonly Variant[] =>
  family.variants.flatMap((variant, strong) =>
    family.packs.flatMap((pack, large) =>
      family.producers.map((producer) => ({
        category: family.category,
        name: productName([family.noun, producer.replaceAll('.', ' '), variant], pack),
        producer: plainLetters(producer),
        priceMinor: shelfPrice(family, [strong, large], random),
      })),
    ),
  )

/** So many products of the families, taken evenly from all of them. */
export const drawVariants = (rows: readonly Family[], count: number, seed: string): readonly Variant[] => {
  const random = randomOf(seed)
  const heaps = rows.map((family) => [...variantsOf(family, random)])
  const all = heaps.reduce((sum, heap) => sum + heap.length, 0)
  if (all < count) throw new RangeError(`${seed}: ${all} products are fewer than ${count}`)
  const drawn: Variant[] = []
  for (let turn = 0; drawn.length < count; turn = (turn + 1) % heaps.length) {
    const heap = heaps[turn] ?? []
    const [taken] = heap.splice(random.below(Math.max(1, heap.length)), 1)
    if (taken !== undefined) drawn.push(taken)
  }
  return drawn
}
