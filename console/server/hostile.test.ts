import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import type { ListAnswer, RefCell } from '../kit/model/wire.ts'
import { operatorsOf } from '../kit/model/operators.ts'
import type { Field } from '../kit/model/section.ts'
import { sectionNames } from '../sections/index.ts'
import { type Harness, sendLogin, type Speaker, startHarness } from '../testing/harness.ts'
import { insert, makeWorld, memberId, programs, worldId, worldNowMs } from '../testing/world.ts'
import { loadSections } from './sections.ts'
import { sessionCookie } from './session.ts'

/** What somebody sends who is logged in and means no good, or whose browser was led astray. */
let testDatabase: TestDatabase
let harness: Harness
let operator: Speaker
let organizer: Speaker
let outlet: Speaker

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  await makeWorld(testDatabase)
  harness = await startHarness(testDatabase)
  operator = await harness.logIn('operator@test')
  organizer = await harness.logIn('organizer@test')
  outlet = await harness.logIn('outlet@test')
})
afterAll(async () => {
  await harness?.close()
  await testDatabase?.drop()
})

const refused = (status: number, what: string): void => {
  expect(status, what).toBeGreaterThanOrEqual(400)
  expect(status, what).toBeLessThan(500)
}

describe('values that a database chokes on are refused or find nothing, and are never a fault of the server', () => {
  const nasty: Readonly<Record<string, readonly unknown[]>> = {
    text: ['a\u0000b', '\ud800', "'; DROP TABLE x; --", '%', '\\', '\u202e'],
    dictionary: ['a\u0000b'],
    integer: [Number.MAX_SAFE_INTEGER, -1],
    points: [1e9, -1e9, 0.000001],
    money: ['999999999999999 PLN', '-999999999999999 PLN', '1 XXX'],
    instant: ['0001-01-01', '0000-01-01', '9999-12-31', '9999-12-31T23:59:59.999Z'],
    date: ['0001-01-01', '0000-01-01', '9999-12-31'],
  }
  const periods = [
    { last: 1000, unit: 'year' },
    { next: 1000, unit: 'year' },
    { last: 1000, unit: 'quarter' },
  ]

  test.each(sectionNames)('in a filter of %s', async (name) => {
    const fields = (await loadSections()).byName.get(name)?.source.section.fields ?? {}
    for (const [field, definition] of Object.entries<Field>(fields)) {
      for (const is of operatorsOf(definition)) {
        const values = is === 'within' ? periods : (nasty[definition.type] ?? [])
        for (const value of values) {
          const wanted = is === 'in' ? [value] : is === 'between' ? [value, value] : value
          const filter = encodeURIComponent(JSON.stringify({ field, is, value: wanted }))
          for (const path of ['rows', 'count']) {
            const { status } = await operator.get(`/api/sections/${name}/${path}?filter=${filter}`)
            expect(status, `${field} ${is} ${JSON.stringify(value)}`).toBeLessThan(500)
          }
        }
      }
    }
  })

  test('in the palette and in an address', async () => {
    for (const text of ['a%00b', '%ED%A0%80', '%27%3B--', '1%002']) {
      expect((await operator.get(`/api/find?text=${text}`)).status, text).toBe(200)
      expect((await operator.get(`/api/sections/sales/options/outlet?text=${text}`)).status, text).toBe(200)
    }
    for (const path of ['__proto__/rows', 'constructor/rows', 'sales/records/%00', 'sales/options/__proto__']) {
      refused((await operator.get(`/api/sections/${path}`)).status, path)
    }
    refused((await operator.get('/api/sections/sales/rows?limit=1e9')).status, 'limit')
  })

  test('in a login, a reason and an action', async () => {
    refused((await sendLogin(harness.app, { login: 'a\u0000b', password: 'x\u0000' })).status, 'login')
    const path = `/api/sections/programs/records/${programs[0].publicId}/actions`
    const body = { id: worldId('command', 77), reason: 'a\u0000bcd' }
    refused((await operator.post(`${path}/suspend`, body)).status, 'reason')
    refused((await operator.post(`${path}/constructor`, body)).status, 'action')
  })

  test('in the place a page goes on from', async () => {
    const { first } = (await (await operator.get('/api/sections/sales/rows?limit=1')).json()) as ListAnswer
    const [sort, , id, program] = JSON.parse(Buffer.from(first ?? '', 'base64url').toString()) as unknown[]
    for (const key of ['tomorrow', "2026'--", '', 'NaN', 'infinity', null, '2026-11-21 12:00:00+99']) {
      const after = Buffer.from(JSON.stringify([sort, [key], id, program])).toString('base64url')
      for (const path of [`rows?after=${after}`, `newer?first=${after}`]) {
        expect((await operator.get(`/api/sections/sales/${path}`)).status, `${path} ${key}`).toBeLessThan(500)
      }
    }
    const after = Buffer.from(JSON.stringify(['balance', ['1e99'], id, program])).toString('base64url')
    refused((await operator.get(`/api/sections/members/rows?sort=balance&after=${after}`)).status, 'balance')
  })
})

