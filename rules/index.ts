export type * from './brand.ts'
export * from './calendar.ts'
export { canonicalJson, canonicalOutcome, hashOutcome } from './canonical.ts'
export { type CatalogueFacts, compileRuleSet, type RuleSet, type RuleSetStats, SEMANTICS } from './compile/rule-set.ts'
export type * from './condition.ts'
export { allocate, allocateWithin, unitShare } from './evaluate/allocation.ts'
export { evaluate } from './evaluate/evaluate.ts'
export type * from './example.ts'
export { matchingRules } from './evaluate/match.ts'
export { counterKey, type LimitKey, limitKeys, offlineCounters } from './evaluate/limits.ts'
export {
  type Explanation,
  explain,
  type RuleExplanation,
  type SlotShortage,
  type TraceEvent,
  type WhyNot,
} from './explain.ts'
export * from './money.ts'
export type * from './outcome.ts'
export * from './points.ts'
export type * from './program.ts'
export { type Delta, reconcile } from './reconcile.ts'
export { type Place, restrict } from './restrict.ts'
export { type BookedSale, type ReturnedUnits, type Reversal, reverse } from './reverse.ts'
export type * from './rule.ts'
export type * from './sale.ts'
export { type Report, type SetReport, simulate } from './simulate.ts'
export { sha256Hex } from './sha256.ts'
