import type { Sale, SaleResult } from '@premia/pos-sdk/contract/till'
import type { PointType, Rule } from '@premia/rules'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../app.ts'
import { verifyPrograms } from '../../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { cardNumber, earningRules, type Fixture, memberId, openFixture } from '../../testing/fixture.ts'
import { allOf, holdings, plus, returnOf, type Units } from '../../testing/sale-returns.ts'
import { injected } from '../../testing/till.ts'
import { testId, world } from '../../testing/world.ts'

/** Each run meets a real database many times. */
const runs = Number(process.env['FC_RUNS'] ?? 8)
const MEMBERS = 9

const pointType = (code: string, changes: Partial<PointType>): PointType => ({
  code,
  name: code,
  scale: 0,
  rounding: 'floor',
  expiry: { kind: 'afterMonths', months: 12 },
  activation: { kind: 'now' },
  valueMinor: 10,
  onShortReturn: 'stopAtZero',
  ...changes,
})

const head = { schema: 1, version: 1 } as const
const rules: readonly Rule[] = [
  ...earningRules,
  {
    ...head,
    id: 'R-DOUBLE',
    name: 'A half more',
    phase: 'accrual.bonus',
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 500_000 }],
  },
  {
    ...head,
    id: 'R-THRESHOLD',
    name: 'Twenty points from 50.00 on, in ten days, thirty a day at most',
    phase: 'accrual.bonus',
    slots: [{ name: 'all', atLeast: { valueMinor: 5_000 } }],
    then: [
      {
        do: 'points',
        to: 'customer',
        formula: { kind: 'fixed', points: 20 },
        activation: { kind: 'afterDays', days: 10 },
      },
    ],
    limits: [{ id: 'thirty', per: 'member', period: 'day', measure: 'points', most: 30, over: 'truncate' }],
  },
  {
    ...head,
    id: 'R-STARS',
    name: 'Stars by the value of the basket, three times a day',
    phase: 'accrual.bonus',
    then: [
      {
        do: 'points',
        to: 'customer',
        pointType: 'stars',
        formula: {
          kind: 'brackets',
          basis: 'gross',
          brackets: [
            { fromMinor: 1_000, points: 150 },
            { fromMinor: 6_000, points: 775 },
          ],
        },
      },
    ],
    limits: [{ id: 'three', per: 'member', period: 'day', measure: 'uses', most: 3, over: 'drop' }],
  },
]

interface Line {
  readonly milli: number
  readonly priceMinor: number
}
interface Plan {
  readonly member: number
  readonly lines: readonly Line[]
  readonly points: number
  readonly voucher: boolean
  /** Of which open line how much comes back: one of so many parts of what is left. */
  readonly parts: readonly (readonly [which: number, parts: number])[]
  /** How many returns come before the sale. */
  readonly early: number
  readonly order: readonly number[]
  readonly toTwin: readonly boolean[]
}

const line = fc.record({
  milli: fc.constantFrom(1_000, 2_000, 3_000, 375, 1_200),
  priceMinor: fc.integer({ min: 100, max: 3_000 }),
})
const plans = fc.record<Plan>({
  member: fc.integer({ min: 2, max: MEMBERS }),
  lines: fc.array(line, { minLength: 1, maxLength: 3 }),
  points: fc.nat(30),
  voucher: fc.boolean(),
  parts: fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 5 }),
  early: fc.nat(2),
  order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
  toTwin: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
})

/** All units of a sale, in parts: what the plan says first, then the rest at once. */
const partition = (sale: Sale, parts: Plan['parts']): readonly Units[] => {
  const all = allOf(sale)
  let before: Units = {}
  const units: Units[] = []
  for (const [which, count] of parts) {
    const open = sale.lines.filter(({ number }) => (before[number] ?? 0) < (all[number] ?? 0))
    const one = open[which % Math.max(1, open.length)]
    if (one === undefined) break
    const left = one.quantityMilli - (before[one.number] ?? 0)
    const part = { [one.number]: Math.max(1, Math.floor(left / count)) }
    units.push(part)
    before = plus(before, part)
  }
  const rest = Object.entries(all).flatMap(([number, milli]) => {
    const left = milli - (before[Number(number)] ?? 0)
    return left > 0 ? [[number, left] as const] : []
  })
  return rest.length === 0 ? units : [...units, Object.fromEntries(rest)]
}

