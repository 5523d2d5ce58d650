import { randomUUID } from 'node:crypto'
import { Problem } from '../kit/server/problem.ts'
import type { Database } from '../kit/server/transaction.ts'
import { checkPassword } from './password.ts'
import { createSession } from './session.ts'

/** Failures within the window: of one login from one address, of one address, of one login from everywhere. */
export const loginLimits = { windowMs: 15 * 60_000, together: 5, address: 30, login: 50 } as const
/** How long the audit of logins is kept. */
const keptDays = 365

export interface Attempt {
  readonly login: string
  readonly password: string
  readonly address: string
  readonly nowMs: number
  /** False where the server listens beyond loopback: a demo user does not exist there. */
  readonly demo: boolean
}

/** Answers the token of a new session, or ends in `unauthorized` or `rate_limited`. Each attempt leaves one audit row. */
export const logIn = async (database: Database, attempt: Attempt): Promise<string> => {
  const login = attempt.login.trim().toLowerCase().slice(0, 200)
  const loginId = randomUUID()
  const at = new Date(attempt.nowMs).toISOString()
  // The row is written before the password is looked at, so that attempts at the same moment count each other.
  await database`INSERT INTO console.login (login_id, at, login, address, outcome)
    VALUES (${loginId}, ${at}, ${login}, ${attempt.address}, 'tried')`
  const settle = async (outcome: 'refused' | 'limited' | 'in', userId: string | null): Promise<void> => {
    await database`UPDATE console.login SET outcome = ${outcome}, user_id = ${userId} WHERE login_id = ${loginId}`
  }
  if (await isLimited(database, login, attempt)) {
    await settle('limited', null)
    throw new Problem('rate_limited', 'Too many attempts to log in: wait a quarter of an hour', {
      retryAfterS: loginLimits.windowMs / 1000,
    })
  }
  const [user] = await database<{ userId: string; passwordHash: string }[]>`
    SELECT user_id AS "userId", password_hash AS "passwordHash" FROM console."user"
    WHERE login = ${login} AND disabled_at IS NULL AND (NOT demo OR ${attempt.demo})`
  if (!(await checkPassword(user?.passwordHash, attempt.password)) || user === undefined) {
    await settle('refused', null)
    throw new Problem('unauthorized', 'The login or the password is wrong')
  }
  await settle('in', user.userId)
  return await createSession(database, user.userId, attempt.nowMs)
}

const isLimited = async (database: Database, login: string, { address, nowMs }: Attempt): Promise<boolean> => {
  const since = new Date(nowMs - loginLimits.windowMs).toISOString()
  // A success forgives the failures before it, for the same login from the same address.
  const [row] = await database<{ together: number; address: number; login: number }[]>`
    SELECT count(*) FILTER (WHERE login = ${login} AND address = ${address} AND at > coalesce(
             (SELECT max(at) FROM console.login WHERE login = ${login} AND address = ${address} AND at > ${since}
                AND outcome = 'in'), ${since})) AS together,
           count(*) FILTER (WHERE address = ${address}) AS address,
           count(*) FILTER (WHERE login = ${login}) AS login
    FROM console.login
    WHERE (login = ${login} OR address = ${address}) AND at > ${since} AND outcome IN ('tried', 'refused', 'limited')`
  if (row === undefined) return false
  return row.together > loginLimits.together || row.address > loginLimits.address || row.login > loginLimits.login
}

export const recordLogout = async (
  database: Database,
  { userId, login, address, nowMs }: { userId: string; login: string; address: string; nowMs: number },
): Promise<void> => {
  await database`INSERT INTO console.login (login_id, at, login, address, outcome, user_id)
    VALUES (${randomUUID()}, ${new Date(nowMs).toISOString()}, ${login}, ${address}, 'out', ${userId})`
}

export const sweepLogins = async (database: Database, nowMs: number): Promise<void> => {
  await database`DELETE FROM console.login WHERE at < ${new Date(nowMs - keptDays * 86_400_000).toISOString()}`
}
