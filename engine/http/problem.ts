import {
  type FieldError,
  problemDocument,
  problemMediaType,
  type RefusalCode,
  refusal,
} from '@premia/pos-sdk/contract/problems'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyServerOptions } from 'fastify'

/** Why a request is not served. The only place where a status code is written is the catalogue. */
export interface Problem {
  readonly code: RefusalCode
  readonly detail: string
  readonly errors?: readonly FieldError[]
  readonly retryAfterMs?: number
}

const DETAIL_MAX = 500

export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply => {
  const document = problemDocument(problem.code, problem.detail.slice(0, DETAIL_MAX), problem.errors ?? [])
  if (problem.retryAfterMs !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(problem.retryAfterMs / 1000)))
  return reply.code(document.status).type(problemMediaType).send(JSON.stringify(document))
}

/** What Fastify itself refuses, as a row of the catalogue. */
const codeOf = (error: FastifyError): RefusalCode => {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'body_too_large'
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'media_type_unsupported'
    default:
      return (error.statusCode ?? 500) < 500 ? 'malformed' : 'internal_error'
  }
}

/** What the router refuses before there is a route: an address that cannot be decoded, or with a part that is too long. */
export const refuseAddress: NonNullable<FastifyServerOptions['frameworkErrors']> = (error, _request, reply) => {
  const code = codeOf(error)
  sendProblem(reply, { code, detail: 'The address cannot be read' })
}

/** Errors and unknown addresses answer problem documents too; what went wrong inside is for the log, not for the caller. */
export const answerProblems = (app: FastifyInstance): void => {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = codeOf(error)
    if (code === 'internal_error') request.log.error({ err: error, url: request.routeOptions.url }, 'request failed')
    return sendProblem(reply, { code, detail: refusal(code)?.title ?? code })
  })
  app.setNotFoundHandler((request, reply) => {
    const known = METHODS.some(
      (method) => method !== request.method && app.hasRoute({ method, url: pathOf(request.url) }),
    )
    if (known) return sendProblem(reply, { code: 'method_not_allowed', detail: `${request.method} is not served here` })
    return sendProblem(reply, { code: 'not_found', detail: 'There is nothing at this address' })
  })
}

const METHODS = ['GET', 'POST'] as const
const pathOf = (url: string): string => url.split('?', 1)[0] as string
