/** Checks a value against a schema of ours, without dependency: what a till can do before it keeps a document. */
import type { FieldError } from './problems.ts'
import type { JsonSchema } from './schema.ts'

/** More errors help nobody. */
const ERRORS_MAX = 20

interface Findings {
  readonly errors: FieldError[]
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeOf = (value: unknown): JsonSchema['type'] | 'undefined' | 'number' => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'object')
    return typeof value as 'string'
  return 'undefined'
}

const patterns = new Map<string, RegExp>()
const matches = (pattern: string, value: string): boolean => {
  let compiled = patterns.get(pattern)
  // The patterns are those of our schemas: a bounded number.
  if (compiled === undefined) patterns.set(pattern, (compiled = new RegExp(pattern, 'u')))
  return compiled.test(value)
}

/** Lengths count code points, as JSON Schema says. */
const lengthOf = (value: string): number => {
  let length = 0
  for (const _ of value) length += 1
  return length
}

const wrong = (findings: Findings, path: string, message: string): void => {
  if (findings.errors.length < ERRORS_MAX) findings.errors.push({ path, message })
}

const isEnough = ({ errors }: Findings): boolean => errors.length >= ERRORS_MAX

const checkText = (schema: JsonSchema, value: string, path: string, findings: Findings): void => {
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    wrong(findings, path, `must be one of ${schema.enum.join(', ')}`)
  }
  if (schema.maxLength !== undefined && value.length > schema.maxLength && lengthOf(value) > schema.maxLength) {
    return wrong(findings, path, `must have at most ${schema.maxLength} characters`)
  }
  if (schema.minLength !== undefined && value.length < schema.minLength) {
    wrong(findings, path, `must have at least ${schema.minLength} characters`)
  }
  if (schema.pattern !== undefined && !matches(schema.pattern, value)) {
    wrong(findings, path, `must match ${schema.pattern}`)
  }
}

const checkInteger = (schema: JsonSchema, value: number, path: string, findings: Findings): void => {
  const { minimum, maximum } = schema
  if (!Number.isSafeInteger(value)) wrong(findings, path, 'must be a safe integer')
  else if (minimum !== undefined && value < minimum) wrong(findings, path, `must be at least ${minimum}`)
  else if (maximum !== undefined && value > maximum) wrong(findings, path, `must be at most ${maximum}`)
}

const checkArray = (schema: JsonSchema, value: readonly unknown[], path: string, findings: Findings): void => {
  const { items, maxItems, minItems } = schema
  if (maxItems !== undefined && value.length > maxItems) {
    return wrong(findings, path, `must have at most ${maxItems} items`)
  }
  if (minItems !== undefined && value.length < minItems) wrong(findings, path, `must have at least ${minItems} items`)
  if (items === undefined) return
  for (let index = 0; index < value.length && !isEnough(findings); index += 1)
    walk(items, value[index], `${path}/${index}`, findings)
}

const pointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const checkObject = (
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
  findings: Findings,
): void => {
  const { properties, additionalProperties } = schema
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key) || value[key] === undefined) wrong(findings, `${path}/${key}`, 'is missing')
  }
  // A property that is undefined does not travel: it is absent.
  const keys = Object.keys(value).filter((key) => value[key] !== undefined)
  if (schema.maxProperties !== undefined && keys.length > schema.maxProperties) {
    return wrong(findings, path, `must have at most ${schema.maxProperties} entries`)
  }
  for (const key of keys) {
    // A body of nothing but unknown names would keep an engine busy for whoever sends it.
    if (isEnough(findings)) return
    const at = `${path}/${pointer(key)}`
    const known = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined
    if (schema.propertyNames !== undefined) walk(schema.propertyNames, key, at, findings)
    if (known !== undefined) walk(known, value[key], at, findings)
    else if (additionalProperties === false) wrong(findings, at, 'is not known here')
    else if (additionalProperties !== undefined) walk(additionalProperties, value[key], at, findings)
  }
}

const checkChoice = (schema: JsonSchema, value: unknown, path: string, findings: Findings): void => {
  const options = schema.oneOf ?? []
  const property = schema.discriminator?.propertyName
  if (property === undefined) {
    const fits = options.some((option) => checkSchema(option, value).length === 0)
    if (!fits) wrong(findings, path, 'has none of the allowed shapes')
    return
  }
  const tag = isRecord(value) && Object.hasOwn(value, property) ? value[property] : undefined
  const chosen = options.find((option) => {
    const told = option.properties?.[property]
    return told?.const === tag || (typeof tag === 'string' && told?.enum?.includes(tag) === true)
  })
  if (tag === undefined || chosen === undefined) wrong(findings, `${path}/${property}`, 'is none of the allowed values')
  else walk(chosen, value, path, findings)
}

const walk = (schema: JsonSchema, value: unknown, path: string, findings: Findings): void => {
  const actual = typeOf(value)
  if (schema.type !== undefined && actual !== schema.type) {
    return wrong(findings, path, `must be ${schema.type}, not ${actual}`)
  }
  if (schema.const !== undefined && value !== schema.const) wrong(findings, path, `must be ${schema.const}`)
  if (schema.oneOf !== undefined) return checkChoice(schema, value, path, findings)
  if (typeof value === 'string') checkText(schema, value, path, findings)
  else if (typeof value === 'number') checkInteger(schema, value, path, findings)
  else if (Array.isArray(value)) checkArray(schema, value, path, findings)
  else if (isRecord(value)) checkObject(schema, value, path, findings)
}

/**
 * What of a value does not fit a schema, at most 20 errors, each with its JSON pointer; empty when it fits.
 *
 * @example checkSchema({ type: 'integer', minimum: 1 }, 0) // [{ path: '', message: 'must be at least 1' }]
 */
export const checkSchema = (schema: JsonSchema, value: unknown): readonly FieldError[] => {
  const findings: Findings = { errors: [] }
  walk(schema, value, '', findings)
  return findings.errors
}
