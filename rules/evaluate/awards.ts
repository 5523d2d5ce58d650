import { canonicalJson } from '../canonical.ts'
import type { CompiledEffect } from '../compile/compiled-rule.ts'
import type { Award } from '../outcome.ts'
import type { Points } from '../points.ts'
import type { Activation, ExpiryPolicy } from '../program.ts'
import type { PointsEffect } from '../rule.ts'
import type { State } from './sheet.ts'

/** Most of the time both are of the point type. An expiry at the end of a day need not say so. */
const isSame = (a: Activation | ExpiryPolicy, b: Activation | ExpiryPolicy): boolean =>
  a === b || canonicalJson({ endOf: 'day', ...a }) === canonicalJson({ endOf: 'day', ...b })

/** What the ledger books: applied points summed by beneficiary, point type, activation and expiry. */
export const awardsOf = ({ applied, sources }: State): Award[] => {
  const awards: { -readonly [K in keyof Award]: Award[K] }[] = []
  next: for (let i = 0; i < applied.length; i += 1) {
    const { to, pointType, points } = applied[i] as State['applied'][number]
    if (to === undefined || pointType === undefined || points === undefined) continue
    const { effect, type } = sources[i] as CompiledEffect
    const { activation = type.activation, expiry = type.expiry } = effect as Partial<PointsEffect>
    for (const each of awards) {
      if (
        each.to === to &&
        each.pointType === pointType &&
        isSame(each.activation, activation) &&
        isSame(each.expiry, expiry)
      ) {
        each.points = (each.points + points) as Points
        continue next
      }
    }
    awards.push({ to, pointType, points, activation, expiry })
  }
  return awards
}
