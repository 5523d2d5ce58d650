import {
  type Acting,
  checkSchema,
  querySchemas,
  type Queries,
  type QueryName,
  type Uuid,
} from '@premia/pos-sdk/contract/admin'
import type { FieldError, RefusalCode } from '@premia/pos-sdk/contract/problems'
import { inScope } from '../../db/transaction.ts'
import { CommandRefused } from './refusal.ts'
import type { CommandDependencies } from './run-command.ts'

export type QueryOutcome =
  | { readonly ok: true; readonly result: Queries[QueryName]['result'] }
  | { readonly ok: false; readonly code: RefusalCode; readonly detail: string; readonly errors: readonly FieldError[] }

/** Answers one question of the admin door, within the actor's programs. */
export const runQuery = async (
  dependencies: CommandDependencies,
  acting: Acting,
  name: string,
  body: unknown,
): Promise<QueryOutcome> => {
  try {
    if (!Object.hasOwn(querySchemas, name)) throw new CommandRefused('not_found', 'There is no such question')
    const errors = checkSchema(
      {
        type: 'object',
        properties: { input: querySchemas[name as QueryName] },
        required: ['input'],
        additionalProperties: false,
      },
      body,
    )
    if (errors[0] !== undefined) {
      throw new CommandRefused('validation_failed', `${errors[0].path} ${errors[0].message}`.slice(0, 500), errors)
    }
    if (!acting.rights.includes(name) && !acting.rights.includes('*')) {
      throw new CommandRefused('not_permitted', `The right ${name} is missing`)
    }
    const { input } = body as { readonly input: Queries['card.find']['input'] }
    return { ok: true, result: await findCard(dependencies, acting, input.number) }
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error
    return { ok: false, code: error.code, detail: error.message, errors: error.errors }
  }
}

const findCard = async (
  { sql, keys }: CommandDependencies,
  acting: Acting,
  number: string,
): Promise<Queries['card.find']['result']> => {
  const programs = await sql<{ programId: number; publicId: Uuid }[]>`
    SELECT program_id AS "programId", public_id AS "publicId" FROM directory.program
    WHERE public_id = ANY(${[...acting.programs]}::uuid[]) AND operator_id = ${acting.operator}
      AND (${acting.organizer ?? null}::uuid IS NULL OR organizer_id = ${acting.organizer ?? null}::uuid)`
  const ids = programs.map(({ programId }) => programId)
  const publicIds = new Map(programs.map(({ programId, publicId }) => [programId, publicId]))
  const cards = await inScope(
    sql,
    { programs: ids },
    (tx) => tx<{ programId: number; card: Uuid; member: Uuid; state: string }[]>`
      SELECT program_id AS "programId", card_id AS card, member_id AS member, state FROM loyalty.card
      WHERE program_id = ANY(${ids}::bigint[]) AND number_token = ${keys.cardToken(number)} ORDER BY program_id`,
  )
  return {
    cards: cards.map(({ programId, card, member, state }) => ({
      program: publicIds.get(programId) as Uuid,
      card,
      member,
      state,
    })),
  }
}
