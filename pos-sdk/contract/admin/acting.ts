import type { Instant, Uuid } from '../ids.ts'

/**
 * Who acts, for whom, and where: claimed by the console, signed with its service key, checked again by the engine.
 * Travels as header `premia-acting: base64url(JSON) + '.' + base64url(HMAC-SHA-256)`, where the MAC covers
 * {@link actingText}. Lives one minute at the longest.
 */
export interface Acting {
  readonly actor: Uuid
  readonly name: string
  readonly operator: Uuid
  /** Absent: all organizers of the operator. */
  readonly organizer?: Uuid
  /** The programs the actor may touch; a command on another one answers `not_found`. */
  readonly programs: readonly Uuid[]
  /** Rights held, `section.action`; `*` for all. */
  readonly rights: readonly string[]
  readonly issuedAt: Instant
  readonly expiresAt: Instant
}

export const actingHeader = 'premia-acting'
export const actingLifeMaxMs = 60_000

/** The text the console signs: it binds the claims to one request. */
export const actingText = (claims: string, method: string, path: string, bodyHash: string): string =>
  `premia-acting-1\n${claims}\n${method}\n${path}\n${bodyHash}`
