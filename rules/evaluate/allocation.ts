import { mulDiv } from '../money.ts'

/** The place of each line in the order that decides ties, or how to get it: most allocations have no tie. */
export type Rank = readonly number[] | (() => readonly number[])

const placeOf = (rank: Rank, index: number): number => (typeof rank === 'function' ? rank() : rank)[index] as number

/** A list of a known length: one that grows by `push` takes several times the memory. */
// oxlint-disable-next-line unicorn/no-new-array -- the argument is the length, and Array.from is many times slower
export const listOf = <T>(length: number): T[] => new Array<T>(length)

export const sumOf = (values: readonly number[]): number => {
  let sum = 0
  for (let index = 0; index < values.length; index += 1) sum += values[index] as number
  return sum
}

/**
 * Spreads `total` over `weights` by largest remainder: floor shares first, then one unit each to the largest
 * remainders, ties to the smaller `rank`. The sum is `total` exactly whenever some weight is positive.
 * `total` and weights are safe integers, not negative; `rank` is a permutation of the indexes, asked for on a tie only.
 *
 * @example allocate(10, [1, 1, 1], [0, 1, 2]) // [4, 3, 3]
 */
export const allocate = (total: number, weights: readonly number[], rank: Rank): number[] => {
  const sum = sumOf(weights)
  if (total === 0 || sum === 0) return weights.map(() => 0)
  if (weights.length === 1) return [total]
  const shares = listOf<number>(weights.length)
  const isSmall = Number.isSafeInteger(total * sum)
  let left = total
  for (let index = 0; index < weights.length; index += 1) {
    const weight = weights[index] as number
    const share = isSmall ? Math.floor((total * weight) / sum) : unitShare(total, weight, sum)
    shares[index] = share
    remainders[index] = isSmall
      ? total * weight - share * sum
      : Number(BigInt(total) * BigInt(weight) - BigInt(share) * BigInt(sum))
    left -= share
  }
  if (shares.length > FEW) spreadLeft(shares, rank, left)
  else {
    for (; left > 0; left -= 1) {
      const winner = largest(shares.length, rank)
      shares[winner] = (shares[winner] as number) + 1
      remainders[winner] = -1
    }
  }
  return shares
}

/** Used again by every allocation. */
const remainders: number[] = []

/** Up to so many lines looking for the largest again and again is cheaper than sorting. */
const FEW = 16

const largest = (count: number, rank: Rank): number => {
  let best = 0
  for (let index = 1; index < count; index += 1) {
    const more = (remainders[index] as number) - (remainders[best] as number)
    if (more > 0 || (more === 0 && placeOf(rank, index) < placeOf(rank, best))) best = index
  }
  return best
}

const spreadLeft = (shares: number[], rank: Rank, left: number): void => {
  const order = shares.map((_, index) => index)
  order.sort((a, b) => (remainders[b] as number) - (remainders[a] as number) || placeOf(rank, a) - placeOf(rank, b))
  for (let i = 0; i < left; i += 1) shares[order[i] as number] = (shares[order[i] as number] as number) + 1
}

/** As `allocate`, but no share exceeds its capacity: what a full line cannot take goes to the others. */
export const allocateWithin = (
  total: number,
  weights: readonly number[],
  capacities: readonly number[],
  rank: Rank,
): number[] => {
  const shares = weights.map(() => 0)
  let open = weights.map((weight, index) => ((capacities[index] as number) > 0 ? weight : 0))
  let left = total
  // Each round closes at least one line or ends.
  while (left > 0 && open.some((weight) => weight > 0)) {
    const part = allocate(left, open, rank)
    const isFull = (index: number): boolean =>
      (open[index] as number) > 0 && (part[index] as number) >= (capacities[index] as number)
    if (!part.some((_, index) => isFull(index))) return shares.map((share, index) => share + (part[index] as number))
    open = open.map((weight, index) => {
      if (!isFull(index)) return weight
      shares[index] = capacities[index] as number
      left -= capacities[index] as number
      return 0
    })
  }
  return shares
}

/**
 * What the first `count` of `units` units carry of a line's share. Any sequence of partial returns adds up to `share`.
 *
 * @example unitShare(10, 1, 3) // 3
 * @example unitShare(10, 3, 3) // 10
 */
export const unitShare = (share: number, count: number, units: number): number => mulDiv(share, count, units, 'floor')
