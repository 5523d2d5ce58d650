import type { RuleSet } from './compile/rule-set.ts'
import { evaluate } from './evaluate/evaluate.ts'
import { counterKey } from './evaluate/limits.ts'
import type { Outcome } from './outcome.ts'
import type { EvaluationInput } from './sale.ts'

/** What past sales would have given under one set. */
export interface SetReport {
  readonly hash: string
  /** Points by beneficiary and point type. */
  readonly points: Readonly<Record<string, number>>
  readonly discountMinor: number
  readonly byRule: Readonly<
    Record<string, { readonly sales: number; readonly points: number; readonly amountMinor: number }>
  >
  readonly byFunder: Readonly<Record<string, number>>
  /** How often a limit cut or used up an effect. */
  readonly cuts: Readonly<Record<string, number>>
}

export interface Report {
  readonly sales: number
  readonly sets: readonly SetReport[]
  /** With two sets: members and outlets whose points differ. */
  readonly members: { readonly winners: number; readonly losers: number; readonly same: number }
  readonly outlets: number
  /** The members that win or lose most customer points, greatest difference first. */
  readonly extremes: readonly { readonly member: string; readonly points: number }[]
}

const EXTREMES_MAX = 20

interface Running {
  readonly ruleSet: RuleSet
  readonly counters: Record<string, number>
  readonly points: Record<string, number>
  readonly byRule: Record<string, { sales: number; points: number; amountMinor: number }>
  readonly byFunder: Record<string, number>
  readonly cuts: Record<string, number>
  discountMinor: number
}

const add = (sums: Record<string, number>, key: string, amount: number): void => {
  sums[key] = (sums[key] ?? 0) + amount
}

const take = (one: Running, outcome: Outcome): void => {
  for (const { to, pointType, points } of outcome.awards) add(one.points, `${to}.${pointType}`, points)
  const seen = new Set<string>()
  for (const { rule, points, amountMinor, funding, cut } of outcome.applied) {
    const sums = one.byRule[rule] ?? { sales: 0, points: 0, amountMinor: 0 }
    one.byRule[rule] = sums
    if (!seen.has(rule)) sums.sales += 1
    seen.add(rule)
    sums.points += points ?? 0
    sums.amountMinor += amountMinor ?? 0
    one.discountMinor += amountMinor ?? 0
    for (const { party, amountMinor: part } of funding ?? []) add(one.byFunder, party, part)
    if (cut !== undefined) add(one.cuts, cut.limit, 1)
  }
  for (const claim of outcome.claims) add(one.counters, counterKey(claim), claim.amount)
}

const customerPoints = (outcome: Outcome): number =>
  outcome.awards.reduce((sum, { to, points }) => sum + (to === 'customer' ? points : 0), 0)

/**
 * Streams past sales through one or two sets in one pass: what each would have given, who wins and who loses. Limits are
 * counted as the sales come; nothing is written anywhere. The caller streams the sales, so there may be millions.
 */
export const simulate = (
  ruleSets: readonly [RuleSet] | readonly [RuleSet, RuleSet],
  sales: Iterable<EvaluationInput>,
): Report => {
  const running = ruleSets.map(
    (ruleSet): Running => ({
      ruleSet,
      counters: {},
      points: {},
      byRule: {},
      byFunder: {},
      cuts: {},
      discountMinor: 0,
    }),
  )
  const difference = new Map<string, number>()
  const outlets = new Set<string>()
  let count = 0
  for (const input of sales) {
    count += 1
    const [before, after] = running.map((one) => {
      const outcome = evaluate(one.ruleSet, input, one.counters)
      take(one, outcome)
      return customerPoints(outcome)
    })
    if (before === undefined || after === undefined) continue
    if (before !== after) outlets.add(input.outlet.id)
    const { member } = input
    if (member !== undefined) difference.set(member.id, (difference.get(member.id) ?? 0) + after - before)
  }
  return { sales: count, sets: running.map(reportOf), ...membersOf(difference), outlets: outlets.size }
}

const reportOf = ({ ruleSet, counters: _, ...sums }: Running): SetReport => ({ hash: ruleSet.hash, ...sums })

const membersOf = (difference: ReadonlyMap<string, number>): Pick<Report, 'members' | 'extremes'> => {
  let [winners, losers, same] = [0, 0, 0]
  for (const points of difference.values()) {
    if (points > 0) winners += 1
    else if (points < 0) losers += 1
    else same += 1
  }
  const extremes = [...difference]
    .filter(([, points]) => points !== 0)
    .sort(([a, x], [b, y]) => Math.abs(y) - Math.abs(x) || (a < b ? -1 : 1))
    .slice(0, EXTREMES_MAX)
    .map(([member, points]) => ({ member, points }))
  return { members: { winners, losers, same }, extremes }
}
