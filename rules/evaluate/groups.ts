import { byPriority } from '../compile/order.ts'
import type { PointType, RuleGroup } from '../program.ts'
import type { Rule } from '../rule.ts'
import { applyRule } from './apply-rule.ts'
import type { Matched } from './match.ts'
import { copyState, restoreState, type Sheet, type State } from './sheet.ts'

/** Limits of the exact search; beyond them a group applies in declared order. Counted, never timed. */
export const CANDIDATES_MAX = 24
export const NODES_MAX = 20_000

/** A matched rule, or a group with those of its rules and groups that matched. */
type Child = Matched | Node
interface Node {
  readonly group: RuleGroup
  readonly children: Child[]
}

const isNode = (child: Child): child is Node => 'group' in child

/** The tree of one outermost group over matched rules, in their order. */
const treeOf = (sheet: Sheet, members: readonly Matched[]): Node => {
  const nodes = new Map<string, Node>()
  const nodeOf = (code: string): Node => {
    const known = nodes.get(code)
    if (known !== undefined) return known
    const group = sheet.tables.groups.get(code) as RuleGroup
    const node: Node = { group, children: [] }
    nodes.set(code, node)
    if (group.parent !== undefined) nodeOf(group.parent).children.push(node)
    return node
  }
  for (const matched of members) nodeOf(matched.compiled.rule.group as string).children.push(matched)
  return nodes.get(members[0]?.compiled.root as string) as Node
}

/** What stands together in the order of a phase: one rule, or the matched rules of one outermost group. */
interface Unit {
  readonly members: Matched[]
  pass: number
}

const ruleOf = (unit: Unit): Rule => (unit.members[0] as Matched).compiled.rule

/** Units by the last pass that any of their rules needs, then by their first rule. */
const unitsOf = (matched: readonly Matched[]): Unit[] => {
  const units: Unit[] = []
  const groups = new Map<string, Unit>()
  for (const one of matched) {
    const { root, pass } = one.compiled
    const unit = root === undefined ? undefined : groups.get(root)
    if (unit !== undefined) {
      unit.members.push(one)
      unit.pass = Math.max(unit.pass, pass)
      continue
    }
    const fresh = { members: [one], pass }
    units.push(fresh)
    if (root !== undefined) groups.set(root, fresh)
  }
  for (const unit of groups.values()) unit.members.sort((a, b) => byPriority(a.compiled.rule, b.compiled.rule))
  return units.sort((a, b) => a.pass - b.pass || byPriority(ruleOf(a), ruleOf(b)))
}

/** Applies the rules of one phase in order; rules of one outermost group are settled together. */
export const applyAll = (sheet: Sheet, state: State, matched: readonly Matched[]): void => {
  if (matched.every(({ compiled }) => compiled.root === undefined)) {
    for (const one of matched) applyRule(sheet, state, one)
    return
  }
  for (const { members } of unitsOf(matched)) {
    const one = members[0] as Matched
    if (one.compiled.root === undefined) applyRule(sheet, state, one)
    else applyChild(sheet, state, treeOf(sheet, members))
  }
}

const ENDLESS = Number.MAX_SAFE_INTEGER

/** How many rules applied. A quota is one rule where the group does not say, unless all of its rules apply. */
const applyChild = (sheet: Sheet, state: State, child: Child): number => {
  if (!isNode(child)) return applyRule(sheet, state, child) ? 1 : 0
  const { mode, atMostRules, capMinor = ENDLESS, capPoints = ENDLESS } = child.group
  const isCapped = mode === 'sumCapped'
  const quota = atMostRules ?? (isCapped || mode === 'stack' ? ENDLESS : 1)
  if (mode === 'best' || mode === 'worst') return search(sheet, state, child, quota)
  if (isCapped) state.caps.push({ amount: capMinor, points: capPoints })
  const applied = inOrder(sheet, state, child.children, quota)
  if (isCapped) state.caps.pop()
  return applied
}

const inOrder = (sheet: Sheet, state: State, children: readonly Child[], quota: number): number => {
  let applied = 0
  for (const child of children) {
    if (applied >= quota) {
      lost(sheet, child)
      continue
    }
    applied += applyChild(sheet, state, child)
  }
  return applied
}

/** Value for the customer in millionths of a minor unit, then for everybody else; less is more in a group of mode `worst`. */
type Value = readonly [customer: number, others: number]

const compare = (a: Value, b: Value): number => a[0] - b[0] || a[1] - b[1]

