import { afterAll, beforeAll, expect, test } from 'vitest'
import { drainProgram } from '../../../engine/jobs/drain-program.ts'
import { createTestDatabase, type TestDatabase } from '../../../engine/testing/database.ts'
import { type Fixture, openFixture, testConsoleKey } from '../../../engine/testing/fixture.ts'
import { injected, openTill } from '../../../engine/testing/till.ts'
import { injectedClient, testId, world } from '../../../engine/testing/world.ts'
import type { ListRow } from '../../kit/model/wire.ts'
import { hashPassword } from '../../server/password.ts'
import { type Harness, password, type Speaker, startHarness } from '../../testing/harness.ts'
import type { TerminalRecord } from './record.ts'

let database: TestDatabase
let fixture: Fixture
let harness: Harness
let operator: Speaker
let organizer: Speaker
let clerk: Speaker

const { terminal } = world
const secondTill = testId(4, 2)

/** The world of the engine's tests with its real engine behind the console, and a till at the second outlet that never came. */
beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database)
  await fixture.give('terminal.register', {
    terminals: [{ id: secondTill, name: 'Till 2', outlet: world.outlets[1], from: world.startsAt }],
  })
  // Since the first one said hello.
  fixture.clock.advance(3 * 3_600_000)
  const engine = injectedClient(fixture.engine.app, testConsoleKey, fixture.clock)
  harness = await startHarness(database, { nowMs: fixture.clock, engine })
  for (const [login, role, organizers, outlet] of [
    ['tills@test', 'operator', null, null],
    ['owner@test', 'organizer', [world.organizer], null],
    ['till-clerk@test', 'outlet', null, world.outlets[1]],
  ] as const) {
    await database.admin`
      INSERT INTO console."user" (user_id, login, name, password_hash, role, operator_id, organizer_ids, outlet_id, created_at)
      VALUES (gen_random_uuid(), ${login}, ${login}, ${await hashPassword(password)}, ${role}, ${world.operator},
        ${organizers as never}::uuid[], ${outlet}, ${new Date(fixture.clock())})`
  }
  operator = await harness.logIn('tills@test')
  organizer = await harness.logIn('owner@test')
  clerk = await harness.logIn('till-clerk@test')
}, 120_000)
afterAll(async () => {
  await harness?.close()
  await fixture?.close()
  await database?.drop()
})

const list = async (filter?: object, speaker = operator): Promise<readonly ListRow[]> => {
  const query = filter === undefined ? '' : `?filter=${encodeURIComponent(JSON.stringify(filter))}`
  const response = await speaker.get(`/api/sections/terminals/rows${query}`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { rows: ListRow[] }).rows
}
const names = (rows: readonly ListRow[]): readonly unknown[] => rows.map(({ cells }) => cells['name'])
const recordOf = async (id: string, speaker = operator): Promise<{ row: ListRow; more: TerminalRecord }> => {
  const response = await speaker.get(`/api/sections/terminals/records/${id}`)
  expect(response.status).toBe(200)
  const { rows, more } = (await response.json()) as { rows: ListRow[]; more: TerminalRecord }
  return { row: rows[0] as ListRow, more }
}
let commands = 0
interface Given {
  readonly id?: string
  readonly reason?: string
  readonly input?: object
}
const act = async (id: string, action: string, given: Given = {}, speaker = operator): Promise<Response> => {
  commands += 1
  const body = { id: testId(80, commands), ...given }
  return await speaker.post(`/api/sections/terminals/records/${id}/actions/${action}`, body)
}
const codeOf = async (response: Response): Promise<string> => {
  expect(response.status, await response.clone().text()).toBe(200)
  return ((await response.json()) as { result: { codes: { code: string }[] } }).result.codes[0]?.code ?? ''
}
const sell = (number: string) => fixture.till.post('/v1/sales', fixture.till.sale({ number, card: 'nobody knows it' }))

