import type { QuoteAnswer, SignedBundle } from '@premia/pos-sdk/contract/till'
import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEstimator } from '../../pos-sdk/estimate.ts'
import { drainProgram } from '../jobs/drain-program.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import type { SaleDraft } from '../testing/till.ts'
import { world } from '../testing/world.ts'

const head = { schema: 1, version: 1 } as const
const care = { slots: [{ name: 'care', items: { categories: ['care'] } }] }
const tenth = { do: 'priceOff', of: 'care', off: { kind: 'percent', ppm: 100_000 } } as const
const rules: readonly Rule[] = [
  {
    ...head,
    ...care,
    id: 'R-ALWAYS',
    name: 'Cream for 8.00, since it was published',
    phase: 'price',
    then: [{ do: 'setPrice', of: 'care', unitPriceMinor: 800 }],
  },
  {
    ...head,
    id: 'R-DECEMBER',
    name: 'A tenth off everything in December',
    phase: 'line',
    slots: [{ name: 'care' }],
    valid: { from: '2026-12-01T00:00', to: '2027-01-01T00:00' },
    then: [tenth],
  },
  {
    ...head,
    ...care,
    id: 'R-SATURDAY',
    name: 'A tenth off on Saturdays',
    phase: 'line',
    when: { weekdays: [6] },
    then: [tenth],
  },
  {
    ...head,
    ...care,
    id: 'R-OVER',
    name: 'A tenth off in October',
    phase: 'line',
    valid: { from: '2026-10-01T00:00', to: '2026-11-01T00:00' },
    then: [tenth],
  },
]

let database: TestDatabase
let fixture: Fixture
/** A Saturday. */
const now = Date.parse('2026-12-05T10:00:00.000Z')

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { rules })
  fixture.clock.set(now)
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const sell = async (date: string, unitPriceMinor: number, tookOff?: number): Promise<void> => {
  const reductions = tookOff === undefined ? [] : [{ by: 'rule', amountMinor: tookOff, rule: 'R-ALWAYS' }]
  const line = { unitPriceMinor, grossMinor: unitPriceMinor, reductions }
  const sale = fixture.till.sale({ atMs: Date.parse(`${date}T09:00:00.000Z`), lines: [line as never] })
  expect((await fixture.till.post('/v1/sales', sale)).body).toMatchObject({ status: 'recorded' })
  await drainProgram(database.engine, { programId: 1, nowMs: fixture.clock() })
}
const basketOf = (draft: SaleDraft) => {
  const finished = fixture.till.sale({ ...draft, tenders: [] })
  const { sequence: _1, previous: _2, document: _3, signature: _4, ...basket } = finished
  return basket
}
const quote = async (basket: object): Promise<QuoteAnswer> => (await fixture.till.post('/v1/quotes', basket)).body
const told = ({ programs }: QuoteAnswer): unknown =>
  programs[0]?.status === 'quoted'
    ? Object.fromEntries(programs[0].applied.map(({ rule, lowestPrices }) => [rule, lowestPrices]))
    : programs[0]
const lowest = (lowestPrice30DaysMinor: number) => [{ line: 1, lowestPrice30DaysMinor }]
const bundle = async () => {
  const { body, headers } = await fixture.till.get('/v1/bundle')
  const { products } = JSON.parse((body as SignedBundle).text) as { products: { facts: { id: string } }[] }
  return {
    text: (body as SignedBundle).text,
    etag: headers['etag'],
    cream: products.find(({ facts }) => facts.id === world.product),
  }
}

describe('PRO-03: the lowest price of the 30 days before', () => {
  it('is served with no cut of a product that nobody has sold yet: no number rather than a guess', async () => {
    const answer = await quote(basketOf({}))
    expect(answer.lines).toEqual([{ number: 1, steeredPriceMinor: 800 }])
    expect(told(answer)).toEqual({ 'R-ALWAYS': undefined, 'R-DECEMBER': undefined, 'R-SATURDAY': undefined })
    expect((await bundle()).cream).not.toHaveProperty('lowestPrices')
  })

  it('is that of each cut, from the day on which it began: on publishing, on its first day, or anew', async () => {
    await sell('2026-10-25', 1_200)
    await sell('2026-11-10', 950)
    await sell('2026-11-15', 1_000)
    await sell('2026-11-25', 1_000, 200)
    await sell('2026-12-02', 700)
    const answer = await quote(basketOf({}))
    // Published on 20 November; what was asked since then is the cut itself.
    expect(answer.lines).toEqual([{ number: 1, steeredPriceMinor: 800, lowestPrice30DaysMinor: 950 }])
    expect(told(answer)).toEqual({ 'R-ALWAYS': lowest(950), 'R-DECEMBER': lowest(800), 'R-SATURDAY': lowest(700) })
  })

  it('is told by the till alone as by the engine, byte for byte', async () => {
    fixture.clock.advance(2 * 3_600_000)
    const { text, cream } = await bundle()
    expect(cream).toMatchObject({ lowestPrices: { 'R-ALWAYS': 950, 'R-DECEMBER': 800, 'R-SATURDAY': 700 } })
    const estimator = createEstimator(text)
    const baskets: readonly SaleDraft[] = [
      {},
      { lines: [{ quantityMilli: 3_000 as never, grossMinor: 3_000 as never }] },
      { lines: [{}, { unitPriceMinor: 990 as never, grossMinor: 990 as never }, { product: { code: 'X' } }] },
    ]
    for (const draft of baskets) {
      const basket = basketOf(draft)
      const online = await quote(basket)
      const [alone] = estimator.estimate(basket, 'price', fixture.clock())?.programs ?? []
      const [program] = online.programs
      if (program?.status !== 'quoted' || alone === undefined) throw new Error('nothing was quoted or estimated')
      expect(alone.outcome).toBe(program.outcome)
      expect(
        alone.steered.map(({ line, unitPriceMinor, ...rest }) => ({
          number: line,
          steeredPriceMinor: unitPriceMinor,
          ...rest,
        })),
      ).toEqual(online.lines)
      expect(alone.applied.map((each) => each.lowestPrices)).toEqual(program.applied.map((each) => each.lowestPrices))
      expect(JSON.stringify(online)).toContain('lowestPrice30DaysMinor')
    }
  })

  it('comes to the tills within the hour when a late sale changes it, and makes no bundle new before or without that', async () => {
    const before = await bundle()
    await sell('2026-11-12', 870)
    expect(told(await quote(basketOf({})))).toMatchObject({ 'R-ALWAYS': lowest(870) })
    expect((await bundle()).etag).toBe(before.etag)
    fixture.clock.advance(3_600_000)
    const after = await bundle()
    expect(after.cream).toMatchObject({ lowestPrices: { 'R-ALWAYS': 870 } })
    expect(after.etag).not.toBe(before.etag)
    for (let sale = 0; sale < 3; sale += 1) await sell('2026-12-05', 1_000 + sale)
    fixture.clock.advance(3_600_000)
    expect((await bundle()).etag).toBe(after.etag)
  })

  it('leaves a finished sale as it was: prices of a booked sale are facts, and so is its outcome', async () => {
    const sale = fixture.till.sale({})
    const { body } = await fixture.till.post('/v1/sales', sale)
    expect(JSON.stringify(body)).not.toContain('lowestPrice')
    const [row] = await database.admin`SELECT outcome_hash FROM loyalty.sale WHERE document_id = ${sale.id}`
    expect(row).toBeDefined()
  })
})
