import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalJson,
  compileRuleSet,
  type EvaluationInput,
  evaluate,
  explain,
  hashOutcome,
  type LineFacts,
  limitKeys,
  counterKey,
  type Outcome,
  reconcile,
  restrict,
  reverse,
  type Reversal,
} from './index.ts'
import { runs } from './testing/arbitrary-parts.ts'
import { arbitrarySale } from './testing/arbitrary-sale.ts'
import { arbitraryScene, type Scene } from './testing/arbitrary-scene.ts'
import { perZloty } from './testing/samples.ts'

const compile = ({ rules, program }: Scene) => compileRuleSet(rules, program)
const law = (
  check: (scene: Scene, input: EvaluationInput) => void,
  options: Parameters<typeof arbitrarySale>[0] = {},
): void => {
  fc.assert(fc.property(arbitraryScene(), arbitrarySale(options), check), { numRuns: runs() })
}
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** What does not name lines. */
const sums = ({ awards, totals, claims, issues, applied }: Outcome): string =>
  canonicalJson({
    awards,
    totals,
    claims,
    issues,
    applied: applied.map(({ rule, points, amountMinor, cut }) => ({ rule, points, amountMinor, cut })),
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

  test('whether units come as one line or as several changes no sum', () => {
    const plain = ({ lines, ...input }: EvaluationInput): EvaluationInput => ({
      ...input,
      basketReductionMinor: 0 as EvaluationInput['basketReductionMinor'],
      tenders: [],
      lines: lines.map((line) => ({
        ...line,
        reductionMinor: 0 as LineFacts['reductionMinor'],
        reimbursedMinor: 0 as LineFacts['reimbursedMinor'],
      })),
    })
    const unit = (line: LineFacts): LineFacts[] =>
      Array.from({ length: line.quantityMilli / 1000 }, () => ({
        ...line,
        quantityMilli: 1000 as LineFacts['quantityMilli'],
        grossMinor: line.unitPriceMinor,
      }))
    // Per line on purpose: rounding at the line, a count of lines, a limit or a capped group that serves whole lines. A line has one amount,
    // so that a second effect sees the average of units that the first one treated differently.
    const looksAtLines = ({ rules }: Scene): boolean =>
      rules.some(({ then }) => then.length > 1) ||
      /"at":"line"|"lines":|"increment"|"limits"|"group":/.test(JSON.stringify(rules))
    fc.assert(
      fc.property(arbitraryScene(1), arbitrarySale({ whole: true }), (scene, input) => {
        fc.pre(!looksAtLines(scene))
        const together = plain(input)
        const lines = together.lines.flatMap(unit).map((line, index) => ({ ...line, number: index + 1 }))
        const ruleSet = compile(scene)
        expect(sums(evaluate(ruleSet, { ...together, lines }, {}))).toBe(sums(evaluate(ruleSet, together, {})))
      }),
      { numRuns: runs() },
    )
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
        if (input.mode === 'price') expect(bases.afterLineMinor).toBeGreaterThanOrEqual(Math.min(floor, before))
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

  test('the view of a till answers as the whole set', () => {
    law((scene, input) => {
      const ruleSet = compile(scene)
      const { id, groups, type, country, region, owner } = input.outlet
      const place = {
        outlet: id,
        groups,
        type,
        country,
        region: region as string,
        fromDate: input.at.date,
        toDate: input.at.date,
      }
      const view = restrict(ruleSet, owner === undefined ? place : { ...place, owner })
      expect(hashOutcome(evaluate(view, input, scene.counters))).toBe(
        hashOutcome(evaluate(ruleSet, input, scene.counters)),
      )
    })
  })

  test('an estimate that was right needs no difference', () => {
    law((scene, input) => {
      const outcome = evaluate(compile(scene), input, scene.counters)
      expect(reconcile(outcome, outcome)).toEqual({ same: true, points: [], amountMinor: 0, causes: [] })
    })
  })
})

describe('returns', () => {
  /** Random parts of every line until all is back. */
  const splits = fc.infiniteStream(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 })))

  const takeBack = (
    scene: Scene,
    input: EvaluationInput,
    order: Iterator<[number, number]>,
  ): { points: number; outcome: Outcome } => {
    const ruleSet = compile(scene)
    const outcome = evaluate(ruleSet, input, scene.counters)
    const returned: Record<number, number> = {}
    let takenBack: Pick<Reversal, 'points' | 'claims'> = { points: [], claims: [] }
    let points = 0
    for (let guard = 0; guard < 200; guard += 1) {
      const open = input.lines.filter(({ number, quantityMilli }) => (returned[number] ?? 0) < quantityMilli)
      if (open.length === 0) break
      const [which, parts] = order.next().value as [number, number]
      const line = open[which % open.length] as LineFacts
      const left = line.quantityMilli - (returned[line.number] ?? 0)
      const quantityMilli = guard > 50 ? left : Math.max(1, Math.floor(left / parts))
      const back = reverse(ruleSet, { input, counters: scene.counters, outcome, returned, takenBack }, [
        { line: line.number, quantityMilli },
      ])
      returned[line.number] = (returned[line.number] ?? 0) + quantityMilli
      takenBack = { points: [...takenBack.points, ...back.points], claims: [...takenBack.claims, ...back.claims] }
      points += sum(back.points.map((each) => each.points))
      expect(points).toBeLessThanOrEqual(sum(outcome.awards.map((each) => each.points)))
    }
    return { points, outcome }
  }

  test.each(['frozen', 'readjudicated'] as const)(
    '%s: any sequence of partial returns ends where one full return does, at nothing',
    (returnModel) => {
      fc.assert(
        fc.property(arbitraryScene(4), arbitrarySale({ mode: 'judge' }), splits, (scene, input, order) => {
          const modelled = { ...scene, program: { ...scene.program, returnModel } }
          const { points, outcome } = takeBack(modelled, input, order[Symbol.iterator]() as Iterator<[number, number]>)
          expect(points).toBe(sum(outcome.awards.map((each) => each.points)))
          const all = input.lines.map(({ number, quantityMilli }) => ({ line: number, quantityMilli }))
          const whole = reverse(compile(modelled), { input, counters: scene.counters, outcome, returned: {} }, all)
          expect(sum(whole.points.map((each) => each.points))).toBe(points)
          expect(sum(whole.lines.map((each) => each.paidInMoneyMinor))).toBe(outcome.totals.paidInMoneyMinor)
        }),
        { numRuns: Math.ceil(runs() / 4) },
      )
    },
  )
})
