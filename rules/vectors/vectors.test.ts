import { describe, expect, test } from 'vitest'
import { canonicalJson, compileRuleSet, evaluate, restrict, reverse, sha256Hex } from '../index.ts'
import { buildReturns, buildVectors, readReturns, readVectors, type Vector } from '../testing/build-vectors.ts'
import { reference } from '../testing/reference.ts'
import { validateRules } from '../validate.ts'

const onDisk = readVectors()
const all = [...onDisk].flatMap(([area, vectors]) =>
  vectors.map((vector): [string, Vector] => [`${area}: ${vector.name}`, vector]),
)
const bytesOf = ({ ruleSet: _, ...outcome }: ReturnType<typeof evaluate>): string => sha256Hex(canonicalJson(outcome))

test('there are at least 250 vectors, no two of one name, and the table they come from has not moved on', () => {
  expect(all.length).toBeGreaterThanOrEqual(250)
  expect(new Set(all.map(([name]) => name)).size).toBe(all.length)
  expect(canonicalJson([...buildVectors()].sort(([a], [b]) => (a < b ? -1 : 1)))).toBe(canonicalJson([...onDisk]))
  expect(canonicalJson(buildReturns())).toBe(canonicalJson(readReturns()))
})

describe.each([...onDisk])('golden vectors: %s', (_, vectors) => {
  test('rules are valid; reference, index and the till’s view give the same bytes', () => {
    for (const { name, rules, program, input, counters, hash } of vectors) {
      expect(validateRules(rules), name).toEqual([])
      const ruleSet = compileRuleSet(rules, program)
      expect(sha256Hex(canonicalJson(reference(rules, program, input, counters))), name).toBe(hash)
      expect(bytesOf(evaluate(ruleSet, input, counters)), name).toBe(hash)
      const { id: outlet, groups } = input.outlet
      const view = restrict(ruleSet, { outlet, groups, fromDate: input.at.date, toDate: input.at.date })
      expect(bytesOf(evaluate(view, input, counters)), name).toBe(hash)
    }
  })
})

test('golden vectors: returns give their bytes, and what comes back in steps is what comes back at once', () => {
  const sums = new Map<string, string>()
  for (const { name, rules, program, input, counters, steps, hash } of readReturns()) {
    const ruleSet = compileRuleSet(rules, program)
    const sale = { input, counters, outcome: evaluate(ruleSet, input, counters) }
    const reversals = steps.map(({ returned, takenBack, units }) =>
      reverse(ruleSet, { ...sale, returned, takenBack }, units),
    )
    expect(sha256Hex(canonicalJson(reversals)), name).toBe(hash)
    const points = reversals.flatMap((each) => each.points).reduce((all, each) => all + each.points, 0)
    const paid = reversals.flatMap(({ lines }) => lines).reduce((all, each) => all + each.paidInMoneyMinor, 0)
    const scene = name.replace(/, [^,]*$/, '')
    expect(sums.get(scene) ?? `${points} ${paid}`, name).toBe(`${points} ${paid}`)
    sums.set(scene, `${points} ${paid}`)
    expect(points).toBe(sale.outcome.awards.reduce((all, each) => all + each.points, 0))
  }
})
