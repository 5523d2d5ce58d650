/**
 * The demo's own source of chance: small, seeded by a text, the same on every machine and for ever.
 * sfc32, a well-tested 32-bit generator; the seed is spread with a 32-bit FNV hash.
 */
export interface Random {
  /** A whole number from 0 (included) to `limit` (not included). */
  readonly below: (limit: number) => number
  /** A whole number from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number
  /** True in so many of a hundred cases. */
  readonly percent: (share: number) => boolean
  readonly pick: <T>(list: readonly T[]) => T
  /** One of the values, each with its weight. */
  readonly weighted: <T>(list: readonly (readonly [value: T, weight: number])[]) => T
  /** An index below `count`; small ones are much more frequent, as shoppers' favourites are. */
  readonly favourite: (count: number) => number
}

const spread = (text: string, start: number): number => {
  let hash = start
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619)
  hash ^= hash >>> 15
  return Math.imul(hash, 2_246_822_519) >>> 0
}

const words = (seed: string): (() => number) => {
  let a = spread(seed, 2_166_136_261)
  let b = spread(seed, 40_389)
  let c = spread(seed, 3_735_928_559)
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // The first words still show the seed.
  for (let round = 0; round < 12; round += 1) next()
  return next
}

/** The same seed gives the same chances. @example randomOf('a').below(10) === randomOf('a').below(10) // true */
export const randomOf = (seed: string): Random => {
  const next = words(seed)
  const below = (limit: number): number => next() % limit
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[below(list.length)]
    if (chosen === undefined) throw new RangeError('nothing to pick from')
    return chosen
  }
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    percent: (share) => below(10_000) < share * 100,
    pick,
    weighted: (list) => {
      let left = below(list.reduce((sum, [, weight]) => sum + weight, 0))
      for (const [value, weight] of list) {
        left -= weight
        if (left < 0) return value
      }
      throw new RangeError('nothing to pick from')
    },
    favourite: (count) => Math.floor(count * (next() / 4_294_967_296) ** 2.2),
  }
}
