import type { FastifyInstance } from 'fastify'

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
