/** Numbers with check digits, as they stand on packs, cards and invoices. */

const weightedSum = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0)

/** The 13-digit GTIN of twelve digits. @example gtin13('590123412345') // '5901234123457' */
export const gtin13 = (twelve: string): string => {
  const sum = weightedSum(twelve, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3])
  return `${twelve}${(10 - (sum % 10)) % 10}`
}

/** Whether the last digit of a 13-digit GTIN is the one its others ask for. */
export const isGtin13 = (text: string): boolean => /^\d{13}$/.test(text) && gtin13(text.slice(0, 12)) === text

/** A Polish NIP of nine digits; `undefined` where no check digit exists. */
export const nip = (nine: string): string | undefined => {
  const check = weightedSum(nine, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11
  return check === 10 ? undefined : `${nine}${check}`
}

/** A Romanian CUI of seven digits and its check digit. */
export const cui = (seven: string): string => {
  const check = (weightedSum(seven, [3, 2, 1, 7, 5, 3, 2]) * 10) % 11
  return `${seven}${check === 10 ? 0 : check}`
}
