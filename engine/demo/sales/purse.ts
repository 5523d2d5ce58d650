/**
 * What a till may believe a member has: a cautious estimate from the points its own sales promised. The engine alone
 * knows the balance; this only lets the demo's customers ask for points that are there.
 */
import type { Award } from '@premia/rules'
import type { DemoMember } from '../people/member.ts'

interface Lot {
  readonly activeDay: number
  readonly lastDay: number
  points: number
}

const lastDayOf = (expiry: Award['expiry'], activeDay: number): number => {
  if (expiry.kind === 'afterDays') return activeDay + expiry.days
  // Points that last for months outlive the demo.
  return Number.MAX_SAFE_INTEGER
}

export class Purses {
  readonly #lots = new Map<string, Lot[]>()

  /** Notes what a sale promised in the main point type; a little less, because points paid are not paid in money. */
  promise(member: DemoMember, awards: readonly Award[], day: number): void {
    const { mainPointType } = member.program.document
    for (const { to, pointType, points, activation, expiry } of awards) {
      if (to !== 'customer' || pointType !== mainPointType) continue
      const activeDay = day + (activation.kind === 'afterDays' ? activation.days + 1 : 0)
      const lots = this.#lots.get(member.id) ?? []
      lots.push({ activeDay, lastDay: lastDayOf(expiry, activeDay) - 1, points: Math.floor((points * 9) / 10) })
      this.#lots.set(member.id, lots)
    }
  }

  spendable(member: DemoMember, day: number): number {
    return this.#open(member, day).reduce((sum, lot) => sum + lot.points, 0)
  }

  /** Takes points out, those that end first before others. */
  spend(member: DemoMember, day: number, points: number): void {
    let left = points
    for (const lot of [...this.#open(member, day)].sort((a, b) => a.lastDay - b.lastDay)) {
      const taken = Math.min(left, lot.points)
      lot.points -= taken
      left -= taken
    }
  }

  #open(member: DemoMember, day: number): readonly Lot[] {
    return (this.#lots.get(member.id) ?? []).filter((lot) => lot.activeDay <= day && day <= lot.lastDay)
  }
}
