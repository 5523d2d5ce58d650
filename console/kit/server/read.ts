import { type SQL, sql } from 'drizzle-orm'
import { type Condition, everything } from '../model/condition.ts'
import type { Field } from '../model/section.ts'
import {
  type Cell,
  countExactMax,
  type CountAnswer,
  type ListAnswer,
  type ListRow,
  newerMax,
  pageRowsMax,
  type RefCell,
} from '../model/wire.ts'
import { type Access, programOf } from './access.ts'
import { conditionSql } from './condition-sql.ts'
import { type Cursor, readCursor, writeCursor } from './cursor.ts'
import { Problem } from './problem.ts'
import type { References } from './references.ts'
import { keepBounded } from './scan-bounds.ts'
import { boundarySql, orderBy, sortKeys, type SortKey } from './sort-sql.ts'
import { expressionOf, type Source } from './source.ts'
import { type ScopedTx, scopePrograms } from './transaction.ts'

/** What every list, export, palette and record asks; the names of columns are checked against what the person may see. */
export interface ReadRequest {
  readonly columns: readonly string[]
  readonly filter: Condition
  readonly sort: string
  readonly after?: string
  readonly limit: number
}

/** Fields of a section without those that are personal and not theirs to see: for them such a field does not exist. */
export const visibleFields = (source: Source, access: Access): Readonly<Record<string, Field>> =>
  access.personal
    ? source.section.fields
    : Object.fromEntries(Object.entries(source.section.fields).filter(([, field]) => field.personal !== true))

const checkedColumns = (source: Source, request: ReadRequest, access: Access): readonly string[] => {
  const fields = visibleFields(source, access)
  const unknown = request.columns.find((name) => !Object.hasOwn(fields, name))
  if (unknown === undefined) return request.columns
  throw new Problem('validation_failed', 'The list has no such column', {
    errors: [{ path: '/columns', message: `has no column ${unknown.slice(0, 40)}` }],
  })
}

const viewOf = (source: Source): SQL => sql`${source.binding.view}`

/** Where one program's rows stand: the explicit program is the first belt, row security the second. */
export const whereSql = (source: Source, access: Access, filter: Condition): SQL => {
  const { outlet } = source.binding.scope
  const parts = [conditionSql(filter, source, access)]
  if (access.outletId !== undefined) {
    if (outlet === undefined) throw new Problem('not_permitted', 'This is not open to users of one outlet')
    parts.unshift(sql`${outlet} = ${access.outletId}::uuid`)
  }
  return sql.join(parts, sql` AND `)
}

/** Which rows a scope has of a list without programs; else its programs say it. */
const withinOf = ({ binding }: Source): SQL => binding.within ?? sql`true`

interface Selected {
  readonly source: Source
  readonly columns: readonly string[]
  readonly keys: readonly SortKey[]
  readonly where: SQL
  readonly limit: number
  /** Rows are looked at that do not pass: then a page is picked by its key, where the binding has one. */
  readonly scans: boolean
}

const selectList = ({ source, columns, keys }: Selected): SQL => {
  const { id, version, scope } = source.binding
  const cells = columns.map((name, index) => {
    const value = expressionOf(source, name)
    return sql`${value} AS ${sql.identifier(`c${index}`)}`
  })
  return sql.join(
    [
      sql`${id} AS id`,
      sql`${scope.program ?? sql`NULL`} AS program`,
      sql`${version ?? sql`NULL`} AS version`,
      ...keys.map((key, index) => sql`${key.value} AS ${sql.identifier(`k${index}`)}`),
      ...cells,
    ],
    sql`, `,
  )
}

const tieOf = (source: Source): readonly SQL[] => [
  sql`${source.binding.id}`,
  ...(source.binding.scope.program === undefined ? [] : [sql`${source.binding.scope.program}`]),
]

/**
 * The page of one program, or of a list without programs. Where many rows are looked at for it, it is picked by the key and
 * its rows are joined afterwards: of the others no more is read than filter and order ask for.
 */
const selectPage = (selected: Selected, belongs: SQL): SQL => {
  const { source, columns, keys, where, limit, scans } = selected
  const { key } = source.binding
  const order = orderBy(keys, tieOf(source))
  const passing = sql`FROM ${viewOf(source)} WHERE ${belongs} AND ${where} ORDER BY ${order} LIMIT ${limit}`
  if (key === undefined || !scans || columns.length === 0) return sql`SELECT ${selectList(selected)} ${passing}`
  const picked = key.map((_, index) => sql.identifier(`p${index}`))
  const names = key.map((column, index) => sql`${column} AS ${picked[index]}`)
  const same = key.map((column, index) => sql`${column} = picked.${picked[index]}`)
  return sql`SELECT ${selectList(selected)} FROM (SELECT ${sql.join(names, sql`, `)} ${passing}) AS picked
    JOIN ${viewOf(source)} ON ${sql.join(same, sql` AND `)} ORDER BY ${order}`
}

