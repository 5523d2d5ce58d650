import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compileRuleSet,
  counterKey,
  type EvaluationInput,
  evaluate,
  type LineFacts,
  type Outcome,
  type Reversal,
  reverse,
} from './index.ts'
import { runs } from './testing/arbitrary-parts.ts'
import { arbitrarySale } from './testing/arbitrary-sale.ts'
import { arbitraryScene, type Scene } from './testing/arbitrary-scene.ts'

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
/** Which line comes back next, and the part of what is left of it. */
type Order = Iterator<[number, number]>

/** All that a sequence of returns took back. */
interface TakenBack {
  readonly points: Reversal['points']
  readonly claims: Reversal['claims']
  readonly lines: Reversal['lines']
  readonly applied: Reversal['applied']
}

const nothing: TakenBack = { points: [], claims: [], lines: [], applied: [] }
const both = (a: TakenBack, b: TakenBack): TakenBack => ({
  points: [...a.points, ...b.points],
  claims: [...a.claims, ...b.claims],
  lines: [...a.lines, ...b.lines],
  applied: [...a.applied, ...b.applied],
})

/** Brings everything back in random parts; nothing that is taken back may exceed what was given, at any step. */
const takeBack = (scene: Scene, input: EvaluationInput, outcome: Outcome, order: Order): TakenBack => {
  const ruleSet = compileRuleSet(scene.rules, scene.program)
  const given = sum(outcome.awards.map(({ points }) => points))
  const returned: Record<number, number> = {}
  let takenBack = nothing
  for (let guard = 0; guard < 200; guard += 1) {
    const open = input.lines.filter(({ number, quantityMilli }) => (returned[number] ?? 0) < quantityMilli)
    if (open.length === 0) break
    const [which, parts] = order.next().value as [number, number]
    const line = open[which % open.length] as LineFacts
    const left = line.quantityMilli - (returned[line.number] ?? 0)
    const quantityMilli = guard > 50 ? left : Math.max(1, Math.floor(left / parts))
    const sale = { input, counters: scene.counters, outcome, returned, takenBack }
    takenBack = both(takenBack, reverse(ruleSet, sale, [{ line: line.number, quantityMilli }]))
    returned[line.number] = (returned[line.number] ?? 0) + quantityMilli
    expect(sum(takenBack.points.map(({ points }) => points))).toBeLessThanOrEqual(given)
  }
  return takenBack
}

/** Amounts by key; what sums up to nothing is left out. */
const total = <T>(list: readonly T[], keyOf: (each: T) => string, amountOf: (each: T) => number): object => {
  const sums: Record<string, number> = {}
  for (const each of list) sums[keyOf(each)] = (sums[keyOf(each)] ?? 0) + amountOf(each)
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0))
}
type Award = Reversal['points'][number]
const termsOf = ({ to, pointType, activation, expiry }: Award): string =>
  JSON.stringify([to, pointType, activation, expiry.kind])
const ofPoints = (awards: readonly Award[]): object => total(awards, termsOf, ({ points }) => points)
const ofClaims = (claims: Reversal['claims']): object => total(claims, counterKey, ({ amount }) => amount)
const ofRules = (applied: readonly { readonly rule: string; readonly points?: number }[]): object =>
  total(
    applied,
    ({ rule }) => rule,
    ({ points }) => points ?? 0,
  )

describe.each(['frozen', 'readjudicated'] as const)('%s', (returnModel) => {
  test('any sequence of partial returns ends where one full return does: points, limits and money are as before the sale', () => {
    const orders = fc.infiniteStream(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 })))
    fc.assert(
      fc.property(arbitraryScene(4), arbitrarySale({ mode: 'judge' }), orders, (drawn, input, order) => {
        const scene = { ...drawn, program: { ...drawn.program, returnModel } }
        const ruleSet = compileRuleSet(scene.rules, scene.program)
        const outcome = evaluate(ruleSet, input, scene.counters)
        const parts = takeBack(scene, input, outcome, order[Symbol.iterator]() as Order)
        const all = input.lines.map(({ number, quantityMilli }) => ({ line: number, quantityMilli }))
        const whole = reverse(ruleSet, { input, counters: scene.counters, outcome, returned: {} }, all)
        for (const back of [parts, whole]) {
          expect(ofPoints(back.points)).toEqual(ofPoints(outcome.awards))
          expect(ofClaims(back.claims)).toEqual(ofClaims(outcome.claims))
          expect(ofRules(back.applied)).toEqual(ofRules(outcome.applied))
          expect(sum(back.lines.map((each) => each.paidInMoneyMinor))).toBe(outcome.totals.paidInMoneyMinor)
          expect(sum(back.lines.map((each) => each.grossMinor))).toBe(outcome.totals.grossMinor)
        }
      }),
      { numRuns: runs() },
    )
  })
})
