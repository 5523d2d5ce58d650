import { type SQL, sql } from 'drizzle-orm'
import type { Field } from '../model/section.ts'
import type { Cursor } from './cursor.ts'
import { Problem } from './problem.ts'
import { expressionOf, type Source } from './source.ts'

/** One key of an order. Missing values come last in either direction. */
export interface SortKey {
  readonly field: string
  readonly descending: boolean
  readonly value: SQL
  readonly nullable: boolean
  readonly type: SQL
  /** What its values look like in a cursor. */
  readonly shape: RegExp
  readonly unindexed: boolean
}

interface SortType {
  readonly type: SQL
  readonly shape: RegExp
}
// oxlint-disable-next-line no-control-regex -- that no text holds the character 0 is what is asked
const texts: SortType = { type: sql`text`, shape: /^[^\u0000]*$/ }
const integers: SortType = { type: sql`bigint`, shape: /^-?\d{1,18}$/ }
const day = '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])'
const dates: SortType = { type: sql`date`, shape: new RegExp(`^${day}$`) }
// The connection's zone is UTC, so that the database writes no other offset.
const instants: SortType = {
  type: sql`timestamptz`,
  shape: new RegExp(`^${day} ([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?\\+00$`),
}

const sortTypes: Readonly<Partial<Record<Field['type'], SortType>>> = {
  text: texts,
  integer: integers,
  quantity: integers,
  points: integers,
  ppm: integers,
  money: integers,
  date: dates,
  instant: instants,
  state: texts,
  choice: texts,
}
const sortKeysMax = 3

/** The keys of a sort such as `-occurredAt,number`; `fields` are those the person may see. */
export const sortKeys = (source: Source, sort: string, fields: Readonly<Record<string, Field>>): readonly SortKey[] => {
  const names = sort.split(',')
  if (names.length > sortKeysMax) throw refused('sorts by too many columns')
  return names.map((name) => {
    const fieldName = name.replace(/^-/, '')
    const field = Object.hasOwn(fields, fieldName) ? fields[fieldName] : undefined
    const type = field === undefined ? undefined : sortTypes[field.type]
    if (field?.sort !== true || type === undefined) throw refused(`cannot sort by ${fieldName.slice(0, 40)}`)
    const value = expressionOf(source, fieldName)
    return {
      field: fieldName,
      descending: name.startsWith('-'),
      value: field.type === 'text' ? sql`${value} COLLATE "und-x-icu"` : sql`${value}`,
      nullable: field.required !== true,
      ...type,
      unindexed: field.filter !== 'indexed',
    }
  })
}

const refused = (message: string): Problem =>
  new Problem('validation_failed', 'The list cannot be sorted this way', { errors: [{ path: '/sort', message }] })

const direction = (descending: boolean): SQL => (descending ? sql.raw('DESC') : sql.raw('ASC'))

/** ORDER BY of the keys, then of id and program, all in the direction of the first key. */
export const orderBy = (keys: readonly SortKey[], tie: readonly SQL[]): SQL => {
  const last = keys[0]?.descending === true
  return sql.join(
    [
      ...keys.map((key) =>
        key.nullable
          ? sql`${key.value} ${direction(key.descending)} NULLS LAST`
          : sql`${key.value} ${direction(key.descending)}`,
      ),
      ...tie.map((column) => sql`${column} ${direction(last)}`),
    ],
    sql`, `,
  )
}

export interface Boundary {
  readonly cursor: Cursor
  readonly programId: number | null
  /** `after`: the rows that follow; `before`: those that stand in front. */
  readonly side: 'after' | 'before'
}

/** WHERE of the rows on one side of a cursor. One row comparison where all keys run one way, so that an index serves it. */
export const boundarySql = (keys: readonly SortKey[], tie: readonly SQL[], boundary: Boundary): SQL => {
  const { cursor, programId, side } = boundary
  const tieValues = [sql`${cursor.id}::uuid`, ...(programId === null ? [] : [sql`${programId}::bigint`])]
  const ties = tie.slice(0, tieValues.length)
  const last = keys[0]?.descending === true
  const uniform = keys.every((key) => !key.nullable && key.descending === last)
  const less = (descending: boolean): SQL => sql.raw(descending === (side === 'after') ? '<' : '>')
  const bound = (key: SortKey, index: number): SQL => sql`${cursor.keys[index] ?? null}::${key.type}`
  if (uniform) {
    const columns = sql.join([...keys.map((key) => key.value), ...ties], sql`, `)
    const values = sql.join([...keys.map(bound), ...tieValues], sql`, `)
    return sql`(${columns}) ${less(last)} (${values})`
  }
  // k1 beyond, or k1 equal and k2 beyond, …, or all equal and the tie beyond.
  const steps: SQL[] = []
  const equal: SQL[] = []
  for (const [index, key] of keys.entries()) {
    const isNull = (cursor.keys[index] ?? null) === null
    const beyond = isNull
      ? side === 'after'
        ? sql`false`
        : sql`${key.value} IS NOT NULL`
      : sql`(${key.value} ${less(key.descending)} ${bound(key, index)}${
          key.nullable && side === 'after' ? sql` OR ${key.value} IS NULL` : sql``
        })`
    steps.push(sql.join([...equal, beyond], sql` AND `))
    equal.push(isNull ? sql`${key.value} IS NULL` : sql`${key.value} = ${bound(key, index)}`)
  }
  const tieBeyond = sql`(${sql.join([...ties], sql`, `)}) ${less(last)} (${sql.join(tieValues, sql`, `)})`
  steps.push(sql.join([...equal, tieBeyond], sql` AND `))
  return sql`(${sql.join(
    steps.map((step) => sql`(${step})`),
    sql` OR `,
  )})`
}
