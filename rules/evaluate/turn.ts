import { keysInOrder } from '../canonical.ts'
import type { CompiledEffect, CompiledLimit } from '../compile/compiled-rule.ts'
import type { View } from '../compile/search.ts'
import { type Minor, mulDiv } from '../money.ts'
import type { Applied, LineAmount, LinePoints } from '../outcome.ts'
import type { Points } from '../points.ts'
import type { Basis, PointType } from '../program.ts'
import type { Funding } from '../rule.ts'
import type { Beneficiary, LineFacts } from '../sale.ts'
import { allocate, listOf, sumOf } from './allocation.ts'
import { counterKey, isHeldBack, leftBefore, limitKey } from './limits.ts'
import type { Matched } from './match.ts'
import type { Sheet, Shortage, State, Turn } from './sheet.ts'

/** An entry of the outcome while it is made. */
type Entry = { -readonly [K in keyof Applied]: Applied[K] }

const UNLIMITED = Number.MAX_SAFE_INTEGER

/** Says that a limit leaves too little to a rule; without connection the outcome says so too. */
export const refuse = ({ sheet, state, compiled }: Turn, { limit, wanted, left }: Shortage): void => {
  const { id: rule } = compiled
  if (left !== null && isHeldBack(limit, sheet.counters)) state.denied.set(rule, limit.id)
  sheet.trace?.({ kind: 'limitUsedUp', rule, limit: limit.id, left: Math.max(0, left ?? 0), wanted })
}

const MEASURES = ['amount', 'points'] as const

/** Starts a turn on a rule's lines. Turns are taken one after the other, so that one object serves all of a sale. */
export const startTurn = (sheet: Sheet, state: State, { compiled, views }: Matched): Turn => {
  const turn = (sheet.turn ??= { amount: {}, points: {} } as Turn)
  turn.sheet = sheet
  turn.state = state
  turn.compiled = compiled
  turn.views = views
  turn.times = 1
  turn.isOnce = true
  turn.effects = 0
  turn.dropped = turn.taken = null
  turn.cut = undefined
  const { amount, points } = turn
  amount.left = points.left = UNLIMITED
  amount.limit = points.limit = null
  amount.given = points.given = 0
  return turn
}

/** Puts a turn within limits and caps; false where a limit leaves nothing. */
export const withinLimits = (turn: Turn): boolean => {
  for (const limit of turn.compiled.limits) if (!applyLimit(turn, limit)) return false
  for (const cap of turn.state.caps) {
    for (const measure of MEASURES)
      if (cap[measure] < turn[measure].left) Object.assign(turn[measure], { left: cap[measure], limit: null })
  }
  return true
}

/** What is left of a limit in this sale: the caller's counter and what this evaluation has used already. */
const leftOf = ({ sheet, state }: Turn, limit: CompiledLimit): number | null => {
  const key = limitKey(limit, sheet.input)
  if (key === null) return null
  const name = counterKey(key)
  return leftBefore(limit, name, sheet.counters) - (state.used[name] ?? 0)
}

const applyLimit = (turn: Turn, limit: CompiledLimit): boolean => {
  const left = leftOf(turn, limit)
  const wanted = limit.measure === 'uses' ? turn.times : 1
  if (left === null || left <= 0 || (left < wanted && limit.over === 'drop')) {
    refuse(turn, { limit, wanted, left })
    return false
  }
  if (limit.measure === 'uses') {
    if (left < wanted) {
      turn.cut = { limit: limit.id, wanted }
      turn.times = left
    }
    return true
  }
  const allowance = turn[limit.measure]
  // Of two limits that leave the same, the one that drops decides.
  if (left < allowance.left || (left === allowance.left && limit.over === 'drop'))
    Object.assign(allowance, { left, limit })
  return true
}

/** Takes what an effect wants from the allowance. Less comes back where a limit or a cap cuts. */
export const grant = (turn: Turn, measure: (typeof MEASURES)[number], wanted: number): number => {
  const allowance = turn[measure]
  const granted = Math.min(wanted, allowance.left)
  if (granted < wanted && allowance.limit?.over === 'drop') {
    turn.dropped = { limit: allowance.limit, wanted, left: allowance.left }
    return 0
  }
  allowance.left -= granted
  return granted
}

/** Records an entry with what most do not say: who pays how much, what the receipt says, where a limit or a cap cut. */
const record = (turn: Turn, entry: Entry, wanted: number): void => {
  const { state, compiled, source, cut } = turn
  const measure = entry.points === undefined ? 'amount' : 'points'
  const granted = (entry.points ?? entry.amountMinor) as number
  if (source.index > 0) entry.effect = source.index
  if (granted < wanted) {
    const limit = turn[measure].limit?.id ?? (compiled.rule.group as string)
    turn.sheet.trace?.({ kind: 'limitCut', rule: compiled.id, limit, left: granted, wanted })
    entry.cut = { limit, wanted }
  } else if (cut !== undefined) entry.cut = cut
  if (compiled.isNoted) {
    const { funding, text } = compiled.rule
    if (text !== undefined) entry.text = text.receipt
    if (funding) entry.funding = parts(measure === 'points' ? worthOf(granted, source.type) : granted, funding)
  }
  turn[measure].given += granted
  turn.effects += 1
  state.sources.push(source)
  state.applied.push(source.index > 0 || entry.cut !== undefined || compiled.isNoted ? keysInOrder(entry) : entry)
}

