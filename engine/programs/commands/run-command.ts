import { createHash } from 'node:crypto'
import {
  type Acting,
  type Command,
  type CommandAnswer,
  type CommandName,
  checkSchema,
  commandScopes,
  commandsWithReason,
  type Uuid,
} from '@premia/pos-sdk/contract/admin'
import type { FieldError, RefusalCode } from '@premia/pos-sdk/contract/problems'
import { canonicalJson } from '@premia/rules'
import { commandLimits, inScope, type Scope } from '../../db/transaction.ts'
import type { Sql, Tx } from '../../db/pool.ts'
import type { EngineKeys } from '../../keys.ts'
import { auditOf, keepAudit } from './audit.ts'
import { commandSchema } from './command-schema.ts'
import type { Definition, Done, ProgramRow } from './command.ts'
import { checkCalendar } from './instants.ts'
import { findProgram } from './program-row.ts'
import { CommandRefused } from './refusal.ts'
import { definitions } from './registry.ts'
import { isUniqueViolation } from './rows.ts'

export interface CommandDependencies {
  readonly sql: Sql
  readonly keys: EngineKeys
  readonly nowMs: () => number
}

export type CommandOutcome =
  | { readonly ok: true; readonly answer: CommandAnswer }
  | { readonly ok: false; readonly code: RefusalCode; readonly detail: string; readonly errors: readonly FieldError[] }

/** A bulk command may touch 500 members; nobody waits longer than this for one. */
const limits = { ...commandLimits, statementTimeoutMs: 20_000 }

/**
 * Carries out one command: who may, where, once, and with its audit row in the same database transaction. The caller has
 * proven the acting header; nothing else is taken on trust.
 */
export const runCommand = async (
  dependencies: CommandDependencies,
  acting: Acting,
  name: string,
  body: unknown,
): Promise<CommandOutcome> => {
  try {
    if (!isCommand(name)) throw new CommandRefused('not_found', 'There is no such command')
    const command = checkedCommand(name, body)
    if (!acting.rights.includes(name) && !acting.rights.includes('*')) {
      throw new CommandRefused('not_permitted', `The right ${name} is missing`)
    }
    return { ok: true, answer: await persistently(() => carryOut(dependencies, acting, { name, command })) }
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error
    return { ok: false, code: error.code, detail: error.message, errors: error.errors }
  }
}

/** Serialization, deadlock, lock not had in time: the world's faults, after which nothing is half done. */
const TRANSIENT = new Set(['40001', '40P01', '55P03'])
const ATTEMPTS = 3

const persistently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!TRANSIENT.has((error as { code?: string }).code ?? '')) throw error
      if (attempt === ATTEMPTS)
        throw new CommandRefused('engine_busy', 'Others hold what this command needs: send it again')
    }
  }
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commandScopes, name)

const checkedCommand = (name: CommandName, body: unknown): Command => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new CommandRefused('malformed', 'A command is a JSON object')
  }
  const errors = [...checkSchema(commandSchema(name), body)]
  if (errors.length === 0) errors.push(...checkCalendar(body))
  const { program, reason } = body as { program?: unknown; reason?: unknown }
  if (commandScopes[name] === 'program' && program === undefined)
    errors.push({ path: '/program', message: 'is missing' })
  if (commandScopes[name] === 'operator' && program !== undefined) {
    errors.push({ path: '/program', message: 'belongs to commands on one program' })
  }
  if (commandsWithReason.includes(name) && reason === undefined) errors.push({ path: '/reason', message: 'is missing' })
  const first = errors[0]
  if (first !== undefined)
    throw new CommandRefused('validation_failed', `${first.path} ${first.message}`.slice(0, 500), errors)
  return body as Command
}

interface Given {
  readonly name: CommandName
  readonly command: Command
}

