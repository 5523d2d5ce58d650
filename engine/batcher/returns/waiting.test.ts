import type { ProgramResult, Sale, SaleResult } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyPrograms } from '../../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { cardNumber, type Fixture, memberId, openFixture } from '../../testing/fixture.ts'
import { allOf, returnOf } from '../../testing/sale-returns.ts'
import { world } from '../../testing/world.ts'

const DAY_MS = 86_400_000

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 20, document: { lateLimitDays: 10 } })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

type Booked = Extract<ProgramResult, { status: 'booked' | 'waiting' }>

const post = async (sale: Sale): Promise<SaleResult> => {
  const answer = await fixture.till.post('/v1/sales', sale)
  return answer.status === 200 ? answer.body : { sale: sale.id, status: 'rejected', problem: answer.body }
}
const first = async (sale: Sale): Promise<Booked> => {
  const result = await post(sale)
  if (!('programs' in result)) throw new Error(JSON.stringify(result))
  return result.programs[0] as Booked
}
const codes = ({ notices }: Pick<Booked, 'notices'>): readonly string[] => notices.map(({ code }) => code)

const bought = (member: number, zloty = 30): Sale =>
  fixture.till.sale({ card: cardNumber(member), lines: [{ grossMinor: (zloty * 100) as never }] })
const back = (sale: Sale, changes: Partial<Parameters<typeof returnOf>[2]> = {}): Sale =>
  returnOf(fixture.till, sale, { units: allOf(sale), ...changes })

const balance = async (member: number): Promise<number> => {
  const [row] = await database.admin<{ balance: number }[]>`
    SELECT balance FROM loyalty.account WHERE program_id = 1 AND holder_id = ${memberId(member)}`
  return row?.balance ?? 0
}
const rows = async (): Promise<{ awaited: number; waiting: number }> => {
  const [row] = await database.admin<{ awaited: number; waiting: number }[]>`
    SELECT (SELECT count(*) FROM loyalty.sale_key WHERE state = 'awaited') AS awaited,
      (SELECT count(*) FROM loyalty.sale_return WHERE waiting IS NOT NULL) AS waiting`
  return row as { awaited: number; waiting: number }
}
const expectSound = async (): Promise<void> => {
  const results = await verifyPrograms(database.engine, { replays: 500 })
  expect(results.filter(({ wrong }) => wrong > 0).map(({ name, wrong }) => `${name}: ${wrong}`)).toEqual([])
}
const swept = async (): Promise<void> => {
  await fixture.engine.waitingReturns.settled()
  await fixture.engine.waitingReturns.sweep()
}

