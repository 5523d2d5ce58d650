import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRuleSet, type EvaluationInput, evaluate, type LineFacts, type Rule } from './index.ts'
import { runs } from './testing/arbitrary-parts.ts'
import { arbitrarySale } from './testing/arbitrary-sale.ts'
import { arbitraryScene, type Scene } from './testing/arbitrary-scene.ts'
import { byRule, judge, line, product, rule, sale, sums } from './testing/samples.ts'

/**
 * Whether two units come as one line or as two must change no sum. A line has one amount, so this can hold only where
 * nothing makes units of one line differ and nothing looks at lines as such. `exact` says precisely where:
 *
 * - rounding `at: "line"`, a threshold of `lines` and a limit that serves whole lines look at lines by definition;
 * - a share of the till's basket reduction, of points as a tender, of a discount that is rounded once for the rule, or of
 *   one that takes some units only, is spread over lines by largest remainder: what reads the amounts of some lines after
 *   that may see a minor unit more or less, and cannot see which unit was the free one.
 *
 * What is given once for the whole basket is exact all the same, and so is the one rule that spreads last.
 */
const unitsOf = ({ quantityMilli }: LineFacts): number => quantityMilli / 1000

/** Facts that belong to units alike: what the till took off and what a payer pays is the same of each unit of a product. */
const alike = (input: EvaluationInput): EvaluationInput => {
  const known = new Map<string, LineFacts>()
  const lines = input.lines.map((each): LineFacts => {
    const key = `${each.product?.id}|${each.unitPriceMinor}`
    const first = known.get(key) ?? each
    known.set(key, first)
    const perUnit = (amount: number): number => Math.floor(amount / unitsOf(first)) * unitsOf(each)
    const { floorMinor: _, ...rest } = each
    return {
      ...rest,
      kind: first.kind,
      marks: first.marks,
      law: first.law,
      ...(first.floorMinor !== undefined && { floorMinor: first.floorMinor }),
      grossMinor: each.unitPriceMinor * unitsOf(each),
      reductionMinor: perUnit(first.reductionMinor),
      reimbursedMinor: perUnit(first.reimbursedMinor),
    } as LineFacts
  })
  return { ...input, lines, basketReductionMinor: 0 as EvaluationInput['basketReductionMinor'], tenders: [] }
}

/** Each unit as a line of its own. */
const apart = (input: EvaluationInput): EvaluationInput => {
  const lines = input.lines.flatMap((each): LineFacts[] => {
    const units = unitsOf(each)
    const unit = {
      ...each,
      quantityMilli: 1000,
      grossMinor: each.grossMinor / units,
      reductionMinor: each.reductionMinor / units,
      reimbursedMinor: each.reimbursedMinor / units,
    } as LineFacts
    return Array.from({ length: units }, () => unit)
  })
  return { ...input, lines: lines.map((each, index) => ({ ...each, number: index + 1 })) }
}

type Loose = Record<string, unknown>

/** The same set where nothing looks at lines and every price rule leaves the units of a line equal. */
const exact = ({ rules, program, counters }: Scene): Scene => {
  const spreads = rules.find(({ phase }) => phase === 'basket')
  const kept = rules.filter((each) => each.phase !== 'basket' || each === spreads)
  const basis = (field: unknown): unknown =>
    spreads === undefined || field === undefined || field === 'gross' ? field : 'afterLine'
  const clean = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((each) => clean(each))
    if (key === 'basis') return basis(value)
    if (typeof value !== 'object' || value === null) return value
    const { lines, ...rest } = value as Loose
    const quantity = lines === undefined ? {} : { quantityMilli: (lines as number) * 1000 }
    return Object.fromEntries(Object.entries({ ...rest, ...quantity }).map(([name, each]) => [name, clean(each, name)]))
  }
  const groups = (program.groups ?? []).map(({ capMinor: _, ...group }) => group)
  return { rules: kept.map((each) => clean(exactRule(each)) as Rule), program: { ...program, groups }, counters }
}

