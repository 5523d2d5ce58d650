import type { Uuid } from './ids.ts'

/**
 * A UUIDv7 of an instant and ten random bytes (of which 74 bits are used). Pass a hash as `random` where the same
 * input must give the same id again.
 *
 * @example uuidv7(0, new Uint8Array(10)) // '00000000-0000-7000-8000-000000000000'
 */
export const uuidv7 = (nowMs: number, random: Uint8Array): Uuid => {
  if (random.length < 10) throw new RangeError('a UUIDv7 needs ten random bytes')
  if (!Number.isSafeInteger(nowMs) || nowMs < 0 || nowMs >= 2 ** 48) throw new RangeError(`not a UUID time: ${nowMs}`)
  const byte = (index: number): string => (random[index] as number).toString(16).padStart(2, '0')
  const time = nowMs.toString(16).padStart(12, '0')
  const version = (0x70 | ((random[0] as number) & 0x0f)).toString(16)
  const variant = (0x80 | ((random[2] as number) & 0x3f)).toString(16)
  const tail = [4, 5, 6, 7, 8, 9].map(byte).join('')
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${byte(1)}-${variant}${byte(3)}-${tail}` as Uuid
}
