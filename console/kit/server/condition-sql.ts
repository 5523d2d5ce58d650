import { type Column, type SQL, sql } from 'drizzle-orm'
import { type Condition, type FieldTest, operandsOf, scalarText } from '../model/condition.ts'
import { foldedFrom, foldedTo, foldText } from '../model/fold-text.ts'
import { type Clock, dateRange, instantRange } from '../model/period.ts'
import { pointUnits } from '../model/points-scale.ts'
import type { Access } from './access.ts'
import { expressionOf, type Source } from './source.ts'

interface Context {
  readonly source: Source
  readonly access: Access
  readonly clock: Clock
}

/**
 * The condition in SQL: the same answer as `matches` for the same row. A missing value makes a test NULL, which WHERE takes
 * for false and AND and OR carry on rightly; only NOT would turn it around, so only NOT needs COALESCE. Bare comparisons
 * everywhere else let the planner use its indexes.
 */
export const conditionSql = (condition: Condition, source: Source, access: Access): SQL =>
  compileCondition(condition, { source, access, clock: { nowMs: access.nowMs, zone: access.zone } })

const compileCondition = (condition: Condition, context: Context): SQL => {
  if ('all' in condition) return joined(condition.all, sql` AND `, sql`true`, context)
  if ('any' in condition) return joined(condition.any, sql` OR `, sql`false`, context)
  if ('not' in condition) return sql`NOT COALESCE(${compileCondition(condition.not, context)}, false)`
  if ('field' in condition) return testSql(condition, context)
  throw new TypeError('relations and segments are not compiled yet')
}

const joined = (parts: readonly Condition[], by: SQL, none: SQL, context: Context): SQL =>
  parts.length === 0
    ? none
    : sql`(${sql.join(
        parts.map((part) => compileCondition(part, context)),
        by,
      )})`

const testSql = (test: FieldTest, context: Context): SQL => {
  const { source } = context
  const field = source.section.fields[test.field]
  if (field === undefined) throw new TypeError(`no field ${test.field} in ${source.section.name}`)
  const value = sql`${expressionOf(source, test.field)}`
  return test.is === 'empty' ? sql`(${value} IS NULL)` : sql`(${comparison(test, value, context)})`
}

const comparison = (test: FieldTest, value: SQL, context: Context): SQL => {
  const field = context.source.section.fields[test.field]
  switch (field?.type) {
    case 'text':
      return textSql(test, value, context.source.binding.folded?.[test.field])
    case 'money':
      return moneySql(test, value, context)
    case 'points':
      return pointsSql(test, value, context)
    case 'date': {
      const { from, until } = dateRange(test, context.clock)
      return rangeSql(value, sql`date`, from, until)
    }
    case 'instant': {
      const { fromMs, untilMs } = instantRange(test, context.clock)
      return rangeSql(value, sql`timestamptz`, isoOf(fromMs), isoOf(untilMs))
    }
    case 'integer':
    case 'quantity':
    case 'ppm':
      return ordered(test, value, (operand) => sql`${Number(operand)}::bigint`)
    case 'flag':
      return sql`${value} = ${test.value === true}`
    case 'ref':
    case 'dictionary': {
      const type = field.type === 'ref' ? sql`uuid` : sql`text`
      return field.many === true ? sql`${value} && ${listed(test)}::${type}[]` : chosen(test, value, type)
    }
    case 'choice':
    case 'state':
      return chosen(test, value, sql`text`)
    case 'period':
    case 'rows':
    case 'file':
    case undefined:
      return sql`false`
  }
}

const isoOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString()

// The parameter is of the type itself: text that becomes a time is read anew for every row that is looked at.
const rangeSql = (value: SQL, type: SQL, from: string | undefined, until: string | undefined): SQL => {
  const parts = [
    ...(from === undefined ? [] : [sql`${value} >= ${from}::${type}`]),
    ...(until === undefined ? [] : [sql`${value} < ${until}::${type}`]),
  ]
  return sql.join(parts, sql` AND `)
}

const listed = (test: FieldTest): SQL => sql`${sql.param(operandsOf(test).map(scalarText))}`

