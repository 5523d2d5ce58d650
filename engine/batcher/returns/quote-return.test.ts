import type { QuoteAnswer, Sale } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { cardNumber, type Fixture, openFixture } from '../../testing/fixture.ts'
import { world } from '../../testing/world.ts'

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 4 })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const book = async (sale: Sale): Promise<void> => {
  const answer = await fixture.till.post('/v1/sales', sale)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
}

const basketOf = (sale: Sale): object => {
  const { sequence: _s, previous: _p, document: _d, signature: _g, ...basket } = sale
  return basket
}

const quote = async (sale: Sale): Promise<QuoteAnswer['programs'][number]> => {
  const answer = await fixture.till.post('/v1/quotes', basketOf(sale))
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return (answer.body as QuoteAnswer).programs[0] as never
}

const returnOf = (original: Sale | undefined, milli: number): Sale =>
  fixture.till.sale({
    kind: 'return',
    original: { ...(original === undefined ? {} : { sale: original.id }), reason: 'customer' },
    lines: [{ originalLine: 1, quantityMilli: milli as never, grossMinor: milli as never }],
  })

const rows = async (): Promise<unknown> =>
  database.admin`SELECT (SELECT count(*) FROM loyalty.sale_key) AS keys, (SELECT count(*) FROM loyalty.posting) AS postings,
    (SELECT count(*) FROM loyalty.sale_return) AS returns, (SELECT sum(balance) FROM loyalty.account) AS points`

describe('the quote of a return', () => {
  it('tells what would be taken back and what was paid, and changes nothing', async () => {
    const use = {
      kind: 'points',
      program: world.program,
      pointType: 'points',
      points: 100,
      amountMinor: 1_000,
    } as const
    const card = cardNumber(2)
    const lines = [{ quantityMilli: 3_000 as never, unitPriceMinor: 1_000 as never, grossMinor: 3_000 as never }]
    await book(fixture.till.sale({ card, lines }))
    const tenders = [
      { kind: 'points', amountMinor: 10, useRef: 0 },
      { kind: 'cash', amountMinor: 2_990 },
    ]
    const sale = fixture.till.sale({ card, lines, uses: [use as never], tenders: tenders as never })
    await book(sale)
    const before = await rows()
    const quoted = await quote(returnOf(sale, 1_000))
    expect(quoted.status).toBe('quoted')
    if (quoted.status !== 'quoted') return
    const customer = quoted.points.filter(({ to }) => to === 'customer')
    expect(customer.map(({ clawedBack, redeemed }) => ({ clawedBack, redeemed }))).toEqual([
      { clawedBack: 9, redeemed: 0 },
    ])
    expect(quoted.back).toEqual([
      { line: 1, quantityMilli: 1_000, leftMilli: 2_000, inMoneyMinor: 996, inPointsMinor: 4 },
    ])
    expect(quoted.notices.map(({ code }) => code)).toEqual(['points_paid_in_money'])
    expect(await rows()).toEqual(before)
  })

  it('of a sale that nobody knows says so', async () => {
    const quoted = await quote(returnOf(fixture.till.sale(), 1_000))
    expect(quoted.status).toBe('quoted')
    if (quoted.status !== 'quoted') return
    expect(quoted.points).toEqual([])
    expect(quoted.notices.map(({ code }) => code)).toEqual(['original_unknown'])
  })
})
