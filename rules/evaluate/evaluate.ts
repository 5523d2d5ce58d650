import { keysInOrder } from '../canonical.ts'
import { type RuleSet, SEMANTICS } from '../compile/rule-set.ts'
import { listOf } from './allocation.ts'
import type { LineBases, Outcome } from '../outcome.ts'
import type { Counters, EvaluationInput, LineFacts } from '../sale.ts'
import { awardsOf } from './awards.ts'
import { fillPaid, isPurchase, mayDiscount, mayEarn, takeReduction } from './bases.ts'
import { canonicalRank } from './canonical-order.ts'
import { applyAll } from './groups.ts'
import { linesInOrder } from './input.ts'
import { type Matched, match } from './match.ts'
import type { Sheet, State } from './sheet.ts'
import type { Trace } from './trace.ts'

/**
 * Judges a sale: what each rule gives, what the ledger books, which limits are used. Pure and exact; the same arguments
 * give the same bytes. Throws `RangeError` on malformed input only, never because of a rule.
 *
 * @example evaluate(ruleSet, input, {}).awards[0]?.points // 42
 */
export const evaluate = (ruleSet: RuleSet, input: EvaluationInput, counters: Counters): Outcome =>
  evaluateTraced(ruleSet, input, counters, undefined)

/** As `evaluate`, telling what happened to each rule. */
export const evaluateTraced = (
  ruleSet: RuleSet,
  input: EvaluationInput,
  counters: Counters,
  trace: Trace | undefined,
): Outcome => {
  const isSale = input.kind === 'sale'
  const prices = isSale && input.mode === 'price'
  const sheet = startSheet(ruleSet, input, counters, trace)
  const state = startState(sheet)
  const { phaseStart } = ruleSet.tables
  const matched = isSale && (prices || input.mayEarn) ? match(ruleSet.tables, sheet.input) : []
  let at = 0
  /** The next phase's rules: `matched` is in the order of phases. */
  const next = (phase: number): readonly Matched[] => {
    const from = at
    const end = phaseStart[phase + 1] as number
    while (at < matched.length && (matched[at] as Matched).compiled.number < end) at += 1
    return matched.slice(from, at)
  }
  if (prices) {
    for (const lineOff of [0, 1]) {
      runPhase(sheet, state, next(lineOff))
      sheet.amounts.afterLine = state.remaining.slice()
    }
    takeReduction(sheet, state.remaining)
    runPhase(sheet, state, next(2))
  } else takeReduction(sheet, state.remaining)
  refresh(sheet, state)
  if (prices) {
    applyAll(sheet, state, next(3))
    // Points are given as the booking will give them, which knows what was taken off but no promotion price.
    state.unitPrice = sheet.lines.map(unitPriceOf)
  }
  if (isSale && input.mayEarn) {
    applyAll(sheet, state, next(4))
    applyAll(sheet, state, next(5))
  }
  return seal(ruleSet, sheet, state)
}

const startSheet = (ruleSet: RuleSet, input: EvaluationInput, counters: Counters, trace: Trace | undefined): Sheet => {
  const lines = linesInOrder(input)
  const { program, tables } = ruleSet
  const count = lines.length
  const gross = listOf<number>(count)
  const all = listOf<number>(count)
  const earns = listOf<boolean>(count)
  const counts = listOf<boolean>(count)
  const discounts = listOf<boolean>(count)
  let countsAll = true
  for (let index = 0; index < count; index += 1) {
    const line = lines[index] as LineFacts
    gross[index] = line.grossMinor
    all[index] = index
    const purchase = isPurchase(line, program.alsoEarns)
    const countsToo = purchase && line.law.count
    earns[index] = purchase && mayEarn(line)
    counts[index] = countsToo
    countsAll &&= countsToo
    discounts[index] = mayDiscount(line)
  }
  let ranks: number[] | undefined
  return {
    tables,
    program,
    input: lines === input.lines ? input : { ...input, lines },
    lines,
    whole: { lines: all, milli: null },
    counters,
    amounts: { gross, afterLine: gross, afterBasket: gross, copayment: gross, paidInMoney: gross },
    earns,
    counts,
    countsAll,
    discounts,
    rank: () => (ranks ??= canonicalRank(lines)),
    trace,
    turn: null,
  }
}

