import { createHash, createHmac } from 'node:crypto'

/** Crockford's alphabet: no sign that a person could mistake for another one. */
const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 80 bits in four groups of four signs. Derived from the command, so that its kept answer need not hold it. */
export const enrolCode = (key: Buffer, terminal: string, command: string): string => {
  const bytes = createHmac('sha256', key).update(`${terminal}\n${command}`).digest()
  const signs = [...bytes.subarray(0, 16)].map((byte) => CODE_ALPHABET[byte & 31])
  return [0, 4, 8, 12].map((at) => signs.slice(at, at + 4).join('')).join('-')
}

/** What the directory keeps of a code. How it was typed (case, dashes) does not matter. */
export const enrolCodeHash = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''))
    .digest()
