import { periodKeys, weekday } from '../calendar.ts'
import { type CatalogueFacts, compileRuleSet, type RuleSet } from '../compile/rule-set.ts'
import type { Example, ExampleGives, ExampleLine } from '../example.ts'
import { explain, type RuleExplanation, type WhyNot } from '../explain.ts'
import type { Outcome } from '../outcome.ts'
import { milli, minor, mulDiv } from '../money.ts'
import type { ProgramDocument } from '../program.ts'
import type { Rule } from '../rule.ts'
import type { EvaluationInput, LineFacts } from '../sale.ts'
import type { Issue } from './rule-issues.ts'

/** A valid rule and where it stands in what was checked. */
export interface Sound {
  readonly rule: Rule
  readonly path: string
}

/** A Monday without anything about it. */
const PLAIN_MOMENT = '2026-01-05T12:00'

/**
 * Runs the examples of rules within their whole set: what a rule gives alone is not what it gives beside others that win
 * over it. Only for rules without any other issue.
 */
export const exampleIssues = (rules: readonly Sound[], program: ProgramDocument, facts: CatalogueFacts): Issue[] => {
  if (rules.every(({ rule }) => rule.examples === undefined)) return []
  const ruleSet = compileRuleSet(
    rules.map(({ rule }) => rule),
    program,
  )
  const parents = new Map(facts.categories.map(({ id, parent }) => [id, parent]))
  return rules.flatMap(({ rule, path }) =>
    (rule.examples ?? []).flatMap((example, index) => {
      const input = inputOf(rule, example, program, parents)
      return differences(ruleSet, rule, example, input).map((issue) => ({
        ...issue,
        path: `${path}/examples/${index}/gives${issue.path}`,
      }))
    }),
  )
}

type Parents = ReadonlyMap<string, string | undefined>

/** A category and those above it, nearest first. A circle ends where it closes. */
const withParents = (categories: readonly string[], parents: Parents): string[] => {
  const all = new Set<string>()
  for (const category of categories) {
    for (let at: string | undefined = category; at !== undefined && !all.has(at); at = parents.get(at)) all.add(at)
  }
  return [...all]
}

const lineOf = (line: ExampleLine, index: number, parents: Parents): LineFacts => {
  const { quantityMilli = 1000, unitPriceMinor, product, categories, producer, tags } = line
  const isKnown = [product, categories, producer, tags].some((field) => field !== undefined)
  return {
    number: index + 1,
    kind: line.kind ?? 'goods',
    ...(isKnown && {
      product: {
        id: product ?? `example-${index + 1}`,
        categories: withParents(categories ?? [], parents),
        ...(producer !== undefined && { producer }),
        tags: tags ?? [],
      },
    }),
    quantityMilli: milli(quantityMilli),
    unitPriceMinor: minor(unitPriceMinor),
    grossMinor: minor(mulDiv(unitPriceMinor, quantityMilli, 1000, 'halfUp')),
    reductionMinor: minor(line.reductionMinor ?? 0),
    reimbursedMinor: minor(line.reimbursedMinor ?? 0),
    marks: line.marks ?? [],
    law: { earn: true, discount: true, count: true },
    ...(line.floorMinor !== undefined && { floorMinor: minor(line.floorMinor) }),
  }
}

const memberOf = ({ member }: Example): NonNullable<EvaluationInput['member']> => ({
  id: 'example',
  card: 'example',
  ...(member?.tier !== undefined && { tier: member.tier }),
  ...(member?.cardKind !== undefined && { cardKind: member.cardKind }),
  kind: member?.kind ?? 'person',
  segments: member?.segments ?? [],
  attributes: member?.attributes ?? {},
  firstPurchase: member?.firstPurchase ?? false,
  birthday: member?.birthday ?? false,
  visits: member?.visits ?? 2,
})

