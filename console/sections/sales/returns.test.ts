import { afterAll, beforeAll, expect, test } from 'vitest'
import { drainProgram } from '../../../engine/jobs/drain-program.ts'
import { createTestDatabase, type TestDatabase } from '../../../engine/testing/database.ts'
import { cardNumber, type Fixture, memberId, openFixture } from '../../../engine/testing/fixture.ts'
import { injected, openTill, type SaleDraft, type TestTill } from '../../../engine/testing/till.ts'
import { testDocument, testId, world } from '../../../engine/testing/world.ts'
import { hashPassword } from '../../server/password.ts'
import { type Harness, password, type Speaker, startHarness } from '../../testing/harness.ts'
import type { SaleRecord, WaitingReturns } from './record.ts'

let database: TestDatabase
let fixture: Fixture
let harness: Harness
let operator: Speaker
/** A user of the first outlet alone. */
let clerk: Speaker
let otherTill: TestTill

/** The world of the engine's tests with a till at its second outlet; points that cannot be had any more are owed. */
beforeAll(async () => {
  database = await createTestDatabase()
  const [points] = testDocument().pointTypes
  if (points === undefined) throw new Error('a program without points')
  fixture = await openFixture(database, {
    members: 6,
    document: { pointTypes: [{ ...points, onShortReturn: 'debt' }] },
  })
  const terminals = [{ id: testId(4, 9), name: 'Kasa 9', outlet: world.outlets[1], from: world.startsAt }]
  const { codes } = await fixture.give('terminal.register', { terminals })
  await Promise.all([fixture.engine.directory.refresh(), fixture.engine.register.refresh()])
  otherTill = await openTill(injected(fixture.engine.app), { code: codes[0]?.code ?? '', clock: fixture.clock })
  harness = await startHarness(database, { nowMs: fixture.clock })
  for (const [login, role, outlet] of [
    ['returns@test', 'operator', null],
    ['clerk@test', 'outlet', world.outlets[0]],
  ] as const) {
    await database.admin`
      INSERT INTO console."user" (user_id, login, name, password_hash, role, operator_id, outlet_id, created_at)
      VALUES (gen_random_uuid(), ${login}, ${login}, ${await hashPassword(password)}, ${role}, ${world.operator}, ${outlet},
        ${new Date(fixture.clock())})`
  }
  operator = await harness.logIn('returns@test')
  clerk = await harness.logIn('clerk@test')
}, 120_000)
afterAll(async () => {
  await harness?.close()
  await fixture?.close()
  await database?.drop()
})

const post = async (draft: SaleDraft, till = fixture.till): Promise<string> => {
  fixture.clock.advance(60_000)
  const sale = till.sale(draft)
  const answer = await till.post('/v1/sales', sale)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  await fixture.engine.waitingReturns.settled()
  await drainProgram(database.engine, { programId: 1, nowMs: fixture.clock() })
  return sale.id
}
const amounts = (units: number) => ({
  quantityMilli: (units * 1_000) as never,
  unitPriceMinor: 1_000 as never,
  grossMinor: (units * 1_000) as never,
})
/** Three creams of 10.00: 30 points. */
const sold = (member: number, number: string): SaleDraft => ({
  number,
  card: cardNumber(member),
  lines: [{ name: 'Hand cream', ...amounts(3) }],
})
const brought = (sale: string, number: string, units: number): SaleDraft => ({
  number,
  kind: 'return',
  original: { sale: sale as never, reason: 'defect' },
  lines: [{ name: 'Hand cream', originalLine: 1, ...amounts(units) }],
  tenders: [{ kind: 'cash', amountMinor: (units * 1_000) as never }],
})
const read = async <T>(path: string, speaker = operator): Promise<T> => {
  const response = await speaker.get(path)
  expect(response.status, path).toBe(200)
  return (await response.json()) as T
}
const recordOf = async (id: string, speaker = operator): Promise<SaleRecord> =>
  (await read<{ more: SaleRecord }>(`/api/sections/sales/records/${id}`, speaker)).more

test('TRX-05: a sale shows its returns with units and points, a return its sale, reason and what it took', async () => {
  const sale = await post(sold(2, 'A-1'))
  const back = await post(brought(sale, 'A-1-Z', 1))
  const points = { to: 'customer', pointType: 'Points', scale: 0, points: -10 }
  const ofSale = await recordOf(sale)
  expect(ofSale.programs[0]?.returns).toMatchObject([
    { id: back, number: 'A-1-Z', outlet: 'Outlet 1', waits: false, units: [{ line: 1, quantityMilli: 1_000 }] },
  ])
  expect(ofSale.programs[0]?.returns[0]?.points).toContainEqual(points)
  const ofReturn = await recordOf(back)
  expect(ofReturn).toMatchObject({ isReturn: true, totals: { grossMinor: -1_000, payableMinor: -1_000 } })
  expect(ofReturn.receipt).toMatchObject({ lines: [{ grossMinor: -1_000 }], tenders: [{ amountMinor: -1_000 }] })
  expect(ofReturn.programs[0]?.awards).toContainEqual(points)
  expect(ofReturn.programs[0]?.returned).toMatchObject({
    sale: { id: sale, number: 'A-1' },
    reason: 'defect',
    units: [{ line: 1, name: 'Hand cream', quantityMilli: 1_000, ofMilli: 3_000 }],
  })
})

