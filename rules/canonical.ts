import { sha256Hex } from './sha256.ts'
import type { Outcome } from './outcome.ts'

const textOf = (value: string): string => {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i)
    // Quotation mark, backslash, or beyond printable ASCII.
    if (code < 32 || code > 126 || code === 34 || code === 92) return JSON.stringify(value)
  }
  return `"${value}"`
}

/**
 * The one text of a plain JSON value: keys by code unit, no spaces, integers only, absent instead of undefined.
 * Throws `RangeError` on a number that is not a safe integer, so that no float is ever hashed.
 *
 * @example canonicalJson({ b: 1, a: [true, null] }) // '{"a":[true,null],"b":1}'
 */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return textOf(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`canonical JSON holds safe integers only, got ${value}`)
    return value === 0 ? '0' : String(value)
  }
  if (typeof value !== 'object') throw new TypeError(`canonical JSON has no ${typeof value}`)
  let out = ''
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) out += (i === 0 ? '' : ',') + canonicalJson(value[i])
    return `[${out}]`
  }
  const record = value as Readonly<Record<string, unknown>>
  for (const key of sorted(Object.keys(record))) {
    const item = record[key]
    if (item !== undefined) out += `${out === '' ? '' : ','}${textOf(key)}:${canonicalJson(item)}`
  }
  return `{${out}}`
}

/** By code unit. Inserting one by one is faster for the few keys that most objects have. */
const sorted = (keys: string[]): string[] => {
  if (keys.length > 20) return keys.sort()
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i] as string
    let place = i
    for (; place > 0 && (keys[place - 1] as string) > key; place -= 1) keys[place] = keys[place - 1] as string
    keys[place] = key
  }
  return keys
}

/** The same values with the keys by code unit. */
export const keysInOrder = <T extends object>(value: T): T => {
  const copy: Partial<T> = {}
  for (const key of sorted(Object.keys(value)) as (keyof T)[]) copy[key] = value[key]
  return copy as T
}

/**
 * The canonical text of an outcome as `evaluate` makes it, or as it was parsed from this text: all its keys stand in order,
 * so that nobody has to sort them.
 *
 * @example canonicalOutcome(outcome) === canonicalJson(outcome) // true
 */
export const canonicalOutcome = (outcome: Outcome): string => JSON.stringify(outcome)

/** SHA-256 of an outcome's canonical text. @example hashOutcome(outcome) === hashOutcome(replayed) */
export const hashOutcome = (outcome: Outcome): string => sha256Hex(canonicalOutcome(outcome))
