import { termsKey } from './compile/compiled-rule.ts'
import type { RuleSet } from './compile/rule-set.ts'
import { unitShare } from './evaluate/allocation.ts'
import { evaluate } from './evaluate/evaluate.ts'
import type { Minor } from './money.ts'
import type { Applied, Award, Claim, Outcome } from './outcome.ts'
import type { Points } from './points.ts'
import type { Counters, EvaluationInput, LineFacts } from './sale.ts'

/** A sale as it was booked, with what has come back of it before. */
export interface BookedSale {
  readonly input: EvaluationInput
  readonly counters: Counters
  readonly outcome: Outcome
  /** Thousandths returned before, by line number. */
  readonly returned: Readonly<Record<number, number>>
  /** What earlier returns took back, all of them or their sums. Needed by model `readjudicated` from the second return on. */
  readonly takenBack?: Pick<Reversal, 'points' | 'claims'>
}

/** What comes back now. */
export interface ReturnedUnits {
  readonly line: number
  readonly quantityMilli: number
}

/** What a return takes back; amounts are positive, save in `applied`. */
export interface Reversal {
  readonly points: readonly Pick<Award, 'to' | 'pointType' | 'activation' | 'expiry' | 'points'>[]
  /** What the customer gets back of each line: what he paid for these units. */
  readonly lines: readonly {
    readonly line: number
    readonly quantityMilli: number
    readonly grossMinor: Minor
    readonly copaymentMinor: Minor
    readonly paidInMoneyMinor: Minor
  }[]
  /** Consumption of limits to give back. */
  readonly claims: Outcome['claims']
  /**
   * Of each effect what is taken back; over all returns of a sale that is what it gave. Negative in model `readjudicated`
   * where a rule gives more for what remains, for example because one that won over it no longer applies.
   */
  readonly applied: readonly {
    readonly rule: string
    readonly version: number
    readonly effect: number
    readonly points: number
    readonly amountMinor: number
  }[]
}

/** Share of an amount of a line that these units carry: what is back after them less what was back before. */
const part = (amount: number, before: number, after: number, quantity: number): number =>
  unitShare(amount, after, quantity) - unitShare(amount, before, quantity)

interface Step {
  readonly line: LineFacts
  readonly before: number
  readonly after: number
}

const stepsOf = ({ input, returned }: BookedSale, units: readonly ReturnedUnits[]): Map<number, Step> => {
  const steps = new Map<number, Step>()
  for (const { line: number, quantityMilli } of units) {
    const line = input.lines.find((each) => each.number === number)
    if (line === undefined) throw new RangeError(`the sale has no line ${number}`)
    const before = steps.get(number)?.after ?? returned[number] ?? 0
    const after = before + quantityMilli
    if (!Number.isSafeInteger(quantityMilli) || quantityMilli <= 0 || after > line.quantityMilli) {
      throw new RangeError(
        `line ${number}: ${line.quantityMilli - before} of ${line.quantityMilli} may still come back`,
      )
    }
    steps.set(number, { line, before: steps.get(number)?.before ?? before, after })
  }
  return steps
}

const linesOf = ({ outcome }: BookedSale, steps: ReadonlyMap<number, Step>): Reversal['lines'] =>
  outcome.lines.flatMap((bases) => {
    const step = steps.get(bases.number)
    if (step === undefined) return []
    const of = (amount: number): Minor => part(amount, step.before, step.after, step.line.quantityMilli) as Minor
    return [
      {
        line: bases.number,
        quantityMilli: step.after - step.before,
        grossMinor: of(bases.grossMinor),
        copaymentMinor: of(bases.copaymentMinor),
        paidInMoneyMinor: of(bases.paidInMoneyMinor),
      },
    ]
  })

/** The shares of one effect that the returned units carry. A limit's use is given back in proportion to its points. */
const frozenShare = (applied: Applied, steps: ReadonlyMap<number, Step>): { points: number; amountMinor: number } => {
  const of = (line: number, amount: number): number => {
    const step = steps.get(line)
    return step === undefined ? 0 : part(amount, step.before, step.after, step.line.quantityMilli)
  }
  let points = 0
  let amountMinor = 0
  for (const share of applied.pointShares ?? []) points += of(share.line, share.points)
  for (const share of applied.amountShares ?? []) amountMinor += of(share.line, share.amountMinor)
  return { points, amountMinor }
}

