import { randomUUID } from 'node:crypto'
import { problemDocument, problemMediaType } from '@premia/pos-sdk/contract/problems'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { getCookie } from 'hono/cookie'
import { Problem } from '../kit/server/problem.ts'
import { type Env, type Parts, refuseForeignOrigin, type Request } from './context.ts'
import { findRoutes } from './find-routes.ts'
import { loginRoutes } from './login-routes.ts'
import { meRoutes } from './me-routes.ts'
import { reachOf } from './reach.ts'
import { sectionRoutes } from './section-routes.ts'
import { csrfToken, findSession, fitsCsrf, sessionCookie } from './session.ts'
import type { StaticFiles } from './static-files.ts'
import { viewRoutes } from './view-routes.ts'

const bodyBytesMax = 64 * 1024

/** All of the console's HTTP: /api for data, everything else is the page. Built apart from listening, so that tests inject. */
export const createApp = (parts: Parts, files?: StaticFiles): Hono<Env> => {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    c.set('trace', randomUUID())
    await next()
    securityHeaders(c)
  })
  app.onError((error, c) => answerError(error, c as Request, parts))
  app.get('/health', (c) => c.json({ status: 'up' }))

  const api = new Hono<Env>()
  api.use(compress())
  api.use(bodyLimit({ maxSize: bodyBytesMax, onError: tooLarge }))
  api.use(async (c, next) => {
    c.header('cache-control', 'no-store')
    if (c.req.method !== 'GET') refuseForeignOrigin(c)
    await next()
  })
  api.route('/', loginRoutes(parts))
  api.use(async (c, next) => {
    const session = await findSession(parts.database, getCookie(c, sessionCookie) ?? '', parts.nowMs())
    if (session === undefined || (session.user.demo && !parts.demo)) {
      throw new Problem('unauthorized', 'Nobody is logged in')
    }
    if (
      c.req.method !== 'GET' &&
      !fitsCsrf(csrfToken(parts.sessionKey, session.tokenHash), c.req.header('premia-csrf'))
    ) {
      throw new Problem('not_permitted', 'The request does not come from a page of this session')
    }
    c.set('session', session)
    c.set('reach', await reachOf(parts.database, session, parts.nowMs()))
    await next()
  })
  api.route('/', meRoutes(parts))
  api.route('/', findRoutes(parts))
  api.route('/sections', viewRoutes(parts))
  api.route('/sections', sectionRoutes(parts))
  api.all('*', () => {
    throw new Problem('not_found', 'There is no such address')
  })
  app.route('/api', api)
  if (files !== undefined) app.get('*', (c) => files.answer(c))
  return app
}

const tooLarge = (): Response => {
  throw new Problem('body_too_large', 'The body is larger than 64 KiB')
}

const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const securityHeaders = (c: Request): void => {
  c.header('content-security-policy', contentPolicy)
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'same-origin')
  c.header('cross-origin-opener-policy', 'same-origin')
  c.header('cross-origin-resource-policy', 'same-origin')
  c.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
  c.header('premia-trace', c.var.trace)
  if (c.req.header('x-forwarded-proto') === 'https') c.header('strict-transport-security', 'max-age=31536000')
}

/** PostgreSQL gave up: statement or lock time-out. */
const slowStates = new Set(['57014', '55P03'])

const answerError = (error: Error, c: Request, parts: Parts): Response => {
  const problem = error instanceof Problem ? error : problemOfFault(error)
  if (!(error instanceof Problem)) {
    parts.log({ level: 'error', trace: c.var.trace, path: c.req.path, error: error.message, stack: error.stack })
  }
  const document = problemDocument(problem.code, problem.message, problem.errors)
  if (problem.retryAfterS !== undefined) c.header('retry-after', String(problem.retryAfterS))
  c.header('content-type', problemMediaType)
  securityHeaders(c)
  return c.body(JSON.stringify({ ...document, instance: `urn:uuid:${c.var.trace}` }), document.status as 500)
}

const problemOfFault = (error: Error & { readonly code?: string }): Problem =>
  error.code !== undefined && slowStates.has(error.code)
    ? new Problem('engine_slow', 'The question took too long: choose a shorter period or a narrower filter')
    : new Problem('internal_error', 'Something failed that should not: nothing was changed')
