import type { Rule } from '@premia/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, memberId, openFixture } from '../testing/fixture.ts'

/** More than a batch may start again. */
const MANY = 12
const head = { schema: 1, version: 1 } as const
const rules: readonly Rule[] = [
  {
    ...head,
    id: 'R-PRICE',
    name: 'Cream for 8.00, once a day',
    phase: 'price',
    slots: [{ name: 'care', items: { categories: ['care'] } }],
    then: [{ do: 'setPrice', of: 'care', unitPriceMinor: 800 }],
    limits: [{ per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' }],
  },
  {
    ...head,
    id: 'R-BACK',
    name: 'Five points to who comes back, once',
    phase: 'accrual.base',
    when: { not: { firstPurchase: true } },
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 5 } }],
    limits: [{ per: 'member', period: 'ever', measure: 'uses', most: 1, over: 'drop' }],
  },
] as readonly Rule[]

let database: TestDatabase
let fixture: Fixture
beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { rules, members: 4 * MANY })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const sell = async (members: readonly number[]): Promise<unknown> => {
  const sales = members.map((member) => fixture.till.sale({ card: cardNumber(member) }))
  return (await fixture.till.post('/v1/sales', { sales })).body.results.map(({ status }: { status: string }) => status)
}
const defects = async (): Promise<number | undefined> =>
  (await fixture.engine.registry.getSingleMetric('premia_defects_total')?.get())?.values[0]?.value
const numbers = (first: number): readonly number[] => Array.from({ length: MANY }, (_, index) => first + index)

describe('a batch that has to load more for each of many sales is no defect, whatever it lacks:', () => {
  const recorded = (count: number): readonly string[] => Array.from({ length: count }, () => 'recorded')

  it('counters of what the first sale of a member has changed for the second, and of prices', async () => {
    const members = numbers(2)
    expect(await sell([...members, ...members, ...members])).toEqual(recorded(3 * MANY))
    expect(await defects()).toBe(0)
    const balances = await database.admin`SELECT balance FROM loyalty.account WHERE holder_kind = 'member'`
    expect(balances).toEqual(members.map(() => ({ balance: 5 })))
  })

  it('members behind merged ones', async () => {
    const members = numbers(2 + MANY)
    for (const member of members) {
      await database.admin`UPDATE loyalty.member SET state = 'merged', merged_into = ${memberId(member + MANY)}
        WHERE member_id = ${memberId(member)}`
    }
    expect(await sell([...members, ...members])).toEqual(recorded(2 * MANY))
    expect(await defects()).toBe(0)
    const balances = await database.admin`
      SELECT balance FROM loyalty.account WHERE holder_id = ANY(${members.map((each) => memberId(each + MANY))})`
    expect(balances).toEqual(members.map(() => ({ balance: 5 })))
    expect((await verifyPrograms(database.engine, { replays: 500 })).filter(({ wrong }) => wrong > 0)).toEqual([])
  })
})
