import type { FieldError, RefusalCode } from '@premia/pos-sdk/contract/problems'

/** Ends a request with a row of the one catalogue; the server turns it into problem details. */
export class Problem extends Error {
  readonly code: RefusalCode
  readonly errors: readonly FieldError[]
  readonly retryAfterS: number | undefined
  constructor(code: RefusalCode, detail: string, more: { errors?: readonly FieldError[]; retryAfterS?: number } = {}) {
    super(detail)
    this.name = 'Problem'
    this.code = code
    this.errors = more.errors ?? []
    this.retryAfterS = more.retryAfterS
  }
}
