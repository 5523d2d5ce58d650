import type { LimitKey } from '@premia/rules'
import type { Uuid } from '@premia/pos-sdk/contract/till'

/** What a batch needs and has not loaded: it rolls back, brings it and starts again. */
export type Lack =
  | { readonly ruleSet: string }
  | { readonly members: readonly Uuid[] }
  | { readonly counters: readonly LimitKey[] }
  /** The directory is older than the sale: a new outlet, a new version of the program. */
  | { readonly directory: true }

export class Lacking extends Error {
  readonly what: Lack
  constructor(what: Lack) {
    super('the batch has to load more before it can judge')
    this.what = what
  }
}