const chosen = (test: FieldTest, value: SQL, type: SQL): SQL => {
  const operands = operandsOf(test).map(scalarText)
  // One value is an equality: then an index that goes on with the time gives its rows in order.
  const [only] = operands
  return operands.length === 1 && only !== undefined
    ? sql`${value} = ${only}::${type}`
    : sql`${value} = ANY (${listed(test)}::${type}[])`
}

const textSql = (test: FieldTest, value: SQL, kept: Column | undefined): SQL => {
  if (test.is === 'eq' || test.is === 'in') return chosen(test, value, sql`text`)
  const text = foldText(scalarText(test.value))
  const operand = sql`${text}::text`
  // LIKE reads a beginning faster than starts_with(); what it takes for a pattern is escaped.
  const beginning = sql`${`${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}::text`
  if (kept !== undefined)
    return test.is === 'startsWith' ? sql`${kept} LIKE ${beginning}` : sql`strpos(${kept}, ${operand}) > 0`
  // The ICU collation lower-cases as JS does, whatever the database's own locale. It is slow, translate() ten times slower:
  // plain letters, which most codes are made of, need neither.
  const folded = sql`(CASE WHEN octet_length(${value}) = char_length(${value}) THEN lower(${value} COLLATE "C")
    ELSE translate(lower(${value} COLLATE "und-x-icu"), ${foldedFrom}, ${foldedTo}) COLLATE "C" END)`
  if (test.is === 'startsWith') return sql`${folded} LIKE ${beginning}`
  // Folding leaves digits alone: a value without these need not be folded at all.
  const digits = /\d+/.exec(text)?.[0]
  const mayContain = digits === undefined ? sql`` : sql`strpos(${value} COLLATE "C", ${digits}::text) > 0 AND `
  return sql`${mayContain}strpos(${folded}, ${operand}) > 0`
}

const ordered = (test: FieldTest, value: SQL, operand: (value: unknown) => SQL): SQL => {
  const [first = sql`NULL`, last = sql`NULL`] = operandsOf(test).map(operand)
  if (test.is === 'eq') return sql`${value} = ${first}`
  if (test.is === 'lt') return sql`${value} < ${first}`
  if (test.is === 'lte') return sql`${value} <= ${first}`
  if (test.is === 'gt') return sql`${value} > ${first}`
  if (test.is === 'gte') return sql`${value} >= ${first}`
  return sql`(${value} >= ${first} AND ${value} <= ${last})`
}

const programColumn = ({ source }: Context): SQL => {
  const { program } = source.binding.scope
  if (program === undefined) throw new TypeError(`${source.section.name} has money or points and no program`)
  return sql`${program}`
}

/** Money compares only within its currency, which is the program's. */
const moneySql = (test: FieldTest, value: SQL, context: Context): SQL => {
  const operands = operandsOf(test).map(scalarText)
  const currencies = new Set(operands.map((each) => each.split(' ')[1]))
  const programs = context.access.programs.filter((each) => currencies.size === 1 && currencies.has(each.currency))
  if (programs.length === 0) return sql`false`
  const compared = ordered(test, value, (operand) => sql`${Number(scalarText(operand).split(' ')[0])}::bigint`)
  if (programs.length === context.access.programs.length) return compared
  return sql`${programColumn(context)} = ANY (${ids(programs)}) AND ${compared}`
}

const ids = (programs: readonly { readonly programId: number }[]): SQL =>
  sql`${sql.param(programs.map((each) => each.programId))}::bigint[]`

/** Points are written whole and stored in the smallest part, which may differ between programs. */
const pointsSql = (test: FieldTest, value: SQL, context: Context): SQL => {
  const scales = [...new Set(context.access.programs.map((each) => each.pointScale))]
  const at = (scale: number): SQL =>
    ordered(test, value, (operand) => {
      const units = pointUnits(Number(operand), scale)
      // A part of the smallest part makes the comparison numeric, which no index of the column serves.
      return Number.isInteger(units) ? sql`${String(units)}::text::bigint` : sql`${String(units)}::text::numeric`
    })
  const [only] = scales
  if (only !== undefined && scales.length === 1) return at(only)
  const parts = scales.map((scale) => {
    const programs = context.access.programs.filter((each) => each.pointScale === scale)
    return sql`(${programColumn(context)} = ANY (${ids(programs)}) AND ${at(scale)})`
  })
  return parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` OR `)})`
}