test('ids of another organizer tell nothing where a filter asks for their names', async () => {
  const labels = async (speaker: Speaker, field: string, ids: readonly string[]): Promise<readonly RefCell[]> => {
    const response = await speaker.get(`/api/sections/sales/options/${field}?ids=${ids.join(',')}`)
    expect(response.status).toBe(200)
    return (await response.json()) as readonly RefCell[]
  }
  // Program 3 belongs to another organizer of the same operator: row security alone would show its staff.
  for (const [field, kind] of [
    ['staff', 'staff'],
    ['terminal', 'terminal'],
    ['outlet', 'outlet'],
  ] as const) {
    const ids = [worldId(kind, 1), worldId(kind, 3), worldId(kind, 4)]
    expect((await labels(organizer, field, ids)).map((each) => each.id)).toEqual([ids[0]])
  }
  expect((await labels(organizer, 'member', [memberId(1, 1), memberId(3, 1)])).map((each) => each.id)).toEqual([
    memberId(1, 1),
  ])
})

test("an outlet's user is offered no member of the programs, whose place they do not own", async () => {
  const offered = await outlet.get('/api/sections/sales/options/member?text=')
  expect(await offered.json()).toEqual([])
  const asked = await outlet.get(`/api/sections/sales/options/member?ids=${memberId(1, 2)}`)
  expect(await asked.json()).toEqual([])
})

test('who may see no personal data reads neither who acted nor why, in no timeline', async () => {
  const analyst = await harness.logIn('analyst@test')
  const rows = [
    { section: 'programs', row_id: programs[0].publicId, command: 'program.suspend', changes: {} },
    { section: 'members', row_id: memberId(1, 1), command: 'card.block', changes: {} },
  ]
  await insert(
    testDatabase.admin,
    'loyalty.audit',
    rows.map((row, n) => ({
      ...row,
      program_id: 1,
      audit_id: worldId('audit', n),
      at: new Date(worldNowMs).toISOString(),
      actor_id: worldId('user', 1),
      actor_name: 'Jadwiga Poufna',
      reason: 'said Tomasz Poufny',
      input_hash: Buffer.alloc(32),
      result: {},
    })),
  )
  await testDatabase.admin`UPDATE directory.program SET state_reason = 'asked for by Anna Poufna' WHERE program_id = 1`
  for (const { section, row_id: id, command } of rows) {
    const seen = await (await organizer.get(`/api/sections/${section}/records/${id}`)).text()
    expect(seen).toMatch(/Jadwiga Poufna.*said Tomasz Poufny/)
    const hidden = await (await analyst.get(`/api/sections/${section}/records/${id}`)).text()
    expect(hidden).toContain(command)
    expect(hidden).not.toMatch(/Poufn/)
  }
})

test('a name that a spreadsheet would run is exported as a text, wherever it stands', async () => {
  await testDatabase.admin`UPDATE directory.program SET name = '=HYPERLINK("http://x")' WHERE program_id = 2`
  await testDatabase.admin`UPDATE directory.outlet SET name = '@SUM(1)' WHERE code = 'P1'`
  await testDatabase.admin`UPDATE people.person SET given_name = '+48', family_name = '-1' WHERE family_name = 'Tajna1'`
  for (const name of ['sales', 'members', 'programs']) {
    const text = await (await operator.get(`/api/sections/${name}/rows.csv?language=pl`)).text()
    for (const line of text.replace('\uFEFF', '').split('\r\n')) {
      for (const cell of line.split(';')) expect(cell, line).not.toMatch(/^"?\s*[=+@]/)
    }
  }
  await testDatabase.admin`UPDATE directory.program SET name = 'Program 2' WHERE program_id = 2`
})

test('a login answers with a token of its own, whatever cookie came along, and ends the session it replaces', async () => {
  const planted = 'A'.repeat(43)
  const login = await sendLogin(
    harness.app,
    { login: 'operator@test', password: 'a good long password' },
    { cookie: `${sessionCookie}=${planted}` },
  )
  expect(login.status).toBe(204)
  const given = login.headers.get('set-cookie') ?? ''
  expect(given).not.toContain(planted)
  const token = given.split(';')[0] ?? ''
  const again = await sendLogin(
    harness.app,
    { login: 'operator@test', password: 'a good long password' },
    { cookie: token },
  )
  expect(again.status).toBe(204)
  const old = await harness.app.request('http://localhost:4200/api/me', { headers: { cookie: token } })
  expect(old.status).toBe(401)
})

test('markup in names stays text: answers are JSON, never a page', async () => {
  await testDatabase.admin`UPDATE directory.outlet SET name = '<img src=x onerror=alert(1)>' WHERE code = 'P1'`
  for (const path of ['/api/sections/sales/rows', '/api/find?text=W1-1', `/api/me?language=<script>`]) {
    const response = await operator.get(path)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('no value of a request comes back as a header', async () => {
  const response = await operator.get(
    `/api/sections/sales/rows.csv?language=${encodeURIComponent('pl\r\nset-cookie: a=b')}&columns=number`,
  )
  expect(response.status).toBe(200)
  expect(response.headers.get('set-cookie')).toBeNull()
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="sales-${new Date(worldNowMs).toISOString().slice(0, 10)}.csv"`,
  )
})
