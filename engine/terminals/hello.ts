import { verify } from 'node:crypto'
import {
  freshnessMs,
  type HelloRequest,
  helloText,
  type Instant,
  instantOf,
  sessionIdOf,
} from '@premia/pos-sdk/contract/till'
import type { RefusalCode } from '@premia/pos-sdk/contract/problems'
import type { Sql } from '../db/pool.ts'
import { type Authenticator, sessionLifeMs, stateRefusal } from './authenticate.ts'
import { softwareText } from './enrol.ts'
import type { HeardHellos } from './heard-hellos.ts'
import { publicKeyOf } from './register.ts'

export type Session =
  | { readonly ok: true; readonly sessionKeyId: string; readonly sessionKey: string; readonly expiresAt: Instant }
  | { readonly ok: false; readonly code: RefusalCode; readonly detail: string }

/** Opens a session for a terminal that proves its device key. Nothing is kept of it but what the terminal tells of itself. */
export const openSession = async (
  authenticator: Authenticator & { readonly heard: HeardHellos },
  sql: Sql,
  hello: HelloRequest,
  nowMs: number,
): Promise<Session> => {
  // It may have been enrolled elsewhere a moment ago.
  if (authenticator.register.find(hello.terminal)?.keys.has(hello.keyId) !== true)
    await authenticator.register.refresh()
  const terminal = authenticator.register.find(hello.terminal)
  const refused = stateRefusal(terminal)
  if (refused !== undefined) return refused
  const key = terminal?.keys.get(hello.keyId)
  if (key === undefined) return { ok: false, code: 'terminal_unknown', detail: 'This key is not enrolled' }
  if (key.retired) return { ok: false, code: 'terminal_revoked', detail: 'This key is not in use any more' }
  // So that what is no time is not near either.
  if (!(Math.abs(Date.parse(hello.at) - nowMs) <= freshnessMs)) {
    return { ok: false, code: 'session_expired', detail: "The terminal's clock is too far from the engine's" }
  }
  const text = Buffer.from(helloText(hello))
  if (!verify(null, text, publicKeyOf(key.publicKey), Buffer.from(hello.signature, 'base64url'))) {
    return { ok: false, code: 'mac_invalid', detail: 'The signature is not that of the key' }
  }
  if (!authenticator.heard.isNew(text.toString(), nowMs)) {
    return { ok: false, code: 'session_expired', detail: 'This hello has been said before' }
  }
  await keepReport(sql, hello, nowMs)
  const expiresAt = instantOf(nowMs + sessionLifeMs)
  return {
    ok: true,
    sessionKeyId: sessionIdOf(hello.keyId, expiresAt),
    sessionKey: authenticator.sessions.of(hello.terminal, hello.keyId, expiresAt).toString('base64url'),
    expiresAt,
  }
}

const keepReport = async (sql: Sql, { terminal, software, queue }: HelloRequest, nowMs: number): Promise<void> => {
  await sql`
    UPDATE directory.terminal SET software = ${softwareText(software)}, queue_length = ${queue.length},
      queue_parked = ${queue.parked}, queue_oldest_at = ${queue.oldestAt ?? null}, last_contact_at = ${new Date(nowMs)}
    WHERE terminal_id = ${terminal}`
}
