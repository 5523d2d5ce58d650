import type { LimitKey } from '@premia/rules'
import type { Uuid } from '@premia/pos-sdk/contract/till'

/** What a batch needs and has not loaded: it rolls back, brings it and starts again. */
export type Lack =
  | { readonly ruleSet: string }
  | { readonly members: readonly Uuid[] }
  | { readonly counters: readonly LimitKey[] }
  /** The directory is older than the sale: a new outlet, a new version of the program. */
  | { readonly directory: true }

/** Thrown with all that is known to be lacking: what each of many sales lacks is brought at once. */
export class Lacking extends Error {
  readonly what: readonly Lack[]
  constructor(...what: readonly Lack[]) {
    super('the batch has to load more before it can judge')
    this.what = what
  }
}

/** The results of what is done for each; throws one `Lacking` with what any of them lacks. */
export const collectLacks = <T, R>(each: readonly T[], run: (one: T) => R): readonly R[] => {
  const lacks: Lack[] = []
  const results: R[] = []
  for (const one of each) {
    try {
      results.push(run(one))
    } catch (error) {
      if (!(error instanceof Lacking)) throw error
      lacks.push(...error.what)
    }
  }
  if (lacks.length > 0) throw new Lacking(...lacks)
  return results
}