const carryOut = async (dependencies: CommandDependencies, acting: Acting, given: Given): Promise<CommandAnswer> => {
  const { sql } = dependencies
  const { name, command } = given
  const definition = definitions[name] as Definition
  const program =
    definition.scope === 'program' ? await programInScope(sql, acting, command.program as Uuid) : undefined
  if (definition.scope === 'operator') checkOperatorActor(acting, name)
  const owner = program ?? { operator: acting.operator }
  const inputHash = hashOf(given)
  const seen = async (tx: Tx): Promise<CommandAnswer | undefined> => {
    const kept = await auditOf(tx, owner, command.id)
    if (kept === undefined) return undefined
    if (!kept.inputHash.equals(inputHash)) {
      throw new CommandRefused('command_conflict', 'A command with this id and other content was already given')
    }
    const again =
      definition.scope === 'operator'
        ? definition.again?.({ ...dependencies, command: command.id }, command.input)
        : undefined
    return { id: command.id, status: 'duplicate', result: again ?? kept.result } as CommandAnswer
  }
  const scope: Scope = {
    programs: program === undefined ? [] : [program.programId],
    organizers: program === undefined ? [] : [program.organizer],
    operators: [acting.operator],
  }
  const before = await inScope(sql, scope, seen, limits)
  if (before !== undefined) return before
  try {
    if (definition.scope === 'program' && definition.prepare !== undefined && program !== undefined) {
      const nowMs = dependencies.nowMs()
      await definition.prepare({ ...dependencies, nowMs, program, command: command.id }, command.input as never)
    }
    return await inScope(
      sql,
      scope,
      async (tx) => {
        const twin = await seen(tx)
        if (twin !== undefined) return twin
        const context = { tx, acting, command: command.id, keys: dependencies.keys, nowMs: dependencies.nowMs() }
        const told = { reason: command.reason, version: command.version }
        const done = await work(definition, { ...context, ...told }, program, command.input)
        const kept = definition.scope === 'operator' && definition.again !== undefined ? { ...done, result: {} } : done
        await keepAudit(tx, {
          owner,
          acting,
          name,
          command,
          nowMs: context.nowMs,
          inputHash,
          done: kept as Done<CommandName>,
        })
        return { id: command.id, status: 'done', result: done.result } as CommandAnswer
      },
      limits,
    )
  } catch (error) {
    // A twin of this very command may have been faster: then its answer is ours.
    const twin =
      error instanceof CommandRefused || isUniqueViolation(error) ? await inScope(sql, scope, seen, limits) : undefined
    if (twin !== undefined) return twin
    if (isUniqueViolation(error)) throw new CommandRefused('already_exists', 'There is already something with this key')
    throw error
  }
}

const work = (
  definition: Definition,
  context: Parameters<Extract<Definition, { scope: 'operator' }>['run']>[0],
  program: ProgramRow | undefined,
  input: Command['input'],
): Promise<Done<CommandName>> =>
  definition.scope === 'program'
    ? definition.run({ ...context, program: program as ProgramRow }, input as never)
    : definition.run(context, input as never)

/** A program that is not in the actor's scope does not exist for it. */
const programInScope = async (sql: Sql, acting: Acting, id: Uuid): Promise<ProgramRow> => {
  const program = acting.programs.includes(id) ? await findProgram(sql, id) : undefined
  const foreign =
    program === undefined ||
    program.operator !== acting.operator ||
    (acting.organizer !== undefined && acting.organizer !== program.organizer)
  if (foreign) throw new CommandRefused('not_found', 'There is no such program here')
  return program
}

/** What organizers share belongs to the operator: who acts for one organizer alone may not change it. */
const checkOperatorActor = (acting: Acting, name: CommandName): void => {
  if (acting.organizer === undefined || acting.organizer === acting.operator || name === 'program.create') return
  throw new CommandRefused('not_permitted', 'This belongs to the operator of several organizers')
}

const hashOf = ({ name, command }: Given): Buffer => {
  const { program, reason, version, input } = command
  return createHash('sha256').update(canonicalJson({ name, program, reason, version, input })).digest()
}
