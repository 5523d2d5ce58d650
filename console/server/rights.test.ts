import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import { sectionNames } from '../sections/index.ts'
import { type Harness, type Speaker, startHarness, users } from '../testing/harness.ts'
import { cardId, makeWorld, memberId, organizers, outletOf, programs, saleId, worldId } from '../testing/world.ts'

let test1: TestDatabase
let harness: Harness
const speakers = new Map<string, Speaker>()

beforeAll(async () => {
  test1 = await createTestDatabase()
  await makeWorld(test1)
  harness = await startHarness(test1)
  for (const login of Object.keys(users)) speakers.set(login, await harness.logIn(login))
})
afterAll(async () => {
  await harness?.close()
  await test1?.drop()
})

const as = (login: string): Speaker => speakers.get(login) as Speaker

/** Programs a user may ever read, and the sections their role has. */
const reach: Readonly<Record<string, { programs: readonly number[]; sections: readonly string[]; personal: boolean }>> =
  {
    'operator@test': { programs: [1, 2, 3], sections: sectionNames, personal: true },
    'organizer@test': { programs: [1, 2], sections: sectionNames, personal: true },
    'other@test': { programs: [4], sections: sectionNames, personal: true },
    'analyst@test': { programs: [1, 2], sections: sectionNames, personal: false },
    'outlet@test': { programs: [1, 2], sections: ['sales', 'terminals'], personal: false },
  }
const recordOf: Readonly<Record<string, (programId: number) => string>> = {
  programs: (programId) => worldId('program', programId),
  members: (programId) => memberId(programId, 1),
  sales: (programId) => saleId(programId, 1),
  // Programs 1 and 2 run at the same outlet.
  terminals: (programId) => worldId('terminal', programId === 2 ? 1 : programId),
}

describe.each(Object.entries(reach))('%s', (login, { programs: mine, sections, personal }) => {
  const publicIds = mine.map((n) => programs[n - 1]?.publicId)

  test.each(sectionNames)(
    'reads of %s only rows of their own programs, and nothing where the section is not theirs',
    async (section) => {
      for (const path of ['rows', 'count', 'rows.csv', 'newer']) {
        const response = await as(login).get(`/api/sections/${section}/${path}`)
        if (!sections.includes(section)) expect(response.status, path).toBe(404)
        else if (path !== 'newer') expect(response.status, path).toBe(200)
      }
      if (!sections.includes(section)) return
      const { rows } = (await (await as(login).get(`/api/sections/${section}/rows?limit=200`)).json()) as {
        rows: readonly { id: string; program?: string; cells: { outlet?: { id: string } } }[]
      }
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) {
        // What belongs to no program stands at an outlet of one.
        if (section === 'terminals') expect(mine.map(outletOf)).toContain(row.cells.outlet?.id)
        else expect(publicIds).toContain(row.program)
      }
      if (login === 'outlet@test')
        expect(new Set(rows.map((row) => row.cells.outlet?.id))).toEqual(new Set([outletOf(1)]))
    },
  )

  test.each(sectionNames)('opens records of %s inside the scope and finds nothing outside of it', async (section) => {
    for (const { programId } of programs) {
      const response = await as(login).get(`/api/sections/${section}/records/${recordOf[section]?.(programId)}`)
      const visible = sections.includes(section) && mine.includes(programId)
      expect(response.status, `program ${programId}`).toBe(visible ? 200 : 404)
    }
  })

  test('names another scope in the address and gets nothing', async () => {
    for (const each of programs) {
      for (const scope of [each.publicId, each.organizer]) {
        const response = await as(login).get(`/api/sections/sales/rows?scope=${scope}`)
        const inside = programs.some(
          (known) => mine.includes(known.programId) && (known.publicId === scope || known.organizer === scope),
        )
        expect(response.status).toBe(inside ? 200 : 404)
      }
    }
    expect((await as(login).get('/api/sections/sales/rows?scope=not-a-scope')).status).toBe(404)
  })

  test('gets no name, phone or staff name that is not theirs to see, in no answer at all', async () => {
    const paths = [
      ...sections.flatMap((section) => [
        `/api/sections/${section}/rows?limit=200`,
        `/api/sections/${section}/rows.csv`,
        ...mine.map((n) => `/api/sections/${section}/records/${recordOf[section]?.(n)}`),
      ]),
      '/api/sections/sales/options/member?text=',
      '/api/sections/sales/options/staff?text=',
      '/api/find?text=tajna',
      '/api/find?text=600001001',
    ]
    for (const path of paths) {
      const text = await (await as(login).get(path)).text()
      // The same question shows names to who may see them, so that silence above means something.
      if (personal && path.startsWith('/api/sections/members/rows')) expect(text, path).toContain('Łucja')
      if (!personal) expect(text, path).not.toMatch(/Łucja|Tajna|\+4860000/)
      if (login === 'analyst@test') expect(text, path).not.toContain('Secret')
      for (const n of [1, 2, 3, 4].filter((each) => !mine.includes(each))) {
        expect(text, path).not.toMatch(new RegExp(`Tajna${n}|Program ${n}`))
      }
    }
  })

  test('cannot ask for, filter by or sort by a personal field that is not theirs', async () => {
    if (!sections.includes('members')) return
    const filter = encodeURIComponent(JSON.stringify({ field: 'phone', is: 'eq', value: '+48600001001' }))
    const wanted = personal ? 200 : 422
    expect((await as(login).get('/api/sections/members/rows?columns=fullName')).status).toBe(wanted)
    expect((await as(login).get(`/api/sections/members/rows?filter=${filter}`)).status).toBe(wanted)
    expect((await as(login).get(`/api/sections/members/count?filter=${filter}`)).status).toBe(wanted)
  })
})

