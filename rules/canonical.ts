import { sha256Hex } from './sha256.ts'
import type { Outcome } from './outcome.ts'

/**
 * The one text of a plain JSON value: keys by code unit, no spaces, integers only, absent instead of undefined.
 * Throws `RangeError` on a number that is not a safe integer, so that no float is ever hashed.
 *
 * @example canonicalJson({ b: 1, a: [true, null] }) // '{"a":[true,null],"b":1}'
 */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`canonical JSON holds safe integers only, got ${value}`)
    return value === 0 ? '0' : String(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object') {
    const record = value as Readonly<Record<string, unknown>>
    const parts: string[] = []
    for (const key of Object.keys(record).sort()) {
      const item = record[key]
      if (item !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(item)}`)
    }
    return `{${parts.join(',')}}`
  }
  throw new TypeError(`canonical JSON has no ${typeof value}`)
}

/** SHA-256 of an outcome's canonical text. @example hashOutcome(outcome) === hashOutcome(replayed) */
export const hashOutcome = (outcome: Outcome): string => sha256Hex(canonicalJson(outcome))
