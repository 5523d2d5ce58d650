import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalJson,
  compileRuleSet,
  type Condition,
  type EvaluationInput,
  evaluate,
  matchingRules,
  type Rule,
} from '../index.ts'
import { runs } from '../testing/arbitrary-parts.ts'
import { arbitrarySale } from '../testing/arbitrary-sale.ts'
import { arbitraryScene } from '../testing/arbitrary-scene.ts'
import { reference } from '../testing/reference.ts'
import { line, member, perZloty, product, program, rule, sale } from '../testing/samples.ts'

const matcher = (rules: readonly Rule[]): ((input: EvaluationInput) => string[]) => {
  const ruleSet = compileRuleSet(rules, program())
  return (input) => matchingRules(ruleSet, input).map(({ id }) => id)
}

/** Ids that sort as their numbers. */
const idOf = (number: number): string => `r${10_000 + number}`
const named = (number: number, when: Condition, items?: object): Rule =>
  perZloty(idOf(number), { when, ...(items !== undefined && { slots: [{ name: 'a', items }] }) })
const basket = sale([line(1, { product: product('P1') })])
const at = (id: string, ...groups: string[]): EvaluationInput => ({
  ...basket,
  outlet: { id, groups, type: 'pharmacy', country: 'PL' },
})

test('sale after sale through one set gives the same bytes as the slow evaluator, whatever is kept of the sales before', () => {
  fc.assert(
    fc.property(
      arbitraryScene(12),
      fc.array(arbitrarySale(), { minLength: 2, maxLength: 6 }),
      ({ rules, program: of, counters }, inputs) => {
        const ruleSet = compileRuleSet(rules, of)
        for (const input of [...inputs, ...inputs]) {
          const { ruleSet: _, ...outcome } = evaluate(ruleSet, input, counters)
          expect(JSON.parse(canonicalJson(outcome))).toEqual(
            JSON.parse(canonicalJson(reference(rules, of, input, counters))),
          )
        }
      },
    ),
    { numRuns: Math.ceil(runs() / 2) },
  )
})

describe('what a sale has decides, not what the sale before had', () => {
  test('an outlet whose groups change matches by its new groups', () => {
    const matching = matcher([named(1, { outletGroups: ['A'] }), named(2, { outletGroups: ['B', 'C'] }), named(3, {})])
    expect(matching(at('o1', 'A'))).toEqual([idOf(1), idOf(3)])
    expect(matching(at('o1', 'B'))).toEqual([idOf(2), idOf(3)])
    expect(matching(at('o1', 'C', 'A'))).toEqual([idOf(1), idOf(2), idOf(3)])
    expect(matching(at('o1', 'unknown', 'A'))).toEqual([idOf(1), idOf(3)])
    expect(matching(at('o1'))).toEqual([idOf(3)])
    expect(matching(at('o1', 'A'))).toEqual([idOf(1), idOf(3)])
  })

  test('a value ends with its list: lists of several fields do not run into each other', () => {
    const matching = matcher([
      named(1, { vouchers: ['cash'] }),
      named(2, { segments: ['cash'] }),
      named(3, { tenders: ['cash'] }),
    ])
    const using = (tender: string, vouchers: readonly string[], segments: readonly string[]): EvaluationInput => ({
      ...basket,
      tenders: [{ kind: tender, amountMinor: 1 }] as unknown as EvaluationInput['tenders'],
      vouchers: vouchers.map((kind, use) => ({ use, kind, amountMinor: 0 })) as unknown as EvaluationInput['vouchers'],
      member: member({ segments }),
    })
    for (let time = 0; time < 2; time += 1) {
      expect(matching(using('card', ['cash'], []))).toEqual([idOf(1)])
      expect(matching(using('card', [], ['cash']))).toEqual([idOf(2)])
      expect(matching(using('cash', [], []))).toEqual([idOf(3)])
      expect(matching(using('card', ['other'], ['cash', 'cash']))).toEqual([idOf(2)])
    }
  })

  test('thousands of outlets, more than are kept, match by their own', () => {
    const matching = matcher([
      named(1, { outlets: ['o7', 'o4007'] }),
      ...Array.from({ length: 40 }, (_, group) => named(group + 2, { outletGroups: [`G${group}`] })),
    ])
    for (const outlet of [...Array.from({ length: 6_000 }, (_, index) => index), 7, 8]) {
      const groups = [outlet % 40, (outlet * 7) % 39].toSorted((a, b) => a - b)
      const expected = [...new Set(groups)].map((group) => idOf(group + 2))
      const ids = matching(at(`o${outlet}`, ...groups.map((group) => `G${group}`)))
      if (ids.join() !== [...(outlet % 4_000 === 7 ? [idOf(1)] : []), ...expected].join()) expect(ids).toEqual(outlet)
    }
  })
})

