import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import { sectionNames } from '../sections/index.ts'
import { type Harness, type Speaker, startHarness } from '../testing/harness.ts'
import { cardId, makeWorld, memberId, outletOf, programs, saleId, worldId } from '../testing/world.ts'

/** Programs 1 and 2 are the organizer's; 3 belongs to another one of the same operator, 4 to another operator. */
const foreign = [3, 4] as const

let database: TestDatabase
let harness: Harness
let organizer: Speaker

beforeAll(async () => {
  database = await createTestDatabase()
  await makeWorld(database)
  harness = await startHarness(database)
  organizer = await harness.logIn('organizer@test')
})
afterAll(async () => {
  await harness?.close()
  await database?.drop()
})

interface Probe {
  readonly path: string
  /** 404, or an answer in which nothing of the other organizer stands. */
  readonly expected: 404 | 'nothing'
}

const recordOf = (section: string, n: number): string =>
  ({
    programs: worldId('program', n),
    members: memberId(n, 1),
    sales: saleId(n, 1),
    terminals: worldId('terminal', n),
  })[section] ?? ''

const scoped = (path: (section: string) => string): Probe[] =>
  foreign.flatMap((n) =>
    sectionNames.flatMap((section) =>
      [programs[n - 1]?.publicId, programs[n - 1]?.organizer].map((scope) => ({
        path: `${path(section)}?scope=${scope}`,
        expected: 404 as const,
      })),
    ),
  )
const filtered = (path: string, field: string, id: (n: number) => string): Probe[] =>
  foreign.map((n) => ({
    path: `${path}?filter=${encodeURIComponent(JSON.stringify({ field, is: 'in', value: [id(n)] }))}`,
    expected: 'nothing',
  }))
const ids = (n: number): string[] => [outletOf(n), memberId(n, 1), worldId('staff', n), worldId('terminal', n)]

/** Whoever adds a door that reads says here how it is asked for what belongs to somebody else. */
const probes: Readonly<Record<string, readonly Probe[]>> = {
  '/api/me': [{ path: '/api/me', expected: 'nothing' }],
  '/api/demo-progress': [{ path: '/api/demo-progress', expected: 'nothing' }],
  '/api/find': foreign.flatMap((n) =>
    [`Tajna${n}`, `Program ${n}`, `Outlet ${n}`, `WAITS-${n}`, `60000${n}001`, saleId(n, 1), memberId(n, 1)].map(
      (text) => ({
        path: `/api/find?text=${encodeURIComponent(text)}`,
        expected: 'nothing' as const,
      }),
    ),
  ),
  '/api/sections/:section/rows': [
    ...scoped((section) => `/api/sections/${section}/rows`),
    ...filtered('/api/sections/sales/rows', 'outlet', outletOf),
    ...filtered('/api/sections/sales/rows', 'member', (n) => memberId(n, 1)),
    ...filtered('/api/sections/terminals/rows', 'outlet', outletOf),
    { path: '/api/sections/terminals/rows?limit=200', expected: 'nothing' },
  ],
  '/api/sections/:section/count': [
    ...scoped((section) => `/api/sections/${section}/count`),
    ...filtered('/api/sections/sales/count', 'outlet', outletOf),
    ...filtered('/api/sections/terminals/count', 'outlet', outletOf),
  ],
  '/api/sections/:section/aside': [
    ...scoped((section) => `/api/sections/${section}/aside`),
    { path: '/api/sections/sales/aside', expected: 'nothing' },
  ],
  '/api/sections/:section/views': scoped((section) => `/api/sections/${section}/views`),
  '/api/sections/:section/newer': scoped((section) => `/api/sections/${section}/newer`),
  '/api/sections/:section/rows.csv': [
    ...scoped((section) => `/api/sections/${section}/rows.csv`),
    ...filtered('/api/sections/sales/rows.csv', 'outlet', outletOf),
  ],
  '/api/sections/:section/options/:field': ['outlet', 'member', 'staff', 'terminal'].flatMap((field) =>
    foreign.flatMap((n) => [
      { path: `/api/sections/sales/options/${field}?ids=${ids(n).join(',')}`, expected: 'nothing' as const },
      { path: `/api/sections/sales/options/${field}?text=`, expected: 'nothing' as const },
    ]),
  ),
  '/api/sections/:section/records/:id': foreign.flatMap((n) =>
    sectionNames.map((section) => ({
      path: `/api/sections/${section}/records/${recordOf(section, n)}`,
      expected: 404 as const,
    })),
  ),
}

test('OWN-03: whoever asks any door of the console for what belongs to another organizer gets 404 or nothing of it', async () => {
  const doors = harness.app.routes.filter(({ method, path }) => method === 'GET' && path.startsWith('/api/'))
  expect(Object.keys(probes).toSorted()).toEqual([...new Set(doors.map(({ path }) => path))].toSorted())
  // What is looked for in the answers is what the operator of all of them is told.
  const operator = await harness.logIn('operator@test')
  const theirs = await (await operator.get('/api/sections/members/rows?limit=200')).text()
  expect(theirs).toContain(memberId(3, 1))
  for (const { path, expected } of Object.values(probes).flat()) {
    const response = await organizer.get(path)
    const text = await response.text()
    if (expected === 404) expect(response.status, path).toBe(404)
    else expect(response.status, path).toBe(200)
    // The answer may repeat the question, never tell more.
    const told = text.replaceAll(decodeURIComponent(path.split('?')[1] ?? '').split('=')[1] ?? '-', '')
    for (const n of foreign) {
      for (const secret of [
        `Tajna${n}`,
        `Program ${n}`,
        saleId(n, 1),
        memberId(n, 1),
        cardId(n, 1),
        worldId('program', n),
        worldId('terminal', n),
        worldId('waiting', n),
        `Outlet ${n}`,
        `WAITS-${n}`,
      ]) {
        expect(told, `${path} tells ${secret}`).not.toContain(secret)
      }
    }
  }
})

test('OWN-03: no action reaches a record of another organizer, and the engine is not even asked', async () => {
  for (const n of foreign) {
    for (const [section, action, input] of [
      ['members', 'blockCard', { card: cardId(n, 1) }],
      ['programs', 'suspend', {}],
      ['programs', 'resume', {}],
      ['terminals', 'release', {}],
      ['terminals', 'newCode', {}],
    ] as const) {
      const path = `/api/sections/${section}/records/${recordOf(section, n)}/actions/${action}`
      const response = await organizer.post(path, { id: worldId('command', n), reason: 'not mine', input })
      // An organizer has no right to a till's actions at all.
      expect(response.status, path).toBe(section === 'terminals' ? 403 : 404)
    }
  }
  // The palette asks it for cards, in the name of who asks; no command went out.
  expect(harness.asked.map(({ path }) => path).filter((path) => path.includes('/commands/'))).toEqual([])
})
