import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import { type Harness, password, sendLogin, site, startHarness } from '../testing/harness.ts'
import { makeWorld, programs, worldId, worldNowMs } from '../testing/world.ts'
import { createApp } from './app.ts'
import { hashPassword } from './password.ts'
import { removeDemoUsers } from './demo-users.ts'
import { loadSections } from './sections.ts'
import { idleMs, lifeMs } from './session.ts'

let test1: TestDatabase
let harness: Harness

beforeAll(async () => {
  test1 = await createTestDatabase()
  await makeWorld(test1)
  harness = await startHarness(test1)
})
afterAll(async () => {
  await harness?.close()
  await test1?.drop()
})

/** Each test stands in a quarter of an hour of its own, so that attempts do not count each other. */
const freshWindow = (): void => {
  harness.clock.nowMs += 60 * 60_000
}

test('the right password opens a session in a __Host- cookie that scripts cannot read', async () => {
  freshWindow()
  const response = await sendLogin(harness.app, { login: ' Operator@Test ', password })
  expect(response.status).toBe(204)
  expect(response.headers.get('set-cookie')).toMatch(
    /^__Host-premia=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  const [row] = await harness.database`SELECT outcome, user_id FROM console.login ORDER BY at DESC LIMIT 1`
  expect(row).toMatchObject({ outcome: 'in' })
})

test('the token itself is nowhere in the database', async () => {
  freshWindow()
  const response = await sendLogin(harness.app, { login: 'operator@test', password })
  const token = /__Host-premia=([\w-]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? ''
  const rows = await harness.database`SELECT encode(token_hash, 'escape') AS stored FROM console.session`
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain(token)
})

test('a wrong password and an unknown login get the same answer', async () => {
  freshWindow()
  const wrong = await sendLogin(harness.app, { login: 'operator@test', password: 'wrong' })
  const unknown = await sendLogin(harness.app, { login: 'nobody@test', password: 'wrong' })
  expect([wrong.status, unknown.status]).toEqual([401, 401])
  const parts = await Promise.all([wrong, unknown].map(async (each) => (await each.json()) as Record<string, unknown>))
  expect(parts.map(({ code, detail }) => [code, detail])).toEqual([
    ['unauthorized', 'The login or the password is wrong'],
    ['unauthorized', 'The login or the password is wrong'],
  ])
})

test('after five failures from one address the sixth is refused, the right password too, until the window is over', async () => {
  freshWindow()
  for (let n = 0; n < 5; n += 1) {
    expect((await sendLogin(harness.app, { login: 'analyst@test', password: `no ${n}` })).status).toBe(401)
  }
  const limited = await sendLogin(harness.app, { login: 'analyst@test', password })
  expect(limited.status).toBe(429)
  expect(Number(limited.headers.get('retry-after'))).toBe(900)
  freshWindow()
  expect((await sendLogin(harness.app, { login: 'analyst@test', password })).status).toBe(204)
})

test('attempts at the same moment count each other', async () => {
  freshWindow()
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => sendLogin(harness.app, { login: 'outlet@test', password: `no ${n}` })),
  )
  expect(answers.filter((each) => each.status === 401).length).toBeLessThanOrEqual(5)
})

test('one address that tries many logins is refused', async () => {
  freshWindow()
  let limited = 0
  for (let n = 0; n < 33; n += 1) {
    const response = await sendLogin(harness.app, { login: `guess${n}@test`, password: 'x' })
    if (response.status === 429) limited += 1
  }
  expect(limited).toBe(3)
})

test('over plain HTTP from elsewhere no password is looked at; behind a proxy with TLS it is', async () => {
  freshWindow()
  const host = 'console.example.com'
  const plain = await sendLogin(harness.app, { login: 'operator@test', password }, { host, origin: `http://${host}` })
  expect(plain.status).toBe(403)
  const secure = { host, origin: `https://${host}`, 'x-forwarded-proto': 'https' }
  expect((await sendLogin(harness.app, { login: 'operator@test', password }, secure)).status).toBe(204)
})

