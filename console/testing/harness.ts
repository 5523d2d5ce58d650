import { randomUUID } from 'node:crypto'
import type { AdminClient, AdminRequest } from '@premia/pos-sdk/contract/admin'
import { adminClient } from '@premia/pos-sdk/contract/admin'
import type { Hono } from 'hono'
import type { TestDatabase } from '../../engine/testing/database.ts'
import type { Role } from '../kit/model/wire.ts'
import type { Database } from '../kit/server/transaction.ts'
import { createApp } from '../server/app.ts'
import type { Env, Parts } from '../server/context.ts'
import { openDatabase } from '../server/database.ts'
import { hashPassword } from '../server/password.ts'
import { loadSections } from '../server/sections.ts'
import { sessionCookie } from '../server/session.ts'
import { operators, organizers, outletOf, worldNowMs } from './world.ts'

/** The console's server over a test database, without listening; its clock is the test's. */
export interface Harness {
  readonly app: Hono<Env>
  readonly database: Database
  readonly clock: { nowMs: number }
  /** What the engine was asked: the console's own signed requests. */
  readonly asked: AdminRequest[]
  /** Logs a user in and answers how to speak as them. */
  readonly logIn: (login: string) => Promise<Speaker>
  readonly close: () => Promise<void>
}

export interface Speaker {
  readonly get: (path: string) => Promise<Response>
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>
  readonly put: (path: string, body: unknown) => Promise<Response>
  readonly delete: (path: string) => Promise<Response>
  readonly cookie: string
  readonly csrf: string
}

export const site = 'http://localhost:4200'
export const password = 'a good long password'

export const users: Readonly<
  Record<string, { role: Role; operator: string; organizers: string[] | null; outlet?: string }>
> = {
  'operator@test': { role: 'operator', operator: operators.first, organizers: null },
  'organizer@test': { role: 'organizer', operator: operators.first, organizers: [organizers.a] },
  'other@test': { role: 'organizer', operator: operators.second, organizers: [organizers.c] },
  'analyst@test': { role: 'analyst', operator: operators.first, organizers: [organizers.a] },
  'outlet@test': { role: 'outlet', operator: operators.first, organizers: null, outlet: outletOf(1) },
}

/** An engine that answers what it is told: the real one stands in the browser test. */
const fakeEngine = (asked: AdminRequest[], nowMs: () => number): AdminClient =>
  adminClient({
    key: 'test',
    nowMs,
    send: async (request) => {
      asked.push(request)
      const { id } = JSON.parse(request.body) as { id?: string }
      const body = request.path.includes('/queries/') ? { cards: [] } : { id, status: 'done', result: {} }
      return { status: 200, body: JSON.stringify(body) }
    },
  })

export const startHarness = async (test: TestDatabase, more: Partial<Parts> = {}): Promise<Harness> => {
  const database = openDatabase(test.url('premia_console'))
  const clock = { nowMs: worldNowMs }
  const asked: AdminRequest[] = []
  const parts: Parts = {
    database,
    engine: fakeEngine(asked, () => clock.nowMs),
    sections: await loadSections(),
    sessionKey: 'k'.repeat(43),
    demo: false,
    nowMs: () => clock.nowMs,
    log: (entry) => (entry['level'] === 'error' ? console.error(entry) : undefined),
    ...more,
  }
  const app = createApp(parts)
  await makeUsers(database)
  return { app, database, clock, asked, logIn: (login) => logIn(app, login), close: () => database.end({ timeout: 5 }) }
}

const makeUsers = async (database: Database): Promise<void> => {
  const passwordHash = await hashPassword(password)
  for (const [login, user] of Object.entries(users)) {
    await database`INSERT INTO console."user" (user_id, login, name, password_hash, role, operator_id, organizer_ids,
        outlet_id, created_at)
      VALUES (${randomUUID()}, ${login}, ${login}, ${passwordHash}, ${user.role}, ${user.operator},
        ${user.organizers}::uuid[], ${user.outlet ?? null}, ${new Date(worldNowMs).toISOString()})
      ON CONFLICT (login) DO NOTHING`
  }
}

export const sendLogin = async (
  app: Hono<Env>,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  await app.request(`${site}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: site, host: new URL(site).host, ...headers },
    body: JSON.stringify(body),
  })

const logIn = async (app: Hono<Env>, login: string): Promise<Speaker> => {
  const response = await sendLogin(app, { login, password })
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
  if (!cookie.startsWith(`${sessionCookie}=`)) throw new Error(`${login} was not let in: ${await response.text()}`)
  const host = new URL(site).host
  const get = async (path: string): Promise<Response> => await app.request(site + path, { headers: { cookie, host } })
  const { csrf } = (await (await get('/api/me')).json()) as { csrf: string }
  const change =
    (method: string) =>
    async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
      await app.request(site + path, {
        method,
        headers: { cookie, host, origin: site, 'content-type': 'application/json', 'premia-csrf': csrf, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
  return { get, post: change('POST'), put: change('PUT'), delete: change('DELETE'), cookie, csrf }
}