describe('actions', () => {
  const block = (login: string, programId: number) =>
    as(login).post(`/api/sections/members/records/${memberId(programId, 1)}/actions/blockCard`, {
      id: worldId('command', programId),
      reason: 'lost on a train',
      input: { card: cardId(programId, 1) },
    })

  test('ACC-11: an organizer blocks a card of their program: the engine is told who, where and why', async () => {
    harness.asked.length = 0
    expect((await block('organizer@test', 1)).status).toBe(200)
    const [request] = harness.asked
    expect(request?.path).toBe('/admin/v1/commands/card.block')
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      id: worldId('command', 1),
      program: programs[0].publicId,
      reason: 'lost on a train',
      input: { card: cardId(1, 1) },
    })
    const claims = JSON.parse(
      Buffer.from(request?.headers['premia-acting']?.split('.')[0] ?? '', 'base64url').toString(),
    )
    expect(claims).toMatchObject({
      name: 'organizer@test',
      organizer: organizers.a,
      programs: [programs[0].publicId, programs[1].publicId],
    })
    expect(claims.rights).toContain('card.block')
  })

  test.each([
    ['analyst@test', 1, 403],
    ['outlet@test', 1, 404],
    ['organizer@test', 3, 404],
    ['other@test', 1, 404],
  ] as const)('%s on a member of program %i gets %i, and the engine is not asked', async (login, programId, status) => {
    harness.asked.length = 0
    expect((await block(login, programId)).status).toBe(status)
    expect(harness.asked).toEqual([])
  })

  test('a reason is needed, an unknown action does not exist, an input must be an id', async () => {
    harness.asked.length = 0
    const path = `/api/sections/programs/records/${programs[0].publicId}/actions`
    const id = worldId('command', 9)
    expect((await as('operator@test').post(`${path}/suspend`, { id, reason: 'x' })).status).toBe(422)
    expect((await as('operator@test').post(`${path}/explode`, { id, reason: 'because' })).status).toBe(404)
    const card = `/api/sections/members/records/${memberId(1, 1)}/actions/blockCard`
    expect((await as('operator@test').post(card, { id, reason: 'because', input: { card: 'x' } })).status).toBe(422)
    expect(harness.asked).toEqual([])
  })
})

describe('balances', () => {
  test('leave out what has expired although no night job has run', async () => {
    const response = await as('organizer@test').get(
      `/api/sections/members/rows?scope=${programs[0].publicId}&columns=balance,nextExpiryPoints&sort=-joinedAt`,
    )
    const { rows } = (await response.json()) as { rows: readonly { cells: Record<string, { points: number }> }[] }
    expect(rows.map((row) => row.cells['balance']?.points)).toEqual([100, 101, 102, 103, 104, 105])
    expect(rows[0]?.cells['nextExpiryPoints']?.points).toBe(100)
    const record = await as('organizer@test').get(`/api/sections/members/records/${memberId(1, 2)}`)
    const { more } = (await record.json()) as { more: { accounts: readonly { spendable: number; expired: number }[] } }
    expect(more.accounts[0]).toMatchObject({ spendable: 102, expired: 40 })
  })

  test('the liability of a program leaves them out too', async () => {
    const response = await as('organizer@test').get(
      `/api/sections/programs/rows?scope=${programs[0].publicId}&columns=owed,liability`,
    )
    const { rows } = (await response.json()) as { rows: readonly { cells: Record<string, Record<string, number>> }[] }
    expect(rows[0]?.cells['owed']?.['points']).toBe(615)
    expect(rows[0]?.cells['liability']?.['amountMinor']).toBe(615 * 5)
  })
})