test('POS-05: the list tells of each till when it was last heard of, what waits and what is parked there', async () => {
  await database.admin`
    UPDATE directory.terminal SET queue_length = 7, queue_parked = 2,
      queue_oldest_at = ${new Date(fixture.clock() - 7_200_000)} WHERE terminal_id = ${terminal}`
  const [first] = await list({ field: 'state', is: 'in', value: ['active'] })
  expect(first?.cells).toMatchObject({
    name: 'Till 1',
    outlet: { label: 'Outlet 1' },
    state: 'active',
    silent: 3,
    queue: 7,
    parked: 2,
    software: 'test-till 1',
  })
  expect(first?.cells['lastContactAt']).toBe(new Date(fixture.clock() - 3 * 3_600_000).toISOString())
  expect(names(await list())).toEqual(['Till 1', 'Till 2'])
  expect(names(await list({ field: 'silent', is: 'gte', value: 3 }))).toEqual(['Till 1'])
  expect(names(await list({ field: 'silent', is: 'gte', value: 4 }))).toEqual([])
  expect(names(await list({ field: 'parked', is: 'gte', value: 1 }))).toEqual(['Till 1'])
  expect(names(await list({ field: 'outlet', is: 'in', value: [world.outlets[1]] }))).toEqual(['Till 2'])
  expect(names(await list(undefined, clerk))).toEqual(['Till 2'])
  expect((await clerk.get(`/api/sections/terminals/records/${terminal}`)).status).toBe(404)
})

test('POS-05: a till’s page tells what was odd about its documents, and which of its numbers nobody brought', async () => {
  expect((await sell('ODD-1')).status).toBe(200)
  await drainProgram(database.engine, { programId: 1, nowMs: fixture.clock() })
  for (const sequence of [1, 2, 5, 6, 9]) {
    await database.admin`
      INSERT INTO directory.terminal_document (terminal_id, key_id, sequence, document_id, document_hash, previous_hash,
        checked_at)
      VALUES (${terminal}, ${fixture.till.keyId}, ${sequence}, ${testId(81, sequence)}, ${Buffer.of(sequence)},
        ${Buffer.of(sequence - 1)}, ${new Date(fixture.clock())})`
  }
  const { more } = await recordOf(terminal)
  expect(more.documents).toMatchObject([{ number: 'ODD-1', isReturn: false }])
  expect(more.troubles).toMatchObject([{ number: 'ODD-1', notices: [{ code: 'card_unknown' }] }])
  expect(more.troubles[0]?.notices[0]?.texts.pl).not.toBe(more.troubles[0]?.notices[0]?.texts.en)
  expect(more.keys).toMatchObject([
    {
      id: fixture.till.keyId,
      last: 9,
      missing: 4,
      gaps: [
        { from: 7, to: 8 },
        { from: 3, to: 4 },
      ],
      revokedAt: null,
    },
  ])
  expect(more.events.map(({ kind, by }) => [kind, by])).toEqual([
    ['terminal.enrol', 'till'],
    ['terminal.register', undefined],
  ])
})

test('POS-05: what the engine last refused of a till’s documents stands on its page', async () => {
  expect((await sell('TWICE')).status).toBe(200)
  const twin = fixture.till.sale({ number: 'TWICE', lines: [{ grossMinor: 2_000 as never }] })
  expect((await fixture.till.post('/v1/sales', twin)).body).toMatchObject({ code: 'document_taken' })
  const refusedAt = new Date(fixture.clock()).toISOString()
  await fixture.engine.contacts.flush()
  expect((await recordOf(terminal)).row.cells).toMatchObject({ refusal: 'document_taken', refusedAt })
  const several = { sales: [fixture.till.sale({ number: 'ONE-MORE' }), { id: 'no sale at all' }] }
  fixture.clock.advance(1_000)
  expect((await fixture.till.post('/v1/sales', several)).status).toBe(200)
  await fixture.engine.contacts.flush()
  const { row } = await recordOf(terminal)
  expect(row.cells).toMatchObject({ refusal: 'malformed', lastContactAt: new Date(fixture.clock()).toISOString() })
  expect(names(await list({ field: 'refusedAt', is: 'within', value: { last: 7, unit: 'day' } }))).toEqual(['Till 1'])
})