/** What the rules applied from one on are worth. Only compared, so that beyond the safe range a double will do. */
const valueOf = ({ tables, program }: Sheet, { applied }: State, from: number): Value => {
  let customer = 0
  let others = 0
  for (let i = from; i < applied.length; i += 1) {
    const { amountMinor, points, pointType, to } = applied[i] as State['applied'][number]
    customer += (amountMinor ?? 0) * 1_000_000
    if (points === undefined || pointType === undefined) continue
    const { valueMinor, scale } = tables.types.get(pointType) as PointType
    const perMillion = program.valuation?.[pointType] ?? valueMinor * 1_000_000
    const worth = Math.floor((points * perMillion) / 10 ** scale)
    if (to === 'customer') customer += worth
    else others += worth
  }
  return [customer, others]
}

/**
 * Whether a rule gives most where it comes first. Amounts only fall and counters only rise, so it does, unless it
 * multiplies what others gave, uses up units (the next finds other ones), rounds a price before it is multiplied by a
 * quantity, looks at what its own first effect left, or is dropped for wanting too much.
 */
const isGreatestAlone = (child: Child): boolean => {
  if (isNode(child)) return false
  const { rule, limits, claims, pass } = child.compiled
  if (claims || pass > 0 || rule.phase === 'price') return false
  return rule.phase.startsWith('accrual') || (rule.then.length === 1 && limits.every(({ over }) => over !== 'drop'))
}

/**
 * The combination of children, applied in declared order, that is worth most (or least) to the customer; of equal ones
 * the first in declared order. At most `quota` children.
 */
const search = (sheet: Sheet, state: State, { group, children }: Node, quota: number): number => {
  const from = state.applied.length
  const nodesBefore = state.nodes
  const quiet: Sheet = { ...sheet, trace: undefined }
  const sign = group.mode === 'best' ? 1 : -1
  let exhausted = quota > 1 && children.length > CANDIDATES_MAX
  let best: { readonly value: Value; readonly chosen: readonly Child[] } | undefined
  const worth = (): Value => {
    const [customer, others] = valueOf(sheet, state, from)
    return [sign * customer, sign * others]
  }
  /** Applies a child, looks at what comes of it where it has an effect, and takes it back. */
  const attempt = (child: Child, look: () => void): void => {
    const before = copyState(state)
    if (applyChild(quiet, state, child) === 0) return
    look()
    restoreState(state, before)
  }
  /** The most that each child can add: where less is better, nothing. `null`: unknown. */
  const mostOf = (): readonly Value[] | null => {
    if (sign < 0) return []
    // Without connection a search goes all ways, to tell every limit that it meets.
    if (quota === 1 || sheet.counters['offline'] === 1 || !children.every(isGreatestAlone)) return null
    return children.map((child) => {
      let value: Value = [0, 0]
      attempt(child, () => {
        value = worth()
      })
      return value
    })
  }
  const most = exhausted ? null : mostOf()
  /**
   * Depth first: with the child, then without it, so that of equal combinations the declared order wins. A way that cannot
   * become better than the best so far is left: what is given stays given, and nobody adds more than his most.
   */
  const explore = (at: number, chosen: readonly Child[]): void => {
    if (exhausted) return
    const value = worth()
    const open = at === children.length ? 0 : quota - chosen.length
    const bound = (open === 0 ? [] : most)
      ?.slice(at)
      .sort((a, b) => compare(b, a))
      .slice(0, open)
      .reduce<Value>((sum, each) => [sum[0] + each[0], sum[1] + each[1]], value)
    if (best !== undefined && bound !== undefined && compare(bound, best.value) <= 0) return
    if (open === 0) {
      if (chosen.length > 0) best = { value, chosen }
      return
    }
    state.nodes += 1
    exhausted = state.nodes > NODES_MAX
    if (exhausted) return
    const child = children[at] as Child
    attempt(child, () => explore(at + 1, [...chosen, child]))
    explore(at + 1, chosen)
  }
  explore(0, [])
  sheet.trace?.({ kind: 'groupSearch', group: group.code, proven: !exhausted, nodes: state.nodes - nodesBefore })
  if (exhausted) {
    ;(state.rare.ordered ??= []).push(group.code)
    return inOrder(sheet, state, children, quota)
  }
  // Where none has an effect, each of them tells why.
  const chosen = best?.chosen ?? children
  let applied = 0
  for (const child of chosen) applied += applyChild(sheet, state, child)
  for (const child of children) if (!chosen.includes(child)) lost(sheet, child)
  return applied
}

/** Tells of a child's rules that others of the group came before them. */
const lost = (sheet: Sheet, child: Child): void => {
  if (isNode(child)) {
    for (const each of child.children) lost(sheet, each)
    return
  }
  const { id, rule } = child.compiled
  sheet.trace?.({ kind: 'groupLost', rule: id, group: rule.group as string })
}
