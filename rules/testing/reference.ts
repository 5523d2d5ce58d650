import type {
  Counters,
  EvaluationInput,
  LineFacts,
  Outcome,
  PointType,
  ProgramDocument,
  Rule,
  RuleGroup,
} from '../index.ts'
import { canonicalJson } from '../index.ts'
import { referenceEffects } from './reference-effects.ts'
import { type Book, discounts, typeOf, type World } from './reference-world.ts'
import { inForce, takes } from './reference-match.ts'
import { type Part, spreadWithin } from './reference-numbers.ts'

/** A reference outcome has no hash of the rule set. */
export type ReferenceOutcome = Omit<Outcome, 'ruleSet'>

const PHASES = ['price', 'line', 'basket', 'payment', 'accrual.base', 'accrual.bonus']
const pass = (rule: Rule): number =>
  Math.max(...rule.then.map((effect) => (effect.do === 'multiply' ? (effect.how === 'add' ? 1 : 2) : 0)))
const byPriority = (a: Rule, b: Rule): number => (b.priority ?? 0) - (a.priority ?? 0) || (a.id < b.id ? -1 : 1)

/** A rule alone, or all rules of a phase that lie in one outermost group. */
type Unit = readonly Rule[]
const unitsOf = (rules: readonly Rule[], program: ProgramDocument): Unit[] => {
  const root = (rule: Rule): string | undefined => {
    let code = rule.group
    for (;;) {
      const parent = program.groups?.find((group) => group.code === code)?.parent
      if (parent === undefined) return code
      code = parent
    }
  }
  const units: Rule[][] = []
  for (const rule of [...rules].sort(byPriority)) {
    const unit = units.find(([first]) => root(rule) !== undefined && first !== undefined && root(first) === root(rule))
    if (unit === undefined) units.push([rule])
    else unit.push(rule)
  }
  const last = (unit: Unit): number => Math.max(...unit.map(pass))
  return units.sort((a, b) => last(a) - last(b) || byPriority(a[0] as Rule, b[0] as Rule))
}

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0)

const spreadOverLines = (total: number, parts: readonly Part[], into: Record<number, number>): number => {
  const shares = spreadWithin(total, parts)
  for (const [number, share] of shares) into[number] = (into[number] as number) - share
  return sum(shares.values())
}

/** The till's reduction of the basket: over lines that may be reduced, the rest over all. */
const tillReduction = (world: World): void => {
  const { lines, book, input } = world
  const room = (line: LineFacts): number => Math.max(0, (book.remaining[line.number] as number) - line.reimbursedMinor)
  const part = (line: LineFacts): Part => ({ line, weight: room(line), room: room(line) })
  const given = spreadOverLines(input.basketReductionMinor, lines.filter(discounts).map(part), book.remaining)
  spreadOverLines(input.basketReductionMinor - given, lines.map(part), book.remaining)
}

const fill = (world: World, names: readonly string[]): void => {
  const { lines, amounts, book, input } = world
  for (const name of names) amounts[name] = { ...book.remaining }
  amounts['copayment'] = Object.fromEntries(
    lines.map((line) => [
      line.number,
      Math.max(0, (amounts['afterBasket']?.[line.number] as number) - line.reimbursedMinor),
    ]),
  )
  const paid = { ...amounts['copayment'] }
  const parts = lines.map((line) => ({ line, weight: paid[line.number] as number, room: paid[line.number] as number }))
  spreadOverLines(
    sum(input.tenders.filter(({ kind }) => kind === 'points').map(({ amountMinor }) => amountMinor)),
    parts,
    paid,
  )
  amounts['paidInMoney'] = paid
}

const isGroup = (child: Rule | RuleGroup): child is RuleGroup => 'mode' in child

class Groups {
  private readonly world: World
  private readonly members: readonly Rule[]

  constructor(world: World, members: readonly Rule[]) {
    this.world = world
    this.members = members
  }

  /** Rules and groups directly below a group, in the order of their first rule. */
  private children(code: string | undefined): (Rule | RuleGroup)[] {
    const groups = this.world.program.groups ?? []
    const found: (Rule | RuleGroup)[] = []
    for (const rule of this.members) {
      let child: Rule | RuleGroup = rule
      let parent = rule.group
      while (parent !== code && parent !== undefined) {
        child = groups.find((group) => group.code === parent) as RuleGroup
        parent = (child as RuleGroup).parent
      }
      if (parent === code && !found.includes(child)) found.push(child)
    }
    return found
  }

