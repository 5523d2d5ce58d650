import { evaluationInput, offlineMember, type ProgramResult } from '@premia/pos-sdk/contract/till'
import {
  canonicalOutcome,
  type Claim,
  type Counters,
  type EvaluationInput,
  evaluate,
  limitKeys,
  offlineCounters,
  type Outcome,
} from '@premia/rules'
import { type CounterBook, NO_COUNTERS } from './counters.ts'
import { sha256 } from '../keys.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import { type FactsQuery, saleFacts } from './facts.ts'
import type { Judged, Received } from './item.ts'
import type { Notices } from './notices.ts'
import { limitsPrices, takenClaims } from './price-claims.ts'
import type { SetChoice } from './rule-choice.ts'

/** What the rules say of a sale, with all that is needed to say it again. */
export interface Judgement {
  readonly input: EvaluationInput
  readonly outcome: Outcome
  /** Canonical text of the outcome: hashed, and stored as it is. */
  readonly outcomeText: string
  readonly outcomeHash: string
  /** The counters as they were read. */
  readonly counters: Counters
}

export interface JudgementQuery {
  readonly facts: FactsQuery
  readonly set: PublishedSet
  readonly counters: CounterBook
}

export const inputOf = (
  { sale }: Judged,
  { facts, set }: Omit<JudgementQuery, 'counters'>,
  mode: EvaluationInput['mode'] = 'judge',
): EvaluationInput => evaluationInput({ sale, facts: saleFacts(facts, set.ruleSet.program), mode })

export const judge = (received: Judged, query: JudgementQuery, mode: EvaluationInput['mode'] = 'judge'): Judgement => {
  const { set } = query
  const input = inputOf(received, query, mode)
  const counters = query.counters.read(limitKeys(set.ruleSet, input))
  const outcome = evaluate(set.ruleSet, input, counters)
  const text = canonicalOutcome(outcome)
  return { input, outcome, outcomeText: text, outcomeHash: sha256(text), counters }
}

const lineNotices: readonly ((
  received: Judged,
  judgement: Judgement,
  index: number,
) => 'product_unknown' | 'law_forbids' | null)[] = [
  ({ sale }, { input }, index) =>
    sale.lines[index]?.product !== undefined && input.lines[index]?.product === undefined ? 'product_unknown' : null,
  ({ sale }, { input }, index) =>
    (sale.lines[index]?.reductions.length ?? 0) > 0 && input.lines[index]?.law.discount === false
      ? 'law_forbids'
      : null,
]

/** What is odd about single lines: a product nobody knows, a reduction where the law allows none. */
export const noticeLines = (received: Judged, judgement: Judgement, notices: Notices): void => {
  received.sale.lines.forEach((line, index) => {
    for (const check of lineNotices) {
      const code = check(received, judgement, index)
      if (code !== null) notices.add(code, { line: line.number })
    }
  })
}

/**
 * Where this program steers prices, what the till took is compared with what the rules would have taken. Prices of a
 * finished sale are facts all the same. Answers what it used up of the limits on prices and discounts.
 */
export const comparePrices = (
  received: Received,
  { facts, set, counters }: JudgementQuery,
  notices: Notices,
): readonly Claim[] => {
  const { ruleSet } = set
  const { sale } = received
  if ((!set.steersPrices && !limitsPrices(ruleSet)) || sale.kind !== 'sale') return []
  const input = inputOf(received, { facts, set }, 'price')
  const priced = evaluate(ruleSet, input, counters.read(limitKeys(ruleSet, input)))
  const otherwise = new Set<number>()
  for (const { line: number, unitPriceMinor } of priced.steered) {
    const line = sale.lines.find((each) => each.number === number)
    if (line === undefined) continue
    const byRule = line.reductions.reduce((sum, { by, amountMinor }) => sum + (by === 'rule' ? amountMinor : 0), 0)
    // The till rounds a line once: half a unit of quantity and a minor unit are within its own rounding.
    const expected = (unitPriceMinor * line.quantityMilli) / 1000
    if (Math.abs(line.grossMinor - byRule - expected) <= 1) continue
    otherwise.add(number)
    notices.add('price_not_as_steered', { line: number })
  }
  return takenClaims(sale, { ruleSet, priced }, (line) => !otherwise.has(line))
}

/** A till alone knows no counter; what it does then, each limit says. */
const NO_CONNECTION: CounterBook = { ...NO_COUNTERS, read: () => offlineCounters() }

export type Difference = NonNullable<Extract<ProgramResult, { status: 'booked' | 'waiting' }>['difference']>

/** Points of the customer in all point types: what a difference is told in. */
const customerPoints = ({ awards }: Outcome): number =>
  awards.reduce((sum, { to, points }) => sum + (to === 'customer' ? points : 0), 0)

/**
 * A till that judged alone told the customer a result, whose hash the sale carries. Where the booking differs, the till's
 * judgement is repeated with what the till could know; the first repetition that gives the very hash names the causes.
 */
export const differenceFromEstimate = (
  received: Received,
  query: JudgementQuery,
  booked: Judgement,
  rules: Pick<SetChoice, 'told' | 'bundleHeld'>,
): Difference | undefined => {
  const estimate = received.sale.offline?.outcomes[query.facts.program.publicId]
  if (estimate === undefined || estimate === booked.outcomeHash) return undefined
  const causes = rules.bundleHeld ? [] : ['rules_changed']
  const set = rules.told ?? query.set
  const seen = asSeenByTill(received, query.facts)
  const variants: readonly { readonly causes: readonly string[]; readonly facts: FactsQuery }[] = [
    { causes: ['limits'], facts: query.facts },
    { causes: ['member'], facts: { ...seen, mayEarn: query.facts.mayEarn } },
    { causes: ['age'], facts: { ...query.facts, mayEarn: true } },
    { causes: ['member', 'age'], facts: seen },
  ]
  for (const variant of variants) {
    const repeated = judge(received, { facts: variant.facts, set, counters: NO_CONNECTION })
    if (repeated.outcomeHash !== estimate) continue
    const limited = booked.outcome.claims.length > 0 || Object.keys(booked.counters).length > 0
    const named = variant.causes.filter((cause) => cause !== 'limits' || (limited && rules.bundleHeld))
    return told('estimate', customerPoints(booked.outcome) - customerPoints(repeated.outcome), [...causes, ...named])
  }
  return told('estimate', 0, [...causes, 'not_repeatable'])
}

/** A quote that was over when the sale was made: what it would have given, by the rules it was given under. */
export const differenceFromQuote = (
  received: Received,
  query: JudgementQuery,
  booked: Judgement,
  { quoted }: Pick<SetChoice, 'quoted'>,
): Difference | undefined => {
  if (quoted === undefined) return undefined
  const repeated = judge(received, { ...query, set: quoted, counters: NO_COUNTERS })
  if (repeated.outcomeHash === booked.outcomeHash) return undefined
  return told('quote', customerPoints(booked.outcome) - customerPoints(repeated.outcome), [
    'quote_expired',
    'rules_changed',
  ])
}

const told = (from: Difference['from'], points: number, causes: readonly string[]): Difference => ({
  from,
  points,
  amountMinor: 0 as Difference['amountMinor'],
  causes,
})

/** The till sees a plain member behind each card, known or not. */
const asSeenByTill = (received: Received, facts: FactsQuery): FactsQuery => ({
  ...facts,
  member: received.sale.cards.some(({ role }) => role === 'identify') ? offlineMember : undefined,
  mayEarn: true,
})
