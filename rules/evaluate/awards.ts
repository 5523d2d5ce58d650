import type { CompiledEffect } from '../compile/compiled-rule.ts'
import type { Award } from '../outcome.ts'
import type { Points } from '../points.ts'
import type { State } from './sheet.ts'

/** What the ledger books: applied points summed by beneficiary, point type, activation and expiry. */
export const awardsOf = ({ applied, sources }: State): Award[] => {
  const awards: { -readonly [K in keyof Award]: Award[K] }[] = []
  const terms: string[] = []
  next: for (let i = 0; i < applied.length; i += 1) {
    const { to, pointType, points } = applied[i] as State['applied'][number]
    if (to === undefined || pointType === undefined || points === undefined) continue
    const { activation, expiry, key } = (sources[i] as CompiledEffect).terms
    for (let known = 0; known < awards.length; known += 1) {
      const award = awards[known] as (typeof awards)[number]
      if (award.to !== to || award.pointType !== pointType || terms[known] !== key) continue
      award.points = (award.points + points) as Points
      continue next
    }
    awards.push({ activation, expiry, pointType, points, to })
    terms.push(key)
  }
  return awards
}
