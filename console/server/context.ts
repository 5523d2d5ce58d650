import type { HttpBindings } from '@hono/node-server'
import type { AdminClient } from '@premia/pos-sdk/contract/admin'
import type { Context } from 'hono'
import { Problem } from '../kit/server/problem.ts'
import type { Access } from '../kit/server/access.ts'
import type { Database } from '../kit/server/transaction.ts'
import { narrowed } from './reach.ts'
import type { Sections } from './sections.ts'
import type { Session } from './session.ts'

/** What the routes work with; made once in main.ts, or in a test. */
export interface Parts {
  readonly database: Database
  readonly engine: AdminClient
  readonly sections: Sections
  readonly sessionKey: string
  readonly demo: boolean
  readonly demoProgressFile?: string | undefined
  readonly nowMs: () => number
  /** Rows of one exported file; a test has no two hundred thousand. */
  readonly exportRowsMax?: number
  readonly log: (entry: Readonly<Record<string, unknown>>) => void
}

export interface Env {
  Bindings: HttpBindings
  Variables: { trace: string; session: Session; reach: Access }
}
export type Request = Context<Env>

/** The access of this request: the session's reach, narrowed to the scope that the address names. */
export const accessOf = (c: Request): Access => narrowed(c.var.reach, c.var.session, c.req.query('scope'))

const isLoopbackAddress = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address)

/** Where a request comes from. Behind a proxy on this machine it is what the proxy says. */
export const addressOf = (c: Request): string => {
  const peer = c.env?.incoming?.socket.remoteAddress ?? 'unknown'
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
  return (forwarded !== undefined && isLoopbackAddress(peer) ? forwarded : peer).slice(0, 60)
}

/** The scheme and host a browser used, behind a proxy too. */
const siteOf = (c: Request): { readonly scheme: string; readonly host: string } => ({
  scheme: c.req.header('x-forwarded-proto') === 'https' ? 'https' : 'http',
  host: c.req.header('x-forwarded-host') ?? c.req.header('host') ?? '',
})

/** A password travels over HTTPS, or never leaves this machine. */
export const isSecure = (c: Request): boolean => {
  const { scheme, host } = siteOf(c)
  return scheme === 'https' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host)
}

/** A change must come from our own page: the browser says so in Origin, or it is no browser's. */
export const refuseForeignOrigin = (c: Request): void => {
  const origin = c.req.header('origin')
  const fetchSite = c.req.header('sec-fetch-site')
  const own = origin !== undefined && URL.canParse(origin) && new URL(origin).host === siteOf(c).host
  if (!own || (fetchSite !== undefined && fetchSite !== 'same-origin')) {
    throw new Problem('not_permitted', 'The request does not come from this console')
  }
}

/** A JSON body as an object; anything else is malformed. */
export const bodyOf = async (c: Request): Promise<Readonly<Record<string, unknown>>> => {
  if (!(c.req.header('content-type') ?? '').startsWith('application/json')) {
    throw new Problem('media_type_unsupported', 'The body must be application/json')
  }
  try {
    const body: unknown = await c.req.json()
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new Problem('malformed', 'The body is not a JSON object')
}

/** What a person types to find something. The character 0 is in nothing that is kept. */
export const typedText = (c: Request): string =>
  (c.req.query('text') ?? '').replaceAll('\u0000', '').trim().slice(0, 100)

/** A text of a body within its length, or a problem at its field. */
export const textOf = (
  body: Readonly<Record<string, unknown>>,
  name: string,
  limits: readonly [number, number],
): string => {
  const value = body[name]
  const [least, most] = limits
  const sound = typeof value === 'string' && !value.includes('\u0000')
  if (sound && value.trim().length >= least && value.length <= most) return value
  throw new Problem('validation_failed', 'A value is missing or has the wrong length', {
    errors: [{ path: `/${name}`, message: `must be a text of ${least} to ${most} characters` }],
  })
}
