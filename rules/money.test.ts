import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minor, mulDiv, type RoundingMode } from './index.ts'
import { runs } from './testing/arbitrary-parts.ts'
import { judge, line, rule, sale } from './testing/samples.ts'

Decimal.set({ precision: 80 })

/** decimal.js names of our modes: an oracle that shares no code with `mulDiv`. */
const ORACLE: Readonly<Record<RoundingMode, Decimal.Rounding>> = {
  floor: Decimal.ROUND_FLOOR,
  ceil: Decimal.ROUND_CEIL,
  truncate: Decimal.ROUND_DOWN,
  halfUp: Decimal.ROUND_HALF_UP,
  halfEven: Decimal.ROUND_HALF_EVEN,
}
const MODES = Object.keys(ORACLE) as RoundingMode[]

describe('mulDiv', () => {
  test('rounds once, by the mode that is named, and negative amounts symmetrically', () => {
    expect(MODES.map((mode) => mulDiv(1999, 2, 100, mode))).toEqual([39, 40, 39, 40, 40])
    expect(MODES.map((mode) => mulDiv(5, 1, 2, mode))).toEqual([2, 3, 2, 3, 2])
    expect(MODES.map((mode) => mulDiv(-5, 1, 2, mode))).toEqual([-3, -2, -2, -3, -2])
  })

  test('a result is never minus zero', () => {
    for (const mode of MODES) expect(Object.is(mulDiv(-1, 0, 5, mode), -0)).toBe(false)
    expect(Object.is(mulDiv(-1, 1, 5, 'truncate'), -0)).toBe(false)
    expect(Object.is(mulDiv(-1, 1, 5, 'ceil'), -0)).toBe(false)
  })

  test('a division by zero and a result that is not safe are errors', () => {
    expect(() => mulDiv(1, 1, 0, 'floor')).toThrow(RangeError)
    expect(() => mulDiv(Number.MAX_SAFE_INTEGER, 2, 1, 'floor')).toThrow(RangeError)
  })

  test('equals decimal.js for all safe integers, above 2^53 too', () => {
    const whole = fc.maxSafeInteger()
    const small = fc.integer({ min: -1000, max: 1000 })
    const number = fc.oneof(whole, small, fc.integer())
    fc.assert(
      fc.property(number, number, number, fc.constantFrom(...MODES), (a, b, c, mode) => {
        fc.pre(c !== 0)
        const exact = new Decimal(a).times(b).dividedBy(c)
        const expected = exact.toDecimalPlaces(0, ORACLE[mode])
        fc.pre(expected.abs().lessThanOrEqualTo(Number.MAX_SAFE_INTEGER))
        expect(mulDiv(a, b, c, mode)).toBe(expected.toNumber() + 0)
      }),
      { numRuns: runs(2000) },
    )
  })
})

test('amounts are whole: a fraction is an error of the caller', () => {
  expect(() => minor(1.5)).toThrow('minor units must be a safe integer')
})

test('an award is the exact sum of the lines times the rate, rounded once, as decimal.js says, and its parts add up to it', () => {
  const amount = fc.oneof(fc.nat({ max: 500 }), fc.nat({ max: 1_000_000 }), fc.nat({ max: 1e9 }))
  const rate = fc.tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }))
  fc.assert(
    fc.property(
      fc.array(amount, { minLength: 1, maxLength: 9 }),
      rate,
      fc.constantFrom(...MODES),
      fc.constantFrom(1, 5, 100),
      (amounts, [per, points], mode, increment) => {
        const base = rule('r', 'accrual.base', [
          {
            do: 'points',
            to: 'customer',
            formula: { kind: 'perValue', minor: per, points, basis: 'gross' },
            rounding: { mode, increment },
          },
        ])
        const lines = amounts.map((unitPriceMinor, index) => line(index + 1, { unitPriceMinor }))
        const [applied] = judge([base], sale(lines)).applied
        const exact = Decimal.sum(...amounts)
          .times(points)
          .dividedBy(per)
          .dividedBy(increment)
        // No effect gives more than a million million, so that sums stay safe.
        const expected = Math.min(exact.toDecimalPlaces(0, ORACLE[mode]).times(increment).toNumber(), 1e12)
        expect(applied?.points ?? 0).toBe(expected)
        expect((applied?.pointShares ?? []).reduce((sum, share) => sum + share.points, 0)).toBe(expected)
      },
    ),
    { numRuns: runs() },
  )
})
