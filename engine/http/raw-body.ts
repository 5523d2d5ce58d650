import type { FastifyInstance } from 'fastify'
import { sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The bytes of the body as they came: MACs cover bytes, not values. Null where there is no JSON body. */
    rawBody: Buffer | null
  }
}

/** Reads JSON bodies and keeps their bytes. What is no JSON arrives as `undefined` and is told by each route. */
export const keepRawBody = (app: FastifyInstance): void => {
  app.decorateRequest('rawBody', null)
  app.removeAllContentTypeParsers()
  // Before the body is read, so that a till which compresses learns that it must not, and does not doubt its sales.
  app.addHook('onRequest', (request, reply, done) => {
    const { 'content-encoding': encoding = 'identity' } = request.headers
    if (encoding === 'identity') return done()
    sendProblem(reply, { code: 'media_type_unsupported', detail: `The body must not be encoded (${encoding})` })
  })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.rawBody = body as Buffer
    done(null, parse(body as Buffer))
  })
}

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
