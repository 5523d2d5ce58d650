import type { Brand } from './brand.ts'

/** Points in the smallest part of their point type's scale. Safe integer. */
export type Points = Brand<number, 'Points'>

/** Asserts a safe integer of points. Throws `RangeError`. */
export const points = (value: number): Points => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`points must be a safe integer, got ${value}`)
  return value as Points
}
