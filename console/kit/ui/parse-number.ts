/** A typed figure in the customs of the page's languages: spaces group, comma or point divides. `undefined`: not a number. */
export const parseNumber = (text: string): number | undefined => {
  const plain = text
    .trim()
    .replaceAll(/[\s\u00a0\u202f]/g, '')
    .replace('−', '-')
    .replace(',', '.')
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(plain) ? Number(plain) : undefined
}

/** @example parseMinor('12,5') // 1250 */
export const parseMinor = (text: string): number | undefined => {
  const value = parseNumber(text)
  if (value === undefined) return undefined
  const minor = Math.round(value * 100)
  return Math.abs(minor - value * 100) < 1e-6 ? minor : undefined
}