/** Nobody writes into it: only a till without connection denies. */
const NONE_DENIED = new Map<string, string>()

const startState = ({ lines, amounts, counters }: Sheet): State => {
  const remaining = lines.map(leftOf)
  amounts.afterLine = remaining
  return {
    remaining: remaining.slice(),
    original: remaining,
    unitPrice: lines.map(unitPriceOf),
    claimed: {},
    used: {},
    tags: [],
    excluded: [],
    pools: {},
    caps: [],
    applied: [],
    sources: [],
    claims: [],
    steered: [],
    issues: [],
    rare: {},
    denied: counters['offline'] === 1 ? new Map() : NONE_DENIED,
    nodes: 0,
  }
}

const leftOf = ({ grossMinor, reductionMinor }: LineFacts): number => Math.max(0, grossMinor - reductionMinor)
const unitPriceOf = ({ unitPriceMinor }: LineFacts): number => unitPriceMinor

/** A phase reads only what earlier phases left: all bases are made anew before it begins. */
const refresh = (sheet: Sheet, { remaining }: State): void => {
  sheet.amounts.afterBasket = remaining.slice()
  fillPaid(sheet)
}

const runPhase = (sheet: Sheet, state: State, matched: readonly Matched[]): void => {
  if (matched.length === 0) return
  refresh(sheet, state)
  state.original = state.remaining.slice()
  applyAll(sheet, state, matched)
}

const seal = (ruleSet: RuleSet, sheet: Sheet, state: State): Outcome => {
  const { applied, claims, issues, rare } = state
  const { lines, totals } = linesOf(sheet)
  const outcome: Outcome = {
    applied,
    awards: awardsOf(state),
    claims,
    issues,
    lines,
    ruleSet: ruleSet.hash,
    schema: 1,
    semantics: SEMANTICS,
    // By line: without the lines between that have none.
    steered: state.steered.flat(),
    totals,
  }
  const denied = state.denied.size === 0 ? [] : deniedOf(state)
  if (denied.length === 0 && Object.keys(rare).length === 0) return outcome
  return keysInOrder({ ...outcome, ...rare, ...(denied.length > 0 && { denied }) })
}

/** A search may have met a limit on a way that it did not go. */
const deniedOf = ({ denied, applied, issues, rare: { gifts = [] } }: State): NonNullable<Outcome['denied']> =>
  [...denied]
    .map(([rule, limit]) => ({ limit, rule }))
    .filter(({ rule }) => ![...applied, ...issues, ...gifts].some((each) => each.rule === rule))

const linesOf = ({ lines, amounts }: Sheet): Pick<Outcome, 'lines' | 'totals'> => {
  const bases = listOf<LineBases>(lines.length)
  const totals = { grossMinor: 0, paidInMoneyMinor: 0, reductionMinor: 0, reimbursedMinor: 0 }
  for (let index = 0; index < lines.length; index += 1) {
    const { number, grossMinor, reimbursedMinor } = lines[index] as LineFacts
    const afterBasketMinor = amounts.afterBasket[index] as number
    const paidInMoneyMinor = amounts.paidInMoney[index] as number
    bases[index] = {
      afterBasketMinor,
      afterLineMinor: amounts.afterLine[index],
      copaymentMinor: amounts.copayment[index],
      grossMinor,
      number,
      paidInMoneyMinor,
    } as LineBases
    totals.grossMinor += grossMinor
    totals.paidInMoneyMinor += paidInMoneyMinor
    totals.reductionMinor += grossMinor - afterBasketMinor
    totals.reimbursedMinor += reimbursedMinor
  }
  return { lines: bases, totals: totals as Outcome['totals'] }
}
