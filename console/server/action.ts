import type { CommandName, Commands, Uuid } from '@premia/pos-sdk/contract/admin'
import type { Field } from '../kit/model/section.ts'
import type { Access } from '../kit/server/access.ts'
import { Problem } from '../kit/server/problem.ts'
import { readRecord } from '../kit/server/read.ts'
import type { References } from '../kit/server/references.ts'
import { mayUse, type SectionModule } from '../kit/server/section-api.ts'
import { inScope, type ScopedTx } from '../kit/server/transaction.ts'
import { bodyOf, type Parts, type Request, textOf } from './context.ts'
import { actorOf, throughDoor } from './engine-door.ts'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export interface ActionAnswer {
  readonly status: 'done' | 'duplicate'
  /** What the command told: a new code, the row's version. */
  readonly result: unknown
}

/**
 * An action of an engine's section: right, row in scope and state are checked here, then the engine checks them again, does
 * it once (the id is the browser's, so that a retry is no second action) and writes the audit row that the timeline shows.
 */
export const runAction = async (
  c: Request,
  parts: Parts,
  { module, access }: { readonly module: SectionModule; readonly access: Access; readonly commandId: string },
): Promise<ActionAnswer> => {
  const { section, commands } = module.source
  const name = c.req.param('action') ?? ''
  const action = Object.hasOwn(section.actions ?? {}, name) ? section.actions?.[name] : undefined
  const command = commands[name]
  if (action === undefined || command === undefined) throw new Problem('not_found', 'There is no such action')
  if (!mayUse(access, action.right)) throw new Problem('not_permitted', 'You do not have the right to do this')
  const body = await bodyOf(c)
  const id = textOf(body, 'id', [36, 36])
  if (!uuidPattern.test(id)) throw faulty('/id', 'must be an id')
  const reason = action.reason === true ? textOf(body, 'reason', [3, 500]).trim() : undefined
  const given = inputOf(body['input'], action.input ?? {})
  const { row, input } = await inScope(parts.database, access, async (tx) => ({
    row: await rowOf(c, tx, { module, references: parts.sections.references }),
    input: await (module.api.inputs?.[name]?.({ tx, id: c.req.param('id') ?? '', command: id, given }) ?? given),
  }))
  // The state is looked at by the engine alone, under the row's lock: a repeated command must find its first answer.
  const version = typeof body['version'] === 'number' ? body['version'] : undefined
  const answer = await throughDoor(
    parts.engine.command(actorOf(access), command, input as Commands[CommandName]['input'], {
      id: id as Uuid,
      ...(row.program === undefined ? {} : { program: row.program as Uuid }),
      ...(reason === undefined ? {} : { reason }),
      ...(version === undefined ? {} : { version }),
    }),
  )
  return { status: answer.status, result: answer.result }
}

const rowOf = async (
  c: Request,
  tx: ScopedTx,
  { module, references }: { readonly module: SectionModule; readonly references: References },
) => {
  const recordId = c.req.param('id') ?? ''
  if (!uuidPattern.test(recordId)) throw new Problem('not_found', 'There is nothing with this id here')
  const rows = await readRecord(module.source, [], recordId, { tx, references })
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Problem('not_found', 'There is nothing with this id here')
  return row
}

/** Only declared fields travel, each of its type. */
const inputOf = (given: unknown, fields: Readonly<Record<string, Field>>): Record<string, string | number> => {
  const values = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  const input: Record<string, string | number> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name]
    if (value === undefined && field.required !== true) continue
    input[name] = checkedValue(`/input/${name}`, field, value)
  }
  return input
}

const checkedValue = (path: string, field: Field, value: unknown): string | number => {
  if (field.type === 'text') {
    const text = typeof value === 'string' ? value.trim() : ''
    if (text !== '' && text.length <= field.max) return text
    throw faulty(path, `must be a text of 1 to ${field.max} characters`)
  }
  if (field.type === 'integer') {
    if (Number.isSafeInteger(value) && (value as number) >= (field.min ?? 0)) return value as number
    throw faulty(path, `must be a whole number from ${field.min ?? 0} on`)
  }
  if (field.type === 'ref' && typeof value === 'string' && uuidPattern.test(value)) return value
  throw faulty(path, 'must be an id')
}

const faulty = (path: string, message: string): Problem =>
  new Problem('validation_failed', 'A value cannot be accepted', { errors: [{ path, message }] })
