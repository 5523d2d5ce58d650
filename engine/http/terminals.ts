import {
  checkSchema,
  type EnrolAnswer,
  type EnrolRequest,
  enrolSchema,
  type HelloAnswer,
  type HelloRequest,
  helloSchema,
  instantOf,
  isInstant,
  keyIdOf,
  type Uuid,
} from '@premia/pos-sdk/contract/till'
import type { FieldError } from '@premia/pos-sdk/contract/problems'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Sql } from '../db/pool.ts'
import { type EngineKeys, sha256 } from '../keys.ts'
import {
  type Authenticated,
  type Authenticator,
  authenticateAtDoor,
  strangerRefusal,
} from '../terminals/authenticate.ts'
import type { BundlePress } from '../terminals/bundle-press.ts'
import type { TerminalContacts } from '../terminals/contacts.ts'
import { enrolTerminal } from '../terminals/enrol.ts'
import type { HeardHellos } from '../terminals/heard-hellos.ts'
import { openSession } from '../terminals/hello.ts'
import { type Place, placeOf } from '../terminals/place.ts'
import { sendProblem } from './problem.ts'

export interface TerminalDoor extends Authenticator {
  readonly sql: Sql
  readonly keys: EngineKeys
  readonly nowMs: () => number
  readonly contacts: TerminalContacts
  readonly bundles: BundlePress
  readonly heard: HeardHellos
}

/** Enrolments and hellos are small; anything larger is no hello. */
const BODY_MAX = 16 * 1024

/** How a terminal becomes known, opens its session and gets what it needs to judge sales alone. */
export const terminalRoutes = (app: FastifyInstance, door: TerminalDoor): void => {
  app.post('/v1/terminals/enrol', { bodyLimit: BODY_MAX }, (request, reply) => enrol(request, reply, door))
  app.post('/v1/terminals/hello', { bodyLimit: BODY_MAX }, (request, reply) => hello(request, reply, door))
  app.get('/v1/bundle', (request, reply) => bundle(request, reply, door))
}

/** A till's request, proven, or the problem that was sent instead. */
export const provenTerminal = async (
  request: FastifyRequest,
  reply: FastifyReply,
  door: Authenticator & Pick<TerminalDoor, 'nowMs' | 'contacts'>,
): Promise<Extract<Authenticated, { ok: true }> | undefined> => {
  const { method, url, headers, rawBody } = request
  const proven = await authenticateAtDoor(door, { method, url, headers, body: rawBody }, door.nowMs())
  if (!proven.ok) {
    sendProblem(reply, { code: proven.code, detail: proven.detail })
    return undefined
  }
  door.contacts.note(proven.terminal.terminal, door.nowMs())
  return proven
}

/** Longer ones are read only for who names a session that may be: reading what strangers send keeps all tills waiting. */
const STRANGERS_BODY_MAX = 64 * 1024

/** For routes with long bodies, before the body is read. What is told of a short one comes in the catalogue's order. */
export const refuseStrangers =
  (door: Authenticator & Pick<TerminalDoor, 'nowMs'>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY)
    if (length <= STRANGERS_BODY_MAX) return
    const refused = await strangerRefusal(door, request.headers, door.nowMs())
    if (refused !== undefined) sendProblem(reply, { code: refused.code, detail: refused.detail })
  }

const malformed = (reply: FastifyReply, errors: readonly FieldError[]): boolean => {
  const first = errors[0]
  if (first === undefined) return false
  sendProblem(reply, { code: 'malformed', detail: `${first.path || 'the document'} ${first.message}`, errors })
  return true
}

type Told = Pick<HelloAnswer, 'outlet' | 'programs' | 'engineKeys' | 'serverTime'>

const told = ({ keys, nowMs }: TerminalDoor, place: Place): Told => ({
  ...place,
  engineKeys: [{ keyId: keyIdOf(keys.bundlePublicKey, sha256), publicKey: keys.bundlePublicKey }],
  serverTime: instantOf(nowMs()),
})

/** A terminal without an outlet has nothing to do here. */
const placeFor = async (reply: FastifyReply, door: TerminalDoor, terminal: Uuid): Promise<Place | undefined> => {
  const place = await placeOf(door.sql, terminal, door.nowMs())
  if (place === undefined) sendProblem(reply, { code: 'terminal_unknown', detail: 'This terminal stands at no outlet' })
  return place
}

const enrol = async (request: FastifyRequest, reply: FastifyReply, door: TerminalDoor): Promise<FastifyReply> => {
  if (malformed(reply, checkSchema(enrolSchema, request.body))) return reply
  const enrolled = await enrolTerminal(door.sql, request.body as EnrolRequest, door.nowMs())
  if (!enrolled.ok) return sendProblem(reply, { code: enrolled.code, detail: enrolled.detail })
  await door.register.refresh()
  const place = await placeFor(reply, door, enrolled.terminal)
  if (place === undefined) return reply
  const answer: EnrolAnswer = { terminal: enrolled.terminal, keyId: enrolled.keyId, ...told(door, place) }
  return reply.send(answer)
}

/** The shape of an instant admits 30 February, which is no time that anything could be compared with. */
const timeErrors = ({ at, queue }: HelloRequest): readonly FieldError[] =>
  [
    { path: '/at', text: at },
    { path: '/queue/oldestAt', text: queue.oldestAt },
  ].flatMap(({ path, text }) => (text === undefined || isInstant(text) ? [] : [{ path, message: 'is not an instant' }]))

const hello = async (request: FastifyRequest, reply: FastifyReply, door: TerminalDoor): Promise<FastifyReply> => {
  if (malformed(reply, checkSchema(helloSchema, request.body))) return reply
  const said = request.body as HelloRequest
  if (malformed(reply, timeErrors(said))) return reply
  const session = await openSession(door, door.sql, said, door.nowMs())
  if (!session.ok) return sendProblem(reply, { code: session.code, detail: session.detail })
  const place = await placeFor(reply, door, said.terminal)
  if (place === undefined) return reply
  // Without a bundle a till judges nothing offline; without a session it sends nothing at all.
  const printed = await door.bundles.bundleFor(said.terminal, door.nowMs()).catch((error: unknown) => {
    request.log.error({ err: error, terminal: said.terminal }, 'the bundle could not be made')
    return undefined
  })
  const { sessionKeyId, sessionKey, expiresAt } = session
  const answer: HelloAnswer = {
    sessionKeyId,
    sessionKey,
    expiresAt,
    ...told(door, place),
    ...(printed === undefined ? {} : { bundle: printed.hash }),
  }
  return reply.send(answer)
}

const bundle = async (request: FastifyRequest, reply: FastifyReply, door: TerminalDoor): Promise<FastifyReply> => {
  const proven = await provenTerminal(request, reply, door)
  if (proven === undefined) return reply
  const printed = await door.bundles.bundleFor(proven.terminal.terminal, door.nowMs())
  if (printed === undefined) return sendProblem(reply, { code: 'not_found', detail: 'No program runs at this outlet' })
  const tag = `"${printed.hash}"`
  reply.header('etag', tag).header('cache-control', 'private, no-cache')
  if (request.headers['if-none-match'] === tag) return reply.code(304).send()
  return reply.send(printed.signed)
}
