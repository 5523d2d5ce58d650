import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import {
  type Acting,
  actingHeader,
  actingLifeMaxMs,
  actingSchema,
  actingText,
  checkSchema,
} from '@premia/pos-sdk/contract/admin'
import type { FastifyRequest } from 'fastify'

/** Two machines' clocks may differ by so much; the life of a header stays what it is. */
const CLOCK_TOLERANCE_MS = 5_000

/**
 * Who acts, or why nobody believes it. The MAC is looked at first, so that nothing is learned from a forged header but that
 * it is forged.
 */
export const provenActing = (
  request: FastifyRequest,
  consoleKey: string,
  nowMs: number,
): { readonly acting: Acting } | { readonly reason: string } => {
  const header = request.headers[actingHeader]
  if (typeof header !== 'string') return { reason: `The header ${actingHeader} is missing` }
  const [claims, mac, ...rest] = header.split('.')
  if (claims === undefined || mac === undefined || rest.length > 0)
    return { reason: `The header ${actingHeader} is damaged` }
  const bodyHash = createHash('sha256')
    .update(request.rawBody ?? '')
    .digest('hex')
  const expected = createHmac('sha256', consoleKey)
    .update(actingText(claims, request.method, request.url, bodyHash))
    .digest()
  const told = Buffer.from(mac, 'base64url')
  if (told.length !== expected.length || !timingSafeEqual(told, expected)) {
    return { reason: `The seal of ${actingHeader} does not fit this request` }
  }
  return readClaims(claims, nowMs)
}

const readClaims = (claims: string, nowMs: number): { readonly acting: Acting } | { readonly reason: string } => {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
  } catch {
    return { reason: `The claims of ${actingHeader} are no JSON` }
  }
  const wrong = checkSchema(actingSchema, value)[0]
  if (wrong !== undefined) return { reason: `The claims of ${actingHeader}: ${wrong.path} ${wrong.message}` }
  const acting = value as Acting
  const issuedAt = Date.parse(acting.issuedAt)
  const expiresAt = Date.parse(acting.expiresAt)
  if (!(expiresAt - issuedAt <= actingLifeMaxMs) || issuedAt > nowMs + CLOCK_TOLERANCE_MS) {
    return { reason: `${actingHeader} lives one minute at the longest` }
  }
  if (!(nowMs < expiresAt)) return { reason: `${actingHeader} has expired` }
  return { acting }
}
