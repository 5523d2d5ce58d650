import { instantOf } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture, secondProgram, startsMs } from '../testing/fixture.ts'
import { type Answer, injected, openTill } from '../testing/till.ts'
import { testId, world } from '../testing/world.ts'

/** Where and when a sale was made decides which programs judge it and who is credited. */
let database: TestDatabase
let fixture: Fixture

const DAY_MS = 86_400_000
const day = (number: number): number => startsMs + number * DAY_MS
const at = (number: number) => instantOf(day(number))
const looked = () => Promise.all([fixture.engine.directory.refresh(), fixture.engine.register.refresh()])

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 6, twoPrograms: true })
  fixture.clock.set(day(20))
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const statuses = ({ body }: Answer): Record<string, string> =>
  Object.fromEntries(body.programs.map((each: { program: string; status: string }) => [each.program, each.status]))
const points = ({ body }: Answer, to: string): number | undefined =>
  body.programs[0].points.find((each: { to: string }) => each.to === to)?.earned

it('POS-02: an outlet is in each of its programs from one date until another, and a sale in those of its own date', async () => {
  const admit = (outlets: readonly object[]) =>
    fixture.give('program.admit', { outlets: outlets as never }, { program: secondProgram })
  const outlet = world.outlets[0]
  await admit([{ outlet, from: world.startsAt, until: at(5), steersPrices: false }])
  await admit([{ outlet, from: at(8), until: at(12), steersPrices: false }])
  await looked()
  for (const [number, isIn] of [
    [4, true],
    [5, false],
    [7, false],
    [8, true],
    [12, false],
  ] as const) {
    const answer = await fixture.till.post('/v1/sales', fixture.till.sale({ atMs: day(number) }))
    expect([number, statuses(answer)]).toMatchObject([number, { [world.program]: 'booked' }])
    expect([number, statuses(answer)[secondProgram] === 'booked']).toEqual([number, isIn])
  }
  // Told once more without an end, the last period goes on.
  await admit([{ outlet, from: at(8), steersPrices: false }])
  await looked()
  const later = await fixture.till.post('/v1/sales', fixture.till.sale({ atMs: day(13) }))
  expect(statuses(later)[secondProgram]).toBe('booked')
  await expect(admit([{ outlet, from: at(8), until: at(8), steersPrices: false }])).rejects.toThrow(/validation_failed/)
})

it('POS-07: staff are credited under their code while they work there, not before and not after', async () => {
  const person = { id: testId(5, 9), code: '2002', name: 'Tomasz Temporary', outlet: world.outlets[0] } as const
  await fixture.give('staff.register', { staff: [{ ...person, from: at(2), until: at(6) } as never] })
  await looked()
  const sell = async (number: number) => {
    const sale = fixture.till.sale({ atMs: day(number), card: cardNumber(2), staff: { code: '2002' } })
    const { body } = await fixture.till.post('/v1/sales', sale)
    const [{ points: credited, notices }] = body.programs
    return [
      credited.some(({ to }: { to: string }) => to === 'staff'),
      notices.some(({ code }: { code: string }) => code === 'staff_unknown'),
    ]
  }
  expect(await Promise.all([1, 2, 5, 6].map(sell))).toEqual([
    [false, true],
    [true, false],
    [true, false],
    [false, true],
  ])
  // Their history stays: what they sold, and who they are.
  const [kept] = await database.admin`
    SELECT (SELECT count(*)::int FROM loyalty.sale WHERE staff_id = ${person.id} AND program_id = 1) AS sales,
      (SELECT name FROM people.staff WHERE staff_id = ${person.id}) AS name`
  expect(kept).toEqual({ sales: 2, name: 'Tomasz Temporary' })
})

it('POS-03: a pharmacy and a shop speak one protocol; what a payer reimburses of a medicine earns its patient nothing', async () => {
  const { codes } = await fixture.give('terminal.register', {
    terminals: [{ id: testId(4, 41), name: 'Shop', outlet: world.outlets[1], from: world.startsAt }],
  })
  await looked()
  const shop = await openTill(injected(fixture.engine.app), { code: codes[0]?.code ?? '', clock: fixture.clock })
  const line = { grossMinor: 3_000 as never, unitPriceMinor: 3_000 as never }
  const medicine = { ...line, reimbursement: { payer: 'NFZ', amountMinor: 2_000 as never, prescription: '1' } }
  const dispensed = fixture.till.sale({ card: cardNumber(3), lines: [medicine] })
  expect(points(await fixture.till.post('/v1/sales', dispensed), 'customer')).toBe(10)
  expect(points(await shop.post('/v1/sales', shop.sale({ card: cardNumber(3), lines: [line] })), 'customer')).toBe(30)
})
