import { type Condition, conditionLimits, type FieldTest, type Operand, type Operator, type Unit } from './condition.ts'
import { operatorsOf } from './operators.ts'
import type { Field, Section } from './section.ts'

/** A condition that came from outside is checked against the section before anything reads it. */
export type ParsedCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly errors: readonly { readonly path: string; readonly message: string }[] }

interface Walk {
  readonly fields: Readonly<Record<string, Field>>
  readonly errors: { path: string; message: string }[]
  tests: number
}

/** `fields`: those the person may filter by; a field outside of it is unknown to them. */
export const parseCondition = (
  value: unknown,
  section: Section,
  fields: Readonly<Record<string, Field>> = section.fields,
): ParsedCondition => {
  const walk: Walk = { fields, errors: [], tests: 0 }
  check(value, '', 1, walk)
  if (walk.tests > conditionLimits.tests) complain(walk, '', `holds more than ${conditionLimits.tests} tests`)
  return walk.errors.length === 0 ? { ok: true, condition: value as Condition } : { ok: false, errors: walk.errors }
}

/** The same from the text of an address. */
export const parseConditionText = (
  text: string,
  section: Section,
  fields?: Readonly<Record<string, Field>>,
): ParsedCondition => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, errors: [{ path: '', message: 'is not JSON' }] }
  }
  return parseCondition(value, section, fields)
}

const complain = (walk: Walk, path: string, message: string): void => void walk.errors.push({ path, message })

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const check = (value: unknown, path: string, depth: number, walk: Walk): void => {
  if (walk.errors.length >= 20) return
  if (!isObject(value)) return complain(walk, path, 'must be a condition')
  if (depth > conditionLimits.depth) return complain(walk, path, `is deeper than ${conditionLimits.depth}`)
  const keys = Object.keys(value).sort().join(',')
  if (keys === 'all' || keys === 'any') {
    const parts = value[keys]
    if (!Array.isArray(parts) || (keys === 'any' && parts.length === 0) || parts.length > conditionLimits.tests) {
      return complain(walk, `${path}/${keys}`, `must be a list of at most ${conditionLimits.tests} conditions`)
    }
    for (const [index, part] of parts.entries()) check(part, `${path}/${keys}/${index}`, depth + 1, walk)
    return
  }
  if (keys === 'not') return check(value['not'], `${path}/not`, depth + 1, walk)
  if (keys === 'field,is' || keys === 'field,is,value') return checkTest(value as unknown as FieldTest, path, walk)
  complain(walk, path, 'must have all, any, not, or field and is')
}

const checkTest = (test: FieldTest, path: string, walk: Walk): void => {
  walk.tests += 1
  const field = Object.hasOwn(walk.fields, test.field) ? walk.fields[test.field] : undefined
  if (field === undefined) return complain(walk, `${path}/field`, 'is no field of this list')
  if (!operatorsOf(field).includes(test.is)) return complain(walk, `${path}/is`, `does not go with ${test.field}`)
  const message = operandFault(field, test.is, test.value)
  if (message !== undefined) complain(walk, `${path}/value`, message)
}

const units: readonly Unit[] = ['day', 'week', 'month', 'quarter', 'year']

const operandFault = (field: Field, is: Operator, value: Operand | undefined): string | undefined => {
  if (is === 'empty') return value === undefined ? undefined : 'must be absent'
  if (is === 'within') return isPeriod(value) ? undefined : 'must be a period of at most 1,000 units'
  if (is === 'in') {
    if (!Array.isArray(value) || value.length > conditionLimits.listed) {
      return `must be a list of at most ${conditionLimits.listed} values`
    }
    return value.map((each) => valueFault(field, each)).find((fault) => fault !== undefined)
  }
  if (is === 'between') {
    if (!Array.isArray(value) || value.length !== 2) return 'must be a list of two values'
    const kinds = new Set(value.map((each) => (typeof each === 'string' ? each.length === 10 : typeof each)))
    if ((field.type === 'instant' || field.type === 'date') && kinds.size > 1) return 'must be two values of one kind'
    return valueFault(field, value[0]) ?? valueFault(field, value[1])
  }
  return valueFault(field, value)
}

const isPeriod = (value: unknown): boolean => {
  if (!isObject(value)) return false
  const keys = Object.keys(value).sort().join(',')
  if (keys === 'this') return units.includes(value['this'] as Unit)
  const count = keys === 'last,unit' ? value['last'] : keys === 'next,unit' ? value['next'] : undefined
  return Number.isInteger(count) && Number(count) >= 1 && Number(count) <= 1000 && units.includes(value['unit'] as Unit)
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const datePattern = /^\d{4}-\d{2}-\d{2}$/
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/
const moneyPattern = /^-?\d{1,15} [A-Z]{3}$/

/** Nothing here was booked before, and calendars of other centuries are not ours to know. */
const isDate = (text: string): boolean => {
  const at = datePattern.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) && text >= '1900' && text < '3000'
}

/** No database keeps the character 0 in a text, so no row has it. */
const isText = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value.length <= most && !value.includes('\u0000')

const valueFault = (field: Field, value: unknown): string | undefined => {
  switch (field.type) {
    case 'text':
      return isText(value, 300) && value !== '' ? undefined : 'must be a text'
    case 'integer':
    case 'quantity':
    case 'ppm':
      return Number.isSafeInteger(value) ? undefined : 'must be a whole number'
    case 'points':
      return typeof value === 'number' && Math.abs(value) <= 1e9 && Number.isFinite(value)
        ? undefined
        : 'must be a number of points'
    case 'money':
      return typeof value === 'string' && moneyPattern.test(value)
        ? undefined
        : 'must be minor units and a currency, such as "1250 PLN"'
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'date':
      return typeof value === 'string' && isDate(value) ? undefined : 'must be a date'
    case 'instant':
      return typeof value === 'string' &&
        (isDate(value) ||
          (instantPattern.test(value) && isDate(value.slice(0, 10)) && !Number.isNaN(Date.parse(value))))
        ? undefined
        : 'must be a date or an instant'
    case 'choice':
    case 'state':
      return field.of.includes(value as string) ? undefined : `must be one of ${field.of.join(', ')}`
    case 'dictionary':
      return isText(value, 64) ? undefined : 'must be a code'
    case 'ref':
      return typeof value === 'string' && uuidPattern.test(value) ? undefined : 'must be an id'
    case 'period':
    case 'rows':
    case 'file':
      return 'cannot be compared'
  }
}
