/** The shapes of single values that several documents share. */
import type { Milli, Minor, Ppm } from '@premia/rules'
import type { Instant, Uuid } from '../ids.ts'
import { integer, matching, type Schema, text } from '../schema.ts'

/** 1,000 million in the main unit: 2,000 lines of it still add up to a safe integer. */
const MINOR_MAX = 100_000_000_000
const QUANTITY_MAX = 1_000_000_000_000
export const POINTS_MAX = 1_000_000_000_000

export const uuidText: Schema<Uuid> = matching<Uuid>(
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  36,
)
export const instantText: Schema<Instant> = matching<Instant>(
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
  24,
)
export const dateText: Schema<string> = matching('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', 10)
export const currencyText: Schema<string> = matching('^[A-Z]{3}$', 3)
/** SHA-256 in lower-case hex. */
export const hashText: Schema<string> = matching('^[0-9a-f]{64}$', 64)
/** Bytes in base64url without padding. */
export const bytesText = (maxLength: number): Schema<string> => matching('^[A-Za-z0-9_-]*$', maxLength)
/** A code, a number on a card or a document: printable ASCII without spaces at the ends. */
export const codeText = (maxLength: number): Schema<string> => matching('^[!-~]([ -~]*[!-~])?$', maxLength)
export const nameText: Schema<string> = text(200)
/** The engine's name of a device key: `keyIdOf` in `session.ts`. */
export const keyIdText: Schema<string> = codeText(64)

/** Not negative: a return is told by `kind`, never by a sign. */
export const amount: Schema<Minor> = integer<Minor>(0, MINOR_MAX)
export const signedAmount = (max: number): Schema<Minor> => integer<Minor>(-max, max)
/** Not positive is refused by its own code (`quantity_not_positive`), so the shape admits it. */
export const quantity: Schema<Milli> = integer<Milli>(-QUANTITY_MAX, QUANTITY_MAX)
export const rate: Schema<Ppm> = integer<Ppm>(0, 1_000_000)
export const pointCount: Schema<number> = integer(0, POINTS_MAX)
export const signedPoints: Schema<number> = integer(-POINTS_MAX, POINTS_MAX)
export const count = (max: number): Schema<number> => integer(0, max)
