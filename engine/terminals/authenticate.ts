import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import {
  freshnessMs,
  type Instant,
  parseSessionId,
  requestText,
  sessionHeaders,
  sessionInfo,
  type Uuid,
} from '@premia/pos-sdk/contract/till'
import type { RefusalCode } from '@premia/pos-sdk/contract/problems'
import type { RegisteredTerminal, TerminalRegister } from './register.ts'

export interface SealedRequest {
  readonly method: string
  /** Path with query, as it came. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer | null
}

interface Refused {
  readonly ok: false
  readonly code: RefusalCode
  readonly detail: string
}

export type Authenticated =
  | { readonly ok: true; readonly terminal: RegisteredTerminal; readonly keyId: string }
  | Refused

/** A session lives so long; then the terminal says hello again. */
export const sessionLifeMs = 15 * 60_000
const KEYS_MAX = 20_000
const KEY_BYTES = 32

/** Session keys are derived, so every process knows them; those in use are kept, as deriving costs as much as a MAC. */
export class SessionKeys {
  readonly #secret: Buffer
  readonly #known = new Map<string, Buffer>()

  constructor(secret: Buffer) {
    this.#secret = secret
  }

  of(terminal: Uuid, keyId: string, expiresAt: Instant): Buffer {
    const name = `${terminal} ${keyId} ${expiresAt}`
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const info = sessionInfo(keyId, expiresAt)
    const key = Buffer.from(hkdfSync('sha256', this.#secret, terminal, info, KEY_BYTES))
    // Sessions are short: starting again from nothing is rare and costs one derivation a terminal.
    if (this.#known.size >= KEYS_MAX) this.#known.clear()
    this.#known.set(name, key)
    return key
  }
}

export interface Authenticator {
  readonly register: TerminalRegister
  readonly sessions: SessionKeys
}

const no = (code: RefusalCode, detail: string): Refused => ({ ok: false, code, detail })

/** What a terminal's state allows, in the order of the catalogue; `undefined`: it may go on. */
export const stateRefusal = (terminal: RegisteredTerminal | undefined): Refused | undefined => {
  if (terminal === undefined || terminal.state === 'new') return no('terminal_unknown', 'This terminal is not enrolled')
  if (terminal.state === 'revoked') return no('terminal_revoked', 'This terminal has been revoked')
  if (terminal.state === 'quarantined') return no('terminal_quarantined', 'This terminal waits for an inspection')
  return undefined
}

type Headers = SealedRequest['headers']

const headerOf = (headers: Headers, name: keyof typeof sessionHeaders): string => {
  const value = headers[sessionHeaders[name]]
  return typeof value === 'string' ? value : ''
}

/** Who a request says it comes from, proven by nothing yet. */
interface Claim {
  readonly ok: true
  readonly terminal: RegisteredTerminal
  readonly keyId: string
  readonly expiresAt: Instant
}

const readClaim = (register: TerminalRegister, headers: Headers, nowMs: number): Claim | Refused => {
  const terminal = register.find(headerOf(headers, 'terminal') as Uuid)
  const refused = stateRefusal(terminal)
  if (refused !== undefined || terminal === undefined) return refused ?? no('terminal_unknown', '')
  const parsed = parseSessionId(headerOf(headers, 'session'))
  const time = headerOf(headers, 'time')
  if (parsed === null) return no('session_expired', 'This request names no session')
  const key = terminal.keys.get(parsed.keyId)
  if (key === undefined || key.retired) return no('terminal_revoked', 'The key of this session is not in use')
  if (Date.parse(parsed.expiresAt) <= nowMs) return no('session_expired', 'The session has ended')
  if (!/^[0-9]{1,15}$/.test(time) || Math.abs(Number(time) - nowMs) > freshnessMs) {
    return no('session_expired', `${sessionHeaders.time} is too far from the engine's time`)
  }
  return { ok: true, terminal, keyId: key.keyId, expiresAt: parsed.expiresAt }
}

/** Whether a request comes from the terminal it names: one hash of the body and one MAC, no database. */
export const authenticateTerminal = (
  { register, sessions }: Authenticator,
  request: SealedRequest,
  nowMs: number,
): Authenticated => {
  const claim = readClaim(register, request.headers, nowMs)
  if (!claim.ok) return claim
  const { terminal, keyId, expiresAt } = claim
  const [session, time] = [headerOf(request.headers, 'session'), headerOf(request.headers, 'time')]
  const bodyHash = createHash('sha256')
    .update(request.body ?? '')
    .digest('hex')
  const seal = { method: request.method, path: request.url, terminal: terminal.terminal, session, time, bodyHash }
  const expected = createHmac('sha256', sessions.of(terminal.terminal, keyId, expiresAt))
    .update(requestText(seal))
    .digest()
  const told = Buffer.from(headerOf(request.headers, 'mac'), 'base64url')
  if (told.length !== expected.length || !timingSafeEqual(told, expected)) {
    return no('mac_invalid', 'The seal does not fit this request')
  }
  return { ok: true, terminal, keyId }
}

/** Why a body is not even read; `undefined` where the request names a session that may be. */
export const strangerRefusal = async (
  { register }: Pick<Authenticator, 'register'>,
  headers: Headers,
  nowMs: number,
): Promise<Refused | undefined> => {
  const first = readClaim(register, headers, nowMs)
  if (first.ok) return undefined
  if (first.code !== 'terminal_unknown' && first.code !== 'terminal_revoked') return first
  await register.refresh()
  const second = readClaim(register, headers, nowMs)
  return second.ok ? undefined : second
}

/**
 * The same for a request at the door: who is not known here may have become known elsewhere a moment ago, which is looked
 * up once before it is turned away.
 */
export const authenticateAtDoor = async (
  authenticator: Authenticator,
  request: SealedRequest,
  nowMs: number,
): Promise<Authenticated> => {
  const first = authenticateTerminal(authenticator, request, nowMs)
  if (first.ok || (first.code !== 'terminal_unknown' && first.code !== 'terminal_revoked')) return first
  await authenticator.register.refresh()
  return authenticateTerminal(authenticator, request, nowMs)
}

/** Whether a terminal follows another one: at once, or as the last of several replacements. */
export const follows = (register: TerminalRegister, heir: RegisteredTerminal, old: Uuid): boolean => {
  // A set goes on over what is added while it is read, and takes nothing twice.
  const replaced = new Set(heir.replaces)
  for (const each of replaced) {
    if (each === old) return true
    for (const older of register.find(each)?.replaces ?? []) replaced.add(older)
  }
  return false
}

/**
 * Whether a terminal may bring a document that a key signed: its own, or the queue of one that it replaces; never from
 * the sequence on at which the key was revoked. An unknown key is found by the check of signatures after the sale.
 */
export const documentRefusal = (
  { register }: Pick<Authenticator, 'register'>,
  sender: RegisteredTerminal,
  document: { readonly terminal: Uuid; readonly keyId: string; readonly sequence: number },
): { readonly code: RefusalCode; readonly detail: string } | undefined => {
  const own = document.terminal === sender.terminal
  if (!own && !follows(register, sender, document.terminal)) {
    return { code: 'not_permitted', detail: 'The document names another terminal' }
  }
  const from = register.find(document.terminal)?.keys.get(document.keyId)?.revokedFromSequence ?? null
  if (from === null || document.sequence < from) return undefined
  return { code: 'terminal_revoked', detail: `The key of this document is revoked from sequence ${from} on` }
}
