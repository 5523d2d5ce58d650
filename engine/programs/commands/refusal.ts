import type { FieldError, RefusalCode } from '@premia/pos-sdk/contract/problems'

/**
 * A command that the present state, the scope or the input does not allow. Thrown so that the database transaction rolls
 * back; `runCommand` turns it into the returned answer, so it never leaves this folder.
 */
export class CommandRefused extends Error {
  readonly code: RefusalCode
  readonly errors: readonly FieldError[]

  constructor(code: RefusalCode, detail: string, errors: readonly FieldError[] = []) {
    super(detail)
    this.name = 'CommandRefused'
    this.code = code
    this.errors = errors
  }
}

/** Refuses values that the schema admits and the state or the calendar does not. */
export const refuseFields = (errors: readonly FieldError[]): void => {
  const first = errors[0]
  if (first === undefined) return
  throw new CommandRefused('validation_failed', `${first.path} ${first.message}`.slice(0, 500), errors.slice(0, 20))
}

/** Two rows of one command with the same key would leave open which of them counts. */
export const refuseTwins = (path: string, keys: readonly string[]): void => {
  const seen = new Set<string>()
  refuseFields(
    keys.flatMap((key, index) => {
      if (seen.has(key)) return [{ path: `/input/${path}/${index}`, message: 'is twice in this command' }]
      seen.add(key)
      return []
    }),
  )
}

/** A period that ends before it has begun would never hold. */
export const refuseEmptyPeriods = (
  path: string,
  rows: readonly { readonly from: string; readonly until?: string | undefined }[],
): void =>
  refuseFields(
    rows.flatMap(({ from, until }, index) =>
      until === undefined || Date.parse(until) > Date.parse(from)
        ? []
        : [{ path: `/input/${path}/${index}/until`, message: 'is not after its beginning' }],
    ),
  )
