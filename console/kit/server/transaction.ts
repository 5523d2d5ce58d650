import { fillPlaceholders, type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type postgres from 'postgres'
import { type Access, organizersOf } from './access.ts'

export type Database = postgres.Sql<{ bigint: number }>
/** A read-only database transaction inside a scope, and the question it is asked at: `now` is one instant for all of it. */
export interface ScopedTx {
  readonly run: <R extends object = Record<string, unknown>>(query: SQL) => Promise<R[]>
  readonly access: Access
}

const dialect = new PgDialect()
/** A list must answer in 300 ms; what takes five seconds is given up and said so. */
const statementTimeoutMs = 5_000

/**
 * What any query of a section may depend on besides its parameters: the instant it is asked at, and of each program in
 * scope its main point type as jsonb: {"7": {"code", "valueMinor", "scale"}}.
 */
export const now = sql`${sql.placeholder('now')}::text::timestamptz`
export const pointTypes = sql`${sql.placeholder('pointTypes')}::text::jsonb`
/** The programs of the scope, for the explicit predicate that stands in every query. */
export const scopePrograms = sql`${sql.placeholder('programs')}::bigint[]`

/** The text and parameters of a query, with what `now` and `pointTypes` stand for. */
export const compile = (query: SQL, access: Access): { readonly text: string; readonly values: unknown[] } => {
  const { sql: text, params } = dialect.sqlToQuery(query)
  const types = access.programs.map((each) => [
    String(each.programId),
    { code: each.mainPointType, valueMinor: each.pointValueMinor, scale: each.pointScale },
  ])
  const pointTypes = JSON.stringify(Object.fromEntries(types))
  const now = new Date(access.nowMs).toISOString()
  const programs = access.programs.map((each) => each.programId)
  return { text, values: fillPlaceholders(params, { now, pointTypes, programs }) }
}

const checkedUuid = (id: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new RangeError('not an id in canonical form')
  return id
}
const checkedProgram = (id: number): number => {
  if (!Number.isSafeInteger(id) || id <= 0) throw new RangeError('not a program id')
  return id
}

// SET takes no parameters: all values are checked. Never set_config, which Citus does not hand to its workers.
const scopeStatements = (access: Access): string =>
  [
    `SET LOCAL app.programs = '{${access.programs.map((program) => checkedProgram(program.programId)).join(',')}}'`,
    `SET LOCAL app.organizers = '{${organizersOf(access).map(checkedUuid).join(',')}}'`,
    `SET LOCAL app.operators = '{${checkedUuid(access.operatorId)}}'`,
    `SET LOCAL statement_timeout = ${statementTimeoutMs}`,
  ].join('; ')

/** Runs `work` under row security of the access' scope. Whoever reads loyalty data in the console does it in here. */
export const inScope = async <T>(
  database: Database,
  access: Access,
  work: (tx: ScopedTx) => Promise<T>,
): Promise<T> => {
  const result = await database.begin('read only', async (tx) => {
    await tx.unsafe(scopeStatements(access))
    const run = async <R extends object>(query: SQL): Promise<R[]> => {
      const { text, values } = compile(query, access)
      return [...(await tx.unsafe(text, values as never[]))] as unknown as R[]
    }
    return { value: await work({ run, access }) }
  })
  return result.value as T
}
