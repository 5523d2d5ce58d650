import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, compileRuleSet, type EvaluationInput, evaluate, explain, type Rule } from '../index.ts'
import { runs } from '../testing/arbitrary-parts.ts'
import { arbitrarySale } from '../testing/arbitrary-sale.ts'
import { arbitraryRules, type Scene } from '../testing/arbitrary-scene.ts'
import { reference } from '../testing/reference.ts'
import { byRule, group, judge, line, product, program, rule, sale } from '../testing/samples.ts'

/** Up to eight rules of one phase in one group, of which some may apply together. */
const arbitraryGroup = fc
  .record({
    rules: fc
      .constantFrom('line', 'basket', 'accrual.base', 'accrual.bonus')
      .chain((phase) => arbitraryRules(8, [phase])),
    mode: fc.constantFrom('best', 'best', 'worst'),
    atMostRules: fc.integer({ min: 2, max: 3 }),
    used: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ rules, mode, atMostRules, used }): Scene => {
    const groups = [group('g', mode as 'best', { atMostRules })]
    const counters = { 'L0|m1|*': used, 'L1|*|*': used, 'L2|o1|*': used }
    return { rules: rules.map(wide), program: program({ returnWindowDays: 14, groups }), counters }
  })

/** A rule that looks at every sale and at much of it, so that many meet. */
const wide = (each: Rule): Rule => {
  const { when: _, valid: __, tags: ___, slots, ...rest } = each
  const open = slots?.map(({ atLeast: ____, items, ...slot }, index) =>
    index === 0 && items?.categories !== undefined ? { ...slot, items: { categories: items.categories } } : slot,
  )
  return { ...rest, group: 'g', ...(open !== undefined && { slots: open }) } as Rule
}

const searchOf = (rules: readonly Rule[], input: EvaluationInput, atMostRules: number) => {
  const ruleSet = compileRuleSet(rules, program({ groups: [group('g', 'best', { atMostRules })] }))
  const told = explain(ruleSet, input, {})
  const [search] = told.rules.flatMap(({ events }) => events.filter((event) => event.kind === 'groupSearch'))
  return { search, outcome: told.outcome }
}

describe('the search for the best combination', () => {
  test('finds what trying every combination finds, though it leaves hopeless ones out', () => {
    fc.assert(
      fc.property(arbitraryGroup, arbitrarySale({ mode: 'price' }), ({ rules, program: of, counters }, input) => {
        const { ruleSet: _, ...outcome } = evaluate(compileRuleSet(rules, of), input, counters)
        expect(JSON.parse(canonicalJson(outcome))).toEqual(
          JSON.parse(canonicalJson(reference(rules, of, input, counters))),
        )
      }),
      { numRuns: Math.ceil(runs() / 4) },
    )
  })

  const lines = Array.from({ length: 12 }, (_, index) =>
    line(index + 1, { product: product(`P${index % 6}`), unitPriceMinor: 900 + 137 * index }),
  )
  const offer = (n: number, of = `P${n % 6}`): Rule =>
    rule(
      `o${n}`,
      'line',
      [{ do: 'priceOff', of: 'a', off: { kind: 'percent', ppm: 50_000 + ((n * 7919) % 23) * 10_000 } }],
      { group: 'g', slots: [{ name: 'a', items: { products: [of] } }] },
    )
  const offers = (count: number): Rule[] => Array.from({ length: count }, (_, n) => offer(n))

  test('proves the best six of 24 offers within its budget', () => {
    const { search, outcome } = searchOf(offers(24), sale(lines, { mode: 'price' }), 6)
    expect(search).toMatchObject({ group: 'g', proven: true })
    expect(outcome.ordered).toBeUndefined()
    expect(new Set(outcome.applied.map(({ rule: id }) => id)).size).toBe(6)
  })

  test('beyond 24 candidates or its budget rules apply in declared order, and outcome and trace say so', () => {
    const { search, outcome } = searchOf(offers(25), sale(lines, { mode: 'price' }), 6)
    expect([search, outcome.ordered]).toEqual([expect.objectContaining({ proven: false }), ['g']])
    expect(outcome.applied.map(({ rule: id }) => id)).toEqual(['o0', 'o1', 'o10', 'o11', 'o12', 'o13'])
  })

  test('of combinations that are worth the same the one declared first wins', () => {
    const same = [1, 2, 3, 4].map(
      (n): Rule =>
        rule(`s${n}`, 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 100 } }], {
          group: 'g',
          priority: n,
        }),
    )
    const of = program({ groups: [group('g', 'best', { atMostRules: 2 })] })
    expect(byRule(judge(same, sale(lines, { mode: 'price' }), { program: of }))).toEqual({ s4: 100, s3: 100 })
  })

  /** Worth 100 alone; the other two only together are worth more. */
  const alone = (phase: 'line' | 'accrual.bonus', first: Rule, second: Rule) => {
    const big = {
      line: rule('big', 'line', [{ do: 'priceOff', of: 'a', off: { kind: 'amount', minor: 100 } }], {
        slots: [{ name: 'a', items: { products: ['B'] } }],
      }),
      'accrual.bonus': rule('big', 'accrual.bonus', [
        { do: 'points', to: 'customer', formula: { kind: 'fixed', points: 20 } },
      ]),
    }[phase]
    const rules = [
      { ...big, priority: 9, tags: ['big'] },
      { ...first, priority: 5, excludes: ['big'] },
      { ...second, excludes: ['big'] },
    ].map((each) => ({ ...each, group: 'g' }) as Rule)
    const of = program({ groups: [group('g', 'best', { atMostRules: 2 })] })
    const basket = sale(
      [
        line(1, { product: product('A'), quantityMilli: 3000, unitPriceMinor: 200 }),
        line(2, { product: product('B') }),
      ],
      { mode: 'price' },
    )
    return Object.keys(byRule(judge(rules, basket, { program: of })))
  }
  const inA = { name: 'a', items: { products: ['A'] } }
  const take = (id: string, minor: number, changes: object): Rule =>
    rule(id, 'line', [{ do: 'priceOff', of: 'a', off: { kind: 'amount', minor } }], { slots: [inA], ...changes })

  test.each([
    [
      'where units that one rule uses up let another apply',
      alone(
        'line',
        take('uses', 20, { slots: [{ ...inA, each: { quantityMilli: 2000, atMostTimes: 1 }, claims: true }] }),
        take('then', 90, { slots: [{ ...inA, atMost: { quantityMilli: 1000 }, claims: true }] }),
      ),
      ['uses', 'then'],
    ],
    [
      'where one rule multiplies what another gives',
      alone(
        'accrual.bonus',
        rule('base', 'accrual.bonus', [
          { do: 'points', to: 'customer', base: 'extra', formula: { kind: 'fixed', points: 9 } },
        ]),
        rule('more', 'accrual.bonus', [
          { do: 'multiply', to: 'customer', base: 'extra', how: 'times', ppm: 4_000_000 },
        ]),
      ),
      ['base', 'more'],
    ],
    [
      'where a rule is dropped alone, because it wants more than its limit leaves',
      alone(
        'line',
        take('less', 30, {}),
        rule('half', 'line', [{ do: 'priceOff', of: 'a', off: { kind: 'percent', ppm: 500_000 } }], {
          slots: [inA],
          limits: [{ per: 'sale', period: 'sale', measure: 'amount', most: 260, over: 'drop' }],
        }),
      ),
      ['less', 'half'],
    ],
  ])('leaves nothing out %s', (_, applied, expected) => {
    expect(applied).toEqual(expected)
  })
})
