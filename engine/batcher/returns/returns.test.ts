import type { ProgramResult, Sale, SaleResult } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyPrograms } from '../../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { cardNumber, type Fixture, memberId, openFixture } from '../../testing/fixture.ts'

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 40 })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

type Booked = Extract<ProgramResult, { status: 'booked' | 'waiting' }>

const post = async (sale: Sale): Promise<SaleResult> => {
  const answer = await fixture.till.post('/v1/sales', sale)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body as SaleResult
}

const booked = async (sale: Sale): Promise<Booked> => {
  const result = await post(sale)
  if (!('programs' in result)) throw new Error(JSON.stringify(result))
  return result.programs[0] as Booked
}

interface Back {
  readonly line?: number
  readonly milli?: number
  readonly grossMinor: number
  readonly tender?: 'cash' | 'points'
  readonly reason?: 'customer' | 'void'
}

const returnOf = (
  sale: Sale,
  { line = 1, milli = 1_000, grossMinor, tender = 'cash', reason = 'customer' }: Back,
): Sale =>
  fixture.till.sale({
    kind: 'return',
    original: { sale: sale.id, reason },
    lines: [{ originalLine: line, quantityMilli: milli as never, grossMinor: grossMinor as never }],
    tenders: [{ kind: tender, amountMinor: grossMinor as never }],
  })

/** Three units of 10.00 each: 30 points for the customer, 1 for the staff, 3 for the owner. */
const three = (member: number): Sale =>
  fixture.till.sale({
    card: cardNumber(member),
    staff: { code: '1001' },
    lines: [{ quantityMilli: 3_000 as never, unitPriceMinor: 1_000 as never, grossMinor: 3_000 as never }],
  })

const account = async (member: number): Promise<{ balance: number; debt: number; earned: number }> => {
  const [row] = await database.admin<{ balance: number; debt: number; earned: number }[]>`
    SELECT balance, debt, earned_total AS earned FROM loyalty.account
    WHERE program_id = 1 AND holder_id = ${memberId(member)} AND point_type = 'points'`
  return row ?? { balance: 0, debt: 0, earned: 0 }
}

const house = async (): Promise<Record<string, number>> => {
  const rows = await database.admin<{ kind: string; balance: number }[]>`
    SELECT a.holder_kind AS kind, sum(s.balance + s.pending)::bigint AS balance FROM loyalty.account a
    JOIN loyalty.account_slot s USING (program_id, account_id) WHERE a.program_id = 1 GROUP BY a.holder_kind`
  return Object.fromEntries(rows.map(({ kind, balance }) => [kind, balance]))
}

const expectSound = async (): Promise<void> => {
  const results = await verifyPrograms(database.engine, { replays: 500 })
  expect(results.filter(({ wrong }) => wrong > 0).map(({ name, wrong }) => `${name}: ${wrong}`)).toEqual([])
}

const codes = (result: Booked): readonly string[] => result.notices.map(({ code }) => code)

describe('a return', () => {
  it('TRX-05: takes back what the sale gave to customer, staff and owner, and says so', async () => {
    await booked(three(9))
    const before = await house()
    const sale = three(2)
    await booked(sale)
    expect((await account(2)).balance).toBe(30)
    const result = await booked(returnOf(sale, { milli: 3_000, grossMinor: 3_000 }))
    expect(result.status).toBe('booked')
    expect(result.points.map(({ to, clawedBack, earned }) => ({ to, clawedBack, earned }))).toEqual([
      { to: 'customer', clawedBack: 30, earned: 0 },
      { to: 'owner', clawedBack: 3, earned: 0 },
      { to: 'staff', clawedBack: 1, earned: 0 },
    ])
    expect(result.balances[0]).toMatchObject({ spendable: 0, debt: 0 })
    expect(await account(2)).toEqual({ balance: 0, debt: 0, earned: 0 })
    expect(await house()).toEqual(before)
    await expectSound()
  })

  it('in parts ends where one return of everything ends', async () => {
    const sale = three(3)
    await booked(sale)
    const balances: number[] = []
    for (let part = 0; part < 3; part += 1) {
      await booked(returnOf(sale, { grossMinor: 1_000 }))
      balances.push((await account(3)).balance)
    }
    expect(balances).toEqual([20, 10, 0])
    const more = await booked(returnOf(sale, { grossMinor: 1_000 }))
    expect(codes(more)).toEqual(['returned_too_much'])
    expect(more.points).toEqual([])
    await expectSound()
  })

  it('is booked once, however often it comes, and told the same', async () => {
    const sale = three(4)
    await booked(sale)
    const back = returnOf(sale, { grossMinor: 1_000 })
    const first = await booked(back)
    const again = await post(back)
    expect(again.status).toBe('duplicate')
    expect('programs' in again && again.programs[0]).toEqual(first)
    expect((await account(4)).balance).toBe(20)
  })

  it('that comes before its sale waits, and is booked right behind it', async () => {
    const sale = three(5)
    const back = returnOf(sale, { milli: 2_000, grossMinor: 2_000 })
    expect((await booked(back)).status).toBe('waiting')
    expect((await booked(back)).status).toBe('waiting')
    await expectSound()
    expect((await booked(sale)).points[0]).toMatchObject({ earned: 30 })
    await fixture.engine.waitingReturns.settled()
    expect((await account(5)).balance).toBe(10)
    const told = await post(back)
    expect(told.status).toBe('duplicate')
    expect('programs' in told && (told.programs[0] as Booked).points[0]).toMatchObject({ clawedBack: 20 })
    await expectSound()
  })
})
