import { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { Problem } from '../kit/server/problem.ts'
import { addressOf, bodyOf, type Env, isSecure, type Parts, textOf } from './context.ts'
import { logIn, recordLogout } from './login.ts'
import { endSession, findSession, lifeMs, sessionCookie } from './session.ts'

const cookie = { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const

/** The only routes without a session. */
export const loginRoutes = (parts: Parts): Hono<Env> => {
  const { database, nowMs, demo } = parts
  const routes = new Hono<Env>()
  routes.post('/login', async (c) => {
    if (!isSecure(c)) {
      throw new Problem('not_permitted', 'Passwords travel over HTTPS only: open this console by its https address')
    }
    const body = await bodyOf(c)
    const login = textOf(body, 'login', [1, 200])
    const password = textOf(body, 'password', [1, 200])
    const token = await logIn(database, { login, password, address: addressOf(c), nowMs: nowMs(), demo })
    // Whoever logs in over a session ends it: nobody keeps a key that was handed on.
    const replaced = await findSession(database, getCookie(c, sessionCookie) ?? '', nowMs())
    if (replaced !== undefined) await endSession(database, replaced.tokenHash)
    setCookie(c, sessionCookie, token, { ...cookie, maxAge: lifeMs / 1000 })
    return c.body(null, 204)
  })
  // Without the token of the session too: a person whose session is over must be able to leave.
  routes.post('/logout', async (c) => {
    const session = await findSession(database, getCookie(c, sessionCookie) ?? '', nowMs())
    if (session !== undefined) {
      const { userId, login } = session.user
      await endSession(database, session.tokenHash)
      await recordLogout(database, { userId, login, address: addressOf(c), nowMs: nowMs() })
    }
    deleteCookie(c, sessionCookie, cookie)
    return c.body(null, 204)
  })
  return routes
}
