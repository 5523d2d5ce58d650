import type {
  EvaluationInput,
  LineFacts,
  MemberFacts,
  ProductFacts,
  ProgramDocument,
  Rule,
  RuleGroup,
} from '../index.ts'
import { canonicalJson, compileRuleSet, evaluate, type Outcome, periodKeys, weekday } from '../index.ts'

/** Loose shapes for tests: plain numbers where the types are branded. */
export type Loose<T> = T extends number
  ? number
  : T extends readonly (infer Item)[]
    ? readonly Loose<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: Loose<T[K]> }
      : T

export const program = (changes: Partial<Loose<ProgramDocument>> = {}): ProgramDocument =>
  ({
    schema: 1,
    name: 'Sample',
    currency: 'PLN',
    zone: 'Europe/Warsaw',
    pointTypes: [
      {
        code: 'main',
        name: 'Points',
        scale: 0,
        rounding: 'floor',
        expiry: { kind: 'afterMonths', months: 12 },
        activation: { kind: 'now' },
        valueMinor: 5,
        onShortReturn: 'stopAtZero',
      },
      {
        code: 'fine',
        name: 'Fine points',
        scale: 2,
        rounding: 'halfEven',
        expiry: { kind: 'never' },
        activation: { kind: 'afterDays', days: 14 },
        valueMinor: 100,
        onShortReturn: 'debt',
      },
    ],
    mainPointType: 'main',
    cardKinds: [{ code: 'gold', name: 'Gold', mayEarn: true, mayRedeem: true }],
    tiers: [{ code: 't1', name: 'One', rank: 1, fromPoints: 0 }],
    languages: ['pl'],
    alsoEarns: [],
    returnModel: 'frozen',
    lateLimitDays: 400,
    pointsLimitDays: 60,
    bundleValidDays: 7,
    contentMonths: 25,
    ...changes,
  }) as ProgramDocument

export const group = (code: string, mode: RuleGroup['mode'], changes: Partial<RuleGroup> = {}): RuleGroup => ({
  code,
  name: code,
  mode,
  ...changes,
})

export const product = (id: string, changes: Partial<ProductFacts> = {}): ProductFacts => ({
  id,
  categories: [],
  tags: [],
  ...changes,
})

/** A line of `units` whole units at `unitPriceMinor`, of a product named by the letter of the line. */
export const line = (number: number, changes: Partial<Loose<LineFacts>> = {}): LineFacts => {
  const { quantityMilli = 1000, unitPriceMinor = 1000 } = changes
  return {
    number,
    kind: 'goods',
    product: product(`P${number}`),
    quantityMilli,
    unitPriceMinor,
    grossMinor: Math.round((unitPriceMinor * quantityMilli) / 1000),
    reductionMinor: 0,
    reimbursedMinor: 0,
    marks: [],
    law: { earn: true, discount: true, count: true },
    ...changes,
  } as LineFacts
}

export const member = (changes: Partial<MemberFacts> = {}): MemberFacts => ({
  id: 'm1',
  tier: 't1',
  cardKind: 'gold',
  kind: 'person',
  segments: [],
  attributes: {},
  firstPurchase: false,
  birthday: false,
  visits: 1,
  ...changes,
})

/** A sale on a Saturday at 10:30 at a pharmacy, by an identified member, paid in cash. */
export const sale = (lines: readonly LineFacts[], changes: Partial<Loose<EvaluationInput>> = {}): EvaluationInput => {
  const date = changes.at?.date ?? '2026-11-21'
  const gross = lines.reduce((sum, each) => sum + each.grossMinor, 0)
  return {
    schema: 1,
    mode: 'judge',
    kind: 'sale',
    currency: 'PLN',
    at: { date, minute: 630, weekday: weekday(date), holiday: false },
    periods: periodKeys(date),
    outlet: { id: 'o1', groups: ['G1'], type: 'pharmacy', country: 'PL', region: 'mazowieckie', owner: 'c1' },
    channel: 'counter',
    staff: 's1',
    member: member(),
    lines,
    basketReductionMinor: 0,
    tenders: [{ kind: 'cash', amountMinor: gross }],
    vouchers: [],
    mayEarn: true,
    ...changes,
  } as EvaluationInput
}

/** Takes a member, staff or another optional part away. */
export const without = <K extends 'member' | 'staff'>(input: EvaluationInput, key: K): EvaluationInput => {
  const { [key]: _, ...rest } = input
  return rest as EvaluationInput
}

type RuleChanges = Partial<Omit<Rule, 'phase' | 'then'>>

/** One rule of a phase; the rest is as plain as can be. */
export const rule = <P extends Rule['phase']>(
  id: string,
  phase: P,
  then: Extract<Rule, { phase: P }>['then'],
  changes: RuleChanges = {},
): Rule => ({ schema: 1, id, version: 1, name: id, phase, then, ...changes }) as Rule

/** One point for each whole zloty of gross to the customer. */
export const perZloty = (id = 'base', changes: RuleChanges = {}): Rule =>
  rule(
    id,
    'accrual.base',
    [{ do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'gross' } }],
    changes,
  )

export interface Judged {
  readonly program?: ProgramDocument
  readonly counters?: Readonly<Record<string, number>>
}

export const judge = (rules: readonly Rule[], input: EvaluationInput, options: Judged = {}): Outcome =>
  evaluate(compileRuleSet(rules, options.program ?? program()), input, options.counters ?? {})

/** Points by beneficiary and point type, for short expectations. */
export const pointsOf = (outcome: Outcome): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const { to, pointType, points } of outcome.awards) {
    const key = pointType === 'main' ? to : `${to}.${pointType}`
    sums[key] = (sums[key] ?? 0) + points
  }
  return sums
}

/** Points or minor units by rule. */
export const byRule = (outcome: Outcome): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const { rule: id, points, amountMinor } of outcome.applied)
    sums[id] = (sums[id] ?? 0) + (points ?? amountMinor ?? 0)
  return sums
}

/** All of an outcome that does not name lines. */
export const sums = ({ awards, totals, claims, issues, gifts, messages, payable, applied }: Outcome): string =>
  canonicalJson({
    awards,
    totals,
    claims,
    issues,
    gifts,
    messages,
    payable,
    applied: applied.map(({ rule: id, points, amountMinor, cut, funding }) => ({
      id,
      points,
      amountMinor,
      cut,
      funding,
    })),
  })
