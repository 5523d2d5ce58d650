import { compileRuleSet, type RuleSet } from './compile/rule-set.ts'
import type { Condition } from './condition.ts'
import { evaluateTraced } from './evaluate/evaluate.ts'
import { holds } from './evaluate/holds.ts'
import { selects } from './evaluate/selects.ts'
import type { SlotShortage, TraceEvent } from './evaluate/trace.ts'
import type { Applied, Outcome } from './outcome.ts'
import type { Rule } from './rule.ts'
import type { Counters, EvaluationInput, LineFacts } from './sale.ts'

export type { SlotShortage, TraceEvent } from './evaluate/trace.ts'

/** Why a rule gave nothing: the first thing that failed, in the order in which a rule is judged. */
export type WhyNot =
  | { readonly kind: 'unknownRule' }
  | { readonly kind: 'phaseDoesNotRun'; readonly phase: Rule['phase'] }
  | { readonly kind: 'mayNotEarn' }
  | { readonly kind: 'notInForce'; readonly from?: string; readonly to?: string }
  /** The fields of the condition that fail, each on its own. */
  | { readonly kind: 'condition'; readonly fields: readonly string[] }
  | { readonly kind: 'noSuchLine'; readonly slot: string }
  /** `missing` is the distance: so much more, or less where a most is exceeded. */
  | { readonly kind: 'slotNotFilled'; readonly slot: string; readonly why: SlotShortage; readonly missing: number }
  | { readonly kind: 'noBeneficiary'; readonly to: string }
  | { readonly kind: 'excluded'; readonly by: string }
  | { readonly kind: 'limitUsedUp'; readonly limit: string; readonly left: number; readonly wanted: number }
  | { readonly kind: 'groupLost'; readonly group: string; readonly to: readonly string[] }
  | { readonly kind: 'noEffect' }

export interface RuleExplanation {
  readonly rule: string
  readonly version: number
  readonly name: string
  /** What it gave; empty where it gave nothing, and then `whyNot` says why. */
  readonly applied: readonly Applied[]
  readonly whyNot?: WhyNot
  readonly events: readonly TraceEvent[]
}

export interface Explanation {
  readonly outcome: Outcome
  readonly rules: readonly RuleExplanation[]
}

/**
 * Runs the evaluation again with a trace: why each rule gave what it gave, and why not. With a rule's id for that rule
 * alone, also when the set does not hold it. The outcome is that of `evaluate`, byte for byte.
 */
export const explain = (ruleSet: RuleSet, input: EvaluationInput, counters: Counters, ruleId?: string): Explanation => {
  const events: TraceEvent[] = []
  const outcome = evaluateTraced(ruleSet, input, counters, (event) => events.push(event))
  const asked = ruleId === undefined ? ruleSet.rules : ruleSet.rules.filter(({ id }) => id === ruleId)
  const rules = asked.map((rule) => {
    const told = explainRule(rule, input, outcome, events)
    return told.whyNot?.kind === 'groupLost'
      ? { ...told, whyNot: whyLost({ ruleSet, input, counters, outcome }, rule, told.whyNot) }
      : told
  })
  if (ruleId !== undefined && rules.length === 0) {
    rules.push({ rule: ruleId, version: 0, name: ruleId, applied: [], whyNot: { kind: 'unknownRule' }, events: [] })
  }
  return { outcome, rules }
}

const explainRule = (
  rule: Rule,
  input: EvaluationInput,
  outcome: Outcome,
  all: readonly TraceEvent[],
): RuleExplanation => {
  const applied = outcome.applied.filter((each) => each.rule === rule.id)
  const events = all.filter((event) => ('rule' in event ? event.rule === rule.id : event.group === rule.group))
  const head = { rule: rule.id, version: rule.version, name: rule.name, applied, events }
  return applied.length > 0 || gaveOtherwise(rule, outcome) ? head : { ...head, whyNot: whyNot(rule, input, events) }
}

interface Explained {
  readonly ruleSet: RuleSet
  readonly input: EvaluationInput
  readonly counters: Counters
  readonly outcome: Outcome
}

