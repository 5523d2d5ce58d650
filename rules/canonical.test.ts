import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  canonicalJson,
  canonicalOutcome,
  compileRuleSet,
  evaluate,
  hashOutcome,
  type Outcome,
  sha256Hex,
} from './index.ts'
import { runs } from './testing/arbitrary-parts.ts'
import { arbitrarySale } from './testing/arbitrary-sale.ts'
import { arbitraryScene } from './testing/arbitrary-scene.ts'
import { readVectors } from './testing/build-vectors.ts'
import { judge, line, perZloty, sale } from './testing/samples.ts'

/** Its JSON text is canonical, and it holds nothing that JSON leaves out. */
const assertInOrder = (outcome: Outcome): void => {
  const text = JSON.stringify(outcome)
  expect(text).toBe(canonicalJson(outcome))
  expect(outcome).toStrictEqual(JSON.parse(text))
}

test('the JSON text of an outcome is its canonical text, also when it was read back', () => {
  fc.assert(
    fc.property(arbitraryScene(), arbitrarySale(), ({ rules, program, counters }, input) => {
      const outcome = evaluate(compileRuleSet(rules, program), input, counters)
      assertInOrder(outcome)
      assertInOrder(JSON.parse(canonicalOutcome(outcome)) as Outcome)
    }),
    { numRuns: runs() },
  )
})

test('the JSON text of the outcome of every golden vector is its canonical text', () => {
  for (const { rules, program, input, counters, hash } of [...readVectors().values()].flat()) {
    const outcome = evaluate(compileRuleSet(rules, program), input, counters)
    assertInOrder(outcome)
    expect(hashOutcome(outcome)).toBe(sha256Hex(canonicalJson(outcome)))
    const { ruleSet: _, ...rest } = outcome
    expect(sha256Hex(JSON.stringify(rest))).toBe(hash)
  }
})

test('what a rule says of its points stands in order in the outcome, however the rule was written', () => {
  const expiry = { months: 2, kind: 'afterMonths', endOf: 'month' } as const
  const rule = perZloty()
  const [effect] = rule.then
  const outcome = judge(
    [{ ...rule, then: [{ ...effect, expiry, activation: { kind: 'afterDays', days: 14 } }] } as typeof rule],
    sale([line(1)]),
  )
  expect(Object.keys(outcome.awards[0]?.expiry ?? {})).toEqual(['endOf', 'kind', 'months'])
  assertInOrder(outcome)
})
