/**
 * PostgreSQL array literals. The hot path passes whole columns as one parameter each (`unnest`), and writing the literal
 * here costs a fraction of handing arrays to the driver, which looks at every element.
 */

/** Of values that need no quotes: ids, integers, instants, hex. `null` becomes NULL. */
export const plainArray = (values: readonly (string | number | null)[]): string => {
  let text = '{'
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as string | number | null
    text += index === 0 ? (value ?? 'NULL') : `,${value ?? 'NULL'}`
  }
  return `${text}}`
}

/** Of bytes given in hex. */
export const bytesArray = (hex: readonly string[]): string =>
  hex.length === 0 ? '{}' : `{"\\\\x${hex.join('","\\\\x')}"}`

/** Of milliseconds since 1970, as instants. */
export const instantArray = (times: readonly (number | null)[]): string =>
  plainArray(times.map((time) => (time === null ? null : instantText(time))))

/** Of any text. */
export const textArray = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`

/**
 * JSON documents as one text, a line each: `string_to_array($1, E'\n')::jsonb[]`. JSON has no bare line feed, so nothing
 * needs to be escaped, which would cost more than the JSON itself.
 */
export const jsonLines = (documents: readonly string[]): string => documents.join('\n')

/** An instant as PostgreSQL reads it; `infinity` never occurs in a row of ours. */
export const instantText = (timeMs: number): string => new Date(timeMs).toISOString()
