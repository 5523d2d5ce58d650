import type { CompiledLimit } from '../compile/compiled-rule.ts'
import type { RuleSet } from '../compile/rule-set.ts'
import type { Claim } from '../outcome.ts'
import type { Counters, EvaluationInput } from '../sale.ts'
import { match } from './match.ts'

/** Names one counter of one limit. */
export interface LimitKey {
  readonly limit: string
  readonly subject: string
  readonly period: string
}

/** The key of a counter in `Counters`. @example counterKey({ limit: 'L1', subject: 'm7', period: '2026-11' }) // 'L1|m7|2026-11' */
export const counterKey = ({ limit, subject, period }: LimitKey): string => `${limit}|${subject}|${period}`

const subjectOf = ({ per }: CompiledLimit, { member, outlet, staff }: EvaluationInput): string | undefined =>
  ({ sale: '*', campaign: '*', member: member?.id, card: member?.card, outlet: outlet.id, staff })[per]

/** Whether a limit holds within the sale alone, so that nobody has to count. */
export const withinSale = (limit: CompiledLimit): boolean => limit.per === 'sale' || limit.period === 'sale'

/** The counter of a limit in this sale; `null` where the sale has no such subject, and then the rule gives nothing. */
export const limitKey = (limit: CompiledLimit, input: EvaluationInput): LimitKey | null => {
  const subject = subjectOf(limit, input)
  if (subject === undefined) return null
  const { period } = limit
  return { limit: limit.id, period: period === 'ever' || period === 'sale' ? '*' : input.periods[period], subject }
}

const SLICE = '|slice'

/**
 * Counters as a till without connection has them: what it gave away itself since it was alone, and the slices of limits
 * that were handed to it for that time. Under them limits act as their `offline` says.
 *
 * @example evaluate(ruleSet, input, offlineCounters([{ limit: 'L1', subject: '*', period: '2026-11', amount: 50 }]))
 */
export const offlineCounters = (slices: readonly Claim[] = [], used: Counters = {}): Counters => ({
  ...used,
  ...Object.fromEntries(slices.map((slice) => [counterKey(slice) + SLICE, slice.amount])),
  offline: 1,
})

/** Whether a till without connection may not take this limit as unused. */
export const isHeldBack = (limit: CompiledLimit, counters: Counters): boolean =>
  counters['offline'] === 1 && !withinSale(limit) && (limit.offline ?? 'allow') !== 'allow'

/** What is left of a limit before this sale; without connection nothing where it denies, and the rest of a slice at most. */
export const leftBefore = (limit: CompiledLimit, key: string, counters: Counters): number => {
  if (withinSale(limit)) return limit.most
  const slice = limit.offline === 'escrow' ? (counters[key + SLICE] ?? 0) : 0
  const most = isHeldBack(limit, counters) ? Math.min(limit.most, slice) : limit.most
  return most - (counters[key] ?? 0)
}

/** The counters that must be loaded before `evaluate`; empty where no rule that may apply has a limit. */
export const limitKeys = (ruleSet: RuleSet, input: EvaluationInput): readonly LimitKey[] => {
  if (ruleSet.stats.limits === 0 || input.kind === 'return') return []
  const keys = new Map<string, LimitKey>()
  for (const { compiled } of match(ruleSet.tables, input)) {
    for (const limit of compiled.limits) {
      const key = withinSale(limit) ? null : limitKey(limit, input)
      if (key !== null) keys.set(counterKey(key), key)
    }
  }
  return [...keys.values()]
}
