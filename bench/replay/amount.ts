import { type Minor, minor } from '@premia/rules'
import { Decimal } from 'decimal.js'

// 40 digits hold any quantity times any price of the file exactly.
const Exact = Decimal.clone({ precision: 40 })

/** A decimal of a file, or `undefined` for what is none. @example decimalOf('2.55')?.toString() // '2.55' */
export const decimalOf = (text: string): Decimal | undefined =>
  /^-?\d{1,15}(\.\d{1,10})?$/.test(text) ? new Exact(text) : undefined

/** Pounds as pence; `undefined` where a penny would have to be cut. @example penceOf(new Decimal('2.55')) // 255 */
export const penceOf = (pounds: Decimal): Minor | undefined => {
  const pence = pounds.times(100)
  return pence.isInteger() && pence.abs().lte(Number.MAX_SAFE_INTEGER) ? minor(pence.toNumber()) : undefined
}