test('a quarantine from the console stops a till, and its end lets it go on', async () => {
  expect((await act(terminal, 'quarantine', { reason: 'stolen overnight' })).status).toBe(200)
  // What each process looks for every second.
  await fixture.engine.register.refresh()
  expect((await sell('NOT-NOW')).body).toMatchObject({ code: 'terminal_quarantined' })
  const { row, more } = await recordOf(terminal)
  expect(row.cells).toMatchObject({ state: 'quarantined', stateReason: 'stolen overnight' })
  expect(more.events[0]).toMatchObject({ kind: 'terminal.quarantine', reason: 'stolen overnight' })
  expect((await act(terminal, 'release', { reason: 'found again' })).status).toBe(200)
  await fixture.engine.register.refresh()
  expect((await sell('NOW')).status).toBe(200)
})

test('a new code enrols a till, the same command tells the same code, and the till stays where it was', async () => {
  const id = testId(80, 900)
  const code = await codeOf(await act(secondTill, 'newCode', { id }))
  expect(await codeOf(await act(secondTill, 'newCode', { id }))).toBe(code)
  expect((await recordOf(secondTill)).row.cells['codeUntil']).not.toBeNull()
  await openTill(injected(fixture.engine.app), { code, clock: fixture.clock })
  const { row, more } = await recordOf(secondTill)
  expect(row.cells).toMatchObject({ state: 'active', codeUntil: null, since: world.startsAt })
  expect(more.periods).toHaveLength(1)
})

test('a till is replaced by a new one at its outlet, once however often it is said, and then revoked', async () => {
  const id = testId(80, 901)
  const given = { id, input: { name: 'Till 2b' } }
  const code = await codeOf(await act(secondTill, 'replace', given))
  expect(await codeOf(await act(secondTill, 'replace', given))).toBe(code)
  const [heir, ...others] = await list({ field: 'name', is: 'eq', value: 'Till 2b' })
  expect(others).toEqual([])
  expect(heir?.cells).toMatchObject({ state: 'new', outlet: { id: world.outlets[1] } })
  const { row } = await recordOf(secondTill)
  expect(row.cells['replacedBy']).toMatchObject({ id: heir?.id })
  expect((await recordOf(heir?.id ?? '')).row.cells['replaces']).toMatchObject({ id: secondTill })
  const revoke = { reason: 'broken', input: { fromSequence: 12 } }
  expect((await act(secondTill, 'revoke', revoke)).status).toBe(200)
  const after = await recordOf(secondTill)
  expect(after.row.cells['state']).toBe('revoked')
  expect(after.more.keys).toMatchObject([{ refusedFrom: 12 }])
})

test('what is typed is checked: a name is needed, a number must be whole, and no reason is no reason', async () => {
  expect((await act(terminal, 'replace', { input: { name: '  ' } })).status).toBe(422)
  expect((await act(terminal, 'replace', { input: { name: 'x'.repeat(101) } })).status).toBe(422)
  for (const fromSequence of [-1, 1.5, '7', undefined]) {
    expect((await act(terminal, 'revoke', { reason: 'because', input: { fromSequence } })).status).toBe(422)
  }
  expect((await act(terminal, 'quarantine', { reason: '' })).status).toBe(422)
  expect((await recordOf(terminal)).row.cells['state']).toBe('active')
})

test('tills belong to the operator: an organizer reads them and changes nothing', async () => {
  expect(names(await list(undefined, organizer))).toContain('Till 1')
  expect((await act(terminal, 'quarantine', { reason: 'not mine' }, organizer)).status).toBe(403)
  expect((await act(terminal, 'newCode', {}, organizer)).status).toBe(403)
})

test('a program’s scope has the tills of its outlets, also those that are admitted later, and none of an outlet that left', async () => {
  const of = async (): Promise<readonly unknown[]> => {
    const response = await operator.get(`/api/sections/terminals/rows?scope=${world.program}`)
    return names(((await response.json()) as { rows: ListRow[] }).rows)
  }
  expect(await of()).toContain('Till 1')
  await database.admin`
    UPDATE directory.program_outlet SET until_at = ${new Date(fixture.clock() - 1_000)} WHERE outlet_id = ${world.outlets[0]}`
  expect(await of()).not.toContain('Till 1')
  expect((await operator.get(`/api/sections/terminals/records/${terminal}`)).status).toBe(404)
  await database.admin`
    UPDATE directory.program_outlet SET until_at = NULL, from_at = ${new Date(fixture.clock() + 86_400_000)}
    WHERE outlet_id = ${world.outlets[0]}`
  expect(await of()).toContain('Till 1')
})
