import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Sql } from '../db/pool.ts'
import { sendProblem } from './problem.ts'

export interface HealthDoor {
  readonly sql: Sql
  readonly registry: Registry
  readonly isStopping: () => boolean
}

const READY_WITHIN_MS = 2_000
const NOT_READY_RETRY_MS = 1_000

/** `/health`: the process lives. `/ready`: it can take sales. `/metrics`: Prometheus. */
export const healthRoutes = (app: FastifyInstance, { sql, registry, isStopping }: HealthDoor): void => {
  app.get('/health', () => ({ status: 'ok' }))
  app.get('/ready', async (_request, reply) => {
    const retryAfterMs = NOT_READY_RETRY_MS
    if (isStopping())
      return sendProblem(reply, { code: 'engine_stopping', detail: 'The engine is draining', retryAfterMs })
    const detail = 'The database does not answer'
    if (!(await answersInTime(sql))) return sendProblem(reply, { code: 'engine_slow', detail, retryAfterMs })
    return { status: 'ready' }
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}

const answersInTime = async (sql: Sql): Promise<boolean> => {
  const query = sql`SELECT 1`
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, READY_WITHIN_MS, false)
  })
  const answered = query.then(
    () => true,
    () => false,
  )
  const ready = await Promise.race([answered, late])
  clearTimeout(timer)
  return ready
}
