import {
  type AdminClient,
  adminClient,
  AdminRefusal,
  type Actor,
  type Uuid,
  sendTo,
} from '@premia/pos-sdk/contract/admin'
import type { Access } from '../kit/server/access.ts'
import { Problem } from '../kit/server/problem.ts'

/** How long a person waits for the engine before they are told that it does not answer. */
const timeoutMs = 10_000

export const engineDoor = (engineUrl: string, key: string): AdminClient =>
  adminClient({ send: sendTo(engineUrl, timeoutMs), key })

/** The person as the engine sees them: their scope and rights travel with every call and are checked there again. */
export const actorOf = (access: Access): Actor => {
  const organizers = new Set(access.programs.map((program) => program.organizerId))
  // The operator's own people act for the operator, however narrow the scope on their screen is.
  const [organizer] = access.role === 'operator' ? [] : organizers
  return {
    actor: access.userId as Uuid,
    name: access.name,
    operator: access.operatorId as Uuid,
    ...(organizers.size === 1 && organizer !== undefined ? { organizer: organizer as Uuid } : {}),
    programs: access.programs.map((program) => program.publicId as Uuid),
    rights: [...access.rights],
  }
}

/** Answers of the engine as problems of the console; silence is `engine_slow`, so that a person may try again. */
export const throughDoor = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof AdminRefusal) throw new Problem(error.code, error.message, { errors: error.errors })
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError') {
      throw new Problem('engine_slow', 'The engine did not answer in time. Send the same again: it is never done twice')
    }
    throw error
  }
}
