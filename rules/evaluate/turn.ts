import type { CompiledLimit, CompiledRule } from '../compile/compiled-rule.ts'
import { type Minor, mulDiv } from '../money.ts'
import type { Applied, LineAmount, LinePoints } from '../outcome.ts'
import type { Points } from '../points.ts'
import type { Basis, PointType, RoundingMode } from '../program.ts'
import type { Rounding } from '../rule.ts'
import type { Beneficiary, LineFacts } from '../sale.ts'
import { allocate } from './allocation.ts'
import { counterKey, isHeldBack, leftBefore, limitKey } from './limits.ts'
import type { Sheet, State, Terms } from './sheet.ts'
import type { View } from './slots.ts'

/** An entry of the outcome while it is made. */
type Entry = { -readonly [K in keyof Applied]: Applied[K] }

/** What a rule may still give of one measure, and the limit that says so. */
interface Allowance {
  left: number
  limit: CompiledLimit | null
}

/** One rule's turn: what it looks at, how often it repeats, what it may still give and has given. */
export interface Turn {
  readonly sheet: Sheet
  readonly state: State
  readonly compiled: CompiledRule
  readonly views: readonly View[]
  times: number
  readonly minor: Allowance
  readonly points: Allowance
  given: { minor: number; points: number; effects: number }
  /** A limit that does not truncate was too small: the whole rule is taken back. */
  dropped: CompiledLimit | null
  /** Cut of the number of repeats. */
  cut: { readonly limit: string; readonly wanted: number } | undefined
  /** Thousandths that effects with their own unit choice used up, by line; `null` where the slots decide. */
  taken: Map<number, number> | null
}

const UNLIMITED = Number.MAX_SAFE_INTEGER

/** What is left of a limit in this sale: the caller's counter and what this evaluation has used already. */
const leftOf = (sheet: Sheet, state: State, limit: CompiledLimit): number | null => {
  const key = limitKey(limit, sheet.input)
  if (key === null) return null
  const name = counterKey(key)
  return leftBefore(limit, name, sheet.counters) - (state.used[name] ?? 0)
}

/** Says that a limit leaves nothing to a rule; without connection the outcome says so too. */
export const refuse = (turn: Turn, limit: CompiledLimit, wanted: number): void => {
  const { sheet, state } = turn
  const { id: rule } = turn.compiled.rule
  if (isHeldBack(limit, sheet.counters)) state.denied.set(rule, limit.id)
  sheet.trace?.({
    kind: 'limitUsedUp',
    rule,
    limit: limit.id,
    left: Math.max(0, leftOf(sheet, state, limit) ?? 0),
    wanted,
  })
}

/** Starts a turn within limits and caps; `null` where a limit leaves nothing. */
export const startTurn = (
  sheet: Sheet,
  state: State,
  compiled: CompiledRule,
  { views, times }: { readonly views: readonly View[]; readonly times: number },
): Turn | null => {
  const turn: Turn = {
    sheet,
    state,
    compiled,
    views,
    times,
    minor: { left: UNLIMITED, limit: null },
    points: { left: UNLIMITED, limit: null },
    given: { minor: 0, points: 0, effects: 0 },
    dropped: null,
    cut: undefined,
    taken: null,
  }
  for (const limit of compiled.limits) if (!applyLimit(turn, limit)) return null
  for (const cap of state.caps) {
    if (cap.minor < turn.minor.left) Object.assign(turn.minor, { left: cap.minor, limit: null })
    if (cap.points < turn.points.left) Object.assign(turn.points, { left: cap.points, limit: null })
  }
  return turn
}

const applyLimit = (turn: Turn, limit: CompiledLimit): boolean => {
  const left = leftOf(turn.sheet, turn.state, limit) ?? 0
  const wanted = limit.measure === 'uses' ? turn.times : 1
  if (left <= 0 || (left < wanted && limit.over === 'drop')) {
    refuse(turn, limit, wanted)
    return false
  }
  if (limit.measure === 'uses') {
    if (left < wanted) {
      turn.cut = { limit: limit.id, wanted }
      turn.times = left
    }
    return true
  }
  const allowance = limit.measure === 'points' ? turn.points : turn.minor
  // Of two limits that leave the same, the one that drops decides.
  if (left < allowance.left || (left === allowance.left && limit.over === 'drop'))
    Object.assign(allowance, { left, limit })
  return true
}

/** Takes what an effect wants from the allowance. Less comes back where a limit or a cap cuts. */
export const grant = (turn: Turn, measure: 'minor' | 'points', wanted: number): number => {
  const allowance = turn[measure]
  const granted = Math.min(wanted, allowance.left)
  if (granted < wanted && allowance.limit?.over === 'drop') {
    turn.dropped = allowance.limit
    return 0
  }
  allowance.left -= granted
  return granted
}

/** Says where a limit or a cap cut; most of the time nothing. */
const noteCut = (
  turn: Turn,
  entry: Entry,
  cut: { measure: 'minor' | 'points'; wanted: number; granted: number },
): void => {
  const { measure, wanted, granted } = cut
  if (granted < wanted) {
    const limit = turn[measure].limit?.id ?? (turn.compiled.rule.group as string)
    turn.sheet.trace?.({ kind: 'limitCut', rule: turn.compiled.rule.id, limit, left: granted, wanted })
    entry.cut = { limit, wanted }
  } else if (turn.cut !== undefined) entry.cut = turn.cut
}

