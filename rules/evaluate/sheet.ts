import type { CompiledEffect, CompiledLimit, CompiledRule } from '../compile/compiled-rule.ts'
import type { View } from '../compile/search.ts'
import type { Tables } from '../compile/rule-set.ts'
import { mulDiv } from '../money.ts'
import type { Applied, Outcome } from '../outcome.ts'
import type { Basis, ProgramDocument } from '../program.ts'
import type { Counters, EvaluationInput, LineFacts } from '../sale.ts'
import { unitShare } from './allocation.ts'
import type { Trace } from './trace.ts'

/** Amounts of each line, by basis; before each phase the lists are replaced, never changed. */
export type Amounts = { -readonly [B in Basis]: readonly number[] }

/** What one evaluation reads and does not change, save `amounts`. */
export interface Sheet {
  readonly tables: Tables
  readonly program: ProgramDocument
  readonly input: EvaluationInput
  /** In the order of their numbers. */
  readonly lines: readonly LineFacts[]
  /** All of every line. */
  readonly whole: View
  readonly counters: Counters
  readonly amounts: Amounts
  readonly earns: readonly boolean[]
  readonly counts: readonly boolean[]
  readonly countsAll: boolean
  readonly discounts: readonly boolean[]
  /** The place of each line in the canonical order, computed when first needed. */
  readonly rank: () => readonly number[]
  readonly trace: Trace | undefined
  /** Used again by every rule. */
  turn: Turn | null
}

/** Points of a named base, line by line. */
export interface Pool {
  readonly base: number[]
  /** What multipliers added; a multiplier with `times` sees both, one with `add` the base alone. */
  readonly added: number[]
}

/** Lists of an outcome that are absent where they are empty. */
type Rare = { -readonly [K in 'gifts' | 'messages' | 'payable' | 'redeemed' | 'ordered']?: Listed<Outcome[K]> }
type Listed<L> = L extends readonly (infer Item)[] ? Item[] : never

/** What the rules have done so far. A search copies it and comes back to it. */
export interface State {
  /** Amount of each line after reductions so far. */
  remaining: number[]
  /** `remaining` when the phase began. */
  original: number[]
  unitPrice: number[]
  /** Thousandths of each line that claiming rules have used up, by scope. */
  claimed: Record<string, number[]>
  /** Consumption of counters. */
  used: Record<string, number>
  /** Tags of applied rules, and tags that they exclude. */
  tags: string[]
  excluded: string[]
  pools: Record<string, Pool>
  /** What a `sumCapped` group still has, innermost last. */
  caps: { amount: number; points: number }[]
  applied: Applied[]
  /** The effect that made each of `applied`. */
  sources: CompiledEffect[]
  claims: { limit: string; subject: string; period: string; amount: number }[]
  /** New unit prices, by line. */
  steered: Outcome['steered'][number][]
  issues: Outcome['issues'][number][]
  /** What most outcomes do not have. */
  rare: Rare
  /** Rules to which a limit gave nothing because the till is without connection, with the limit. No search takes it back. */
  readonly denied: Map<string, string>
  /** Search nodes used in this evaluation. */
  nodes: number
}

/** What a rule may still give of one measure, the limit that says so, and what it has given. */
interface Allowance {
  left: number
  limit: CompiledLimit | null
  given: number
}

/** A limit that leaves less than is wanted; `null` where it has no counter in this sale. */
export interface Shortage {
  readonly limit: CompiledLimit
  readonly wanted: number
  readonly left: number | null
}

/** One rule's turn: what it looks at, how often it repeats, what it may still give and has given. */
export interface Turn {
  sheet: Sheet
  state: State
  compiled: CompiledRule
  views: readonly View[]
  /** The effect at work. */
  source: CompiledEffect
  times: number
  /** No slot says how often, so that picks and sets go as far as the goods do. */
  isOnce: boolean
  /** Minor units. */
  readonly amount: Allowance
  readonly points: Allowance
  /** How many effects it has had. */
  effects: number
  /** A limit that does not truncate: the whole rule is taken back. */
  dropped: Shortage | null
  /** Cut of the number of repeats. */
  cut: { readonly limit: string; readonly wanted: number } | undefined
  /** Thousandths that effects with their own unit choice used up, by line; `null` where the slots decide. */
  taken: Map<number, number> | null
}

const copyEach = <V>(values: Readonly<Record<string, V>>, copy: (value: V) => V): Record<string, V> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, copy(value)]))

/** A copy that later changes of the state do not reach. */
export const copyState = (state: State): State => ({
  ...state,
  remaining: state.remaining.slice(),
  unitPrice: state.unitPrice.slice(),
  claimed: copyEach(state.claimed, (milli) => milli.slice()),
  used: { ...state.used },
  tags: state.tags.slice(),
  excluded: state.excluded.slice(),
  pools: copyEach(state.pools, ({ base, added }) => ({ base: base.slice(), added: added.slice() })),
  caps: state.caps.map((cap) => ({ ...cap })),
  applied: state.applied.slice(),
  sources: state.sources.slice(),
  claims: state.claims.slice(),
  steered: state.steered.slice(),
  issues: state.issues.slice(),
  rare: copyEach<unknown>(state.rare, (list) => (list as unknown[]).slice()),
})

/** Puts a state back to a copy, which is used up by this; the count of search nodes goes on. */
export const restoreState = (state: State, copy: State): void => {
  const { nodes } = state
  Object.assign(state, copy, { nodes })
}

/** Lowest amount that a line may be pushed to: its floor price, and what a third party pays. */
export const lowest = (line: LineFacts): number => {
  const floor = line.floorMinor === undefined ? 0 : mulDiv(line.floorMinor, line.quantityMilli, 1000, 'ceil')
  return Math.max(floor, line.reimbursedMinor)
}

/** What may still be taken off some thousandths of a line: each unit keeps its own floor. */
export const room = (sheet: Sheet, state: State, line: number, milli: number): number => {
  if (sheet.discounts[line] !== true) return 0
  const facts = sheet.lines[line] as LineFacts
  const remaining = state.remaining[line] as number
  const whole = Math.max(0, remaining - lowest(facts))
  const { quantityMilli, reimbursedMinor, floorMinor = 0 } = facts
  if (milli === quantityMilli) return whole
  const reimbursed = reimbursedMinor - unitShare(reimbursedMinor, quantityMilli - milli, quantityMilli)
  const least = Math.max(mulDiv(floorMinor, milli, 1000, 'ceil'), reimbursed)
  return Math.max(0, Math.min(whole, unitShare(remaining, milli, quantityMilli) - least))
}
