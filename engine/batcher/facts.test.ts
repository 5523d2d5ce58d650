import { describe, expect, it } from 'vitest'
import type { CardRow, MemberPeriod, MemberRow } from '../members/member.ts'
import { memberFacts } from './facts.ts'

const DAY = 86_400_000
const joined = 100 * DAY
const card = { cardId: 'c', kind: 'standard' } as unknown as CardRow
const member = { memberId: 'm', kind: 'person', segments: [], birthDay: null, tier: 'gold', attributes: {}, visits: 3 }
const period = (fromMs: number, untilMs: number, tier: string): MemberPeriod => ({
  fromMs,
  untilMs,
  tier,
  attributes: {},
})
/** As the database gives them: in no order. */
const periods = [
  period(joined + 20 * DAY, Number.POSITIVE_INFINITY, 'gold'),
  period(joined, joined + 10 * DAY, 'basic'),
  period(joined + 10 * DAY, joined + 20 * DAY, 'silver'),
]
const tierAt = (atMs: number, known: readonly MemberPeriod[] = periods): string | undefined =>
  memberFacts({ member: member as unknown as MemberRow, card, periods: known }, atMs, '2026-11-20').tier

describe('a late sale is judged by the tier of its own instant', () => {
  it('half-open: the new tier begins with its first millisecond', () => {
    const instants = [joined, joined + 10 * DAY - 1, joined + 10 * DAY, joined + 20 * DAY]
    expect(instants.map((atMs) => tierAt(atMs))).toEqual(['basic', 'basic', 'silver', 'gold'])
  })

  it('and one from before the membership by the tier that it began with, not by one that was reached since', () => {
    expect(tierAt(joined - DAY)).toBe('basic')
    expect(tierAt(joined - DAY, [])).toBe('gold')
  })
})
