import type { Rule } from '@premia/rules'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { inProgram } from '../db/transaction.ts'
import { drainProgram } from '../jobs/drain-program.ts'
import { rebuildDay } from '../rollups/rebuild-day.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture, startsMs } from '../testing/fixture.ts'
import type { SaleDraft } from '../testing/till.ts'
import { world } from '../testing/world.ts'
import type { AskedPrice } from './asked.ts'
import { forgetPrices } from './forget.ts'
import { recordAsked } from './record.ts'
import { SeenPrices } from './seen.ts'

const head = { schema: 1, version: 1 } as const
const care = { slots: [{ name: 'care', items: { categories: ['care'] } }] }
const rules: readonly Rule[] = [
  {
    ...head,
    ...care,
    id: 'R-ALL',
    name: 'Cream for 8.00 from December on',
    phase: 'price',
    valid: { from: '2026-12-01T00:00' },
    then: [{ do: 'setPrice', of: 'care', unitPriceMinor: 800 }],
  },
  {
    ...head,
    ...care,
    id: 'R-MEMBER',
    name: 'A fifth off for members',
    phase: 'line',
    when: { identified: true },
    then: [{ do: 'priceOff', of: 'care', off: { kind: 'percent', ppm: 200_000 } }],
  },
]

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { rules, twoPrograms: true })
})
afterEach(() => database.admin`DELETE FROM loyalty.asked_price`)
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const DAY_MS = 86_400_000
const at = {
  programId: 1,
  get nowMs() {
    return fixture.clock()
  },
}
const sell = async (drafts: readonly SaleDraft[]): Promise<void> => {
  const sales = drafts.map((draft) => fixture.till.sale(draft))
  const { body } = await fixture.till.post('/v1/sales', { sales })
  expect(body.results.every((each: { status: string }) => each.status === 'recorded')).toBe(true)
}
const drain = () => drainProgram(database.engine, at)
const line = (unitPriceMinor: number, more: object = {}) => ({
  unitPriceMinor: unitPriceMinor as never,
  grossMinor: unitPriceMinor as never,
  ...more,
})
const byRule = (amountMinor: number, rule: string) => ({ by: 'rule', amountMinor, rule }) as never
const record = async (): Promise<readonly string[]> =>
  (
    await database.admin<{ price: number; from: string; until: string }[]>`
      SELECT unit_price_minor AS price, from_date::text AS from, until_date::text AS until FROM loyalty.asked_price
      WHERE program_id = 1 AND outlet_id = ${world.outlets[0]} AND product_id = ${world.product}
      ORDER BY from_date, unit_price_minor`
  ).map(({ price, from, until }) => `${price} ${from} ${until}`)