/**
 * One page. Every program of the scope is read along its own index and the heads are merged, because no index serves
 * "one of these programs, newest first".
 */
export const selectRows = (selected: Selected, access: Access): SQL => {
  const { source, keys, limit } = selected
  const { program } = source.binding.scope
  if (program === undefined) return selectPage(selected, withinOf(source))
  const only = access.programs[0]
  if (access.programs.length === 1 && only !== undefined) {
    return selectPage(selected, sql`${program} = ${only.programId}::bigint`)
  }
  const outer = orderBy(
    keys.map((key, index) => ({ ...key, value: sql`page.${sql.identifier(`k${index}`)}` })),
    [sql`page.id`, sql`page.program`],
  )
  return sql`SELECT page.* FROM unnest(${scopePrograms}) AS scope(program_id)
    CROSS JOIN LATERAL (${selectPage(selected, sql`${program} = scope.program_id`)}) AS page
    ORDER BY ${outer} LIMIT ${limit}`
}

/**
 * An index read in order by several workers has to be merged again, which takes longer than it saves, and takes the cores
 * that book sales: 145 ms alone, 190 with two workers, for a million rows (console/README.md).
 */
const readAlone = async (tx: ScopedTx): Promise<void> => {
  await tx.run(sql`SET LOCAL max_parallel_workers_per_gather = 0`)
}

interface RawRow extends Record<string, unknown> {
  readonly id: string
  readonly program: number | null
  readonly version: number | null
}

/** A page of a list. */
export const readList = async (
  source: Source,
  request: ReadRequest,
  tx: ScopedTx,
  references: References,
): Promise<ListAnswer> => {
  const { access } = tx
  if (!(Number.isInteger(request.limit) && request.limit >= 1 && request.limit <= pageRowsMax)) {
    throw new Problem('validation_failed', 'The page is too large', {
      errors: [{ path: '/limit', message: `must be 1 to ${pageRowsMax}` }],
    })
  }
  const columns = checkedColumns(source, request, access)
  const keys = sortKeys(source, request.sort, visibleFields(source, access))
  const bounded = await keepBounded(source, request.filter, keys, tx)
  const cursor = request.after === undefined ? undefined : readCursor(request.after, request.sort)
  const where = sql.join(
    [
      whereSql(source, access, bounded.filter),
      ...(cursor === undefined ? [] : [boundarySql(keys, tieOf(source), boundaryOf(cursor, keys, access, 'after'))]),
    ],
    sql` AND `,
  )
  const selected = { source, columns, keys, where, limit: request.limit + 1, scans: bounded.scans }
  if (bounded.scans && source.binding.key !== undefined) await readAlone(tx)
  const found = await tx.run<RawRow>(selectRows(selected, access))
  const rows = found.slice(0, request.limit)
  const place = (row: RawRow | undefined): string | null =>
    row === undefined ? null : writeCursor(cursorOf(row, keys, request.sort, access))
  return {
    rows: await toRows(source, columns, rows, { tx, references }),
    next: found.length > request.limit ? place(rows.at(-1)) : null,
    first: place(rows[0]),
    ...(bounded.boundedFrom === undefined ? {} : { boundedFrom: bounded.boundedFrom }),
  }
}

const boundaryOf = (cursor: Cursor, keys: readonly SortKey[], access: Access, side: 'after' | 'before') => {
  const fits = keys.every(({ shape }, index) => shape.test(cursor.keys[index] ?? '') || cursor.keys[index] === null)
  if (!fits) throw new Problem('malformed', 'The place to go on from has values that this list does not sort by')
  if (cursor.program === null) return { cursor, programId: null, side }
  const program = access.programs.find((each) => each.publicId === cursor.program)
  if (program !== undefined) return { cursor, programId: program.programId, side }
  throw new Problem('malformed', 'The place to go on from lies outside of the scope')
}

const cursorOf = (row: RawRow, keys: readonly SortKey[], sort: string, access: Access): Cursor => ({
  sort,
  keys: keys.map((_, index) => {
    const value = row[`k${index}`]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  }),
  id: row.id,
  program: row.program === null ? null : programOf(access, row.program).publicId,
})

/** How many rows the filter has: exact up to 10,000, the planner's estimate above, exact again when asked for. */
export const countRows = async (
  source: Source,
  filter: Condition,
  tx: ScopedTx,
  exactly = false,
): Promise<CountAnswer> => {
  const bounded = await keepBounded(source, filter, [], tx)
  const { program } = source.binding.scope
  const belongs = program === undefined ? withinOf(source) : sql`${program} = ANY (${scopePrograms})`
  const from = sql`FROM ${viewOf(source)} WHERE ${belongs} AND ${whereSql(source, tx.access, bounded.filter)}`
  const limit = exactly ? sql`ALL` : sql`${countExactMax + 1}`
  const [row] = await tx.run<{ n: number }>(sql`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ${limit}) counted`)
  const count = row?.n ?? 0
  if (exactly || count <= countExactMax) return { count, exact: true }
  const [plan] = await tx.run<{ 'QUERY PLAN': readonly { Plan: { 'Plan Rows': number } }[] }>(
    sql`EXPLAIN (FORMAT JSON) SELECT 1 ${from}`,
  )
  const estimate = plan?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? count
  return { count: Math.max(count, Math.round(estimate)), exact: false }
}