  run(child: Rule | RuleGroup): number {
    const { world } = this
    if (!isGroup(child)) return referenceEffects(world, child) ? 1 : 0
    const quota =
      child.atMostRules ?? (child.mode === 'stack' || child.mode === 'sumCapped' ? Number.MAX_SAFE_INTEGER : 1)
    const children = this.children(child.code)
    if (child.mode === 'best' || child.mode === 'worst') return this.search(child, children, quota)
    if (child.mode === 'sumCapped') {
      world.book.caps.push({
        minor: child.capMinor ?? Number.MAX_SAFE_INTEGER,
        points: child.capPoints ?? Number.MAX_SAFE_INTEGER,
      })
    }
    let applied = 0
    for (const each of children) if (applied < quota) applied += this.run(each)
    if (child.mode === 'sumCapped') world.book.caps.pop()
    return applied
  }

  private worth(from: number): [number, number] {
    const { program, book } = this.world
    const worth: [number, number] = [0, 0]
    for (const { entry } of book.applied.slice(from)) {
      worth[0] += (entry.amountMinor ?? 0) * 1_000_000
      if (entry.points === undefined) continue
      const type = typeOf(this.world, entry.pointType)
      const rate = program.valuation?.[type.code] ?? type.valueMinor * 1_000_000
      worth[entry.to === 'customer' ? 0 : 1] += Math.floor((entry.points * rate) / 10 ** type.scale)
    }
    return worth
  }

  /** Tries every combination, largest in declared order first. */
  private search(group: RuleGroup, children: (Rule | RuleGroup)[], quota: number): number {
    const { world } = this
    const start = structuredClone(world.book)
    let best: { worth: [number, number]; chosen: (Rule | RuleGroup)[] } | undefined
    const attempt = (at: number, chosen: (Rule | RuleGroup)[]): void => {
      if (at < children.length && chosen.length < quota) {
        attempt(at + 1, [...chosen, children[at] as Rule])
        attempt(at + 1, chosen)
        return
      }
      if (chosen.length === 0) return
      world.book = structuredClone(start)
      if (!chosen.map((child) => this.run(child)).every((applied) => applied > 0)) return
      const worth = this.worth(start.applied.length)
      const order = best === undefined ? 1 : worth[0] - best.worth[0] || worth[1] - best.worth[1]
      if (best === undefined || (group.mode === 'best' ? order > 0 : order < 0)) best = { worth, chosen }
    }
    attempt(0, [])
    world.book = structuredClone(start)
    return sum((best?.chosen ?? []).map((child) => this.run(child)))
  }
}

const runPhase = (world: World, rules: readonly Rule[]): void => {
  world.book.original = { ...world.book.remaining }
  for (const unit of unitsOf(rules, world.program)) {
    const group = unit[0]?.group
    const groups = new Groups(world, unit)
    if (group === undefined) {
      groups.run(unit[0] as Rule)
      continue
    }
    let root = world.program.groups?.find(({ code }) => code === group) as RuleGroup
    while (root.parent !== undefined) root = world.program.groups?.find(({ code }) => code === root.parent) as RuleGroup
    groups.run(root)
  }
}

const start = (program: ProgramDocument, input: EvaluationInput, counters: Counters): World => {
  const lines = [...input.lines].sort((a, b) => a.number - b.number)
  const by = (of: (line: LineFacts) => number): Record<number, number> =>
    Object.fromEntries(lines.map((line) => [line.number, of(line)]))
  const remaining = by((line) => Math.max(0, line.grossMinor - line.reductionMinor))
  const book: Book = {
    remaining,
    original: { ...remaining },
    unitPrice: by((line) => line.unitPriceMinor),
    steered: {},
    lowest: {},
    claimed: {},
    used: {},
    tags: [],
    excluded: [],
    pools: {},
    caps: [],
    applied: [],
    claims: [],
    issues: [],
    gifts: [],
    messages: [],
    payable: [],
    redeemed: [],
  }
  return {
    program,
    input,
    counters,
    lines,
    amounts: { gross: by((line) => line.grossMinor), afterLine: { ...remaining } },
    denied: {},
    book,
  }
}

