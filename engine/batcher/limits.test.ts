import type { Sale, SaleResult } from '@premia/pos-sdk/contract/till'
import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../app.ts'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, memberId, openFixture } from '../testing/fixture.ts'
import { injected, type SaleDraft } from '../testing/till.ts'
import { world } from '../testing/world.ts'

const head = { schema: 1, version: 1 } as const
const rules: readonly Rule[] = [
  {
    ...head,
    id: 'R-DAY',
    name: 'At most 50 points a day',
    phase: 'accrual.base',
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 20 } }],
    limits: [{ per: 'member', period: 'day', measure: 'points', most: 50, over: 'truncate' }],
  },
  {
    ...head,
    id: 'R-TEN',
    name: 'The first thirty sales',
    phase: 'accrual.bonus',
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 1_000 } }],
    limits: [{ id: 'thirty', per: 'campaign', period: 'ever', measure: 'uses', most: 30, over: 'drop' }],
  },
  {
    ...head,
    id: 'R-PRICE',
    name: 'Cream for 8.00',
    phase: 'price',
    slots: [{ name: 'care', items: { categories: ['care'] } }],
    then: [{ do: 'setPrice', of: 'care', unitPriceMinor: 800 }],
  },
]

let database: TestDatabase
let fixture: Fixture
let twin: Engine

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { rules, members: 30 })
  twin = await fixture.twin()
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const send = async (app: Engine['app'], sales: readonly Sale[]): Promise<readonly SaleResult[]> => {
  const payload = JSON.stringify({ sales })
  const headers = fixture.till.seal('POST', '/v1/sales', payload)
  return (await injected(app)({ method: 'POST', url: '/v1/sales', headers, payload })).body.results
}

/** After the clock has moved on: through the till, which says hello again. */
const post = async (draft: SaleDraft): Promise<SaleResult> =>
  (await fixture.till.post('/v1/sales', fixture.till.sale(draft))).body

describe('a limit', () => {
  it('is not passed by any number of sales at the same moment in two processes', async () => {
    const requests = Array.from({ length: 12 }, (_, request) =>
      Array.from({ length: 5 }, (__, index) =>
        fixture.till.sale({ card: cardNumber(2 + ((request * 5 + index) % 12)) }),
      ),
    )
    const answers = await Promise.all(
      requests.map((sales, index) => send(index % 2 === 0 ? fixture.engine.app : twin.app, sales)),
    )
    expect(answers.flat().every((result) => result.status === 'recorded')).toBe(true)
    const rows = await database.admin<{ holder_id: string; balance: number }[]>`
      SELECT holder_id, balance FROM loyalty.account WHERE holder_kind = 'member' AND balance > 0`
    const total = rows.reduce((sum, row) => sum + row.balance, 0)
    // Twelve members with five sales each: 50 points of the day each, and the campaign's thirty thousand.
    expect(rows).toHaveLength(12)
    expect(total).toBe(12 * 50 + 30 * 1_000)
    const counters = await database.admin`SELECT used FROM loyalty.counter WHERE limit_id = 'thirty'`
    expect(counters).toEqual([{ used: 30 }])
    expect((await verifyPrograms(database.engine, { replays: 500 })).filter(({ wrong }) => wrong > 0)).toEqual([])
  })

  it('begins again with its period', async () => {
    fixture.clock.advance(24 * 3_600_000)
    expect((await post({ card: cardNumber(2) })).status).toBe('recorded')
    const [row] = await database.admin<{ points: number }[]>`
      SELECT points FROM loyalty.sale WHERE member_id = ${memberId(2)} ORDER BY booked_at DESC LIMIT 1`
    expect(row?.points).toBe(20)
  })
})

describe('what is odd about a line is told', () => {
  const notices = async (line: object): Promise<readonly string[]> => {
    const result = await post({ lines: [line] })
    if (!('programs' in result)) throw new Error(JSON.stringify(result))
    return result.programs.flatMap((each) => ('notices' in each ? each.notices.map(({ code }) => code) : []))
  }
  const off = (amountMinor: number, by: string) => ({ reductions: [{ by, amountMinor }] })

  it('a price that the rules had steered otherwise', async () => {
    expect(await notices({})).toEqual(['price_not_as_steered'])
    expect(await notices(off(200, 'rule'))).toEqual([])
    expect(await notices({ unitPriceMinor: 800, grossMinor: 800 })).toEqual([])
  })

  it('a product that nobody knows', async () => {
    expect(await notices({ product: { code: 'P-NOBODY' } })).toEqual(['product_unknown'])
  })

  it('a reduction where the law allows none', async () => {
    expect(await notices({ ...off(100, 'till'), marks: ['noDiscount'] })).toContain('law_forbids')
  })

  it('a card that has expired', async () => {
    await database.admin`UPDATE loyalty.card SET expires_at = ${new Date(fixture.clock())} WHERE member_id = ${memberId(20)}`
    const result = await post({ card: cardNumber(20), lines: [off(200, 'rule') as never] })
    expect(result).toMatchObject({
      programs: [{ member: null, notices: [{ code: 'card_expired', about: { card: 0 } }] }],
    })
  })
})

it('the till is quoted the price that its program steers', async () => {
  const { sequence: _1, previous: _2, document: _3, signature: _4, ...basket } = fixture.till.sale({ tenders: [] })
  const { body } = await fixture.till.post('/v1/quotes', basket)
  expect(body.lines).toEqual([{ number: 1, steeredPriceMinor: 800 }])
  expect(body.programs).toMatchObject([{ program: world.program, status: 'quoted' }])
})
