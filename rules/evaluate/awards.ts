import type { CompiledEffect } from '../compile/compiled-rule.ts'
import type { Award } from '../outcome.ts'
import type { Points } from '../points.ts'
import type { Activation, ExpiryPolicy } from '../program.ts'
import type { PointsEffect } from '../rule.ts'
import type { State } from './sheet.ts'

const sameActivation = (a: Activation, b: Activation): boolean =>
  a === b || (a.kind === 'afterDays' && b.kind === 'afterDays' ? a.days === b.days : a.kind === b.kind)

const sameExpiry = (a: ExpiryPolicy, b: ExpiryPolicy): boolean => {
  if (a === b) return true
  switch (a.kind) {
    case 'never':
      return b.kind === 'never'
    case 'afterDays':
      return b.kind === 'afterDays' && a.days === b.days
    case 'onDate':
      return b.kind === 'onDate' && a.date === b.date
    case 'afterMonths':
      return b.kind === 'afterMonths' && a.months === b.months && (a.endOf ?? 'day') === (b.endOf ?? 'day')
  }
}

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
        sameActivation(each.activation, activation) &&
        sameExpiry(each.expiry, expiry)
      ) {
        each.points = (each.points + points) as Points
        continue next
      }
    }
    awards.push({ to, pointType, points, activation, expiry })
  }
  return awards
}