test('the register and its file have figures of a return with a minus, so that sums and filters hold', async () => {
  const filter = encodeURIComponent(JSON.stringify({ field: 'gross', is: 'lt', value: '0 PLN' }))
  const { rows } = await read<{ rows: { cells: Record<string, object> }[] }>(
    `/api/sections/sales/rows?filter=${filter}&columns=number,kind,gross,paid,points`,
  )
  expect(rows.map(({ cells }) => cells)).toEqual([
    {
      number: 'A-1-Z',
      kind: 'return',
      gross: { amountMinor: -1_000, currency: 'PLN' },
      paid: { amountMinor: -1_000, currency: 'PLN' },
      points: { points: -10, scale: 0 },
    },
  ])
  const file = await (await operator.get(`/api/sections/sales/rows.csv?filter=${filter}&language=en`)).text()
  expect(file).toContain('-10.00')
})

test('what could not be had any more is told at the return and stands as a debt on the member’s page', async () => {
  const first = await post(sold(3, 'B-1'))
  const use = { kind: 'points', program: world.program, pointType: 'points', points: 25, amountMinor: 250 } as const
  await post({ ...sold(3, 'B-2'), lines: [{ name: 'Soap', ...amounts(1) }], uses: [use as never] })
  const back = await post(brought(first, 'B-1-Z', 3))
  const [taken] = (await recordOf(back)).programs[0]?.returned?.taken ?? []
  expect(taken).toMatchObject({ to: 'customer', uncollected: 0 })
  expect(taken?.owed).toBeGreaterThan(0)
  const member = await read<{ more: { accounts: object[]; sales: object[] } }>(
    `/api/sections/members/records/${memberId(3)}`,
  )
  expect(member.more.accounts[0]).toMatchObject({ debt: taken?.owed, spendable: 0 })
  expect(member.more.sales[0]).toMatchObject({ number: 'B-1-Z', isReturn: true, paidMinor: -3_000 })
})

test('a return that waits for its sale is found by its number and told above the list, until its sale is there', async () => {
  const sale = fixture.till.sale({ ...sold(4, 'C-1') })
  const back = await post(brought(sale.id, 'C-1-Z', 2))
  const waiting = await read<WaitingReturns>('/api/sections/sales/aside')
  expect(waiting).toMatchObject({ count: 1, returns: [{ id: back, number: 'C-1-Z', outlet: 'Outlet 1' }] })
  expect(await read<object[]>('/api/find?text=C-1-Z')).toContainEqual(
    expect.objectContaining({ section: 'sales', id: back, waits: true }),
  )
  expect((await fixture.till.post('/v1/sales', sale)).status).toBe(200)
  await fixture.engine.waitingReturns.settled()
  await drainProgram(database.engine, { programId: 1, nowMs: fixture.clock() })
  expect((await read<WaitingReturns>('/api/sections/sales/aside')).count).toBe(0)
  expect((await recordOf(sale.id)).programs[0]?.returns).toMatchObject([{ id: back, waits: false }])
  const found = await read<{ section: string }[]>('/api/find?text=C-1-Z')
  expect(found.filter(({ section }) => section === 'sales')).toEqual([expect.not.objectContaining({ waits: true })])
})

test('a return whose sale nobody knows says so, with the number that the till gave it', async () => {
  const back = await post({
    ...brought('', 'D-1-Z', 1),
    original: { document: 'PAPER-7', reason: 'customer' },
  })
  expect((await recordOf(back)).programs[0]).toMatchObject({
    returned: { sale: null, named: 'PAPER-7', reason: 'customer', units: [], taken: [] },
    notices: [{ code: 'original_unknown', severity: 'info' }],
  })
})

test('whoever has one outlet is told that goods came back elsewhere, and nothing else of that document', async () => {
  const sale = await post(sold(5, 'E-1'))
  const back = await post(brought(sale, 'E-1-Z', 3), otherTill)
  const [told] = (await recordOf(sale, clerk)).programs[0]?.returns ?? []
  expect(told).toMatchObject({ id: null, number: null, outlet: null, units: [{ quantityMilli: 3_000 }] })
  expect((await clerk.get(`/api/sections/sales/records/${back}`)).status).toBe(404)
  const elsewhere = fixture.till.sale(sold(6, 'never came'))
  await post(brought(elsewhere.id, 'F-1-Z', 1), otherTill)
  expect((await read<WaitingReturns>('/api/sections/sales/aside')).count).toBe(1)
  expect((await read<WaitingReturns>('/api/sections/sales/aside', clerk)).count).toBe(0)
  expect(await read<object[]>('/api/find?text=F-1-Z', clerk)).toEqual([])
})
