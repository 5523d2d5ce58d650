import { instantOf, type Uuid, uuid } from '../ids.ts'
import type { FieldError, ProblemDocument, RefusalCode } from '../problems.ts'
import { type Acting, actingHeader, actingLifeMaxMs, actingText } from './acting.ts'
import type { CommandAnswer, CommandName, Commands, Queries, QueryName } from './commands.ts'

/** Who acts, without the instants that the client adds to each request. */
export type Actor = Omit<Acting, 'issuedAt' | 'expiresAt'>

export interface AdminRequest {
  readonly method: 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface AdminResponse {
  readonly status: number
  readonly body: string
}

export interface AdminClientOptions {
  /** Sends one request: `fetch` to the engine's address, or `app.inject` in tests. */
  readonly send: (request: AdminRequest) => Promise<AdminResponse>
  /** The console's service key, as text. */
  readonly key: string
  readonly nowMs?: () => number
}

export interface CommandDetails {
  /** Made once by whoever gives the command; a random one where absent, which no retry can repeat. */
  readonly id?: Uuid
  readonly program?: Uuid
  readonly reason?: string
  readonly version?: number
}

export interface AdminClient {
  command<N extends CommandName>(
    actor: Actor,
    name: N,
    input: Commands[N]['input'],
    details?: CommandDetails,
  ): Promise<CommandAnswer<N>>
  query<N extends QueryName>(actor: Actor, name: N, input: Queries[N]['input']): Promise<Queries[N]['result']>
}

/** The engine said no. */
export class AdminRefusal extends Error {
  readonly code: RefusalCode
  readonly status: number
  readonly errors: readonly FieldError[]
  constructor(problem: ProblemDocument) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = 'AdminRefusal'
    this.code = problem.code
    this.status = problem.status
    this.errors = problem.errors
  }
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>

const base64url = (bytes: Uint8Array): string => {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** The request with its acting header. Pure but for the clock that is passed in. */
export const actingRequest = async (key: string, acting: Acting, path: string, body: string): Promise<AdminRequest> => {
  const claims = base64url(utf8(JSON.stringify(acting)))
  const bodyHash = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(body))))
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', utf8(key), hmac, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', imported, utf8(actingText(claims, 'POST', path, bodyHash)))
  return {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      [actingHeader]: `${claims}.${base64url(new Uint8Array(mac))}`,
    },
    body,
  }
}

/** Signs and sends commands and questions: what console, demo, replay and tests have in common. */
export const adminClient = ({ send, key, nowMs = Date.now }: AdminClientOptions): AdminClient => {
  const post = async (actor: Actor, path: string, body: object): Promise<unknown> => {
    const at = nowMs()
    const acting: Acting = { ...actor, issuedAt: instantOf(at), expiresAt: instantOf(at + actingLifeMaxMs) }
    const response = await send(await actingRequest(key, acting, path, JSON.stringify(body)))
    let parsed: unknown
    try {
      parsed = JSON.parse(response.body)
    } catch {
      throw new Error(`the engine answered ${response.status} without JSON`)
    }
    if (response.status !== 200) throw new AdminRefusal(parsed as ProblemDocument)
    return parsed
  }
  return {
    command: async (actor, name, input, details = {}) =>
      (await post(actor, `/admin/v1/commands/${name}`, {
        ...details,
        id: details.id ?? uuid(crypto.randomUUID()),
        input,
      })) as CommandAnswer<typeof name>,
    query: async (actor, name, input) =>
      (await post(actor, `/admin/v1/queries/${name}`, { input })) as Queries[typeof name]['result'],
  }
}

/** How `adminClient` sends over HTTP. Gives up after `timeoutMs`, so that nobody waits for ever. */
export const sendTo =
  (baseUrl: string, timeoutMs = 30_000) =>
  async (request: AdminRequest): Promise<AdminResponse> => {
    const response = await fetch(new URL(request.path, baseUrl), {
      method: request.method,
      headers: request.headers,
      body: request.body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.status, body: await response.text() }
  }
