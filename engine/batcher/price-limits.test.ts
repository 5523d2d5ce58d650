import type { SaleResult } from '@premia/pos-sdk/contract/till'
import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture } from '../testing/fixture.ts'
import type { SaleDraft } from '../testing/till.ts'

const head = { schema: 1, version: 1 } as const
const daily = { per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' } as const
const rules: readonly Rule[] = [
  {
    ...head,
    id: 'R-PRICE',
    name: 'Cream for 8.00, once a day',
    phase: 'price',
    slots: [{ name: 'care', items: { categories: ['care'] } }],
    then: [{ do: 'setPrice', of: 'care', unitPriceMinor: 800 }],
    limits: [daily],
  },
  {
    ...head,
    id: 'R-BUDGET',
    name: 'A tenth off, as long as the budget lasts',
    phase: 'basket',
    when: { channels: ['delivery'] },
    then: [{ do: 'basketOff', off: { kind: 'percent', ppm: 100_000 } }],
    limits: [{ id: 'budget', per: 'campaign', period: 'ever', measure: 'amount', most: 250, over: 'truncate' }],
  },
]

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { rules, members: 9 })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const quoted = async (card?: string, draft: SaleDraft = {}): Promise<unknown> => {
  const finished = fixture.till.sale({ ...draft, ...(card === undefined ? {} : { card }), tenders: [] })
  const { sequence: _1, previous: _2, document: _3, signature: _4, ...basket } = finished
  return (await fixture.till.post('/v1/quotes', basket)).body
}
const post = async (draft: SaleDraft): Promise<SaleResult> =>
  (await fixture.till.post('/v1/sales', fixture.till.sale(draft))).body
const took = (amountMinor: number, rule?: string) => ({
  reductions: [{ by: 'rule', amountMinor, ...(rule === undefined ? {} : { rule }) }] as never,
})
const used = async (limit: string): Promise<readonly unknown[]> =>
  (
    await database.admin<
      { used: number }[]
    >`SELECT used FROM loyalty.counter WHERE limit_id = ${limit} ORDER BY subject_id`
  ).map((row) => row.used)
const wrong = async () => (await verifyPrograms(database.engine, { replays: 500 })).filter((check) => check.wrong > 0)

describe('a limit on a price', () => {
  it('PRO-03: once taken, the price is not quoted again on that day, for that member', async () => {
    expect(await quoted(cardNumber(2))).toMatchObject({ lines: [{ number: 1, steeredPriceMinor: 800 }] })
    expect((await post({ card: cardNumber(2), lines: [took(200, 'R-PRICE')] })).status).toBe('recorded')
    expect(await used('R-PRICE.1')).toEqual([1])
    expect(await quoted(cardNumber(2))).toMatchObject({ lines: [] })
    expect(await quoted(cardNumber(3))).toMatchObject({ lines: [{ steeredPriceMinor: 800 }] })
    expect(await wrong()).toEqual([])
  })

  it('counts by what the till took, named or not, and not what it left', async () => {
    expect((await post({ card: cardNumber(4), lines: [took(200)] })).status).toBe('recorded')
    expect((await post({ card: cardNumber(5) })).status).toBe('recorded')
    const rows = await database.admin<{ used: number }[]>`
      SELECT used FROM loyalty.counter WHERE limit_id = 'R-PRICE.1' AND used > 0`
    expect(rows).toHaveLength(2)
    expect(await quoted(cardNumber(5))).toMatchObject({ lines: [{ steeredPriceMinor: 800 }] })
    expect(await quoted(cardNumber(4))).toMatchObject({ lines: [] })
  })

  it('is counted once, however often the sale comes, and begins again on the next day', async () => {
    const sale = fixture.till.sale({ card: cardNumber(6), lines: [took(200, 'R-PRICE')] })
    for (let time = 0; time < 3; time += 1) await fixture.till.post('/v1/sales', sale)
    const rows = await database.admin<{ used: number }[]>`
      SELECT used FROM loyalty.counter WHERE limit_id = 'R-PRICE.1' AND used > 0`
    expect(rows.map((row) => row.used)).toEqual([1, 1, 1])
    fixture.clock.advance(24 * 3_600_000)
    expect(await quoted(cardNumber(6))).toMatchObject({ lines: [{ steeredPriceMinor: 800 }] })
    expect(await wrong()).toEqual([])
  })
})

it('a budget of discounts is spent by what was taken off, to the last unit, and then quoted no more', async () => {
  const off = (amountMinor: number): SaleDraft => ({
    channel: 'delivery',
    adjustments: [{ by: 'rule', rule: 'R-BUDGET', amountMinor }] as never,
  })
  expect(JSON.stringify(await quoted(undefined, { channel: 'delivery' }))).toContain('R-BUDGET')
  for (const amountMinor of [100, 100, 50]) expect((await post(off(amountMinor))).status).toBe('recorded')
  expect(await used('budget')).toEqual([250])
  // A till that was alone and gave more: a fact, that the budget does not count twice.
  expect((await post(off(100))).status).toBe('recorded')
  expect(await used('budget')).toEqual([250])
  const told = await quoted(undefined, { channel: 'delivery' })
  expect(told).toMatchObject({ programs: [{ status: 'quoted' }] })
  expect(JSON.stringify(told)).not.toContain('R-BUDGET')
  expect(await wrong()).toEqual([])
})
