import type { ProgramResult, Sale, SaleResult } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nightly } from '../../jobs/nightly.ts'
import { verifyPrograms } from '../../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { cardNumber, earningRules, type Fixture, memberId, openFixture } from '../../testing/fixture.ts'
import { allOf, holdings, returnOf } from '../../testing/sale-returns.ts'
import { testDocument, testId, world } from '../../testing/world.ts'

const DAY_MS = 86_400_000

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  const [points] = testDocument().pointTypes
  const pointTypes = [
    { ...points, expiry: { kind: 'afterDays', days: 3 } },
    { ...points, code: 'stars', name: 'Stars', onShortReturn: 'debt' },
  ] as never
  const stars = {
    ...earningRules[0],
    id: 'R-STARS',
    name: 'Star for a zloty',
    then: [
      {
        do: 'points',
        to: 'customer',
        pointType: 'stars',
        formula: { kind: 'perValue', minor: 100, points: 1, basis: 'gross' },
      },
    ],
  } as never
  fixture = await openFixture(database, { members: 30, rules: [...earningRules, stars], document: { pointTypes } })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

type Booked = Extract<ProgramResult, { status: 'booked' | 'waiting' }>

const post = async (sale: Sale): Promise<Booked> => {
  const answer = await fixture.till.post('/v1/sales', sale)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return (answer.body as Extract<SaleResult, { programs: unknown }>).programs[0] as Booked
}
const codes = ({ notices }: Pick<Booked, 'notices'>): readonly string[] => notices.map(({ code }) => code)
const clawed = ({ points }: Booked): object =>
  Object.fromEntries(
    points.map(({ to, pointType, clawedBack, redeemed }) => [`${to} ${pointType}`, clawedBack - redeemed]),
  )

const bought = (member: number | undefined, zloty = 30): Sale =>
  fixture.till.sale({
    ...(member === undefined ? {} : { card: cardNumber(member) }),
    staff: { code: '1001' },
    lines: [{ grossMinor: (zloty * 100) as never }],
  })
const back = (sale: Sale, changes: Partial<Parameters<typeof returnOf>[2]> = {}): Sale =>
  returnOf(fixture.till, sale, { units: allOf(sale), ...changes })

const account = async (member: number, type = 'points'): Promise<object> => {
  const [row] = await database.admin`
    SELECT balance, debt FROM loyalty.account
    WHERE program_id = 1 AND holder_id = ${memberId(member)} AND point_type = ${type}`
  return row ?? { balance: 0, debt: 0 }
}
const expectSound = async (): Promise<void> => {
  const results = await verifyPrograms(database.engine, { replays: 500 })
  expect(results.filter(({ wrong }) => wrong > 0).map(({ name, wrong }) => `${name}: ${wrong}`)).toEqual([])
}

