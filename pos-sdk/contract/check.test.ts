import { canonicalJson } from '@premia/rules'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalWriter } from './canonical-writer.ts'
import { checkSchema } from './check.ts'
import { sampleLine, sampleSale } from '../testing/sample-sale.ts'
import type { JsonSchema } from './schema.ts'
import { saleSchema, tillRequests } from './till/index.ts'

const runs = { numRuns: Number(process.env.FC_RUNS ?? 200) }
const ajv = new Ajv2020({ discriminator: true, strict: true })

/** Texts that fit a pattern of ours. */
const textOf = (schema: JsonSchema): fc.Arbitrary<string> => {
  const { pattern, minLength = 0, maxLength = 50 } = schema
  const short = Math.min(maxLength, 50)
  if (pattern === undefined || pattern.includes('\\p{')) {
    return fc
      .string({ minLength, maxLength: short, unit: 'binary' })
      .map((text) => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, 'x'))
      .filter((text) => Array.from(text).length >= minLength)
  }
  return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength)
}

/** Values that fit a schema, made from the schema itself. */
const valueOf = (schema: JsonSchema): fc.Arbitrary<unknown> => {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.oneOf !== undefined) return fc.oneof(...schema.oneOf.map(valueOf))
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'integer') {
    return fc.integer({ min: Math.max(schema.minimum ?? 0, -2e9), max: Math.min(schema.maximum ?? 2e9, 2e9) })
  }
  if (schema.type === 'string') return textOf(schema)
  if (schema.type === 'array')
    return fc.array(valueOf(schema.items ?? {}), { maxLength: Math.min(schema.maxItems ?? 3, 3) })
  if (schema.properties === undefined) {
    const value = valueOf(schema.additionalProperties as JsonSchema)
    return fc.dictionary(valueOf(schema.propertyNames ?? {}) as fc.Arbitrary<string>, value, { maxKeys: 3 })
  }
  return fc.record(Object.fromEntries(Object.entries(schema.properties).map(([key, each]) => [key, valueOf(each)])), {
    requiredKeys: [...(schema.required ?? [])],
  })
}

type Place = { readonly holder: Record<string, unknown>; readonly key: string }

const placesOf = (value: unknown, found: Place[] = []): Place[] => {
  if (typeof value !== 'object' || value === null) return found
  for (const key of Object.keys(value)) {
    const holder = value as Record<string, unknown>
    found.push({ holder, key })
    placesOf(holder[key], found)
  }
  return found
}

const spoilers: readonly ((place: Place) => void)[] = [
  ({ holder, key }) => delete holder[key],
  ({ holder, key }) => (holder[key] = null),
  ({ holder, key }) => (holder[key] = 1.5),
  ({ holder, key }) => (holder[key] = -1),
  ({ holder, key }) => (holder[key] = 9_007_199_254_740_991),
  ({ holder, key }) => (holder[key] = 'x'.repeat(1_001)),
  ({ holder, key }) => (holder[key] = 'tab\there'),
  ({ holder, key }) => (holder[key] = '\ud800'),
  ({ holder, key }) => (holder[key] = {}),
  ({ holder, key }) => (holder[key] = []),
  ({ holder, key }) => (holder[key] = Array.from({ length: 51 }, () => holder[key])),
  ({ holder }) => (holder.unheardOf = 1),
  ({ holder }) => (holder.__proto = 1),
]

const bodies = Object.entries(tillRequests).flatMap(([name, request]) => [
  ...('body' in request ? [[`${name} body`, request.body] as const] : []),
  [`${name} answer`, request.answer] as const,
])

describe('the small validator of the SDK', () => {
  test.each(bodies)(
    'accepts what the schema of the %s makes, as ajv does, and the writer writes it canonically',
    (_, schema) => {
      const validate = ajv.compile(schema)
      fc.assert(
        fc.property(valueOf(schema), (value) => {
          expect(checkSchema(schema, value)).toEqual([])
          expect(validate(value)).toBe(true)
          expect(canonicalWriter(schema)(value)).toBe(canonicalJson(value))
        }),
        { numRuns: Math.ceil(runs.numRuns / 25) },
      )
    },
  )

  test('agrees with ajv about sales that were spoilt in one place, and names the place', () => {
    const validate = ajv.compile(saleSchema)
    fc.assert(
      fc.property(valueOf(saleSchema), fc.nat(), fc.nat({ max: spoilers.length - 1 }), (value, at, how) => {
        const spoilt = structuredClone(value)
        const places = placesOf(spoilt)
        spoilers[how]?.(places[at % places.length] as Place)
        const sale: unknown = JSON.parse(JSON.stringify(spoilt))
        const errors = checkSchema(saleSchema, sale)
        expect(errors.length === 0).toBe(validate(sale))
        for (const { path } of errors) expect(path).toMatch(/^(\/[^/]*)*$/)
      }),
      runs,
    )
  })

  test('names the path and the reason', () => {
    const errors = checkSchema(saleSchema, { ...sampleSale(), id: undefined, lines: [{ ...sampleLine(), number: 0 }] })
    expect(errors).toEqual([
      { path: '/id', message: 'is missing' },
      { path: '/lines/0/number', message: 'must be at least 1' },
    ])
    expect(
      checkSchema(saleSchema, {
        ...sampleSale(),
        ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x${i}`, 1])),
      }),
    ).toHaveLength(20)
  })
})
