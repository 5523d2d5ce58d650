import { Hono } from 'hono'
import type { Found } from '../kit/model/wire.ts'
import { mayUse } from '../kit/server/section-api.ts'
import { inScope } from '../kit/server/transaction.ts'
import { accessOf, type Env, type Parts, typedText } from './context.ts'
import { actorOf, throughDoor } from './engine-door.ts'

/** Each section gets so long; what is not there by then is not offered. A receipt number has no index and needs most. */
const findTimeoutMs = 1_500

/** The palette's question: records that a card, phone, receipt number or name points to, from every section in reach. */
export const findRoutes = (parts: Parts): Hono<Env> => {
  const routes = new Hono<Env>()
  routes.get('/find', async (c) => {
    const access = accessOf(c)
    const text = typedText(c)
    if (text.length < 2) return c.json([])
    const asked = [...parts.sections.byName.values()].map(async ({ source, api }): Promise<readonly Found[]> => {
      const { find } = api
      if (find === undefined || !mayUse(access, `${source.section.name}.read`)) return []
      const work = inScope(parts.database, access, (tx) =>
        find({ tx, text, ask: (name, input) => throughDoor(parts.engine.query(actorOf(access), name, input)) }),
      )
      return await inTime(work, (error) =>
        parts.log({ level: 'warn', trace: c.var.trace, find: source.section.name, error: String(error) }),
      )
    })
    return c.json((await Promise.all(asked)).flat())
  })
  return routes
}

const inTime = async (work: Promise<readonly Found[]>, failed: (error: unknown) => void): Promise<readonly Found[]> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly Found[]>((resolve) => {
    timer = setTimeout(() => resolve([]), findTimeoutMs)
  })
  const found = work.catch((error: unknown) => {
    failed(error)
    return []
  })
  try {
    return await Promise.race([found, late])
  } finally {
    clearTimeout(timer)
  }
}
