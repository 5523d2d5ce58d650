import type { RuleSet } from '../compile/rule-set.ts'
import type { EvaluationInput } from '../sale.ts'

/** Names one counter of one limit. */
export interface LimitKey {
  readonly limit: string
  readonly subject: string
  readonly period: string
}

/** The key of a counter in `Counters`. @example counterKey({ limit: 'L1', subject: 'm7', period: '2026-11' }) // 'L1|m7|2026-11' */
export const counterKey = ({ limit, subject, period }: LimitKey): string => `${limit}|${subject}|${period}`

/** The counters that must be loaded before `evaluate`; empty where no rule that may apply has a limit. */
export const limitKeys = (_ruleSet: RuleSet, _input: EvaluationInput): readonly LimitKey[] => []