test('a login or a change from another site is refused', async () => {
  freshWindow()
  const foreign = { origin: 'http://evil.example' }
  expect((await sendLogin(harness.app, { login: 'operator@test', password }, foreign)).status).toBe(403)
  const speaker = await harness.logIn('operator@test')
  const path = `/api/sections/programs/records/${programs[0].publicId}/actions/suspend`
  const body = { id: worldId('csrf', 1), reason: 'a reason' }
  harness.asked.length = 0
  expect((await speaker.post(path, body, foreign)).status).toBe(403)
  expect((await speaker.post(path, body, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await speaker.post(path, body, { 'premia-csrf': '' })).status).toBe(403)
  expect((await speaker.post(path, body, { 'premia-csrf': 'x'.repeat(43) })).status).toBe(403)
  expect((await speaker.post(path, body, { 'content-type': 'text/plain' })).status).toBe(415)
  expect(harness.asked).toEqual([])
  expect((await speaker.post(path, body)).status).toBe(200)
})

test('the token against cross-site requests belongs to one session', async () => {
  freshWindow()
  const [first, second] = [await harness.logIn('operator@test'), await harness.logIn('operator@test')]
  expect(first.csrf).not.toBe(second.csrf)
  const path = `/api/sections/programs/records/${programs[0].publicId}/actions/suspend`
  const response = await first.post(
    path,
    { id: worldId('csrf', 2), reason: 'a reason' },
    { 'premia-csrf': second.csrf },
  )
  expect(response.status).toBe(403)
})

test('a session ends two hours after its last request and twelve after it began', async () => {
  freshWindow()
  const idle = await harness.logIn('operator@test')
  harness.clock.nowMs += idleMs - 1000
  expect((await idle.get('/api/me')).status).toBe(200)
  harness.clock.nowMs += idleMs + 61_000
  expect((await idle.get('/api/me')).status).toBe(401)
  const busy = await harness.logIn('operator@test')
  const began = harness.clock.nowMs
  while (harness.clock.nowMs < began + lifeMs - idleMs) {
    harness.clock.nowMs += idleMs / 2
    expect((await busy.get('/api/me')).status).toBe(200)
  }
  harness.clock.nowMs = began + lifeMs
  expect((await busy.get('/api/me')).status).toBe(401)
})

test('after logging out the cookie opens nothing', async () => {
  freshWindow()
  const speaker = await harness.logIn('operator@test')
  expect((await speaker.post('/api/logout', {})).status).toBe(204)
  expect((await speaker.get('/api/me')).status).toBe(401)
})

test('without a session nothing is answered, and a made-up cookie is none', async () => {
  for (const cookie of ['', '__Host-premia=', `__Host-premia=${'a'.repeat(43)}`]) {
    for (const path of ['/api/me', '/api/sections/sales/rows', '/api/find?text=anna', '/api/nothing']) {
      const response = await harness.app.request(site + path, { headers: { cookie } })
      expect(response.status, path).toBe(401)
    }
  }
})

test('a disabled user loses the session at once', async () => {
  freshWindow()
  const speaker = await harness.logIn('other@test')
  await harness.database`UPDATE console."user" SET disabled_at = ${new Date(worldNowMs).toISOString()} WHERE login = 'other@test'`
  expect((await speaker.get('/api/me')).status).toBe(401)
  await harness.database`UPDATE console."user" SET disabled_at = NULL WHERE login = 'other@test'`
})

test('demo users are refused where the server listens beyond loopback, and removed with their sessions', async () => {
  freshWindow()
  const hashed = await hashPassword('premia-demo')
  await harness.database`INSERT INTO console."user" (user_id, login, name, password_hash, role, operator_id, demo, created_at)
    VALUES (${worldId('demo', 1)}, 'operator@demo', 'Demo', ${hashed}, 'operator', ${worldId('operator', 1)}, true,
      ${new Date(worldNowMs).toISOString()})`
  expect((await sendLogin(harness.app, { login: 'operator@demo', password: 'premia-demo' })).status).toBe(401)
  const { database, clock } = harness
  const open = createApp({
    database,
    engine: {} as never,
    sections: await loadSections(),
    sessionKey: 'k',
    demo: true,
    nowMs: () => clock.nowMs,
    log: () => undefined,
  })
  const response = await sendLogin(open, { login: 'operator@demo', password: 'premia-demo' })
  expect(response.status).toBe(204)
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect((await open.request(`${site}/api/me`, { headers: { cookie } })).status).toBe(200)
  // The same session before a server that others can reach.
  expect((await harness.app.request(`${site}/api/me`, { headers: { cookie } })).status).toBe(401)
  await removeDemoUsers(database)
  const left = await database`SELECT 1 FROM console.session WHERE user_id = ${worldId('demo', 1)}`
  expect(left.length).toBe(0)
})

test('every answer carries a strict policy, and a problem its trace', async () => {
  const response = await harness.app.request(`${site}/api/me`)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  expect(response.headers.get('cache-control')).toBe('no-store')
  const problem = (await response.json()) as { instance: string }
  expect(problem.instance).toBe(`urn:uuid:${response.headers.get('premia-trace')}`)
})
