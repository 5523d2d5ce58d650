import type { Sale, Uuid } from '@premia/pos-sdk/contract/till'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../app.ts'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, earningRules, type Fixture, memberId, openFixture, secondProgram } from '../testing/fixture.ts'
import { injected } from '../testing/till.ts'
import { testDocument, testId, testMember, world } from '../testing/world.ts'

/** Each run meets a real database several times. */
const runs = Number(process.env['FC_RUNS'] ?? 15)
const MEMBERS = 5

let database: TestDatabase
let fixture: Fixture
let processes: readonly Engine[]

/** The place of the same person in the second program, with the same card. */
const secondMemberId = (member: number): Uuid => testId(17, member)
const personId = (member: number): Uuid => (member === 1 ? world.person : testId(8, member))
const numberOf = (member: number): string => (member === 1 ? world.cardNumber : cardNumber(member))

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: MEMBERS })
  const { give } = fixture
  const inSecond = { program: secondProgram }
  const document = testDocument({ name: 'Second program', languages: ['en'] })
  const [points] = document.pointTypes
  if (points === undefined) throw new Error('the document has a point type')
  const pointTypes = [{ ...points, code: 'stars', name: 'Stars', scale: 2 }]
  await give('program.create', {
    id: secondProgram,
    organizer: world.organizer,
    startsAt: world.startsAt,
    document: { ...document, pointTypes, mainPointType: 'stars', tierPointType: 'stars' },
  })
  const admitted = { outlet: world.outlets[0], from: world.startsAt, steersPrices: false }
  await give('program.admit', { outlets: [admitted] }, inSecond)
  const rule = {
    ...earningRules[0],
    id: 'R-STARS',
    name: 'Three stars for each 10.00',
    then: [{ do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 1_000, points: 300, basis: 'gross' } }],
  } as const
  await give('rules.publish', { rules: [{ name: rule.name, rule: rule as never }], from: world.startsAt }, inSecond)
  const members = Array.from({ length: MEMBERS }, (_, index) => {
    const member = index + 1
    const { person } = testMember()
    return testMember({
      id: secondMemberId(member),
      person: { ...person, id: personId(member) } as never,
      cards: [{ id: testId(19, member), number: numberOf(member), kind: 'standard' }],
    })
  })
  await give('member.enrol', { members }, inSecond)
  processes = [fixture.engine, await fixture.twin()]
  await Promise.all(processes.flatMap(({ directory, register }) => [directory.refresh(), register.refresh()]))
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const balances = async (): Promise<ReadonlyMap<Uuid, number>> => {
  const rows = await database.admin<{ holder_id: Uuid; balance: number }[]>`
    SELECT holder_id, balance FROM loyalty.account WHERE holder_kind = 'member'`
  return new Map(rows.map((row) => [row.holder_id, row.balance]))
}

const bought = fc.array(
  fc.record({
    member: fc.integer({ min: 1, max: MEMBERS }),
    zloty: fc.integer({ min: 0, max: 300 }),
    process: fc.constantFrom(0 as const, 1 as const),
  }),
  { minLength: 1, maxLength: 16 },
)

const send = async (process: 0 | 1, sale: Sale): Promise<void> => {
  const payload = JSON.stringify(sale)
  const headers = fixture.till.seal('POST', '/v1/sales', payload)
  const { app } = processes[process] as Engine
  const answer = await injected(app)({ method: 'POST', url: '/v1/sales', headers, payload })
  expect(answer).toMatchObject({ status: 200, body: { status: 'recorded', programs: [{}, {}] } })
}

describe('two programs over the same receipts', () => {
  it('PRG-02: book each its own points, as if it were alone, whatever comes to two processes at once', async () => {
    await fc.assert(
      fc.asyncProperty(bought, async (list) => {
        const before = await balances()
        await Promise.all(
          list.map(({ member, zloty, process }) => {
            const lines = [{ grossMinor: (zloty * 100) as never }]
            return send(process, fixture.till.sale({ card: numberOf(member), lines }))
          }),
        )
        const after = await balances()
        const gained = (id: Uuid): number => (after.get(id) ?? 0) - (before.get(id) ?? 0)
        for (let member = 1; member <= MEMBERS; member += 1) {
          const own = list.filter((each) => each.member === member)
          expect(gained(memberId(member))).toBe(own.reduce((sum, { zloty }) => sum + zloty, 0))
          const stars = own.reduce((sum, { zloty }) => sum + Math.floor((zloty * 300) / 10), 0)
          expect(gained(secondMemberId(member))).toBe(stars)
        }
      }),
      { numRuns: runs },
    )
    const wrong = (await verifyPrograms(database.engine, { replays: 500 })).filter((check) => check.wrong > 0)
    expect(wrong).toEqual([])
  })

  it('PRG-09: know one person once, who has a place, a card and a balance in each', async () => {
    const persons = await database.admin`SELECT person_id FROM people.person WHERE person_id = ${personId(2)}`
    expect(persons).toHaveLength(1)
    const places = await database.admin`
      SELECT program_id, member_id FROM loyalty.member WHERE person_id = ${personId(2)} ORDER BY program_id`
    expect(places).toEqual([
      { program_id: 1, member_id: memberId(2) },
      { program_id: 2, member_id: secondMemberId(2) },
    ])
    const found = await fixture.till.post('/v1/cards/find', { number: numberOf(2), entry: 'scanned' })
    expect(found.body.programs).toMatchObject([
      { program: world.program, balances: [{ pointType: 'points' }] },
      { program: secondProgram, balances: [{ pointType: 'stars' }] },
    ])
  })

  it('PRG-02: suspend one, and the other goes on booking', async () => {
    const before = await balances()
    await fixture.give('program.suspend', {}, { program: secondProgram, reason: 'Terms are being rewritten' })
    const sale = fixture.till.sale({ card: numberOf(3), lines: [{ grossMinor: 10_000 as never }] })
    await send(1, sale)
    const after = await balances()
    expect(after.get(memberId(3))).toBe((before.get(memberId(3)) ?? 0) + 100)
    expect(after.get(secondMemberId(3))).toBe(before.get(secondMemberId(3)))
  })
})