describe('a return before its sale', () => {
  it('is kept without what was shown with it', async () => {
    const sale = bought(2)
    const made = back(sale, { draft: { card: cardNumber(2) } })
    expect((await first(made)).status).toBe('waiting')
    expect(await rows()).toEqual({ awaited: 2, waiting: 1 })
    await first(sale)
    await swept()
    expect(await rows()).toEqual({ awaited: 0, waiting: 0 })
    expect(await balance(2)).toBe(0)
    await expectSound()
  })

  it('that is a void finds its sale void when it comes', async () => {
    const sale = bought(3)
    await first(back(sale, { reason: 'void' }))
    expect((await first(sale)).points[0]).toMatchObject({ earned: 30 })
    await swept()
    expect(await balance(3)).toBe(0)
  })

  it('is found by the sweep where the process died between the sale and waking it', async () => {
    const sale = bought(4)
    const made = back(sale)
    await first(made)
    // As a process that died has left it: the sale is booked, and nobody was woken.
    const twin = await fixture.twin()
    const { waitingReturns } = twin
    await fixture.engine.waitingReturns.settled()
    const asleep = Object.assign(fixture.engine.waitingReturns, { wake: () => undefined })
    await first(sale)
    Reflect.deleteProperty(asleep, 'wake')
    expect(await balance(4)).toBe(30)
    await waitingReturns.sweep()
    expect(await balance(4)).toBe(0)
    expect((await post(made)).status).toBe('duplicate')
  })

  it('waits as one, whatever id its receipt comes under, and refuses another content', async () => {
    const sale = bought(5)
    const made = back(sale)
    await first(made)
    const again = fixture.till.sale()
    const twin = fixture.till.signed({ ...made, id: again.id, sequence: again.sequence, previous: again.previous })
    expect((await first(twin)).status).toBe('waiting')
    expect(await rows()).toEqual({ awaited: 2, waiting: 1 })
    const changed = fixture.till.signed({ ...made, channel: 'online' })
    expect(await post(changed)).toMatchObject({ status: 'rejected', problem: { code: 'sale_conflict' } })
    const asSale = fixture.till.signed({ ...bought(5), id: made.id })
    expect(await post(asSale)).toMatchObject({ status: 'rejected', problem: { code: 'sale_conflict' } })
    await first(sale)
    await swept()
    expect(await balance(5)).toBe(0)
    expect((await post(twin)).status).toBe('duplicate')
    await expectSound()
  })

  it('that another return names waits like any, and is not lost', async () => {
    const sale = bought(6)
    const inner = back(sale)
    const outer = back(inner)
    expect((await first(outer)).status).toBe('waiting')
    expect((await first(inner)).status).toBe('waiting')
    expect(await rows()).toEqual({ awaited: 3, waiting: 2 })
    await first(sale)
    await swept()
    await swept()
    expect(await rows()).toEqual({ awaited: 0, waiting: 0 })
    expect(await balance(6)).toBe(0)
    expect(codes(await first(outer))).toEqual(['original_unknown'])
    await expectSound()
  })

  it('goes on waiting when its sale comes from outside of the program', async () => {
    const sale = bought(7)
    await first(back(sale))
    const details = { program: world.program, reason: 'Terms are being rewritten' }
    await fixture.give('program.suspend', {}, details)
    expect((await first(sale)).status).toBe('outside')
    await fixture.give('program.resume', {}, details)
    // Beside a sale that is booked, as well.
    const dollars = fixture.till.signed({ ...sale, currency: 'USD' })
    const { body } = await fixture.till.post('/v1/sales', { sales: [dollars, bought(8)] })
    expect(body.results.map(({ programs }: { programs: Booked[] }) => programs[0]?.status)).toEqual([
      'outside',
      'booked',
    ])
    expect(await rows()).toEqual({ awaited: 2, waiting: 1 })
    await expectSound()
    expect((await first(sale)).status).toBe('booked')
    await swept()
    expect(await balance(7)).toBe(0)
    await expectSound()
  })

  it('that cannot be booked, or not even read, stops none of those behind it', async () => {
    const { admin } = database
    const sales = [bought(9), bought(10), bought(11)]
    const [poisoned, broken, good] = sales.map((sale, index) =>
      back(sale, index === 0 ? { draft: { number: 'POISON' } } : {}),
    )
    for (const each of [poisoned, broken, good]) await first(each as Sale)
    const kept = await admin`SELECT waiting FROM loyalty.sale_return WHERE return_id = ${(broken as Sale).id}`
    await admin`UPDATE loyalty.sale_return SET waiting = '\\x00' WHERE return_id = ${(broken as Sale).id}`
    await admin.unsafe(`
      CREATE FUNCTION public.poison() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.document_number = 'POISON' THEN RAISE 'planted'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER poison BEFORE INSERT ON loyalty.sale FOR EACH ROW EXECUTE FUNCTION public.poison()`)
    for (const sale of sales) await first(sale)
    await swept()
    expect([await balance(9), await balance(10), await balance(11)]).toEqual([30, 30, 0])
    expect((await first(bought(12))).status).toBe('booked')
    await admin.unsafe('DROP TRIGGER poison ON loyalty.sale')
    await admin`UPDATE loyalty.sale_return SET waiting = ${kept[0]?.['waiting']} WHERE return_id = ${(broken as Sale).id}`
    await swept()
    expect([await balance(9), await balance(10), await balance(11)]).toEqual([0, 0, 0])
    await expectSound()
  })

  it('is booked without its sale after the late limit, and nobody waits any more', async () => {
    const sale = bought(13)
    const made = [back(sale), back(sale)]
    await first(made[0] as Sale)
    fixture.clock.advance(DAY_MS)
    await first(made[1] as Sale)
    fixture.clock.advance(9.5 * DAY_MS)
    await swept()
    expect(await rows()).toEqual({ awaited: 2, waiting: 1 })
    await expectSound()
    fixture.clock.advance(DAY_MS)
    await swept()
    expect(await rows()).toEqual({ awaited: 0, waiting: 0 })
    const told = await first(made[1] as Sale)
    expect(told).toMatchObject({ status: 'booked', points: [] })
    expect(codes(told)).toEqual(['original_unknown'])
    expect(codes(await first(sale))).toEqual(['sale_too_old'])
    await expectSound()
  })
})