const exactRule = (each: Rule): Rule => {
  const accrual = each.phase.startsWith('accrual')
  const limits = each.limits?.map((limit) => (limit.measure === 'amount' ? { ...limit, measure: 'uses' } : limit))
  const slots = each.slots?.map(({ claims, ...slot }) => (accrual && claims ? { ...slot, claims } : slot))
  const then = each.phase === 'basket' ? each.then.slice(0, 1) : each.then.map((effect) => exactEffect(effect as never))
  return { ...each, ...(limits && { limits }), ...(slots && { slots }), then } as Rule
}

const exactEffect = (effect: Loose): Loose => {
  const { pick: _, rounding, ...rest } = effect
  const mode = (rounding as Loose | undefined)?.['mode']
  const ofUnits = { rounding: { at: 'unit', ...(mode !== undefined && { mode }) } }
  switch (effect['do']) {
    case 'setPrice':
      return rest
    case 'priceOff':
    case 'priceTiers':
      return { ...rest, ...ofUnits }
    case 'bundlePrice':
      return { do: 'setPrice', unitPriceMinor: effect['priceMinor'] }
    case 'multiply':
    case 'pointsPay': {
      const { of: __, ...all } = rest
      return all
    }
    case 'points':
      return (rounding as Loose | undefined)?.['at'] === 'line' ? { ...rest, ...ofUnits } : effect
    default:
      return effect
  }
}

const sameSums = ({ rules, program, counters }: Scene, together: EvaluationInput): void => {
  const ruleSet = compileRuleSet(rules, program)
  expect(sums(evaluate(ruleSet, apart(together), counters))).toBe(sums(evaluate(ruleSet, together, counters)))
}

describe('whether units come as one line or as several', () => {
  test('changes no sum of any set of rules that leaves units equal and does not look at lines', () => {
    fc.assert(
      fc.property(arbitraryScene(), arbitrarySale({ whole: true }), (scene, input) =>
        sameSums(exact(scene), alike(input)),
      ),
      { numRuns: runs() },
    )
  })

  test('changes no sum of a single rule, also where it takes some units, forms sets or rounds once', () => {
    const looksAtLines = ({ rules }: Scene): boolean =>
      rules.some(({ then }) => then.length > 1) ||
      /"at":"line"|"lines":|"increment"|"limits"|"group":/.test(JSON.stringify(rules))
    const bare = (input: EvaluationInput): EvaluationInput => ({
      ...input,
      lines: input.lines.map(
        (each) =>
          ({
            ...each,
            grossMinor: each.unitPriceMinor * unitsOf(each),
            reductionMinor: 0,
            reimbursedMinor: 0,
          }) as LineFacts,
      ),
      basketReductionMinor: 0 as EvaluationInput['basketReductionMinor'],
      tenders: [],
    })
    fc.assert(
      fc.property(arbitraryScene(1), arbitrarySale({ whole: true }), (scene, input) => {
        fc.pre(!looksAtLines(scene))
        sameSums(scene, bare(input))
      }),
      { numRuns: runs() },
    )
  })

  test('cannot hold for a rule that reads what another took off some units: a line has one amount', () => {
    const free = { kind: 'percent', ppm: 1_000_000 } as const
    const rules = [
      rule('first', 'line', [{ do: 'priceOff', off: free, pick: { take: 'cheapest', units: 1, outOf: 3 } }], {
        priority: 1,
      }),
      rule('second', 'line', [{ do: 'priceOff', off: free, pick: { take: 'cheapest', units: 1, outOf: 3 } }]),
    ]
    const together = sale([line(1, { product: product('P'), quantityMilli: 3000 })], { mode: 'price' })
    // One line of 20.00 after the first offer: each of its three units costs 6.66 or 6.67. Three lines: one costs nothing.
    expect(byRule(judge(rules, together))).toEqual({ first: 1000, second: 666 })
    expect(byRule(judge(rules, apart(together)))).toEqual({ first: 1000 })
  })
})
