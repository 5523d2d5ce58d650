import { expect, test } from 'vitest'
import {
  explain,
  compileRuleSet,
  type ItemSelector,
  type LineFacts,
  type PointsFormula,
  type Rule,
  type Slot,
} from './index.ts'
import {
  byRule,
  judge,
  line,
  member,
  perZloty,
  pointsOf,
  product,
  program,
  rule,
  sale,
  without,
} from './testing/samples.ts'

/** What points may depend on, each as one rule, with numbers that can be checked by hand. */
const points = (id: string, formula: PointsFormula, changes: object = {}, effect: object = {}): Rule =>
  rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', formula, ...effect }], changes)
const fixed = (points: number): PointsFormula => ({ kind: 'fixed', points })

test('RUL-04: the value of a sale decides by steps, a threshold or each full amount, before or after discounts, rounded and capped as the rule says', () => {
  const after = { basis: 'afterBasket' } as const
  const brackets = [
    { fromMinor: 10_000, points: 20 },
    { fromMinor: 20_000, points: 50 },
  ]
  const sevens = { kind: 'perValue', minor: 700, points: 1, basis: 'gross' } as const
  const rules = [
    points('steps', { kind: 'brackets', ...after, brackets }),
    points('threshold', fixed(30), { slots: [{ name: 'all', atLeast: { valueMinor: 15_000, basis: 'gross' } }] }),
    points('thresholdAfter', fixed(30), {
      slots: [{ name: 'all', atLeast: { valueMinor: 15_000, basis: 'afterBasket' } }],
    }),
    points('fullSteps', { kind: 'perValue', minor: 5000, points: 10, ...after, fullSteps: true }),
    points('down', sevens),
    points('near', sevens, {}, { rounding: { mode: 'halfUp' } }),
    points('capped', sevens, {
      limits: [{ per: 'sale', period: 'sale', measure: 'points', most: 15, over: 'truncate' }],
    }),
  ]
  const of = (unitPriceMinor: number) =>
    byRule(judge(rules, sale([line(1, { unitPriceMinor })], { basketReductionMinor: 1000 })))
  expect(of(9_900)).toEqual({ fullSteps: 10, down: 14, near: 14, capped: 14 })
  expect(of(15_000)).toEqual({ steps: 20, threshold: 30, fullSteps: 20, down: 21, near: 21, capped: 15 })
  expect(of(21_600)).toEqual({
    steps: 50,
    threshold: 30,
    thresholdAfter: 30,
    fullSteps: 40,
    down: 30,
    near: 31,
    capped: 15,
  })
})

test('RUL-06: kind and quantity of goods decide: a product, a brand, a category, a tag, so many of them, a set, every third unit; the answer names the lines', () => {
  const slot = (items: ItemSelector, changes: Partial<Slot> = {}): { slots: Slot[] } => ({
    slots: [{ name: 'a', items, ...changes }],
  })
  const ofSlot = { of: 'a' }
  const unit: PointsFormula = { kind: 'perUnit', quantityMilli: 1000, points: 1 }
  const rules = [
    points('product', unit, slot({ products: ['cream'] }), ofSlot),
    points('brand', unit, slot({ producers: ['Acme'] }), ofSlot),
    points('category', unit, slot({ categories: ['cosmetics'] }), ofSlot),
    points('tag', unit, slot({ tags: ['new'] }), ofSlot),
    points('three', fixed(5), slot({ categories: ['cosmetics'] }, { atLeast: { quantityMilli: 3000 } }), ofSlot),
    points('third', fixed(2), slot({ products: ['cream'] }, { each: { quantityMilli: 3000 } }), ofSlot),
    points('set', fixed(9), {
      slots: [
        { name: 'a', items: { products: ['cream'] }, atLeast: { quantityMilli: 2000 } },
        { name: 'b', items: { products: ['soap'] } },
      ],
    }),
  ]
  const goods = (number: number, id: string, units: number, changes: object): LineFacts =>
    line(number, { product: product(id, { categories: ['cosmetics'], ...changes }), quantityMilli: units * 1000 })
  const cream = (units: number): LineFacts => goods(1, 'cream', units, { producer: 'Acme' })
  const soap = goods(2, 'soap', 1, { tags: ['new'] })
  const told = (lines: readonly LineFacts[]): object =>
    Object.fromEntries(
      judge(rules, sale(lines)).applied.map(({ rule: id, points: given, pointShares }) => [
        id,
        [given, ...(pointShares ?? []).map((share) => share.line)],
      ]),
    )
  expect(told([cream(1)])).toEqual({ product: [1, 1], brand: [1, 1], category: [1, 1] })
  expect(told([cream(6), soap])).toEqual({
    product: [6, 1],
    brand: [6, 1],
    category: [7, 1, 2],
    tag: [1, 2],
    three: [5, 1, 2],
    third: [4, 1],
    set: [9, 1, 2],
  })
  const set = explain(compileRuleSet(rules, program()), sale([cream(2)]), {}, 'set').rules[0]
  expect(set?.whyNot).toEqual({ kind: 'noSuchLine', slot: 'b' })
})

test('RUL-08: one basket earns by the kind of card: a base for all, a multiplier for one kind, another rate for another', () => {
  const rules = [
    perZloty('base'),
    rule('gold', 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'times', ppm: 2_000_000 }], {
      when: { cardKinds: ['gold'] },
    }),
    points('staff card', { kind: 'perValue', minor: 100, points: 3, basis: 'gross' }, { when: { cardKinds: ['tin'] } }),
  ]
  const basket = sale([line(1)])
  const earned = (cardKind: string): number =>
    pointsOf(judge(rules, { ...basket, member: member({ cardKind }) })).customer ?? 0
  expect({ gold: earned('gold'), tin: earned('tin'), paper: earned('paper') }).toEqual({ gold: 20, tin: 40, paper: 10 })
  expect(pointsOf(judge(rules, without(basket, 'member')))).toEqual({})
})
