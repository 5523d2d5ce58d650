import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate, allocateWithin, unitShare } from '../index.ts'
import { runs } from '../testing/arbitrary-parts.ts'

const inOrder = (weights: readonly number[]): number[] => weights.map((_, index) => index)
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const amounts = fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 100_000 }), fc.nat({ max: 1e12 })), {
  minLength: 1,
  maxLength: 12,
})
const total = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 1e12 }))

describe('allocate', () => {
  test('gives the leftover to the largest remainders, ties to the smaller rank', () => {
    expect(allocate(10, [1, 1, 1], [0, 1, 2])).toEqual([4, 3, 3])
    expect(allocate(10, [1, 1, 1], [2, 1, 0])).toEqual([3, 3, 4])
    expect(allocate(5, [999, 1, 1], [0, 1, 2])).toEqual([5, 0, 0])
  })

  test('parts equal the whole, none is negative, none is more than one off its exact share', () => {
    fc.assert(
      fc.property(total, amounts, (whole, weights) => {
        const all = sum(weights)
        fc.pre(all > 0)
        const shares = allocate(whole, weights, inOrder(weights))
        expect(sum(shares)).toBe(whole)
        shares.forEach((share, index) => {
          const floor = Number((BigInt(whole) * BigInt(weights[index] as number)) / BigInt(all))
          expect(share === floor || share === floor + 1).toBe(true)
        })
      }),
      { numRuns: runs(1000) },
    )
  })

  test('permuting lines permutes shares', () => {
    fc.assert(
      fc.property(total, amounts, fc.infiniteStream(fc.nat()), (whole, weights, keys) => {
        const order = inOrder(weights)
        const drawn = [...keys.take(order.length)]
        const mixed = [...order].sort((a, b) => (drawn[a] as number) - (drawn[b] as number) || a - b)
        const straight = allocate(whole, weights, order)
        const shares = allocate(
          whole,
          mixed.map((index) => weights[index] as number),
          mixed,
        )
        mixed.forEach((index, at) => expect(shares[at]).toBe(straight[index]))
      }),
      { numRuns: runs() },
    )
  })
})

describe('allocateWithin', () => {
  test('what a full line cannot take goes to the others', () => {
    expect(allocateWithin(10, [1, 1], [3, 20], [0, 1])).toEqual([3, 7])
    expect(allocateWithin(10, [1, 1], [3, 4], [0, 1])).toEqual([3, 4])
  })

  test('no line takes more than its room, and all is given while there is room', () => {
    fc.assert(
      fc.property(
        total,
        fc.array(fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 1000 })), { minLength: 1, maxLength: 10 }),
        (whole, pairs) => {
          const weights = pairs.map(([weight]) => weight)
          const rooms = pairs.map(([, room]) => room)
          const shares = allocateWithin(whole, weights, rooms, inOrder(weights))
          shares.forEach((share, index) => expect(share).toBeLessThanOrEqual(rooms[index] as number))
          const open = sum(pairs.map(([weight, room]) => (weight > 0 ? room : 0)))
          expect(sum(shares)).toBe(Math.min(whole, open))
        },
      ),
      { numRuns: runs(1000) },
    )
  })
})

describe('unitShare', () => {
  test('any sequence of partial returns adds up to the share, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        (share, parts) => {
          const units = sum(parts)
          let returned = 0
          let given = 0
          for (const part of parts) {
            const before = unitShare(share, returned, units)
            returned += part
            given += unitShare(share, returned, units) - before
          }
          expect(given).toBe(share)
        },
      ),
      { numRuns: runs() },
    )
  })
})
