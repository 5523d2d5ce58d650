import type { Brand } from './brand.ts'
import type { RoundingMode } from './program.ts'

/** Minor units of a currency (grosz, ban, penny). Safe integer. */
export type Minor = Brand<number, 'Minor'>
/** Thousandths of a unit of quantity. Safe integer. */
export type Milli = Brand<number, 'Milli'>
/** Parts per million. Safe integer. */
export type Ppm = Brand<number, 'Ppm'>

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
  return remainder === 0
    ? quotient + 0
    : quotient + step(quotient, Math.abs(remainder), Math.abs(d), n < 0 !== d < 0, mode)
}

const step = (quotient: number, remainder: number, divisor: number, negative: boolean, mode: RoundingMode): number => {
  const away = negative ? -1 : 1
  switch (mode) {
    case 'truncate':
      return 0
    case 'floor':
      return negative ? -1 : 0
    case 'ceil':
      return negative ? 0 : 1
    case 'halfUp':
      return remainder >= divisor - remainder ? away : 0
    case 'halfEven':
      if (remainder === divisor - remainder) return quotient % 2 === 0 ? 0 : away
      return remainder > divisor - remainder ? away : 0
  }
}

const divideBig = (n: bigint, d: bigint, mode: RoundingMode): number => {
  const quotient = n / d
  const remainder = n % d
  const absolute = remainder < 0n ? -remainder : remainder
  const divisor = d < 0n ? -d : d
  const negative = n < 0n !== d < 0n
  let result = quotient
  if (absolute !== 0n) {
    const compared = absolute * 2n < divisor ? 0 : absolute * 2n === divisor ? 1 : 2
    // The plain path's decision needs only "below, at or above half" and the quotient's parity.
    result += BigInt(step(Number(quotient % 2n), compared, 2, negative, mode))
  }
  const value = Number(result)
  if (!Number.isSafeInteger(value)) throw new RangeError('mulDiv result is not a safe integer')
  return value
}
