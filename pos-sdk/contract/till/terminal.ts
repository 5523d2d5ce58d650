/**
 * How a terminal becomes known and proves each request.
 *
 * 1. `POST /v1/terminals/enrol`, once: a code from the console and the public half of a device key (Ed25519), signed
 *    by that key. The answer names terminal and key.
 * 2. `POST /v1/terminals/hello`, signed by the device key: the answer holds a session key of a quarter of an hour. The engine
 *    derives it from its own secret, so that every process knows it without a table:
 *    `HKDF-SHA256(secret, salt = terminal, info = sessionInfo(…))`, 32 bytes.
 * 3. Every other request carries the headers of `sessionHeaders`; `premia-mac` is HMAC-SHA256 with the session key
 *    over `requestText`. One Ed25519 check costs as much as a whole route, a MAC a hundredth of it.
 *
 * `premia-time` is the terminal's best idea of the engine's time (its clock plus the skew learned at hello). The
 * engine takes it within `freshnessMs`; outside it answers `session_expired`, whose `Date` header corrects the skew.
 * Times outside do not make a sale invalid: a sale carries its own time.
 */
import { sha256Hex } from '@premia/rules'
import type { Instant, Uuid } from '../ids.ts'
import type { Sha256 } from './signature.ts'
import type { HelloRequest } from './terminal-schema.ts'

/** How far `premia-time` and a hello's `at` may be from the engine's clock. */
export const freshnessMs = 300_000

export const sessionHeaders = {
  terminal: 'premia-terminal',
  session: 'premia-session',
  time: 'premia-time',
  mac: 'premia-mac',
} as const

/** The engine's name of a device key: 32 hex digits of its hash. @example keyIdOf(publicKey).length // 32 */
export const keyIdOf = (publicKey: string, sha256: Sha256 = sha256Hex): string => sha256(publicKey).slice(0, 32)

/** What the new key signs when it is enrolled. */
export const enrolText = (code: string, publicKey: string): string => `premia-enrol-1\n${code}\n${publicKey}\n`

/** What the device key signs when it says hello. */
export const helloText = (hello: Pick<HelloRequest, 'terminal' | 'keyId' | 'at' | 'nonce'>): string =>
  `premia-hello-1\n${hello.terminal}\n${hello.keyId}\n${hello.at}\n${hello.nonce}\n`

/** HKDF info of a session key; the salt is the terminal's id, the input key the engine's secret. */
export const sessionInfo = (keyId: string, expiresAt: Instant): string => `premia-session-1\n${keyId}\n${expiresAt}\n`

/** `sessionKeyId` says all that the engine needs to derive the key again. @example sessionIdOf('ab', expiresAt) // 'ab.1763720100000' */
export const sessionIdOf = (keyId: string, expiresAt: Instant): string => `${keyId}.${Date.parse(expiresAt)}`

/** The inverse of `sessionIdOf`; `null` for what it did not make. */
export const parseSessionId = (id: string): { readonly keyId: string; readonly expiresAt: Instant } | null => {
  const match = /^([!-~]{1,64})\.([0-9]{1,14})$/.exec(id)
  if (match === null) return null
  const at = new Date(Number(match[2]))
  if (Number.isNaN(at.getTime())) return null
  return { keyId: match[1] as string, expiresAt: at.toISOString() as Instant }
}

export interface RequestSeal {
  readonly method: string
  /** Path with query, as sent: `/v1/sales`. */
  readonly path: string
  readonly terminal: Uuid
  readonly session: string
  /** Milliseconds since 1970, as text: the value of `premia-time`. */
  readonly time: string
  /** SHA-256 of the body's bytes in lower-case hex; of the empty body where there is none. */
  readonly bodyHash: string
}

/** What the MAC of a request covers; `premia-mac` is HMAC-SHA256 over its UTF-8 bytes, in base64url. */
export const requestText = ({ method, path, terminal, session, time, bodyHash }: RequestSeal): string =>
  `premia-request-1\n${method}\n${path}\n${terminal}\n${session}\n${time}\n${bodyHash}\n`