/** What a rule lacks even where it stands alone tells more than who won; else who of its outermost group gave something. */
const whyLost = ({ ruleSet, input, counters, outcome }: Explained, rule: Rule, why: WhyNot): WhyNot => {
  const { group: _, ...free } = rule
  const alone = explain(compileRuleSet([free], ruleSet.program), input, counters).rules[0]?.whyNot
  if (alone !== undefined && alone.kind !== 'noEffect') return alone
  const rootOf = (id: string): string | undefined => ruleSet.tables.rules.find((each) => each.id === id)?.root
  const isRival = (id: string): boolean => id !== rule.id && rootOf(id) === rootOf(rule.id)
  const gave = new Set([...outcome.applied, ...otherwise(outcome)].map((each) => each.rule))
  return { ...why, to: [...gave].filter(isRival) } as WhyNot
}

/** Gifts, vouchers, messages and ways to pay are not in `applied`. */
const otherwise = ({
  issues,
  gifts = [],
  messages = [],
  payable = [],
}: Outcome): readonly { readonly rule: string }[] => [...issues, ...gifts, ...messages, ...payable]

const gaveOtherwise = ({ id }: Rule, outcome: Outcome): boolean => otherwise(outcome).some(({ rule }) => rule === id)

const whyNot = (rule: Rule, input: EvaluationInput, events: readonly TraceEvent[]): WhyNot => {
  const accrual = rule.phase.startsWith('accrual')
  if (input.kind === 'return' || (input.mode === 'judge' && !accrual))
    return { kind: 'phaseDoesNotRun', phase: rule.phase }
  if (accrual && !input.mayEarn) return { kind: 'mayNotEarn' }
  if (!inForce(rule, input)) return { kind: 'notInForce', ...rule.valid }
  const fields = rule.when === undefined ? [] : failing(rule.when, input)
  if (fields.length > 0) return { kind: 'condition', fields }
  const empty = rule.slots?.find(({ items }) => !input.lines.some((line: LineFacts) => selects(items, line)))
  if (empty !== undefined) return { kind: 'noSuchLine', slot: empty.name }
  return fromEvents(events)
}

const inForce = ({ valid }: Rule, { at }: EvaluationInput): boolean => {
  const two = (value: number): string => String(value).padStart(2, '0')
  const now = `${at.date}T${two(Math.floor(at.minute / 60))}:${two(at.minute % 60)}`
  return (valid?.from === undefined || now >= valid.from) && (valid?.to === undefined || now < valid.to)
}

/** The fields of a condition that do not hold. Weekdays and hours are asked together, because a window may cross midnight. */
const failing = (when: Condition, input: EvaluationInput): string[] => {
  const { weekdays, hours, ...others } = when
  const calendar = { ...(weekdays && { weekdays }), ...(hours && { hours }) }
  const field = hours === undefined || holds({ hours }, input) ? 'weekdays' : 'hours'
  const failed = holds(calendar, input) ? [] : [field]
  for (const [field, wanted] of Object.entries(others)) {
    if (!holds({ [field]: wanted } as Condition, input)) failed.push(field)
  }
  return failed
}

/** What was told of the rule last decided, except that a lost group tells more than what the search tried. */
const fromEvents = (events: readonly TraceEvent[]): WhyNot => {
  for (const event of [...events].reverse()) {
    switch (event.kind) {
      case 'slotNotFilled': {
        const { slot, why } = event
        return { kind: 'slotNotFilled', slot, why, missing: Math.abs(why.wanted - why.actual) }
      }
      case 'noBeneficiary':
        return { kind: 'noBeneficiary', to: event.to }
      case 'excluded':
        return { kind: 'excluded', by: event.by }
      case 'limitUsedUp':
        return { kind: 'limitUsedUp', limit: event.limit, left: event.left, wanted: event.wanted }
      case 'groupLost':
        return { kind: 'groupLost', group: event.group, to: [] }
      case 'noEffect':
      case 'limitCut':
      case 'groupSearch':
        break
    }
  }
  return { kind: 'noEffect' }
}
