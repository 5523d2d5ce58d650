import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inScope } from '../db/transaction.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { testId } from '../testing/world.ts'
import { type PeriodTable, putPeriods } from './periods.ts'

const RUNS = Math.min(Number(process.env['FC_RUNS'] ?? 40), 40)
const DAYS = 12

const table: PeriodTable = {
  name: 'directory.legal_regime',
  key: { country: 'text', outlet_type: 'text', regime_class: 'text' },
  facts: { may_earn: 'boolean', may_discount: 'boolean', may_count: 'boolean', source: 'text' },
}
const at = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString()

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database?.drop())

let world = 0
interface Told {
  readonly from: number
  /** Days; none: no end is told. */
  readonly lasts: number | null
}
const put = (outletType: string, page: readonly Told[], source: string): Promise<void> =>
  inScope(database.engine, { operators: [testId(1, 1)] }, (tx) =>
    putPeriods(
      tx,
      table,
      page.map(({ from, lasts }) => ({
        country: 'PL',
        outlet_type: outletType,
        regime_class: 'rx',
        from_at: at(from),
        until_at: lasts === null ? undefined : at(from + lasts),
        may_earn: true,
        may_discount: true,
        may_count: true,
        source: `${source} ${from}`,
      })),
    ),
  )

describe('dated facts', () => {
  it('hold one at a time, whatever was put in which order: the latest beginning, as it was told last, up to its end', async () => {
    const period = fc.record({
      from: fc.integer({ min: 0, max: DAYS - 1 }),
      lasts: fc.option(fc.integer({ min: 1, max: DAYS })),
    })
    const page = fc.uniqueArray(period, { selector: ({ from }) => from, minLength: 1, maxLength: 4 })
    const pages = fc.array(page, { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(pages, async (given) => {
        world += 1
        const type = `type ${world}`
        const told = new Map<number, { readonly source: string; readonly until: number }>()
        for (const [index, periods] of given.entries()) {
          await put(type, periods, `page ${index}`)
          for (const { from, lasts } of periods) {
            told.set(from, { source: `page ${index} ${from}`, until: lasts === null ? Infinity : from + lasts })
          }
        }
        for (let day = 0; day < DAYS; day += 1) {
          const rows = await database.admin`
            SELECT source FROM directory.legal_regime WHERE outlet_type = ${type}
              AND from_at <= ${at(day)} AND (until_at IS NULL OR until_at > ${at(day)})`
          const latest = Math.max(...[...told.keys()].filter((each) => each <= day))
          const expected = told.get(latest)
          const holds = expected !== undefined && day < expected.until
          expect(rows.map((row) => String(row['source']))).toEqual(holds ? [expected.source] : [])
        }
      }),
      { numRuns: RUNS },
    )
  })
})
