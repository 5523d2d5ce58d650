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
  const { applied, issues, gifts = [], messages = [], payable = [] } = outcome
  const gave = new Set([applied, issues, gifts, messages, payable].flatMap((list) => list.map(({ rule }) => rule)))
  const asked = ruleId === undefined ? ruleSet.rules : ruleSet.rules.filter(({ id }) => id === ruleId)
  const rules = asked.map((rule): RuleExplanation => {
    const { id, version, name, group } = rule
    const own = events.filter((event) => ('rule' in event ? event.rule === id : event.group === group))
    const head = { rule: id, version, name, applied: applied.filter((each) => each.rule === id), events: own }
    if (gave.has(id)) return head
    const why = whyNot(rule, input, own)
    if (why.kind !== 'groupLost') return { ...head, whyNot: why }
    // What a rule lacks even where it stands alone tells more than who won.
    const { group: _, ...free } = rule
    const alone = explain(compileRuleSet([free], ruleSet.program), input, counters).rules[0]?.whyNot
    if (alone !== undefined && alone.kind !== 'noEffect') return { ...head, whyNot: alone }
    return { ...head, whyNot: { ...why, to: rivalsOf(ruleSet, rule, gave) } }
  })
  if (ruleId !== undefined && rules.length === 0) {
    rules.push({ rule: ruleId, version: 0, name: ruleId, applied: [], whyNot: { kind: 'unknownRule' }, events: [] })
  }
  return { outcome, rules }
}

/** The rules of the same outermost group that gave something. */
const rivalsOf = ({ tables }: RuleSet, { id }: Rule, gave: ReadonlySet<string>): string[] => {
  const root = tables.rules.find((each) => each.id === id)?.root
  return tables.rules.flatMap((each) => (each.root === root && gave.has(each.id) ? [each.id] : []))
}

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

/** What was told of the rule last decided. */
const fromEvents = (events: readonly TraceEvent[]): WhyNot => {
  for (const event of events.toReversed()) {
    if (event.kind === 'noEffect' || event.kind === 'limitCut' || event.kind === 'groupSearch') continue
    const { rule: _, ...why } = event
    if (why.kind === 'groupLost') return { ...why, to: [] }
    return why.kind === 'slotNotFilled' ? { ...why, missing: Math.abs(why.why.wanted - why.why.actual) } : why
  }
  return { kind: 'noEffect' }
}
