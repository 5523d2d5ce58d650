import { type BookedSale, canonicalJson, evaluate, type EvaluationInput, reverse, type Reversal } from '@premia/rules'
import { sha256 } from '../keys.ts'
import type { ReturnOutcome } from '../ledger/sale-content.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import type { Original } from './original.ts'
import { matchUnits, type MatchedUnits, type ReturnedLine, returnedOf } from './units.ts'

/** The return's own lines as facts, and a set without rules: what was paid back for them is judged by nothing. */
export interface PlainReturn {
  readonly input: EvaluationInput
  readonly plain: PublishedSet
}

/** The sale as it was booked, and what had come back of it before. */
export interface ReturnedSale {
  readonly original: Pick<Original, 'documentId' | 'content' | 'outcome' | 'told'>
  readonly set: PublishedSet
  readonly before: Pick<BookedSale, 'returned' | 'takenBack'>
}

export interface ReturnJudgement {
  readonly outcome: ReturnOutcome
  readonly matched: MatchedUnits
  /** What the customer had paid for these units. */
  readonly lines: Reversal['lines']
  /** With this return all of the sale has come back. */
  readonly isWhole: boolean
}

/** Whether what is kept of a sale is enough to take it back: its lines. */
export const isReversible = ({ kind, content }: Original): boolean => kind === 'sale' && content !== null

/** Where only totals are kept, nothing can be judged again: there is the model `frozen` alone. */
const modelled = ({ ruleSet }: PublishedSet, content: Original['content']): PublishedSet['ruleSet'] =>
  content?.input === undefined ? { ...ruleSet, program: { ...ruleSet.program, returnModel: 'frozen' } } : ruleSet

/** What earlier returns of a sale brought and took back, as the rules ask for it. */
export const beforeOf = ({ returns }: Pick<Original, 'returns'>): ReturnedSale['before'] => {
  const earlier = returns.map((each) => each.outcome.returned)
  if (earlier.length === 0) return { returned: {} }
  const takenBack = {
    points: earlier.flatMap(({ points }) => points),
    claims: earlier.flatMap(({ claims }) => claims),
  }
  return { returned: returnedOf(earlier), takenBack }
}

/**
 * What a return takes back: the rules' own law (`reverse`) under the sale's rule set, return model, input and counters. Pure.
 */
export const judgeReturn = (
  { original, set, before }: ReturnedSale,
  lines: readonly ReturnedLine[],
  { input, plain }: PlainReturn,
): ReturnJudgement => {
  const { content, outcome: sold, told } = original
  const booked: BookedSale = {
    // The model `frozen` needs no more than how much of each line there was.
    input: content?.input ?? ({ lines: content?.lines ?? [] } as unknown as EvaluationInput),
    counters: content?.counters ?? {},
    outcome: sold,
    ...before,
  }
  const matched = matchUnits(content?.lines ?? [], before.returned, lines)
  const reversal = matched.units.length === 0 ? NOTHING : reverse(modelled(set, content), booked, matched.units)
  const back = returnedOf([{ units: matched.units }, { units: unitsOf(before.returned) }])
  const isWhole =
    matched.units.length > 0 && booked.input.lines.every(({ number, quantityMilli }) => back[number] === quantityMilli)
  const { lines: bases, totals, schema, semantics } = evaluate(plain.ruleSet, input, {})
  const outcome: ReturnOutcome = {
    schema,
    ruleSet: set.ruleSet.hash,
    semantics,
    lines: bases,
    totals,
    steered: [],
    applied: reversal.applied.map(({ points, amountMinor, effect, rule, version }) => ({
      rule,
      version,
      ...(effect === 0 ? undefined : { effect }),
      ...(points === 0 ? undefined : { points: -points as never }),
      ...(amountMinor === 0 ? undefined : { amountMinor: -amountMinor as never }),
    })),
    awards: [],
    claims: [],
    issues: [],
    returned: {
      sale: original.documentId,
      units: matched.units,
      points: reversal.points,
      // A limit on prices counts sales, not units: it is free again when nothing of the sale is left.
      claims: isWhole ? [...reversal.claims, ...(told.priceClaims ?? [])] : reversal.claims,
    },
  }
  return { outcome, matched, lines: reversal.lines, isWhole }
}

const NOTHING: Reversal = { points: [], lines: [], claims: [], applied: [] }

/** Canonical text and hash: what is stored of a return instead of a judgement. */
export const sealed = (outcome: object): { readonly outcomeText: string; readonly outcomeHash: string } => {
  const outcomeText = canonicalJson(outcome)
  return { outcomeText, outcomeHash: sha256(outcomeText) }
}

const unitsOf = (returned: Readonly<Record<number, number>>): MatchedUnits['units'] =>
  Object.entries(returned).map(([line, quantityMilli]) => ({ line: Number(line), quantityMilli }))