type Terms = Pick<Award, 'to' | 'pointType' | 'activation' | 'expiry'>

const termsOf = ({ tables }: RuleSet, { rule, effect = 0, to, pointType }: Applied): Terms => {
  let source = tables.rules.find(({ id }) => id === rule)?.effects
  for (let index = 0; index < effect; index += 1) source = source?.next
  const terms = source?.terms
  if (terms === undefined || to === undefined || pointType === undefined)
    throw new RangeError(`rule ${rule} is not of this rule set`)
  return { to, pointType, activation: terms.activation, expiry: terms.expiry }
}

const addTo = (sums: Map<string, Award>, terms: Terms, points: number): void => {
  if (points === 0) return
  const key = [terms.to, terms.pointType, termsKey(terms.activation, terms.expiry)].join()
  const before = sums.get(key)?.points ?? 0
  sums.set(key, { ...terms, points: (before + points) as Points })
}

/**
 * What a return of some units takes back of a booked sale, by the program's return model.
 *
 * `frozen`: each line's share of points and discount was fixed at the sale; units carry it by the cumulative rule, so any
 * sequence of partial returns ends at exactly what was given. `readjudicated`: the sale is judged again for what remains,
 * with its own time, counters and rules; what it no longer earns, less what was taken back before, is taken back.
 * Throws `RangeError` when more comes back than was sold.
 */
export const reverse = (ruleSet: RuleSet, sale: BookedSale, units: readonly ReturnedUnits[]): Reversal => {
  const steps = stepsOf(sale, units)
  const model = ruleSet.program.returnModel === 'frozen' ? frozen : readjudicated
  return { ...model(ruleSet, sale, steps), lines: linesOf(sale, steps) }
}

const frozen = (ruleSet: RuleSet, sale: BookedSale, steps: ReadonlyMap<number, Step>): Omit<Reversal, 'lines'> => {
  const sums = new Map<string, Award>()
  const applied: Reversal['applied'][number][] = []
  const kept = new Set(ruleSet.rules.filter(({ onReturn }) => onReturn === 'keep').map(({ id }) => id))
  const whole = isWhole(sale, steps)
  for (const each of sale.outcome.applied) {
    const { rule, version, effect = 0 } = each
    const { points, amountMinor } = kept.has(rule) ? keptShare(each, whole) : frozenShare(each, steps)
    if (points === 0 && amountMinor === 0) continue
    applied.push({ rule, version, effect, points, amountMinor })
    if (points > 0) addTo(sums, termsOf(ruleSet, each), points)
  }
  return { points: [...sums.values()], applied, claims: claimsBack(ruleSet, sale.outcome.claims, applied, whole) }
}

/** Kept effects go back with the last unit, all at once. */
const keptShare = ({ points, amountMinor }: Applied, whole: boolean): { points: number; amountMinor: number } => ({
  points: whole ? (points ?? 0) : 0,
  amountMinor: whole ? (amountMinor ?? 0) : 0,
})

/** Thousandths of a line that are back after this return. */
const backOf = ({ returned }: BookedSale, steps: ReadonlyMap<number, Step>, { number }: LineFacts): number =>
  steps.get(number)?.after ?? returned[number] ?? 0

const isWhole = (sale: BookedSale, steps: ReadonlyMap<number, Step>): boolean =>
  sale.input.lines.every((line) => backOf(sale, steps, line) === line.quantityMilli)

/** Limits of points and amounts get back what their rules take back; uses come back when nothing of the sale is left. */
const claimsBack = (
  { tables }: RuleSet,
  claims: Outcome['claims'],
  applied: Reversal['applied'],
  whole: boolean,
): Outcome['claims'] =>
  claims.flatMap((claim) => {
    let amount = 0
    for (const { id, limits } of tables.rules) {
      const measure = limits.find((limit) => limit.id === claim.limit)?.measure
      if (measure === 'uses') amount = whole ? claim.amount : 0
      else if (measure !== undefined)
        for (const each of applied)
          if (each.rule === id) amount += measure === 'points' ? each.points : each.amountMinor
    }
    return amount > 0 ? [{ ...claim, amount: Math.min(amount, claim.amount) }] : []
  })

