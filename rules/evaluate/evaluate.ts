import { type RuleSet, SEMANTICS } from '../compile/rule-set.ts'
import type { LineBases, Outcome } from '../outcome.ts'
import type { Counters, EvaluationInput, LineFacts } from '../sale.ts'
import { awardsOf } from './awards.ts'
import { fillPaid, mayCount, mayDiscount, mayEarn, spreadReduction } from './bases.ts'
import { canonicalRank } from './canonical-order.ts'
import { applyAll } from './groups.ts'
import { linesInOrder } from './input.ts'
import { type Matched, match } from './match.ts'
import type { Amounts, Sheet, State } from './sheet.ts'
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
  const sheet = startSheet(ruleSet, input, counters, trace)
  const state = startState(sheet)
  const { phaseStart } = ruleSet.tables
  const isSale = input.kind === 'sale'
  const prices = isSale && input.mode === 'price'
  const matched =
    isSale && (prices || input.mayEarn) ? match(ruleSet.tables, sheet.input, prices ? 'all' : 'accrual') : []
  const phase = (number: number): Matched[] =>
    inPhases(matched, phaseStart[number] as number, phaseStart[number + 1] as number)
  if (prices) {
    runPhase(sheet, state, phase(0), 'afterLine')
    runPhase(sheet, state, phase(1), 'afterLine')
    takeBasketReduction(sheet, state)
    runPhase(sheet, state, phase(2), 'afterBasket')
  } else takeBasketReduction(sheet, state)
  refresh(sheet, state, 'afterBasket')
  if (prices) applyAll(sheet, state, phase(3))
  if (isSale && input.mayEarn) {
    applyAll(sheet, state, phase(4))
    applyAll(sheet, state, phase(5))
  }
  return seal(ruleSet, sheet, state)
}

const inPhases = (matched: readonly Matched[], from: number, to: number): Matched[] =>
  matched.filter(({ compiled }) => compiled.number >= from && compiled.number < to)

const startSheet = (ruleSet: RuleSet, input: EvaluationInput, counters: Counters, trace: Trace | undefined): Sheet => {
  const lines = linesInOrder(input)
  const { program } = ruleSet
  let ranks: number[] | undefined
  const zeros = (): number[] => lines.map(() => 0)
  return {
    tables: ruleSet.tables,
    program,
    input: lines === input.lines ? input : { ...input, lines },
    lines,
    all: lines.map((_, index) => index),
    counters,
    amounts: {
      gross: lines.map((line) => line.grossMinor),
      afterLine: zeros(),
      afterBasket: zeros(),
      copayment: zeros(),
      paidInMoney: zeros(),
    },
    earns: lines.map((line) => mayEarn(line, program.alsoEarns)),
    counts: lines.map((line) => mayCount(line, program.alsoEarns)),
    discounts: lines.map(mayDiscount),
    rank: () => {
      ranks ??= canonicalRank(lines)
      return ranks
    },
    types: ruleSet.tables.types,
    trace,
  }
}

const startState = ({ lines, amounts }: Sheet): State => {
  const remaining = lines.map((line) => Math.max(0, line.grossMinor - line.reductionMinor))
  remaining.forEach((amount, index) => {
    amounts.afterLine[index] = amount
  })
  return {
    remaining,
    original: remaining,
    unitPrice: lines.map((line) => line.unitPriceMinor),
    claimed: new Map(),
    used: new Map(),
    tags: [],
    excluded: [],
    pools: new Map(),
    caps: [],
    applied: [],
    sources: [],
    claims: [],
    steered: new Map(),
    issues: [],
    gifts: [],
    messages: [],
    payable: [],
    redeemed: [],
    ordered: [],
    denied: new Map(),
    nodes: 0,
  }
}

