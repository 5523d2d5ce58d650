import { describe, expect, test } from 'vitest'
import { canonicalJson, compileRuleSet, evaluate, restrict, sha256Hex } from '../index.ts'
import { buildVectors, readVectors, type Vector } from '../testing/build-vectors.ts'
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
