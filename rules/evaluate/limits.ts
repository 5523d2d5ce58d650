import type { CompiledLimit } from '../compile/compiled-rule.ts'
import type { RuleSet } from '../compile/rule-set.ts'
import type { EvaluationInput } from '../sale.ts'
import { match } from './match.ts'

/** Names one counter of one limit. */
export interface LimitKey {
  readonly limit: string
  readonly subject: string
  readonly period: string
}

/** The key of a counter in `Counters`. @example counterKey({ limit: 'L1', subject: 'm7', period: '2026-11' }) // 'L1|m7|2026-11' */
export const counterKey = ({ limit, subject, period }: LimitKey): string => `${limit}|${subject}|${period}`

const subjectOf = (limit: CompiledLimit, input: EvaluationInput): string | undefined => {
  switch (limit.per) {
    case 'sale':
    case 'campaign':
      return '*'
    case 'member':
      return input.member?.id
    case 'card':
      return input.member?.card
    case 'outlet':
      return input.outlet.id
    case 'staff':
      return input.staff
  }
}

/** Whether a limit holds within the sale alone, so that nobody has to count. */
export const withinSale = (limit: CompiledLimit): boolean => limit.per === 'sale' || limit.period === 'sale'

/** The counter of a limit in this sale; `null` where the sale has no such subject, and then the rule gives nothing. */
export const limitKey = (limit: CompiledLimit, input: EvaluationInput): LimitKey | null => {
  const subject = subjectOf(limit, input)
  if (subject === undefined) return null
  const { period } = limit
  return { limit: limit.id, subject, period: period === 'ever' || period === 'sale' ? '*' : input.periods[period] }
}

/** The counters that must be loaded before `evaluate`; empty where no rule that may apply has a limit. */
export const limitKeys = (ruleSet: RuleSet, input: EvaluationInput): readonly LimitKey[] => {
  if (ruleSet.stats.limits === 0 || input.kind === 'return') return []
  const keys = new Map<string, LimitKey>()
  for (const { compiled } of match(ruleSet.tables, input, input.mode === 'price' ? 'all' : 'accrual')) {
    for (const limit of compiled.limits) {
      const key = withinSale(limit) ? null : limitKey(limit, input)
      if (key !== null) keys.set(counterKey(key), key)
    }
  }
  return [...keys.values()]
}