const inputOf = (rule: Rule, example: Example, program: ProgramDocument, parents: Parents): EvaluationInput => {
  const at = example.at ?? rule.valid?.from ?? PLAIN_MOMENT
  const date = at.slice(0, 10)
  const { outlet } = example
  const lines = example.basket.map((line, index) => lineOf(line, index, parents))
  const gross = sum(lines.map(({ grossMinor }) => grossMinor))
  return {
    schema: 1,
    mode: rule.phase.startsWith('accrual') ? 'judge' : 'price',
    kind: 'sale',
    currency: program.currency,
    at: {
      date,
      minute: Number(at.slice(11, 13)) * 60 + Number(at.slice(14)),
      weekday: weekday(date),
      holiday: example.holiday ?? false,
    },
    periods: periodKeys(date),
    outlet: {
      id: outlet?.id ?? 'example',
      groups: outlet?.groups ?? [],
      type: outlet?.type ?? 'example',
      country: outlet?.country ?? 'XX',
      ...(outlet?.region !== undefined && { region: outlet.region }),
      owner: outlet?.owner ?? 'example',
    },
    channel: example.channel ?? 'counter',
    staff: example.staff ?? 'example',
    ...(example.anonymous !== true && { member: memberOf(example) }),
    lines,
    basketReductionMinor: minor(example.basketReductionMinor ?? 0),
    tenders: (example.tenders ?? [{ kind: 'cash', amountMinor: gross }]).map(({ kind, amountMinor }) => ({
      kind,
      amountMinor: minor(amountMinor),
    })),
    vouchers: (example.vouchers ?? []).map((kind, use) => ({ use, kind, amountMinor: minor(0) })),
    mayEarn: true,
  }
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** What a rule gave, in the terms of `ExampleGives`. */
const given = (rule: Rule, { to }: ExampleGives, outcome: Outcome): Required<Omit<ExampleGives, 'to'>> => {
  const of = <T extends { readonly rule: string }>(list: readonly T[] | undefined): T[] =>
    (list ?? []).filter((each) => each.rule === rule.id)
  const applied = of(outcome.applied)
  return {
    points: sum(applied.filter((each) => to === undefined || each.to === to).map(({ points }) => points ?? 0)),
    amountMinor: sum(applied.map(({ amountMinor }) => amountMinor ?? 0)),
    vouchers: sum(of(outcome.issues).map(({ count }) => count)),
    giftMilli: sum(of(outcome.gifts).map(({ quantityMilli }) => quantityMilli)),
  }
}

const FIELDS = ['points', 'amountMinor', 'vouchers', 'giftMilli'] as const

const differences = (ruleSet: RuleSet, rule: Rule, { name, gives }: Example, input: EvaluationInput): Issue[] => {
  const { outcome, rules } = explain(ruleSet, input, {}, rule.id)
  const [told] = rules as [RuleExplanation]
  const actual = given(rule, gives, outcome)
  const issue = (path: string, what: string): Issue => ({
    path,
    code: 'example_differs',
    reason: `Example “${name}”: the rule gives ${what}${told.whyNot === undefined ? '' : `, because ${whyText(told.whyNot)}`}.`,
    fix: 'Correct the rule, or what the example expects of it.',
  })
  const wanted = FIELDS.filter((field) => gives[field] !== undefined)
  if (wanted.length === 0) {
    return told.whyNot === undefined ? [issue('', 'something where it must give nothing')] : []
  }
  return wanted
    .filter((field) => gives[field] !== actual[field])
    .map((field) => issue(`/${field}`, `${actual[field]} ${field}, not ${gives[field]}`))
}

const whyText = (why: WhyNot): string => {
  switch (why.kind) {
    case 'condition':
      return `its condition fails at ${why.fields.join(', ')}`
    case 'notInForce':
      return 'it is not in force at that time'
    case 'noSuchLine':
      return `no line of the basket fits slot ${why.slot}`
    case 'slotNotFilled':
      return `slot ${why.slot} has ${why.why.actual} of ${why.why.wanted} ${why.why.of}`
    case 'noBeneficiary':
      return `the sale has no ${why.to}`
    case 'excluded':
      return `another rule excludes tag ${why.by}`
    case 'groupLost':
      return `${why.to.join(', ')} won in group ${why.group}`
    case 'limitUsedUp':
      return `limit ${why.limit} leaves ${why.left}`
    case 'noEffect':
    case 'mayNotEarn':
    case 'phaseDoesNotRun':
    case 'unknownRule':
      return 'it has no effect on this basket'
  }
}
