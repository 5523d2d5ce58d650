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
const put = (outletType: string, days: readonly number[], source: string): Promise<void> =>
  inScope(database.engine, { operators: [testId(1, 1)] }, (tx) =>
    putPeriods(
      tx,
      table,
      days.map((day) => ({
        country: 'PL',
        outlet_type: outletType,
        regime_class: 'rx',
        from_at: at(day),
        may_earn: true,
        may_discount: true,
        may_count: true,
        source: `${source} ${day}`,
      })),
    ),
  )

describe('dated facts', () => {
  it('hold one at a time, whatever was put in which order: the latest beginning, as it was told last', async () => {
    const pages = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: DAYS - 1 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(pages, async (given) => {
        world += 1
        const type = `type ${world}`
        const told = new Map<number, string>()
        for (const [index, days] of given.entries()) {
          await put(type, days, `page ${index}`)
          for (const day of days) told.set(day, `page ${index} ${day}`)
        }
        for (let day = 0; day < DAYS; day += 1) {
          const rows = await database.admin`
            SELECT source FROM directory.legal_regime WHERE outlet_type = ${type}
              AND from_at <= ${at(day)} AND (until_at IS NULL OR until_at > ${at(day)})`
          const latest = Math.max(...[...told.keys()].filter((each) => each <= day))
          const expected = told.get(latest)
          expect(rows.map((row) => String(row['source']))).toEqual(expected === undefined ? [] : [expected])
        }
      }),
      { numRuns: RUNS },
    )
  })
})
