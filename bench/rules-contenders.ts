import { ZenEngine } from '@gorules/zen-engine'
import type { EvaluationInput, Rule } from '@premia/rules'
import { LogicEngine } from 'json-logic-engine'
import { Engine, type TopLevelCondition } from 'json-rules-engine'

/** The sale as flat facts: all item keys of the basket in one list. */
export interface Flat {
  readonly keys: readonly string[]
  readonly groups: readonly string[]
  readonly cardKind: string
  readonly tier: string
  readonly weekday: number
  readonly minute: number
}

export const flatOf = (input: EvaluationInput): Flat => ({
  keys: input.lines.flatMap(({ product }) =>
    product === undefined ? [] : [product.id, ...product.categories, product.producer ?? '', ...product.tags],
  ),
  groups: input.outlet.groups,
  cardKind: input.member?.cardKind ?? '',
  tier: input.member?.tier ?? '',
  weekday: input.at.weekday,
  minute: input.at.minute,
})

/** One rule as plain tests on flat facts, from which each engine's own form is made. */
export interface Plain {
  readonly keys?: readonly string[]
  readonly groups?: readonly string[]
  readonly cardKinds?: readonly string[]
  readonly tiers?: readonly string[]
  readonly weekdays?: readonly number[]
  readonly from?: number
  readonly to?: number
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60

export const plainOf = ({ when = {}, slots }: Rule): Plain => {
  const items = slots?.[0]?.items
  const [window] = when.hours ?? []
  return {
    ...(items !== undefined && { keys: items.products ?? items.categories ?? items.producers ?? items.tags ?? [] }),
    ...(when.outletGroups && { groups: when.outletGroups }),
    ...(when.cardKinds && { cardKinds: when.cardKinds }),
    ...(when.tiers && { tiers: when.tiers }),
    ...(when.weekdays && { weekdays: when.weekdays }),
    ...(window && { from: minuteOf(window[0]), to: minuteOf(window[1]) }),
  }
}

/** One engine under test: how many rules hold for the n-th sale. */
export interface Contender {
  readonly name: string
  readonly count: (sale: number) => number | Promise<number>
  /** Sales of one round: slow engines get fewer. */
  readonly sales: number
}

export const closures = (plain: readonly Plain[], flat: readonly Flat[]): Contender['count'] => {
  const tests = plain.map((rule) => {
    const parts: ((sale: Flat) => boolean)[] = []
    const { keys, groups, cardKinds, tiers, weekdays, from, to } = rule
    if (groups) parts.push((sale) => sale.groups.some((group) => groups.includes(group)))
    if (cardKinds) parts.push((sale) => cardKinds.includes(sale.cardKind))
    if (tiers) parts.push((sale) => tiers.includes(sale.tier))
    if (weekdays) parts.push((sale) => weekdays.includes(sale.weekday))
    if (from !== undefined && to !== undefined) parts.push((sale) => sale.minute >= from && sale.minute < to)
    if (keys) {
      const wanted = new Set(keys)
      parts.push((sale) => sale.keys.some((key) => wanted.has(key)))
    }
    return (sale: Flat): boolean => {
      for (const part of parts) if (!part(sale)) return false
      return true
    }
  })
  return (index) => {
    const sale = flat[index] as Flat
    let count = 0
    for (const holds of tests) if (holds(sale)) count += 1
    return count
  }
}

/**
 * The least that any index must do with a sale as it comes: look up each key of its products and touch what stands there.
 */
export const floor = (plain: readonly Plain[], sales: readonly EvaluationInput[]): Contender['count'] => {
  const lists = new Map<string, number[]>()
  plain.forEach(({ keys }, rule) => {
    for (const key of new Set(keys ?? [])) lists.set(key, [...(lists.get(key) ?? []), rule])
  })
  const postings = new Map([...lists].map(([key, list]) => [key, Int32Array.from(list)]))
  const touched = new Float64Array(plain.length)
  const touch = (key: string): number => {
    const list = postings.get(key)
    if (list === undefined) return 0
    for (const rule of list) touched[rule] = (touched[rule] as number) + 1
    return list.length
  }
  return (index) => {
    let count = 0
    for (const { product } of (sales[index] as EvaluationInput).lines) {
      if (product === undefined) continue
      count += touch(product.id)
      for (const category of product.categories) count += touch(category)
      if (product.producer !== undefined) count += touch(product.producer)
      for (const tag of product.tags) count += touch(tag)
    }
    return count
  }
}

export const jsonLogic = (plain: readonly Plain[], flat: readonly Flat[]): Contender['count'] => {
  const engine = new LogicEngine()
  const overlap = (name: string, wanted: readonly unknown[]) => ({
    some: [{ var: name }, { in: [{ var: '' }, wanted] }],
  })
  const tests = plain.map(({ keys, groups, cardKinds, tiers, weekdays, from, to }) => {
    const parts: unknown[] = [true]
    if (groups) parts.push(overlap('groups', groups))
    if (cardKinds) parts.push({ in: [{ var: 'cardKind' }, cardKinds] })
    if (tiers) parts.push({ in: [{ var: 'tier' }, tiers] })
    if (weekdays) parts.push({ in: [{ var: 'weekday' }, weekdays] })
    if (from !== undefined) parts.push({ '>=': [{ var: 'minute' }, from] }, { '<': [{ var: 'minute' }, to] })
    if (keys) parts.push(overlap('keys', keys))
    return engine.build({ and: parts }) as (data: Flat) => unknown
  })
  return (index) => {
    let count = 0
    for (const holds of tests) if (holds(flat[index] as Flat) === true) count += 1
    return count
  }
}

export const jsonRules = (plain: readonly Plain[], flat: readonly Flat[]): Contender['count'] => {
  const engine = new Engine()
  engine.addOperator('overlaps', (actual: readonly string[], wanted: readonly string[]) =>
    actual.some((value) => wanted.includes(value)),
  )
  plain.forEach(({ keys, groups, cardKinds, tiers, weekdays, from, to }, index) => {
    const all: { fact: string; operator: string; value: unknown }[] = []
    if (groups) all.push({ fact: 'groups', operator: 'overlaps', value: groups })
    if (cardKinds) all.push({ fact: 'cardKind', operator: 'in', value: cardKinds })
    if (tiers) all.push({ fact: 'tier', operator: 'in', value: tiers })
    if (weekdays) all.push({ fact: 'weekday', operator: 'in', value: weekdays })
    if (from !== undefined)
      all.push(
        { fact: 'minute', operator: 'greaterThanInclusive', value: from },
        { fact: 'minute', operator: 'lessThan', value: to },
      )
    if (keys) all.push({ fact: 'keys', operator: 'overlaps', value: keys })
    engine.addRule({ conditions: { all } as TopLevelCondition, event: { type: `R${index}` } })
  })
  return async (index) => (await engine.run({ ...flat[index] })).events.length
}

export const zen = (plain: readonly Plain[], flat: readonly Flat[]): Contender['count'] => {
  const list = (values: readonly unknown[]): string => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`
  const overlap = (values: readonly unknown[] | undefined): string =>
    values === undefined ? '' : `some($, # in ${list(values)})`
  const rows = plain.map(({ keys, groups, cardKinds, tiers, weekdays, from, to }, index) => ({
    _id: `R${index}`,
    groups: overlap(groups),
    cardKind: cardKinds === undefined ? '' : `$ in ${list(cardKinds)}`,
    tier: tiers === undefined ? '' : `$ in ${list(tiers)}`,
    weekday: weekdays === undefined ? '' : `$ in ${list(weekdays)}`,
    minute: from === undefined ? '' : `$ >= ${from} and $ < ${to}`,
    keys: overlap(keys),
    rule: String(index),
  }))
  const inputs = ['groups', 'cardKind', 'tier', 'weekday', 'minute', 'keys'].map((field) => ({
    id: field,
    name: field,
    field,
  }))
  const content = {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in', position: { x: 0, y: 0 } },
      {
        id: 'table',
        type: 'decisionTableNode',
        name: 'table',
        position: { x: 1, y: 0 },
        content: { hitPolicy: 'collect', inputs, outputs: [{ id: 'rule', name: 'rule', field: 'rule' }], rules: rows },
      },
      { id: 'out', type: 'outputNode', name: 'out', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', sourceId: 'in', targetId: 'table', type: 'edge' },
      { id: 'b', sourceId: 'table', targetId: 'out', type: 'edge' },
    ],
  }
  const decision = new ZenEngine().createDecision(content)
  return async (index) => ((await decision.evaluate(flat[index])).result as readonly unknown[]).length
}
