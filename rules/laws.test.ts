import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  compileRuleSet,
  type EvaluationInput,
  evaluate,
  explain,
  hashOutcome,
  type LineFacts,
  limitKeys,
  type Outcome,
  counterKey,
  reconcile,
  restrict,
  type Rule,
} from './index.ts'
import { runs } from './testing/arbitrary-parts.ts'
import { arbitrarySale } from './testing/arbitrary-sale.ts'
import { arbitraryScene, type Scene } from './testing/arbitrary-scene.ts'
import { perZloty, sums } from './testing/samples.ts'
import { validateRules } from './validate.ts'

const compile = ({ rules, program }: Scene) => compileRuleSet(rules, program)
const law = (
  check: (scene: Scene, input: EvaluationInput) => void,
  options: Parameters<typeof arbitrarySale>[0] = {},
): void => {
  fc.assert(fc.property(arbitraryScene(), arbitrarySale(options), check), { numRuns: runs() })
}
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

test('the random sets of these laws are sets that validation accepts', () => {
  law(({ rules, program }) => {
    const issues = validateRules(rules, program).filter(
      ({ code }) => code !== 'unknown_tier' && code !== 'unknown_card_kind',
    )
    expect(issues).toEqual([])
  })
})

describe('nothing that does not matter matters', () => {
  test('permuting rules or lines changes no byte', () => {
    law((scene, input) => {
      const outcome = evaluate(compile(scene), input, scene.counters)
      const rules = [...scene.rules].reverse()
      const lines = [...input.lines].reverse()
      expect(hashOutcome(evaluate(compile({ ...scene, rules }), { ...input, lines }, scene.counters))).toBe(
        hashOutcome(outcome),
      )
    })
  })

  test('the order in which lines are scanned changes no sum', () => {
    law((scene, input) => {
      const ruleSet = compile(scene)
      const count = input.lines.length
      const renumbered = input.lines.map((line) => ({ ...line, number: count + 1 - line.number }))
      expect(sums(evaluate(ruleSet, { ...input, lines: renumbered }, scene.counters))).toBe(
        sums(evaluate(ruleSet, input, scene.counters)),
      )
    })
  })

  test('a rule that does not match changes nothing', () => {
    law((scene, input) => {
      const stranger = perZloty('zz', { priority: 1000, when: { outlets: ['elsewhere'] } })
      const nothing = perZloty('aa', { priority: 1000, slots: [{ name: 'a', items: { products: ['none'] } }] })
      const { ruleSet: _, ...before } = evaluate(compile(scene), input, scene.counters)
      const { ruleSet: __, ...after } = evaluate(
        compile({ ...scene, rules: [...scene.rules, stranger, nothing] }),
        input,
        scene.counters,
      )
      expect(after).toEqual(before)
    })
  })
})

describe('parts equal wholes', () => {
  test('shares of lines, funders and awards add up, and no line goes below its floor', () => {
    law((scene, input) => {
      const outcome = evaluate(compile(scene), input, scene.counters)
      for (const { points, pointShares, amountMinor, amountShares, funding } of outcome.applied) {
        expect(sum((pointShares ?? []).map((share) => share.points))).toBe(points ?? 0)
        expect(sum((amountShares ?? []).map((share) => share.amountMinor))).toBe(amountMinor ?? 0)
        if (funding !== undefined && amountMinor !== undefined)
          expect(sum(funding.map((each) => each.amountMinor))).toBe(amountMinor)
      }
      expect(sum(outcome.awards.map(({ points }) => points))).toBe(
        sum(outcome.applied.map(({ points }) => points ?? 0)),
      )
      for (const bases of outcome.lines) {
        const line = input.lines.find(({ number }) => number === bases.number) as LineFacts
        expect(bases.paidInMoneyMinor).toBeGreaterThanOrEqual(0)
        expect(bases.copaymentMinor).toBeLessThanOrEqual(bases.afterBasketMinor)
        const floor = Math.ceil(((line.floorMinor ?? 0) * line.quantityMilli) / 1000)
        const before = line.grossMinor - line.reductionMinor
        if (input.mode === 'price') {
          expect(bases.afterLineMinor).toBeGreaterThanOrEqual(Math.min(floor, before))
          // What the till itself took off the basket is a fact, whatever floor it breaks.
          if (input.basketReductionMinor === 0)
            expect(bases.afterBasketMinor).toBeGreaterThanOrEqual(Math.min(floor, before))
        }
      }
    })
  })

  test('what the law forbids earns nothing, is not reduced and gives no voucher, whatever the rules say', () => {
    law((scene, input) => {
      const law = { earn: false, discount: false, count: false }
      const forbidden = {
        ...input,
        basketReductionMinor: 0 as never,
        lines: input.lines.map((line) => ({ ...line, law })),
      }
      const outcome = evaluate(compile(scene), forbidden, scene.counters)
      expect([outcome.applied, outcome.awards, outcome.issues, outcome.gifts ?? [], outcome.payable ?? []]).toEqual([
        [],
        [],
        [],
        [],
        [],
      ])
    })
  })
})