describe('a return', () => {
  it.each([
    ['of no sale', { reason: 'customer' }],
    ['of a sale that its number alone names', { document: 'R1', reason: 'customer' }],
  ] as const)('%s is booked and takes nothing', async (_, original) => {
    const told = await post(fixture.till.sale({ kind: 'return', staff: { code: '1001' }, original }))
    expect(told).toMatchObject({ status: 'booked', points: [], member: null })
    expect(codes(told)).toEqual(['original_unknown'])
    await expectSound()
  })

  it('of a return takes nothing', async () => {
    const sale = bought(2)
    await post(sale)
    const inner = back(sale)
    await post(inner)
    const before = await holdings(database)
    expect(codes(await post(back(inner)))).toEqual(['original_unknown'])
    expect(await holdings(database)).toEqual(before)
    await expectSound()
  })

  it('of an anonymous sale takes back what staff and owner have got', async () => {
    const before = await holdings(database)
    const sale = bought(undefined)
    await post(sale)
    expect(clawed(await post(back(sale)))).toEqual({ 'owner points': 3, 'staff points': 1 })
    expect(await holdings(database)).toEqual(before)
    await expectSound()
  })

  it('of more than was sold, or of lines that nobody sold, says so and takes what it can, once', async () => {
    const sale = bought(3)
    await post(sale)
    const before = await holdings(database)
    const strange = fixture.till.sale({
      kind: 'return',
      original: { sale: sale.id, reason: 'customer' },
      lines: [{ originalLine: 7 }, { originalLine: 1, quantityMilli: 5_000 as never }],
    })
    const told = await post(strange)
    expect(codes(told)).toEqual(['return_line_unknown', 'returned_too_much'])
    expect(clawed(told)).toEqual({ 'customer points': 30, 'customer stars': 30, 'owner points': 3, 'staff points': 1 })
    const after = await holdings(database)
    expect(after).not.toEqual(before)
    const more = await post(back(sale))
    expect(codes(more)).toEqual(['returned_too_much'])
    expect(more.points).toEqual([])
    expect(await holdings(database)).toEqual(after)
    await expectSound()
  })

  it('makes a used voucher usable again once, and never one that another sale has used since', async () => {
    const issued = [{ id: testId(10, 1), code: 'SAVE', kind: 'five', valueMinor: 500 }]
    await fixture.give('voucher.issue', { vouchers: issued }, { program: world.program })
    const use = { kind: 'voucher', code: 'SAVE', amountMinor: 500 } as never
    const state = async (): Promise<unknown> =>
      (await database.admin`SELECT state FROM loyalty.voucher WHERE voucher_id = ${testId(10, 1)}`)[0]?.['state']
    const first = fixture.till.sale({ uses: [use] })
    expect((await post(first)).uses).toMatchObject([{ status: 'taken' }])
    await post(back(first))
    expect(await state()).toBe('issued')
    const second = fixture.till.sale({ uses: [use] })
    expect((await post(second)).uses).toMatchObject([{ status: 'taken' }])
    await post(back(first))
    expect(await state()).toBe('used')
    await expectSound()
    await post(back(second))
    expect(await state()).toBe('issued')
    await expectSound()
  })

  it('of spent points takes others, says what is left uncollected, or makes a debt that the next sale pays', async () => {
    const sale = bought(4)
    await post(sale)
    const use = (pointType: string): never =>
      ({ kind: 'points', program: world.program, pointType, points: 25, amountMinor: 50 }) as never
    await post(
      fixture.till.sale({
        card: cardNumber(4),
        uses: [use('points'), use('stars')],
        lines: [{ grossMinor: 50 as never }],
      }),
    )
    const told = await post(back(sale))
    expect(codes(told)).toEqual(['points_uncollected'])
    expect(clawed(told)).toMatchObject({ 'customer points': 5, 'customer stars': 30 })
    expect(await account(4, 'points')).toEqual({ balance: 0, debt: 0 })
    expect(await account(4, 'stars')).toEqual({ balance: 0, debt: 25 })
    await expectSound()
    await post(bought(4, 40))
    expect(await account(4, 'points')).toEqual({ balance: 40, debt: 0 })
    expect(await account(4, 'stars')).toEqual({ balance: 15, debt: 0 })
    await expectSound()
  })

  it('of a sale whose lines are gone takes nothing', async () => {
    const sale = bought(5)
    await post(sale)
    await database.admin`UPDATE loyalty.sale SET content = NULL WHERE document_id = ${sale.id}`
    expect(codes(await post(back(sale)))).toEqual(['original_unknown'])
    expect(codes(await post(back(sale)))).toEqual(['original_unknown'])
    expect(await account(5)).toEqual({ balance: 30, debt: 0 })
    await expectSound()
  })

  it('of a merged member’s sale takes from whom it was merged into', async () => {
    const sale = bought(6)
    await post(sale)
    await post(bought(7))
    const { admin } = database
    await admin`UPDATE loyalty.member SET state = 'merged', merged_into = ${memberId(7)} WHERE member_id = ${memberId(6)}`
    const told = await post(back(sale))
    expect(told.member).toMatchObject({ id: memberId(7) })
    expect(await account(7)).toEqual({ balance: 0, debt: 0 })
    await admin`UPDATE loyalty.member SET state = 'active', merged_into = NULL WHERE member_id = ${memberId(6)}`
    await expectSound()
  })

  it('goes by the rules of its sale, whatever has been published since', async () => {
    const sale = bought(8)
    await post(sale)
    const [customer] = earningRules
    const rules = [
      {
        name: 'Nothing',
        rule: {
          ...customer,
          version: 2,
          name: 'Nothing',
          then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 1 } }],
        } as never,
      },
    ]
    await fixture.give(
      'rules.publish',
      { rules, from: new Date(fixture.clock()).toISOString() as never },
      { program: world.program },
    )
    expect(clawed(await post(back(sale)))).toEqual({
      'customer points': 30,
      'customer stars': 30,
      'owner points': 3,
      'staff points': 1,
    })
    expect(await account(8)).toEqual({ balance: 0, debt: 0 })
    await expectSound()
  })

  it.each(['has expired the points', 'has not come yet'])(
    'after the night that %s takes nothing twice',
    async (night) => {
      const member = night === 'has not come yet' ? 11 : 10
      fixture.clock.advance(20 * DAY_MS)
      const sale = bought(member)
      await post(sale)
      fixture.clock.advance(5 * DAY_MS)
      if (member === 10) await nightly(database.engine, { programId: 1, nowMs: fixture.clock() })
      const later = bought(member, 10)
      await post(later)
      await post(back(sale, { units: { 1: 500 } }))
      await post(back(sale, { units: { 1: 500 }, before: { 1: 500 } }))
      await nightly(database.engine, { programId: 1, nowMs: fixture.clock() })
      const [row] = await database.admin`
      SELECT balance, debt FROM loyalty.account WHERE holder_id = ${memberId(member)} AND point_type = 'points'`
      const earned = (await post(later)).points.find(({ to, pointType }) => to === 'customer' && pointType === 'points')
      expect(row).toEqual({ balance: earned?.earned, debt: 0 })
      await expectSound()
    },
  )
})
