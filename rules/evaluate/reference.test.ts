import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, compileRuleSet, evaluate } from '../index.ts'
import { runs } from '../testing/arbitrary-parts.ts'
import { arbitrarySale } from '../testing/arbitrary-sale.ts'
import { arbitraryScene } from '../testing/arbitrary-scene.ts'
import { reference } from '../testing/reference.ts'

test('the indexed evaluator and the slow, obvious one give the same bytes', () => {
  fc.assert(
    fc.property(arbitraryScene(), arbitrarySale(), ({ rules, program, counters }, input) => {
      const { ruleSet: _, ...outcome } = evaluate(compileRuleSet(rules, program), input, counters)
      expect(JSON.parse(canonicalJson(outcome))).toEqual(
        JSON.parse(canonicalJson(reference(rules, program, input, counters))),
      )
    }),
    { numRuns: runs() },
  )
})
