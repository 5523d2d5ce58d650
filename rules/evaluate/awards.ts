import type { Award } from '../outcome.ts'
import type { Points } from '../points.ts'
import type { Activation, ExpiryPolicy, PointType } from '../program.ts'
import type { Sheet, State } from './sheet.ts'

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
export const awardsOf = ({ types }: Sheet, { applied, sources }: State): Award[] => {
  const awards: { -readonly [K in keyof Award]: Award[K] }[] = []
  for (let i = 0; i < applied.length; i += 1) {
    const { to, pointType, points } = applied[i] as State['applied'][number]
    if (to === undefined || pointType === undefined || points === undefined) continue
    const source = sources[i]
    const type = types.get(pointType) as PointType
    const activation = source?.activation ?? type.activation
    const expiry = source?.expiry ?? type.expiry
    const same = awards.find(
      (each) =>
        each.to === to &&
        each.pointType === pointType &&
        sameActivation(each.activation, activation) &&
        sameExpiry(each.expiry, expiry),
    )
    if (same === undefined) awards.push({ to, pointType, points, activation, expiry })
    else same.points = (same.points + points) as Points
  }
  return awards
}
