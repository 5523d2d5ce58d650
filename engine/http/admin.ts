import type { Acting } from '@premia/pos-sdk/contract/admin'
import type { FieldError, RefusalCode } from '@premia/pos-sdk/contract/problems'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CommandDependencies, runCommand } from '../programs/commands/run-command.ts'
import { runQuery } from '../programs/commands/run-query.ts'
import { provenActing } from './acting.ts'
import { sendProblem } from './problem.ts'

export interface AdminDoor extends CommandDependencies {
  /** Shared with the console: seals the acting header. */
  readonly consoleKey: string
  /** Called after each command that was carried out, so that this process need not wait for its next look. */
  readonly onCommand?: () => void
}

/** A published set of ten thousand rules is the largest command. */
const BODY_MAX = 16 * 1024 * 1024

/** The console's door: commands change, questions only the engine can answer. */
export const adminRoutes = (app: FastifyInstance, door: AdminDoor): void => {
  app.post<{ Params: { name: string } }>('/admin/v1/commands/:name', { bodyLimit: BODY_MAX }, (request, reply) =>
    answer(request, reply, door, async (acting) => {
      const outcome = await runCommand(door, acting, request.params.name, request.body)
      if (!outcome.ok) return outcome
      if (outcome.answer.status === 'done') door.onCommand?.()
      return { ok: true, value: outcome.answer }
    }),
  )
  app.post<{ Params: { name: string } }>('/admin/v1/queries/:name', { bodyLimit: BODY_MAX }, (request, reply) =>
    answer(request, reply, door, async (acting) => {
      const outcome = await runQuery(door, acting, request.params.name, request.body)
      return outcome.ok ? { ok: true, value: outcome.result } : outcome
    }),
  )
}

type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: RefusalCode; readonly detail: string; readonly errors: readonly FieldError[] }

const answer = async (
  request: FastifyRequest,
  reply: FastifyReply,
  door: AdminDoor,
  work: (acting: Acting) => Promise<Outcome>,
): Promise<FastifyReply> => {
  const proven = provenActing(request, door.consoleKey, door.nowMs())
  if (!('acting' in proven)) return sendProblem(reply, { code: 'unauthorized', detail: proven.reason })
  const outcome = await work(proven.acting)
  if (outcome.ok) return reply.send(outcome.value)
  return sendProblem(reply, { code: outcome.code, detail: outcome.detail, errors: outcome.errors })
}
