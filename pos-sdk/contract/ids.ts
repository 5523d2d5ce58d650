/** A UUID in lower-case canonical form. */
export type Uuid = string & { readonly __uuid: unique symbol }
/** An instant as `YYYY-MM-DDTHH:mm:ss.sssZ`. */
export type Instant = string & { readonly __instant: unique symbol }

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Brands a canonical lower-case UUID. Throws `TypeError` for anything else. */
export const uuid = (text: string): Uuid => {
  if (!uuidPattern.test(text)) throw new TypeError(`not a lower-case UUID: ${text.slice(0, 40)}`)
  return text as Uuid
}

/** Brands an ISO instant in UTC with milliseconds. Throws `TypeError` for anything else. */
export const instant = (text: string): Instant => {
  const at = Date.parse(text)
  if (Number.isNaN(at) || new Date(at).toISOString() !== text)
    throw new TypeError(`not a UTC instant: ${text.slice(0, 40)}`)
  return text as Instant
}

/** The instant of a number of milliseconds since 1970. */
export const instantOf = (epochMs: number): Instant => new Date(epochMs).toISOString() as Instant