/** A phase reads only what earlier phases left: all bases are filled before it begins. */
const refresh = ({ amounts, input, lines, rank }: Sheet, state: State, from: keyof Amounts): void => {
  state.remaining.forEach((amount, index) => {
    if (from === 'afterLine') amounts.afterLine[index] = amount
    amounts.afterBasket[index] = amount
  })
  fillPaid(amounts, input, lines, rank)
}

const runPhase = (sheet: Sheet, state: State, matched: readonly Matched[], from: keyof Amounts): void => {
  if (matched.length > 0) {
    refresh(sheet, state, from)
    state.original = state.remaining.slice()
    applyAll(sheet, state, matched)
  }
  if (from === 'afterLine') {
    state.remaining.forEach((amount, index) => {
      sheet.amounts.afterLine[index] = amount
    })
  }
}

const takeBasketReduction = (sheet: Sheet, state: State): void => {
  const { input, lines, rank } = sheet
  if (input.basketReductionMinor === 0) return
  spreadReduction(input.basketReductionMinor, lines, state.remaining, rank).forEach((share, index) => {
    state.remaining[index] = (state.remaining[index] as number) - share
  })
}

const seal = (ruleSet: RuleSet, sheet: Sheet, state: State): Outcome => {
  const { lines, amounts } = sheet
  const { gifts, messages, payable, redeemed, ordered } = state
  const denied = deniedOf(state)
  return {
    schema: 1,
    ruleSet: ruleSet.hash,
    semantics: SEMANTICS,
    lines: lines.map((line, index) => basesOf(line, amounts, index)),
    steered: steeredOf(sheet, state),
    applied: state.applied,
    awards: awardsOf(sheet, state),
    claims: state.claims,
    issues: state.issues,
    ...(gifts.length > 0 && { gifts }),
    ...(messages.length > 0 && { messages }),
    ...(payable.length > 0 && { payable }),
    ...(redeemed.length > 0 && { redeemed }),
    ...(ordered.length > 0 && { ordered }),
    ...(denied.length > 0 && { denied }),
    totals: totalsOf(sheet),
  }
}

/** A search may have met a limit on a way that it did not go. */
const deniedOf = ({ denied, applied, issues, gifts }: State): NonNullable<Outcome['denied']> =>
  [...denied]
    .map(([rule, limit]) => ({ rule, limit }))
    .filter(({ rule }) => ![...applied, ...issues, ...gifts].some((each) => each.rule === rule))

const basesOf = (line: LineFacts, amounts: Amounts, index: number): LineBases =>
  ({
    number: line.number,
    grossMinor: line.grossMinor,
    afterLineMinor: amounts.afterLine[index] as number,
    afterBasketMinor: amounts.afterBasket[index] as number,
    copaymentMinor: amounts.copayment[index] as number,
    paidInMoneyMinor: amounts.paidInMoney[index] as number,
  }) as LineBases

const steeredOf = ({ lines }: Sheet, { steered }: State): Outcome['steered'] => {
  if (steered.size === 0) return []
  return [...steered]
    .sort(([a], [b]) => a - b)
    .map(([index, price]) => {
      const { number, lowestPrice30DaysMinor } = lines[index] as LineFacts
      const unitPriceMinor = price as Outcome['steered'][number]['unitPriceMinor']
      return lowestPrice30DaysMinor === undefined
        ? { line: number, unitPriceMinor }
        : { line: number, unitPriceMinor, lowestPrice30DaysMinor }
    })
}

const totalsOf = ({ lines, amounts }: Sheet): Outcome['totals'] => {
  let gross = 0
  let after = 0
  let reimbursed = 0
  let paid = 0
  lines.forEach((line, index) => {
    gross += line.grossMinor
    after += amounts.afterBasket[index] as number
    reimbursed += line.reimbursedMinor
    paid += amounts.paidInMoney[index] as number
  })
  return {
    grossMinor: gross,
    reductionMinor: gross - after,
    reimbursedMinor: reimbursed,
    paidInMoneyMinor: paid,
  } as Outcome['totals']
}