describe('limits', () => {
  test('claims never exceed what is left, and every claimed counter was asked for before', () => {
    law((scene, input) => {
      const ruleSet = compile(scene)
      const asked = new Set(limitKeys(ruleSet, input).map(counterKey))
      for (const claim of evaluate(ruleSet, input, scene.counters).claims) {
        const key = counterKey(claim)
        expect(asked.has(key)).toBe(true)
        const most = Math.max(
          ...scene.rules.flatMap(({ limits }) =>
            (limits ?? []).filter(({ id }) => id === claim.limit).map((limit) => limit.most),
          ),
        )
        expect(claim.amount).toBeGreaterThan(0)
        expect((scene.counters[key] ?? 0) + claim.amount).toBeLessThanOrEqual(most)
      }
    })
  })
})

describe('the same answer by every way', () => {
  test('explain agrees with evaluate, and a rule without effect says why', () => {
    law((scene, input) => {
      const ruleSet = compile(scene)
      const outcome = evaluate(ruleSet, input, scene.counters)
      const told = explain(ruleSet, input, scene.counters)
      expect(hashOutcome(told.outcome)).toBe(hashOutcome(outcome))
      for (const { applied, whyNot, rule } of told.rules) {
        if (applied.length > 0) expect(whyNot).toBeUndefined()
        else if (whyNot === undefined) expect(JSON.stringify(outcome)).toContain(`"${rule}"`)
      }
    })
  })

  test('the view of a till answers as the whole set on every day of its bundle', () => {
    const days = fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 10 }))
    const check = (scene: Scene, input: EvaluationInput, [before, after]: [number, number]): void => {
      const ruleSet = compile(scene)
      const { id, groups, type, country, region, owner } = input.outlet
      const place = {
        outlet: id,
        groups,
        type,
        country,
        region: region as string,
        fromDate: addDays(input.at.date, -before),
        toDate: addDays(input.at.date, after),
      }
      const view = restrict(ruleSet, owner === undefined ? place : { ...place, owner })
      expect(hashOutcome(evaluate(view, input, scene.counters))).toBe(
        hashOutcome(evaluate(ruleSet, input, scene.counters)),
      )
    }
    fc.assert(fc.property(arbitraryScene(), arbitrarySale(), days, check), { numRuns: runs() })
  })

  test('a quote gives the points that the booking of its prices gives', () => {
    // A discount of the basket is booked as one sum, and tags and limits of price rules are not booked at all.
    const apart = ({ rules, ...scene }: Scene): Scene => ({
      ...scene,
      rules: rules.flatMap(({ tags: _, excludes: __, limits, ...rest }) => {
        if (rest.phase === 'basket') return []
        return [{ ...rest, ...(limits && rest.phase.startsWith('accrual') && { limits }) } as Rule]
      }),
    })
    const booked = (input: EvaluationInput, { applied }: Outcome): EvaluationInput => ({
      ...input,
      mode: 'judge',
      lines: input.lines.map((line) => {
        const shares = applied.flatMap(({ amountShares = [] }) => amountShares)
        const off = sum(shares.filter((share) => share.line === line.number).map(({ amountMinor }) => amountMinor))
        return { ...line, reductionMinor: (line.reductionMinor + off) as LineFacts['reductionMinor'] }
      }),
    })
    law(
      (drawn, input) => {
        const scene = apart(drawn)
        const ruleSet = compile(scene)
        const [quote, booking] = [input, booked(input, evaluate(ruleSet, input, scene.counters))].map((each) => {
          const { awards, claims, issues, lines } = evaluate(ruleSet, each, scene.counters)
          return { awards, claims, issues, lines }
        })
        expect(booking).toEqual(quote)
      },
      { mode: 'price' },
    )
  })

  test('an estimate that was right needs no difference', () => {
    law((scene, input) => {
      const outcome = evaluate(compile(scene), input, scene.counters)
      expect(reconcile(outcome, outcome)).toEqual({ same: true, points: [], amountMinor: 0, causes: [] })
    })
  })
})
