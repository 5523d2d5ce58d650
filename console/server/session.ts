import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Database } from '../kit/server/transaction.ts'
import type { Language, Role } from '../kit/model/wire.ts'

/** A session ends two hours after its last request, and twelve hours after it began. */
export const idleMs = 2 * 3_600_000
export const lifeMs = 12 * 3_600_000
/** `seen_at` is written this often at most. */
const seenEveryMs = 60_000

/** Over plain HTTP browsers keep such a cookie for localhost only, which is what we want. */
export const sessionCookie = '__Host-premia'

export interface User {
  readonly userId: string
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly operatorId: string
  readonly organizerIds: readonly string[] | null
  readonly outletId: string | null
  readonly language: Language
  readonly zone: string
  readonly demo: boolean
}

export interface Session {
  readonly user: User
  readonly tokenHash: Buffer
  /** Programs the user may ever see; their scope is a part of it. */
  readonly programs: readonly { readonly programId: number; readonly organizerId: string }[]
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

export const createSession = async (database: Database, userId: string, nowMs: number): Promise<string> => {
  const token = randomBytes(32).toString('base64url')
  const at = new Date(nowMs).toISOString()
  await database`INSERT INTO console.session (token_hash, user_id, created_at, seen_at, expires_at)
    VALUES (${hashOf(token)}, ${userId}, ${at}, ${at}, ${new Date(nowMs + lifeMs).toISOString()})`
  return token
}

interface SessionRow extends Omit<User, 'organizerIds'> {
  readonly organizerIds: readonly string[] | null
  readonly seenAt: string
  readonly programIds: readonly number[] | null
  readonly programOrganizers: readonly string[] | null
}

export const findSession = async (database: Database, token: string, nowMs: number): Promise<Session | undefined> => {
  const tokenHash = hashOf(token)
  const now = new Date(nowMs).toISOString()
  const [row] = await database<SessionRow[]>`
    SELECT u.user_id AS "userId", u.login, u.name, u.role, u.operator_id AS "operatorId",
           u.organizer_ids AS "organizerIds", u.outlet_id AS "outletId", u.language, u.zone, u.demo,
           s.seen_at AS "seenAt", p.ids AS "programIds", p.organizers AS "programOrganizers"
    FROM console.session s JOIN console."user" u ON u.user_id = s.user_id AND u.disabled_at IS NULL
    CROSS JOIN LATERAL (SELECT array_agg(program_id) AS ids, array_agg(organizer_id) AS organizers
      FROM console.programs_of(u.operator_id, u.outlet_id)
      WHERE u.organizer_ids IS NULL OR organizer_id = ANY (u.organizer_ids)) p
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > ${now}
      AND s.seen_at > ${new Date(nowMs - idleMs).toISOString()}`
  if (row === undefined) return undefined
  if (nowMs - Date.parse(row.seenAt) > seenEveryMs) {
    await database`UPDATE console.session SET seen_at = ${now} WHERE token_hash = ${tokenHash}`
  }
  const { seenAt: _seen, programIds, programOrganizers, ...user } = row
  const programs = (programIds ?? []).map((programId, index) => ({
    programId: Number(programId),
    organizerId: programOrganizers?.[index] ?? '',
  }))
  return { user, tokenHash, programs }
}

export const endSession = async (database: Database, tokenHash: Buffer): Promise<void> => {
  await database`DELETE FROM console.session WHERE token_hash = ${tokenHash}`
}

/** Removes what is over, at start and once an hour. */
export const sweepSessions = async (database: Database, nowMs: number): Promise<void> => {
  const now = new Date(nowMs).toISOString()
  await database`DELETE FROM console.session
    WHERE expires_at <= ${now} OR seen_at <= ${new Date(nowMs - idleMs).toISOString()}`
}

/** What a page must send with every change: bound to the session, known to no other site. */
export const csrfToken = (sessionKey: string, tokenHash: Buffer): string =>
  createHmac('sha256', sessionKey).update('csrf').update(tokenHash).digest('base64url')

export const fitsCsrf = (expected: string, given: string | undefined): boolean => {
  const left = Buffer.from(expected)
  const right = Buffer.from(given ?? '')
  return left.length === right.length && timingSafeEqual(left, right)
}