const parts = (amount: number, funding: readonly Funding[]): NonNullable<Entry['funding']> => {
  const shares = allocate(
    amount,
    funding.map(({ ppm }) => ppm),
    funding.map((_, index) => index),
  )
  return funding.map(({ party }, index) => ({ amountMinor: shares[index] as Minor, party }))
}

/** An amount with its lines, and what each of them weighs in it. */
export interface Weighed {
  readonly base: number
  readonly lines: readonly number[]
  readonly weights: readonly number[]
}

/**
 * Records points that an effect gives, spread over lines: of a formula on `basis`, or of a multiplier. Returns the share of
 * each line.
 */
export const recordPoints = (
  turn: Turn,
  wanted: number,
  basis: Basis | null,
  { base, lines, weights }: Weighed,
): readonly number[] | null => {
  const points = grant(turn, 'points', wanted) as Points
  if (points <= 0) return null
  const { sheet, source } = turn
  const { id: rule, version } = turn.compiled
  const to = source.to as Beneficiary
  const pointType = source.type.code
  const shares = lines.length === 1 ? [points] : allocate(points, weights, ranksOf(sheet, lines))
  const pointShares = listOf<LinePoints>(lines.length)
  for (let i = 0; i < lines.length; i += 1) {
    pointShares[i] = { line: numberOf(sheet, lines[i] as number), points: shares[i] as Points }
  }
  const entry: Entry =
    basis === null
      ? { basePoints: base, pointShares, pointType, points, rule, to, version }
      : { baseMinor: base as Minor, basis, pointShares, pointType, points, rule, to, version }
  record(turn, entry, wanted)
  return shares
}

/** Points in money, at the point type's value of a whole point. */
const worthOf = (points: number, { valueMinor, scale }: PointType): number =>
  mulDiv(points, valueMinor, 10 ** scale, 'halfUp')

/**
 * Records what an effect takes off lines: the wanted share of each, cut in proportion where a limit leaves less. `inAll` is
 * what was wanted before a limit left whole lines out.
 */
export const recordOff = (
  turn: Turn,
  lines: readonly number[],
  wanted: readonly number[],
  inAll = sumOf(wanted),
): boolean => {
  const sum = sumOf(wanted)
  const granted = grant(turn, 'amount', sum) as Minor
  if (granted <= 0) return false
  const { sheet, state } = turn
  const shares = granted === sum ? wanted : allocate(granted, wanted, ranksOf(sheet, lines))
  const { id: rule, version } = turn.compiled
  const { phase } = turn.compiled.rule
  const ofLines = phase === 'price' || phase === 'line'
  const amountShares: LineAmount[] = []
  lines.forEach((line, i) => {
    const share = shares[i] as number
    if (share === 0) return
    state.remaining[line] = (state.remaining[line] as number) - share
    const facts = sheet.lines[line] as LineFacts
    amountShares.push({ amountMinor: share as Minor, line: facts.number, ...(ofLines && lowestTold(facts, rule)) })
  })
  record(turn, { amountMinor: granted, amountShares, rule, version }, inAll)
  return true
}

type Lowest = Pick<LineAmount, 'lowestPrice30DaysMinor'>

/** What is told beside a rule's cut of a line, or beside several cuts: the lowest that is known. */
export const lowestTold = (
  { lowestPrices }: LineFacts,
  rule: string,
  { lowestPrice30DaysMinor }: Lowest = {},
): Lowest | undefined => {
  const lowest = Math.min(lowestPrices?.[rule] ?? UNLIMITED, lowestPrice30DaysMinor ?? UNLIMITED) as Minor
  return lowest < UNLIMITED ? { lowestPrice30DaysMinor: lowest } : undefined
}

const numberOf = (sheet: Sheet, line: number): number => (sheet.lines[line] as LineFacts).number
/** The places of some lines in the canonical order, computed on the first tie. */
export const ranksOf = ({ rank }: Sheet, lines: readonly number[]): (() => readonly number[]) => {
  let places: readonly number[] | undefined
  return () => (places ??= lines.map((line) => rank()[line] as number))
}

/** The view that the effect works on: its slot's, or the whole basket. */
export const viewFor = ({ sheet, views, source }: Turn): View =>
  source.slot < 0 ? sheet.whole : (views[source.slot] as View)

/** How many groups or sets an effect may form: so many as it says, and one for each repeat. */
export const mostGroups = ({ isOnce, times }: Turn, most = UNLIMITED): number => (isOnce ? most : Math.min(most, times))

/** No effect gives more than this, so that no rule can drive a sum out of the safe range. */
const EFFECT_MAX = 1_000_000_000_000

/** a · b / c as a multiple of the increment, rounded once; `EFFECT_MAX` at most. None of the arguments is negative. */
export const roundTo = (
  a: number,
  b: number,
  c: number,
  { mode, increment }: Pick<CompiledEffect, 'mode' | 'increment'>,
): number => {
  if (a * b > c * EFFECT_MAX) return EFFECT_MAX
  return increment === 1 ? mulDiv(a, b, c, mode) : mulDiv(a, b, c * increment, mode) * increment
}