/** The sale with what has come back taken away: each line keeps the share of its amounts that belongs to what is left. */
const remainingInput = (input: EvaluationInput, back: (line: LineFacts) => number): EvaluationInput => {
  const lines = input.lines.flatMap((line) => {
    const gone = back(line)
    if (gone === line.quantityMilli) return []
    const left = (amount: number): Minor => (amount - unitShare(amount, gone, line.quantityMilli)) as Minor
    return [
      {
        ...line,
        quantityMilli: (line.quantityMilli - gone) as LineFacts['quantityMilli'],
        grossMinor: left(line.grossMinor),
        reductionMinor: left(line.reductionMinor),
        reimbursedMinor: left(line.reimbursedMinor),
      },
    ]
  })
  const share = (amount: number): Minor => {
    const all = input.lines.reduce((sum, line) => sum + line.grossMinor, 0)
    const now = lines.reduce((sum, line) => sum + line.grossMinor, 0)
    return (all === 0 ? 0 : unitShare(amount, now, all)) as Minor
  }
  return {
    ...input,
    lines,
    basketReductionMinor: share(input.basketReductionMinor),
    tenders: input.tenders.map((tender) => ({ ...tender, amountMinor: share(tender.amountMinor) })),
  }
}

const readjudicated = (
  ruleSet: RuleSet,
  sale: BookedSale,
  steps: ReadonlyMap<number, Step>,
): Omit<Reversal, 'lines'> => {
  const { input, counters, outcome, takenBack } = sale
  const judge = (back: (line: LineFacts) => number): Outcome =>
    input.lines.every((line) => back(line) === 0) ? outcome : evaluate(ruleSet, remainingInput(input, back), counters)
  const before = judge((line) => backOf(sale, new Map(), line))
  const after = judge((line) => backOf(sale, steps, line))
  const earlier = takenBack ?? {
    points: pointsWithout(outcome.awards, before.awards),
    claims: claimsWithout(outcome.claims, before.claims),
  }
  return {
    points: pointsWithout(outcome.awards, [...after.awards, ...earlier.points]),
    claims: claimsWithout(outcome.claims, [...after.claims, ...earlier.claims]),
    applied: appliedDifference(before, after),
  }
}

/** Never below zero: what a smaller sale would earn more is not given for bringing goods back. */
const pointsWithout = (from: Outcome['awards'], less: Reversal['points']): Award[] => {
  const sums = new Map<string, Award>()
  for (const award of from) addTo(sums, award, award.points)
  for (const award of less) addTo(sums, award, 0 - award.points)
  return [...sums.values()].filter(({ points }) => points > 0)
}

const sameCounter = (a: Claim, b: Claim): boolean =>
  a.limit === b.limit && a.subject === b.subject && a.period === b.period

/** What is left of some claims without others, of which any number may be of one counter. */
const claimsWithout = (from: Outcome['claims'], less: Outcome['claims']): Outcome['claims'] =>
  from.flatMap((claim) => {
    const gone = less.filter((each) => sameCounter(each, claim)).reduce((sum, each) => sum + each.amount, 0)
    const amount = claim.amount - gone
    return amount > 0 ? [{ ...claim, amount }] : []
  })

/** Effect by effect what `before` gave and `after` does not; what `after` gives more is negative, so that returns add up. */
const appliedDifference = (before: Outcome, after: Outcome): Reversal['applied'] => {
  type Part = { rule: string; version: number; effect: number; points: number; amountMinor: number }
  const parts = new Map<string, Part>()
  const add = ({ applied }: Outcome, sign: 1 | -1): void => {
    for (const { rule, version, effect = 0, points = 0, amountMinor = 0 } of applied) {
      const key = `${rule} ${effect}`
      const part = parts.get(key) ?? { rule, version, effect, points: 0, amountMinor: 0 }
      part.points += sign * points
      part.amountMinor += sign * amountMinor
      parts.set(key, part)
    }
  }
  add(before, 1)
  add(after, -1)
  return [...parts.values()].filter(({ points, amountMinor }) => points !== 0 || amountMinor !== 0)
}
