import type { Sale, SaleResult, Uuid } from '@premia/pos-sdk/contract/till'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../app.ts'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, memberId, openFixture } from '../testing/fixture.ts'
import { injected, type TestTill } from '../testing/till.ts'
import { world } from '../testing/world.ts'

/** Each run meets a real database several times. */
const runs = Number(process.env['FC_RUNS'] ?? 25)
const MEMBERS = 8

let database: TestDatabase
let fixture: Fixture
let twin: Engine

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: MEMBERS + 1, twoPrograms: true })
  twin = await fixture.twin()
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const balances = async (): Promise<ReadonlyMap<Uuid, number>> => {
  const rows = await database.admin<{ holder_id: Uuid; balance: number }[]>`
    SELECT holder_id, balance FROM loyalty.account WHERE program_id = 1 AND holder_kind = 'member'`
  return new Map(rows.map((row) => [row.holder_id, row.balance]))
}

const wrongOf = async (): Promise<readonly string[]> => {
  const results = await verifyPrograms(database.engine, { replays: 500 })
  expect(results.length).toBeGreaterThan(30)
  return results.filter(({ wrong }) => wrong > 0).map(({ programId, name }) => `${programId} ${name}`)
}

const send = async (app: Engine['app'], till: TestTill, sales: readonly Sale[]): Promise<readonly SaleResult[]> => {
  const payload = JSON.stringify({ sales })
  const headers = till.seal('POST', '/v1/sales', payload)
  const answer = await injected(app)({ method: 'POST', url: '/v1/sales', headers, payload })
  expect(answer.status).toBe(200)
  return answer.body.results
}

interface Draft {
  readonly member: number
  readonly zloty: number
}
/** A delivery: which sales of the list, in which order, to which process. */
interface Delivery {
  readonly order: readonly number[]
  readonly size: number
  readonly toTwin: boolean
}

const drafts = fc.array(
  fc.record({ member: fc.integer({ min: 1, max: MEMBERS }), zloty: fc.integer({ min: 0, max: 500 }) }),
  {
    minLength: 1,
    maxLength: 12,
  },
)
const deliveries = fc.array(
  fc.record({
    order: fc.array(fc.nat(11), { minLength: 1, maxLength: 12 }),
    size: fc.integer({ min: 1, max: 6 }),
    toTwin: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
)

const saleOf = ({ member, zloty }: Draft): Sale =>
  fixture.till.sale({
    card: member === 1 ? world.cardNumber : cardNumber(member),
    staff: { code: '1001' },
    lines: [{ grossMinor: (zloty * 100) as never }],
  })

const deliver = async ({ order, size, toTwin }: Delivery, sales: readonly Sale[]): Promise<void> => {
  const { app } = toTwin ? twin : fixture.engine
  const chosen = order.map((index) => sales[index % sales.length] as Sale)
  const requests: Promise<unknown>[] = []
  for (let from = 0; from < chosen.length; from += size) {
    requests.push(send(app, fixture.till, chosen.slice(from, from + size)))
  }
  await Promise.all(requests)
}

describe('sales of one list', () => {
  it('end in the same balances whatever is repeated, in any order, batch and process', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, deliveries, async (list, plan) => {
        const before = await balances()
        const sales = list.map(saleOf)
        await Promise.all(plan.map((delivery) => deliver(delivery, sales)))
        // Whatever the plan left out comes last, as a till's queue would bring it.
        await send(fixture.engine.app, fixture.till, sales)
        const after = await balances()
        for (let member = 1; member <= MEMBERS; member += 1) {
          const earned = list.reduce((sum, draft) => sum + (draft.member === member ? draft.zloty : 0), 0)
          const id = memberId(member)
          expect((after.get(id) ?? 0) - (before.get(id) ?? 0)).toBe(earned)
        }
      }),
      { numRuns: runs },
    )
    expect(await wrongOf()).toEqual([])
  })

  it('spend in the same batch what an earlier one has earned', async () => {
    const use = { kind: 'points', program: world.program, pointType: 'points', points: 4, amountMinor: 40 } as const
    for (let round = 0; round < 2; round += 1) {
      const card = cardNumber(MEMBERS + 1)
      const sales = [fixture.till.sale({ card }), fixture.till.sale({ card, uses: [use as never] })]
      const results = await send(fixture.engine.app, fixture.till, sales)
      expect(results.map(({ status }) => status)).toEqual(['recorded', 'recorded'])
    }
    const [row] = await database.admin`SELECT balance FROM loyalty.account WHERE holder_id = ${memberId(MEMBERS + 1)}`
    expect(row).toEqual({ balance: 32 })
    expect(await wrongOf()).toEqual([])
  })

  it('are told the same decision each time they come', async () => {
    const sales = [saleOf({ member: 2, zloty: 30 }), saleOf({ member: 3, zloty: 40 })]
    const first = await send(fixture.engine.app, fixture.till, sales)
    const again = await send(twin.app, fixture.till, sales)
    expect(again.map(({ status }) => status)).toEqual(['duplicate', 'duplicate'])
    const decisions = (results: readonly SaleResult[]): unknown =>
      results.map((result) =>
        'programs' in result ? result.programs.map((each) => ({ ...each, balances: undefined })) : result,
      )
    expect(decisions(again)).toEqual(decisions(first))
  })

  it('with another content under the same id are refused and change nothing', async () => {
    const sale = saleOf({ member: 4, zloty: 30 })
    await send(fixture.engine.app, fixture.till, [sale])
    const rows = async (): Promise<unknown> => ({
      balances: await balances(),
      keys: await database.admin`SELECT * FROM loyalty.sale_key ORDER BY program_id, document_id`,
      sales: await database.admin`SELECT count(*) FROM loyalty.sale`,
    })
    const before = await rows()
    const changed = fixture.till.signed({ ...sale, channel: 'delivery' })
    const [answer] = await send(twin.app, fixture.till, [changed])
    expect(answer).toMatchObject({ status: 'rejected', problem: { code: 'sale_conflict' } })
    expect(await rows()).toEqual(before)
  })
})

describe('a poisoned sale in a batch of 100', () => {
  it('hurts only itself', async () => {
    const { admin } = database
    await admin.unsafe(`
      CREATE FUNCTION public.poison() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.document_number = 'POISON' THEN RAISE 'planted'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER poison BEFORE INSERT ON loyalty.sale FOR EACH ROW EXECUTE FUNCTION public.poison()`)
    const sales = Array.from({ length: 100 }, (_, index) =>
      fixture.till.sale({ card: cardNumber(2 + (index % 3)), ...(index === 50 ? { number: 'POISON' } : {}) }),
    )
    const results = await send(fixture.engine.app, fixture.till, sales)
    await admin.unsafe('DROP TRIGGER poison ON loyalty.sale')
    const notRecorded = results.flatMap((result, index) =>
      result.status === 'recorded' ? [] : [[index, result.status]],
    )
    expect(notRecorded).toEqual([[50, 'incomplete']])
    expect(await fixture.engine.registry.getSingleMetric('premia_defects_total')?.get()).toMatchObject({
      values: [{ value: 4 }],
    })
    // Mended, it is booked like any other when the till sends it again.
    expect((await send(fixture.engine.app, fixture.till, [sales[50] as Sale]))[0]?.status).toBe('recorded')
    expect(await wrongOf()).toEqual([])
  })
})
