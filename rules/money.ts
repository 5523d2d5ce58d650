import type { Brand } from './brand.ts'

/** Minor units of a currency (grosz, ban, penny). Safe integer. */
export type Minor = Brand<number, 'Minor'>
/** Thousandths of a unit of quantity. Safe integer. */
export type Milli = Brand<number, 'Milli'>
/** Parts per million. Safe integer. */
export type Ppm = Brand<number, 'Ppm'>

/** How the fractional part of an amount is settled. `halfUp` rounds halves away from zero. */
export type RoundingMode = 'floor' | 'ceil' | 'truncate' | 'halfUp' | 'halfEven'

const safe = (value: number, unit: string): number => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${unit} must be a safe integer, got ${value}`)
  return value
}
/** Asserts a safe integer of minor units. Throws `RangeError`. */
export const minor = (value: number): Minor => safe(value, 'minor units') as Minor
/** Asserts a safe integer of milli-units. Throws `RangeError`. */
export const milli = (value: number): Milli => safe(value, 'milli-units') as Milli
/** Asserts a safe integer of parts per million. Throws `RangeError`. */
export const ppm = (value: number): Ppm => safe(value, 'parts per million') as Ppm

/**
 * `a · b / c`, rounded once: the only place that rounds. Exact for all safe integers.
 * Negative results round symmetrically for `halfUp` and `halfEven`; `floor` and `ceil` are towards −∞ and +∞.
 * Throws `RangeError` when `c` is 0 or the result is not a safe integer.
 *
 * @example mulDiv(1999, 2, 100, 'floor') // 39
 */
export const mulDiv = (a: number, b: number, c: number, mode: RoundingMode): number => {
  if (c === 0) throw new RangeError('mulDiv divides by zero')
  const product = a * b
  if (Number.isSafeInteger(product)) return divide(product, c, mode)
  return divideBig(BigInt(a) * BigInt(b), BigInt(c), mode)
}

const divide = (n: number, d: number, mode: RoundingMode): number => {
  const quotient = Math.trunc(n / d)
  const remainder = n - quotient * d
  // n / d is a double: near 2^53 the truncated quotient may be one off, which the remainder shows.
  if (Math.abs(remainder) >= Math.abs(d) || (remainder !== 0 && remainder < 0 !== n < 0)) {
    return divideBig(BigInt(n), BigInt(d), mode)
  }
  if (remainder === 0) return quotient + 0
  const part = Math.abs(remainder)
  const overHalf = part - (Math.abs(d) - part)
  return quotient + step(overHalf, quotient % 2 !== 0, n < 0 !== d < 0, mode)
}

const divideBig = (n: bigint, d: bigint, mode: RoundingMode): number => {
  const size = (value: bigint): bigint => (value < 0n ? -value : value)
  const remainder = size(n % d)
  let result = n / d
  if (remainder !== 0n) {
    const overHalf = Number(remainder * 2n - size(d))
    result += BigInt(step(overHalf, result % 2n !== 0n, n < 0n !== d < 0n, mode))
  }
  const value = Number(result)
  if (!Number.isSafeInteger(value)) throw new RangeError('mulDiv result is not a safe integer')
  return value
}

/** What to add to a truncated quotient whose fraction is below (negative), at (0) or above a half. */
const step = (overHalf: number, isOdd: boolean, isNegative: boolean, mode: RoundingMode): number => {
  const away = isNegative ? -1 : 1
  switch (mode) {
    case 'truncate':
      return 0
    case 'floor':
      return isNegative ? -1 : 0
    case 'ceil':
      return isNegative ? 0 : 1
    case 'halfUp':
      return overHalf >= 0 ? away : 0
    case 'halfEven':
      return overHalf > 0 || (overHalf === 0 && isOdd) ? away : 0
  }
}
