import type { CommandName, Commands, Uuid } from '@premia/pos-sdk/contract/admin'
import type { Field } from '../kit/model/section.ts'
import type { Access } from '../kit/server/access.ts'
import { Problem } from '../kit/server/problem.ts'
import { readRecord } from '../kit/server/read.ts'
import { mayUse, type SectionModule } from '../kit/server/section-api.ts'
import { inScope } from '../kit/server/transaction.ts'
import { bodyOf, type Parts, type Request, textOf } from './context.ts'
import { actorOf, throughDoor } from './engine-door.ts'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export interface ActionAnswer {
  readonly status: 'done' | 'duplicate'
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
  const row = await rowOf(c, parts, module, access)
  // The state is looked at by the engine alone, under the row's lock: a repeated command must find its first answer.
  const version = typeof body['version'] === 'number' ? body['version'] : undefined
  const answer = await throughDoor(
    parts.engine.command(
      actorOf(access),
      command,
      inputOf(body['input'], action.input ?? {}) as Commands[CommandName]['input'],
      {
        id: id as Uuid,
        ...(row.program === undefined ? {} : { program: row.program as Uuid }),
        ...(reason === undefined ? {} : { reason }),
        ...(version === undefined ? {} : { version }),
      },
    ),
  )
  return { status: answer.status }
}

const rowOf = async (c: Request, parts: Parts, { source }: SectionModule, access: Access) => {
  const recordId = c.req.param('id') ?? ''
  if (!uuidPattern.test(recordId)) throw new Problem('not_found', 'There is nothing with this id here')
  const rows = await inScope(parts.database, access, (tx) =>
    readRecord(source, [], recordId, { tx, references: parts.sections.references }),
  )
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Problem('not_found', 'There is nothing with this id here')
  return row
}

/** Only declared fields travel, each of its type. */
const inputOf = (given: unknown, fields: Readonly<Record<string, Field>>): Record<string, string> => {
  const values = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  const input: Record<string, string> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name]
    if (value === undefined && field.required !== true) continue
    if (field.type !== 'ref' || typeof value !== 'string' || !uuidPattern.test(value)) {
      throw faulty(`/input/${name}`, 'must be an id')
    }
    input[name] = value
  }
  return input
}

const faulty = (path: string, message: string): Problem =>
  new Problem('validation_failed', 'A value cannot be accepted', { errors: [{ path, message }] })