describe('every rule that holds is found, once and in order', () => {
  test('in a set without rules none', () => {
    expect(matcher([])(basket)).toEqual([])
  })

  test('the first rule too, when it has to be asked itself', () => {
    expect(matcher([named(0, { visits: { atLeast: 1 } }), named(1, {})])(basket)).toEqual([idOf(0), idOf(1)])
    expect(matcher([named(0, { visits: { atLeast: 2 } }), named(1, {})])(basket)).toEqual([idOf(1)])
  })

  test.each([31, 32, 33, 1023, 1024, 1025, 2100])(
    'on a finished sale the accrual rules that follow %i price rules',
    (count) => {
      const prices = Array.from({ length: count }, (_, number) =>
        rule(idOf(number), 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 1_000 } }]),
      )
      const accruals = [
        named(count, {}, { products: ['P1'] }),
        named(count + 1, {}, { products: ['P2'] }),
        named(count + 2, {}),
      ]
      const matching = matcher([...prices, ...accruals])
      const accrued = [idOf(count), idOf(count + 2)]
      expect(matching(basket)).toEqual(accrued)
      expect(matching({ ...basket, mode: 'price' })).toEqual([...prices.map(({ id }) => id), ...accrued])
      expect(matching(basket)).toEqual(accrued)
    },
  )

  test('of thousands, by products and by the basket alone, and nothing of the sale before is left', () => {
    const isBasket = (number: number): boolean => number % 97 === 0
    const rules = Array.from({ length: 3_000 }, (_, number) =>
      named(number, {}, isBasket(number) ? undefined : { products: [`P${number % 50}`, `P${(number * 7) % 50}`] }),
    )
    const matching = matcher(rules)
    for (const products of [[1], [1, 2, 1], [49], [], [0, 13, 26, 39], [1]]) {
      const lines = products.map((of, index) => line(index + 1, { product: product(`P${of}`) }))
      const expected = rules.filter(
        (_, number) => isBasket(number) || products.includes(number % 50) || products.includes((number * 7) % 50),
      )
      expect(matching(sale(lines))).toEqual(expected.map(({ id }) => id))
    }
  })

  test('with several slots once, and each slot has its lines, a line by two keys once', () => {
    const both = perZloty('both', {
      slots: [
        { name: 'a', items: { products: ['P1'], tags: ['t'] }, atLeast: { lines: 3 } },
        { name: 'b', items: { products: ['P2'] } },
      ],
    })
    const input = (count: number): EvaluationInput =>
      sale([
        ...Array.from({ length: count }, (_, index) => line(index + 1, { product: product('P1', { tags: ['t'] }) })),
        line(count + 1, { product: product('P2') }),
      ])
    const ruleSet = compileRuleSet([both], program())
    expect(matchingRules(ruleSet, input(2)).map(({ id }) => id)).toEqual(['both'])
    expect(evaluate(ruleSet, input(2), {}).applied).toEqual([])
    expect(evaluate(ruleSet, input(3), {}).applied).toHaveLength(1)
    expect(matchingRules(ruleSet, basket)).toEqual([])
  })
})