describe('PRO-03: the record of prices', () => {
  it('knows a shelf price from the first day on which it was asked to the last', async () => {
    await sell([{ lines: [line(1_000)] }, { lines: [line(1_000)], atMs: startsMs - 2 * DAY_MS }])
    await drain()
    expect(await record()).toEqual(['1000 2026-11-18 2026-11-20'])
    fixture.clock.advance(DAY_MS)
    await sell([{ lines: [line(1_000), line(900)] }])
    await drain()
    expect(await record()).toEqual(['1000 2026-11-18 2026-11-21', '900 2026-11-21 2026-11-21'])
  })

  it('is told an unchanged price once a day, and by no other row or byte of its sales', async () => {
    fixture.clock.set(startsMs + 5 * DAY_MS)
    await sell([{ lines: [line(1_000)] }])
    fixture.clock.advance(1_000)
    await sell([{ lines: [line(1_000)] }])
    const told = await database.admin<{ prices: unknown }[]>`
      SELECT sums->'prices' AS prices FROM loyalty.batch WHERE program_id = 1 AND relayed_at IS NULL ORDER BY booked_at, batch_id`
    expect(told.map(({ prices }) => prices)).toEqual([[[world.outlets[0], world.product, 1_000, '2026-11-25']], []])
    await drain()
  })

  it('knows a price that a rule cut for everybody, where the till took it, and not what a member or a cashier got off', async () => {
    fixture.clock.set(Date.parse('2026-12-02T10:00:00.000Z'))
    const card = world.cardNumber
    await sell([
      { lines: [line(1_000, { reductions: [byRule(200, 'R-ALL')] })] },
      { lines: [line(1_100, { reductions: [byRule(250, 'R-ALL')] })] },
      { card, lines: [line(1_200, { reductions: [byRule(400, 'R-ALL'), byRule(160, 'R-MEMBER')] })] },
      { lines: [line(1_300, { reductions: [{ by: 'staff', amountMinor: 500 }] as never })] },
    ])
    await drain()
    expect((await record()).map((row) => row.slice(0, 4).trim())).toEqual(['800', '1000', '1100', '1200', '1300'])
  })

  it('keeps no product that it does not know and nothing but goods, and is kept by the program that steers prices alone', async () => {
    fixture.clock.advance(DAY_MS)
    await sell([{ lines: [line(1_000, { product: { code: 'X' } }), line(500, { kind: 'deposit' })] }])
    await sell([{ lines: [line(1_000)] }])
    await drain()
    await drainProgram(database.engine, { ...at, programId: 2 })
    expect(await database.admin`SELECT program_id, unit_price_minor FROM loyalty.asked_price`).toEqual([
      { program_id: 1, unit_price_minor: 1_000 },
    ])
  })

  it('takes in what no outbox row tells: batches of an older engine, and days that are counted again', async () => {
    fixture.clock.set(Date.parse('2026-12-10T10:00:00.000Z'))
    await sell([{ lines: [line(1_000, { reductions: [byRule(200, 'R-ALL')] })] }])
    await database.admin`UPDATE loyalty.batch SET sums = (sums::jsonb - 'prices')::json WHERE relayed_at IS NULL`
    await drain()
    const told = ['800 2026-12-10 2026-12-10', '1000 2026-12-10 2026-12-10']
    expect(await record()).toEqual(told)
    await database.admin`DELETE FROM loyalty.asked_price`
    await inProgram(database.engine, 1, (tx) => rebuildDay(tx, { programId: 1, date: '2026-12-10' }))
    expect(await record()).toEqual(told)
  })

  it('is told again what was not committed, and nothing twice after that', () => {
    const asked = { outlet: world.outlets[0], product: world.product, unitPriceMinor: 1_000, date: '2026-12-20' }
    const seen = new SeenPrices()
    const news = seen.news([asked, asked])
    expect(news).toHaveLength(1)
    expect(seen.news([asked])).toEqual(news)
    seen.keep(news)
    expect([seen.news([asked]).length, seen.news([{ ...asked, date: '2026-12-21' }]).length]).toEqual([0, 1])
  })

  it('forgets in the night what was last asked more than 400 days ago, and nothing else', async () => {
    const spans = (unitPriceMinor: number, dates: readonly string[]): readonly AskedPrice[] =>
      dates.map((date) => ({ outlet: world.outlets[0], product: world.product, unitPriceMinor, date }))
    const asked = [
      ...spans(900, ['2025-10-15']),
      ...spans(950, ['2025-10-16']),
      ...spans(800, ['2025-10-10', '2025-11-05']),
    ]
    await inProgram(database.engine, 1, (tx) => recordAsked(tx, 1, asked))
    const nowMs = Date.parse('2026-11-20T02:15:00.000Z')
    expect(await forgetPrices(database.engine, 1, nowMs)).toBe(1)
    expect(await forgetPrices(database.engine, 1, nowMs)).toBe(0)
    expect(await record()).toEqual(['800 2025-10-10 2025-11-05', '950 2025-10-16 2025-10-16'])
  })

  it('is the same row by row in whatever order, batches and repetition prices come', async () => {
    const outlet = world.outlets[0]
    const price = fc.record({
      outlet: fc.constant(outlet),
      product: fc.constant(world.product),
      unitPriceMinor: fc.constantFrom(800, 900),
      date: fc.integer({ min: 0, max: 120 }).map((day) => new Date(startsMs + day * DAY_MS).toISOString().slice(0, 10)),
    })
    const write = async (prices: readonly AskedPrice[], atATime: number) => {
      await database.admin`DELETE FROM loyalty.asked_price`
      for (let from = 0; from < prices.length; from += atATime) {
        const part = prices.slice(from, from + atATime)
        await inProgram(database.engine, 1, (tx) => recordAsked(tx, 1, part))
      }
      return record()
    }
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(price, { maxLength: 12 })
          .chain((all) =>
            fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
          ),
        fc.integer({ min: 1, max: 5 }),
        async ([prices, shuffled], atATime) => {
          expect(await write(shuffled, atATime)).toEqual(await write(prices, 100))
        },
      ),
      { numRuns: 25 },
    )
  })
})