/** Who pays how much of an amount, and what the receipt says of it, where the rule says so. */
const noteTerms = (turn: Turn, entry: Entry, amount: number): void => {
  const { funding, text } = turn.compiled.rule
  if (text !== undefined) entry.text = text.receipt
  if (funding === undefined) return
  const shares = allocate(
    amount,
    funding.map(({ ppm }) => ppm),
    funding.map((_, index) => index),
  )
  entry.funding = funding.map(({ party }, index) => ({ party, amountMinor: shares[index] as Minor }))
}

export interface PointsFacts {
  readonly index: number
  readonly to: Beneficiary
  readonly type: PointType
  readonly terms: Terms
  /** Basis and amount of a formula, or the base points of a multiplier. */
  readonly basis: Basis | null
  readonly base: number
}

/** Records points that an effect gives, spread over lines. Returns the share of each of `lines`. */
export const recordPoints = (
  turn: Turn,
  facts: PointsFacts,
  wanted: number,
  { lines, weights }: { readonly lines: readonly number[]; readonly weights: readonly number[] },
): readonly number[] | null => {
  const granted = grant(turn, 'points', wanted)
  if (granted <= 0) return null
  const { sheet, state } = turn
  const { id: rule, version } = turn.compiled.rule
  const { to, type, basis } = facts
  const shares = allocate(granted, weights, ranksOf(sheet, lines))
  const pointShares: LinePoints[] = []
  for (let i = 0; i < lines.length; i += 1) {
    pointShares.push({ line: numberOf(sheet, lines[i] as number), points: shares[i] as Points })
  }
  const points = granted as Points
  const base = facts.base as Minor
  const entry: Entry =
    basis === null
      ? { rule, version, to, pointType: type.code, basePoints: base, points, pointShares }
      : { rule, version, to, pointType: type.code, basis, baseMinor: base, points, pointShares }
  if (facts.index > 0) entry.effect = facts.index
  noteCut(turn, entry, { measure: 'points', wanted, granted })
  noteTerms(turn, entry, turn.compiled.rule.funding === undefined ? 0 : worthOf(granted, type))
  turn.given.points += granted
  turn.given.effects += 1
  state.sources.push(facts.terms)
  state.applied.push(entry)
  return shares
}

/** Points in money, at the point type's value of a whole point. */
export const worthOf = (points: number, { valueMinor, scale }: PointType): number =>
  mulDiv(points, valueMinor, 10 ** scale, 'halfUp')

/** Records what an effect takes off lines: the wanted share of each, cut in proportion where a limit leaves less. */
export const recordOff = (turn: Turn, effect: number, lines: readonly number[], wanted: readonly number[]): boolean => {
  let sum = 0
  for (const share of wanted) sum += share
  const granted = grant(turn, 'minor', sum)
  if (granted <= 0) return false
  const { sheet, state } = turn
  const shares = granted === sum ? wanted : allocate(granted, wanted, ranksOf(sheet, lines))
  const amountShares: LineAmount[] = []
  lines.forEach((line, i) => {
    const share = shares[i] as number
    if (share === 0) return
    state.remaining[line] = (state.remaining[line] as number) - share
    amountShares.push({ line: numberOf(sheet, line), amountMinor: share as Minor })
  })
  turn.given.minor += granted
  turn.given.effects += 1
  const { id: rule, version } = turn.compiled.rule
  const entry: Entry = { rule, version, amountMinor: granted as Minor, amountShares }
  if (effect > 0) entry.effect = effect
  noteCut(turn, entry, { measure: 'minor', wanted: sum, granted })
  noteTerms(turn, entry, granted)
  state.sources.push(undefined)
  state.applied.push(entry)
  return true
}

export const numberOf = (sheet: Sheet, line: number): number => (sheet.lines[line] as LineFacts).number
/** The places of some lines in the canonical order, computed on the first tie. */
export const ranksOf = (sheet: Sheet, lines: readonly number[]): (() => readonly number[]) => {
  let places: readonly number[] | undefined
  return () => {
    places ??= lines.map((line) => sheet.rank()[line] as number)
    return places
  }
}

/** The view that an effect works on: its slot's, or the whole basket. */
export const viewFor = (turn: Turn, effect: number): View => {
  const slot = turn.compiled.of[effect] as number
  return slot < 0 ? turn.sheet.whole : (turn.views[slot] as View)
}

/** No effect gives more than this, so that no rule can drive a sum out of the safe range. */
export const EFFECT_MAX = 1_000_000_000_000

/** a · b / c as a multiple of the increment, rounded once; `EFFECT_MAX` at most. None of the arguments is negative. */
export const roundTo = (a: number, b: number, c: number, how: { mode: RoundingMode; increment: number }): number => {
  if (a * b > c * EFFECT_MAX) return EFFECT_MAX
  return how.increment === 1 ? mulDiv(a, b, c, how.mode) : mulDiv(a, b, c * how.increment, how.mode) * how.increment
}

/** The rounding of an amount of money. */
export const moneyRounding = (rounding: Rounding | undefined): { mode: RoundingMode; increment: number } => ({
  mode: rounding?.mode ?? 'halfUp',
  increment: rounding?.increment ?? 1,
})