/** How many rows stand in front of the first row on screen: one probe along the index that gave the page. */
export const countNewer = async (
  source: Source,
  request: { readonly filter: Condition; readonly sort: string; readonly first: string },
  tx: ScopedTx,
): Promise<number> => {
  const { access } = tx
  const keys = sortKeys(source, request.sort, visibleFields(source, access))
  const bounded = await keepBounded(source, request.filter, keys, tx)
  const boundary = boundaryOf(readCursor(request.first, request.sort), keys, access, 'before')
  const where = sql`${whereSql(source, access, bounded.filter)} AND ${boundarySql(keys, tieOf(source), boundary)}`
  const selected = { source, columns: [], keys, where, limit: newerMax, scans: bounded.scans }
  const [row] = await tx.run<{ n: number }>(sql`SELECT count(*) AS n FROM (${selectRows(selected, access)}) newer`)
  return row?.n ?? 0
}

/** One row by its id, in every program of the scope where it stands. */
export const readRecord = async (
  { opened, ...listed }: Source,
  columns: readonly string[],
  id: string,
  request: { readonly tx: ScopedTx; readonly references: References },
): Promise<readonly ListRow[]> => {
  const { tx, references } = request
  const { access } = tx
  const source = opened ?? listed
  const { program } = source.binding.scope
  const belongs = program === undefined ? withinOf(source) : sql`${program} = ANY (${scopePrograms})`
  const place = source.binding.locate?.(sql`${id}::uuid`) ?? sql`true`
  const where = sql`${belongs} AND ${place} AND ${source.binding.id} = ${id}::uuid
    AND ${whereSql(source, access, everything)}`
  const selected: Selected = { source, columns, keys: [], where, limit: pageRowsMax, scans: false }
  const rows = await tx.run<RawRow>(
    sql`SELECT ${selectList(selected)} FROM ${viewOf(source)} WHERE ${where} LIMIT ${pageRowsMax}`,
  )
  return await toRows(source, columns, rows, { tx, references })
}

const toRows = async (
  source: Source,
  columns: readonly string[],
  raw: readonly RawRow[],
  reader: { readonly tx: ScopedTx; readonly references: References },
): Promise<readonly ListRow[]> => {
  const { tx } = reader
  const labels = await readLabels(source, columns, raw, reader)
  return raw.map((row) => {
    const program = row.program === null ? undefined : programOf(tx.access, row.program)
    const cells: Record<string, Cell> = {}
    for (const [index, name] of columns.entries()) {
      cells[name] = toCell(source.section.fields[name] as Field, row[`c${index}`], {
        labels: labels.get(name),
        currency: program?.currency ?? '',
        scale: program?.pointScale ?? 0,
      })
    }
    return {
      id: row.id,
      ...(program === undefined ? {} : { program: program.publicId }),
      ...(row.version === null ? {} : { version: row.version }),
      cells,
    }
  })
}

const readLabels = async (
  source: Source,
  columns: readonly string[],
  raw: readonly RawRow[],
  { tx, references }: { readonly tx: ScopedTx; readonly references: References },
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> => {
  const found = new Map<string, ReadonlyMap<string, string>>()
  for (const [index, name] of columns.entries()) {
    const field = source.section.fields[name]
    if (field?.type !== 'ref') continue
    const ids = new Set(raw.flatMap((row) => (row[`c${index}`] ?? []) as string | string[]))
    const reference = references[field.to]
    if (reference === undefined) throw new TypeError(`nothing is known of ${field.to}`)
    found.set(name, await reference.labels(tx, [...ids]))
  }
  return found
}

interface CellContext {
  readonly labels: ReadonlyMap<string, string> | undefined
  readonly currency: string
  readonly scale: number
}

const toCell = (field: Field, value: unknown, context: CellContext): Cell => {
  if (value === null || value === undefined) return null
  if (field.type === 'money') return { amountMinor: value as number, currency: context.currency }
  if (field.type === 'points') return { points: value as number, scale: context.scale }
  if (field.type === 'instant') return new Date(value as string).toISOString()
  if (field.type !== 'ref') return value as Cell
  const refer = (id: string): RefCell => ({ id, label: context.labels?.get(id) ?? '' })
  return Array.isArray(value) ? value.map(refer) : refer(value as string)
}
