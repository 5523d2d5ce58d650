import { canonicalJson } from '@premia/rules'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { outcomeText } from './outcome-text.ts'

const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger(),
    fc.constantFrom(0, -0, true, false, null),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary', maxLength: 3 }), fc.oneof(tie('json'), fc.constant(undefined)), {
      maxKeys: 5,
    }),
  ),
}))

it('is the canonical text, whatever the value', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(outcomeText(value)).toBe(canonicalJson(value))
    }),
    { numRuns: Number(process.env['FC_RUNS'] ?? 500) },
  )
})

it('refuses what the canonical text refuses', () => {
  for (const value of [0.5, Number.NaN, 2 ** 53, [1.5], { a: 0.1 }])
    expect(() => outcomeText(value)).toThrow(RangeError)
})
