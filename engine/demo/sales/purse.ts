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
  /** What came back could not be taken from what was there: the next points make up for it. */
  readonly #owed = new Map<string, number>()

  /** Main points that a sale promises, in the least unit. */
  promised(member: DemoMember, awards: readonly Award[]): number {
    const { mainPointType } = member.program.document
    const own = awards.filter(({ to, pointType }) => to === 'customer' && pointType === mainPointType)
    return own.reduce((sum, { points }) => sum + points, 0)
  }

  /** Notes what a sale promised in the main point type; a little less, because points paid are not paid in money. */
  promise(member: DemoMember, awards: readonly Award[], day: number): void {
    const { mainPointType } = member.program.document
    for (const { to, pointType, points, activation, expiry } of awards) {
      if (to !== 'customer' || pointType !== mainPointType) continue
      const activeDay = day + (activation.kind === 'afterDays' ? activation.days + 1 : 0)
      const lots = this.#lots.get(member.id) ?? []
      const cautious = Math.floor((points * 9) / 10)
      const owed = Math.min(this.#owed.get(member.id) ?? 0, cautious)
      if (owed > 0) this.#owed.set(member.id, (this.#owed.get(member.id) ?? 0) - owed)
      lots.push({ activeDay, lastDay: lastDayOf(expiry, activeDay) - 1, points: cautious - owed })
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

  /** All that a member may have, spendable or not, at most: a promise was noted with a tenth less. */
  most(member: DemoMember): number {
    const noted = (this.#lots.get(member.id) ?? []).reduce((sum, { points }) => sum + points, 0)
    return Math.ceil((noted * 10) / 9)
  }

  /** Takes back what a sale promised, whether it can be spent yet or not. */
  takeBack(member: DemoMember, points: number): void {
    let left = points
    for (const lot of (this.#lots.get(member.id) ?? []).toReversed()) {
      const taken = Math.min(left, lot.points)
      lot.points -= taken
      left -= taken
    }
    if (left > 0) this.#owed.set(member.id, (this.#owed.get(member.id) ?? 0) + left)
  }

  #open(member: DemoMember, day: number): readonly Lot[] {
    return (this.#lots.get(member.id) ?? []).filter((lot) => lot.activeDay <= day && day <= lot.lastDay)
  }
}
