/** The place of each line in the order that decides ties, or how to get it: most allocations have no tie. */
export type Rank = readonly number[] | (() => readonly number[])

const placeOf = (rank: Rank, index: number): number => (typeof rank === 'function' ? rank() : rank)[index] as number

/**
 * Spreads `total` over `weights` by largest remainder: floor shares first, then one unit each to the largest
 * remainders, ties to the smaller `rank`. The sum is `total` exactly whenever some weight is positive.
 * `total` and weights are safe integers, not negative; `rank` is a permutation of the indexes, asked for on a tie only.
 *
 * @example allocate(10, [1, 1, 1], [0, 1, 2]) // [4, 3, 3]
 */
export const allocate = (total: number, weights: readonly number[], rank: Rank): number[] => {
  const shares = weights.map(() => 0)
  let sum = 0
  for (const weight of weights) sum += weight
  if (total === 0 || sum === 0) return shares
  if (shares.length === 1) return [total]
  const remainders = floorShares(total, sum, weights, shares)
  let left = total
  for (const share of shares) left -= share
  if (left === 0) return shares
  if (shares.length > FEW) spreadLeft(shares, remainders, rank, left)
  else {
    for (; left > 0; left -= 1) {
      const winner = largest(remainders, rank)
      shares[winner] = (shares[winner] as number) + 1
      remainders[winner] = -1
    }
  }
  return shares
}

/** Up to so many lines looking for the largest again and again is cheaper than sorting. */
const FEW = 16

const largest = (remainders: readonly number[], rank: Rank): number => {
  let best = 0
  for (let index = 1; index < remainders.length; index += 1) {
    const more = (remainders[index] as number) - (remainders[best] as number)
    if (more > 0 || (more === 0 && placeOf(rank, index) < placeOf(rank, best))) best = index
  }
  return best
}

const spreadLeft = (shares: number[], remainders: readonly number[], rank: Rank, left: number): void => {
  const order = shares.map((_, index) => index)
  order.sort((a, b) => (remainders[b] as number) - (remainders[a] as number) || placeOf(rank, a) - placeOf(rank, b))
  for (let i = 0; i < left; i += 1) shares[order[i] as number] = (shares[order[i] as number] as number) + 1
}

/** Writes the floor shares and returns the remainders, all exact: by BigInt where a product leaves the safe range. */
const floorShares = (total: number, sum: number, weights: readonly number[], shares: number[]): number[] =>
  weights.map((weight, index) => {
    const product = total * weight
    if (product <= Number.MAX_SAFE_INTEGER) {
      const remainder = product % sum
      shares[index] = (product - remainder) / sum
      return remainder
    }
    const exact = BigInt(total) * BigInt(weight)
    shares[index] = Number(exact / BigInt(sum))
    return Number(exact % BigInt(sum))
  })

/** As `allocate`, but no share exceeds its capacity: what a full line cannot take goes to the others. */
export const allocateWithin = (
  total: number,
  weights: readonly number[],
  capacities: readonly number[],
  rank: Rank,
): number[] => {
  const shares = weights.map(() => 0)
  const open = weights.map((weight, index) => weight > 0 && (capacities[index] as number) > 0)
  let left = total
  // Each round closes at least one line or ends: at most as many rounds as lines.
  for (let round = 0; round <= weights.length && left > 0; round += 1) {
    const part = allocate(
      left,
      weights.map((weight, index) => (open[index] ? weight : 0)),
      rank,
    )
    const full = part.map((share, index) => open[index] === true && share >= (capacities[index] as number))
    if (!full.includes(true)) {
      return shares.map((share, index) => share + (part[index] as number))
    }
    full.forEach((isFull, index) => {
      if (!isFull) return
      shares[index] = capacities[index] as number
      left -= capacities[index] as number
      open[index] = false
    })
    if (!open.includes(true)) break
  }
  return shares
}

/**
 * What the first `count` of `units` units carry of a line's share. Any sequence of partial returns adds up to `share`.
 *
 * @example unitShare(10, 1, 3) // 3
 * @example unitShare(10, 3, 3) // 10
 */
export const unitShare = (share: number, count: number, units: number): number => {
  const product = share * count
  if (Number.isSafeInteger(product)) return Math.floor(product / units)
  const exact = BigInt(share) * BigInt(count)
  const quotient = exact / BigInt(units)
  return Number(exact < 0n && exact % BigInt(units) !== 0n ? quotient - 1n : quotient)
}