describe.each(['frozen', 'readjudicated'] as const)('returns under model %s', (returnModel) => {
  let database: TestDatabase
  let fixture: Fixture
  let engines: readonly [Engine, Engine]
  let fresh = MEMBERS

  beforeAll(async () => {
    database = await createTestDatabase()
    const pointTypes = [pointType('points', {}), pointType('stars', { scale: 2, onShortReturn: 'debt' })]
    fixture = await openFixture(database, { members: MEMBERS + 2 * runs, rules, document: { returnModel, pointTypes } })
    engines = [fixture.engine, await fixture.twin()]
    const vouchers = Array.from({ length: MEMBERS }, (_, index) => ({
      id: testId(10, index + 1),
      code: `SAVE${index + 1}`,
      kind: 'five',
      valueMinor: 500,
    }))
    await fixture.give('voucher.issue', { vouchers }, { program: world.program })
    for (let member = 2; member <= MEMBERS; member += 1) {
      await send([firstSale(member)], 0)
    }
  })
  afterAll(async () => {
    await fixture?.close()
    await database?.drop()
  })

  const firstSale = (member: number): Sale =>
    fixture.till.sale({ card: cardNumber(member), lines: [{ grossMinor: 4_000 as never }] })

  const send = async (sales: readonly Sale[], to: 0 | 1): Promise<readonly SaleResult[]> => {
    const payload = JSON.stringify({ sales })
    const headers = fixture.till.seal('POST', '/v1/sales', payload)
    const answer = await injected(engines[to].app)({ method: 'POST', url: '/v1/sales', headers, payload })
    expect(answer.status).toBe(200)
    return answer.body.results
  }

  /** As a till does: what is not final yet is sent again. */
  const deliver = async (sale: Sale, to: 0 | 1): Promise<void> => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const [result] = await send([sale], to)
      expect(result?.status).not.toBe('rejected')
      if (result?.status !== 'incomplete') return
    }
    throw new Error('the sale does not become final')
  }

  const saleOf = ({ lines, points, voucher }: Plan, member: number): Sale => {
    const drafts = lines.map(({ milli, priceMinor }) => ({
      quantityMilli: milli as never,
      unit: milli % 1_000 === 0 ? ('piece' as const) : ('kg' as const),
      unitPriceMinor: priceMinor as never,
      grossMinor: Math.floor((priceMinor * milli) / 1_000) as never,
    }))
    const payable = drafts.reduce((sum, { grossMinor }) => sum + (grossMinor as number), 0)
    const paid = Math.min(points, Math.floor(payable / 10))
    const use = { kind: 'points', program: world.program, pointType: 'points', points: paid, amountMinor: paid * 10 }
    return fixture.till.sale({
      card: cardNumber(member),
      staff: { code: '1001' },
      lines: drafts,
      uses: [
        ...(paid === 0 ? [] : [use as never]),
        ...(voucher ? [{ kind: 'voucher', code: `SAVE${member}`, amountMinor: 500 } as never] : []),
      ],
      tenders: [
        ...(paid === 0 ? [] : [{ kind: 'points', amountMinor: (paid * 10) as never, useRef: 0 } as const]),
        { kind: 'cash', amountMinor: (payable - paid * 10) as never },
      ],
    })
  }

  const returnsOf = (sale: Sale, parts: readonly Units[]): readonly Sale[] => {
    let before: Units = {}
    return parts.map((units) => {
      const made = returnOf(fixture.till, sale, { units, before })
      before = plus(before, units)
      return made
    })
  }

  const settled = async (): Promise<void> => {
    for (const { waitingReturns } of engines) {
      await waitingReturns.settled()
      await waitingReturns.sweep()
    }
  }

  const wrong = async (): Promise<readonly string[]> =>
    (await verifyPrograms(database.engine, { replays: 300 })).flatMap((each) => (each.wrong > 0 ? [each.name] : []))

  it('of everything end where no sale ends, in whatever parts, order, batches and processes they come, and however often', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const before = await holdings(database)
        const sale = saleOf(plan, plan.member)
        const returns = [...returnsOf(sale, partition(sale, plan.parts))]
        const to = (index: number): 0 | 1 => (plan.toTwin[index % plan.toTwin.length] === true ? 1 : 0)
        for (const [index, early] of returns.slice(0, plan.early).entries()) await deliver(early, to(index))
        const order = [...returns, sale, sale, ...returns].map((each, index) => ({
          each,
          at: plan.order[index % 8] ?? 0,
        }))
        order.sort((a, b) => a.at - b.at)
        await Promise.all(order.map(({ each }, index) => deliver(each, to(index))))
        await settled()
        expect(await holdings(database)).toEqual(before)
        expect(await wrong()).toEqual([])
      }),
      { numRuns: runs, endOnFailure: true },
    )
  })

  it('in parts take and give what one return of the same units does, though the points were spent meanwhile', async () => {
    const most = fc.tuple(plans, fc.integer({ min: 1, max: 5 }), fc.boolean())
    await fc.assert(
      fc.asyncProperty(most, async ([plan, count, spends]) => {
        // Two of whom nothing is known yet.
        const members = [(fresh += 1), (fresh += 1)] as const
        for (const member of members) await deliver(firstSale(member), 0)
        const sales = members.map((member) => saleOf({ ...plan, voucher: false }, member))
        for (const sale of sales) await deliver(sale, 0)
        if (spends) for (const member of members) await deliver(spending(member), 0)
        const parts = partition(sales[0] as Sale, plan.parts).slice(0, count)
        const whole = parts.reduce(plus, {})
        for (const each of returnsOf(sales[0] as Sale, parts)) await deliver(each, 1)
        await deliver(returnOf(fixture.till, sales[1] as Sale, { units: whole }), 0)
        const [a, b] = await Promise.all(members.map(pointsOf))
        expect(a).toEqual(b)
        expect(await wrong()).toEqual([])
      }),
      { numRuns: runs, endOnFailure: true },
    )
  })

  const spending = (member: number): Sale => {
    const use = { kind: 'points', program: world.program, pointType: 'points', points: 25, amountMinor: 250 }
    return fixture.till.sale({ card: cardNumber(member), uses: [use as never], lines: [{ grossMinor: 90 as never }] })
  }

  type Points = Readonly<Record<string, number>>
  /** What a member has of each point type, less what is owed. */
  const pointsOf = async (member: number): Promise<Points> => {
    const rows = await database.admin<{ type: string; points: number }[]>`
      SELECT point_type AS type, balance + pending - debt AS points FROM loyalty.account
      WHERE program_id = 1 AND holder_id = ${memberId(member)} AND (balance, pending, debt) <> (0, 0, 0)`
    return Object.fromEntries(rows.map(({ type, points }) => [type, points]))
  }
})
