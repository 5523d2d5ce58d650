import type { Sql, Tx } from './pool.ts'

/**
 * A database transaction that sees its scope and nothing else. The scope is set by SET LOCAL as the first thing inside:
 * never set_config (Citus does not hand it to workers), never SET for the session (a pooler would leak it to the next).
 * All values are checked first, because SET takes no parameters.
 */
export type Scope = {
  readonly programs?: readonly number[]
  readonly organizers?: readonly string[]
  readonly operators?: readonly string[]
}

export type Limits = { readonly lockTimeoutMs: number; readonly statementTimeoutMs: number }

/** A command waits briefly for a lock: whoever holds a member's row holds it for milliseconds. */
export const commandLimits: Limits = { lockTimeoutMs: 2_000, statementTimeoutMs: 10_000 }

export async function inProgram<T>(
  sql: Sql,
  programs: number | readonly number[],
  work: (tx: Tx) => Promise<T>,
  limits: Limits = commandLimits,
): Promise<T> {
  return inScope(sql, { programs: typeof programs === 'number' ? [programs] : programs }, work, limits)
}

export async function inScope<T>(
  sql: Sql,
  scope: Scope,
  work: (tx: Tx) => Promise<T>,
  limits: Limits = commandLimits,
): Promise<T> {
  const settings = scopeSettings(scope, limits)
  const result = await sql.begin(async (tx) => {
    await tx.unsafe(settings)
    return { value: await work(tx) }
  })
  return result.value as T
}

/** The statements that open a scope, for the batcher, which sends them together with its own in one flush. */
export function scopeSettings(scope: Scope, limits: Limits): string {
  return [
    `SET LOCAL app.programs = '{${(scope.programs ?? []).map(checkProgram).join(',')}}'`,
    `SET LOCAL app.organizers = '{${(scope.organizers ?? []).map(checkUuid).join(',')}}'`,
    `SET LOCAL app.operators = '{${(scope.operators ?? []).map(checkUuid).join(',')}}'`,
    `SET LOCAL lock_timeout = ${checkTimeout(limits.lockTimeoutMs)}`,
    `SET LOCAL statement_timeout = ${checkTimeout(limits.statementTimeoutMs)}`,
  ].join('; ')
}

function checkProgram(programId: number): number {
  if (!Number.isSafeInteger(programId) || programId <= 0) throw new RangeError(`not a program id: ${programId}`)
  return programId
}

function checkUuid(id: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new RangeError('not an id in canonical form')
  return id
}

function checkTimeout(timeoutMs: number): number {
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0) throw new RangeError(`not a timeout: ${timeoutMs}`)
  return timeoutMs
}