const awards = (world: World): Outcome['awards'] => {
  const sums = new Map<string, Outcome['awards'][number]>()
  for (const { entry, effect } of world.book.applied) {
    if (entry.points === undefined || entry.to === undefined) continue
    const type = typeOf(world, entry.pointType)
    const own = effect as { activation?: PointType['activation']; expiry?: PointType['expiry'] }
    const expiry = own.expiry ?? type.expiry
    const asked = own.activation ?? type.activation
    const window = world.program.returnWindowDays as number
    const activation = asked.kind === 'afterReturnWindow' ? { kind: 'afterDays' as const, days: window } : asked
    const plain = expiry.kind === 'afterMonths' ? { ...expiry, endOf: expiry.endOf ?? 'day' } : expiry
    const key = canonicalJson([entry.to, type.code, activation, plain])
    const before = sums.get(key)
    sums.set(key, {
      ...(before ?? { to: entry.to, pointType: type.code, activation, expiry }),
      points: ((before?.points ?? 0) + entry.points) as Outcome['awards'][number]['points'],
    })
  }
  return [...sums.values()]
}

/** Every slot has a line. */
const matches = (rule: Rule, { lines }: World): boolean =>
  (rule.slots ?? []).every(({ items }) => lines.some((line) => takes(items, line)))

/** The slow, obvious evaluator: no index, no numbers but BigInt where something is rounded, every combination tried. */
export const reference = (
  rules: readonly Rule[],
  program: ProgramDocument,
  input: EvaluationInput,
  counters: Counters,
): ReferenceOutcome => {
  const world = start(program, input, counters)
  const active = input.kind === 'sale' ? rules.filter((rule) => inForce(rule, input) && matches(rule, world)) : []
  const phase = (name: string): Rule[] => active.filter((rule) => rule.phase === name)
  if (input.mode === 'price' && input.kind === 'sale') {
    for (const name of ['price', 'line']) {
      fill(world, ['afterLine', 'afterBasket'])
      runPhase(world, phase(name))
    }
    world.amounts['afterLine'] = { ...world.book.remaining }
    tillReduction(world)
    fill(world, ['afterBasket'])
    runPhase(world, phase('basket'))
  } else tillReduction(world)
  fill(world, ['afterBasket'])
  const later = PHASES.slice(3).filter((name) => (name === 'payment' ? input.mode === 'price' : input.mayEarn))
  for (const name of later) runPhase(world, phase(name))
  return seal(world)
}

const seal = (world: World): ReferenceOutcome => {
  const { lines, amounts, book } = world
  const at = (basis: string, line: LineFacts): number => amounts[basis]?.[line.number] as number
  const { gifts, messages, payable, redeemed } = book
  const gave = new Set([...book.applied.map(({ entry }) => entry), ...book.issues, ...gifts].map(({ rule }) => rule))
  const denied = Object.entries(world.denied).flatMap(([rule, limit]) => (gave.has(rule) ? [] : [{ rule, limit }]))
  const outcome = {
    schema: 1,
    semantics: 1,
    lines: lines.map((line) => ({
      number: line.number,
      ...Object.fromEntries(
        ['gross', 'afterLine', 'afterBasket', 'copayment', 'paidInMoney'].map((basis) => [
          `${basis}Minor`,
          at(basis, line),
        ]),
      ),
    })),
    steered: lines
      .filter(({ number }) => number in book.steered)
      .map(({ number }) => ({
        line: number,
        unitPriceMinor: book.steered[number],
        lowestPrice30DaysMinor: book.lowest[number],
      })),
    applied: book.applied.map(({ entry }) => entry),
    awards: awards(world),
    claims: book.claims,
    issues: book.issues,
    gifts: gifts.length > 0 ? gifts : undefined,
    messages: messages.length > 0 ? messages : undefined,
    payable: payable.length > 0 ? payable : undefined,
    redeemed: redeemed.length > 0 ? redeemed : undefined,
    denied: denied.length > 0 ? denied : undefined,
    totals: {
      grossMinor: sum(lines.map((line) => line.grossMinor)),
      reductionMinor: sum(lines.map((line) => line.grossMinor - at('afterBasket', line))),
      reimbursedMinor: sum(lines.map((line) => line.reimbursedMinor)),
      paidInMoneyMinor: sum(lines.map((line) => at('paidInMoney', line))),
    },
  }
  return outcome as unknown as ReferenceOutcome
}
