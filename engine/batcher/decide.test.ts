import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture } from '../testing/fixture.ts'
import { runScenario } from '../testing/scenario.ts'
import { world } from '../testing/world.ts'

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 12 })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

describe('a sale', () => {
  it('earns, spends and is told once', () =>
    runScenario(
      fixture,
      `
      s1          m1    10.00,5.50   -             → +15 =15
      s2          m1    20.00        points 10     → +20 -10 =25
      again s1    -     -            -             → duplicate +15 =25
      again s2    -     -            -             → duplicate +20 -10 =25
      s3          m1    1.00         points 100    → +1 -25 =1 points_short short 750
      s4          -     7.00         -             → +0
      s5          m2    7.00         staff 1001    → +7 =7
      s6          m2    7.00         staff 9999    → +7 =14 staff_unknown
      s7          -     7.00         points 5      → +0 points_short short 50
      `,
    ))

  it('meets what was booked before in the order of the catalogue', () =>
    runScenario(
      fixture,
      `
      a           m3    10.00        -             → +10 =10
      again a     -     -            -             → duplicate +10 =10
      changed a   -     -            -             → sale_conflict
      twin a      -     -            -             → duplicate +10 =10
      clash a     -     -            -             → document_taken
      suspend
      again a     -     -            -             → duplicate +10 =10
      changed a   -     -            -             → sale_conflict
      b           m3    10.00        -             → outside program_suspended
      resume
      again b     -     -            -             → +10 =20
      `,
    ))

  it('is a fact: what is odd about it becomes a notice, in this order', () =>
    runScenario(
      fixture,
      `
      block m4
      a           m4          5.00         -                  → +0 card_blocked
      b           x123456     5.00         -                  → +0 card_unknown
      c           m5          5.00         ahead 10m          → +5 =5 clock_wrong
      d           m5          5.00         age 61d            → +0 =5 sale_too_old
      e           m5          5.00         age 401d           → outside sale_too_old
      f           m5          5.00         usd                → outside currency_differs
      g           m5          5.00         age 800d           → outside outlet_not_in_program
      h           m5          5.00         age 401d usd       → outside sale_too_old
      i           m5          5.00         voucher NOBODYS    → +5 =10 voucher_gone short 500
      `,
    ))

  it('spends only what is still spendable, soonest to expire first', () =>
    runScenario(
      fixture,
      `
      a           m6    100.00       age 50d       → +100 =100
      b           m6    30.00        -             → +30 =130
      advance 320d
      c           m6    1.00         points 60     → +1 -30 =1 points_short short 300
      `,
    ))
})

it('waits for nobody: a program that has not begun or has ended books nothing and says so', async () => {
  const { admin } = database
  const setState = async (state: object): Promise<void> => {
    await admin`UPDATE directory.program SET ${admin(state)}, config_version = config_version + 1`
  }
  const row = (outcome: string): Promise<void> => runScenario(fixture, `s    m8    1.00    -    → ${outcome}`)
  await setState({ starts_at: new Date(fixture.clock() + 1) })
  await row('outside program_not_started')
  await setState({ starts_at: new Date(0), ends_at: new Date(fixture.clock()) })
  await row('outside program_closed')
  await setState({ ends_at: null, state: 'draft' })
  await row('outside program_not_started')
  await setState({ state: 'closed' })
  await row('outside program_closed')
  await setState({ state: 'active' })
  await row('+1 =1')
})

it('uses a voucher once', async () => {
  const { give } = fixture
  const voucher = {
    id: world.card.replace('00000009', '00000010') as never,
    code: 'SAVE5',
    kind: 'five',
    valueMinor: 500,
  }
  await give('voucher.issue', { vouchers: [voucher] }, { program: world.program })
  await runScenario(
    fixture,
    `
    a           m7    10.00        voucher SAVE5     → +10 =10
    b           m7    10.00        voucher SAVE5     → +10 =20 voucher_gone short 500
    again a     -     -            -                 → duplicate +10 =20
    `,
  )
})

it('a voucher settles no more than it is worth, and the rest is a shortfall', async () => {
  const { give, till } = fixture
  const worth = (code: string, number: number, valueMinor: number) => ({
    id: world.card.replace('00000009', `000000${number}`) as never,
    code,
    kind: 'some',
    valueMinor,
  })
  // One without a value of its own: a rule says what it gives.
  await give('voucher.issue', { vouchers: [worth('LESS', 11, 300), worth('RULED', 12, 0)] }, { program: world.program })
  const {
    sequence: _1,
    previous: _2,
    document: _3,
    signature: _4,
    ...basket
  } = till.sale({
    tenders: [],
    uses: [{ kind: 'voucher', code: 'LESS', amountMinor: 500 as never }],
  })
  expect((await till.post('/v1/quotes', basket)).body.programs[0].uses).toEqual([
    { useRef: 0, status: 'shortfall', code: 'voucher_short', shortfallMinor: 200 },
  ])
  await runScenario(
    fixture,
    `
    a           m7    10.00        voucher LESS      → +10 =30 voucher_short short 200
    b           m7    10.00        voucher LESS      → +10 =40 voucher_gone short 500
    c           m7    10.00        voucher RULED     → +10 =50
    `,
  )
  const uses = await database.admin`SELECT amount_minor FROM loyalty.voucher_use ORDER BY used_at, amount_minor`
  expect(uses.map((use) => use['amount_minor'])).toEqual([300, 500, 500])
  // An earlier scenario has left the months that are kept ready.
  const wrong = (await verifyPrograms(database.engine, { replays: 500 })).filter((each) => each.wrong > 0)
  expect(wrong.map(({ name }) => name).filter((name) => !name.includes('default partition'))).toEqual([])
})

it('points settle no more than they are worth, and the rest is a shortfall', async () => {
  const { till } = fixture
  const card = cardNumber(12)
  const uses = [{ kind: 'points', program: world.program, pointType: 'points', points: 5, amountMinor: 60 }] as never
  await till.post('/v1/sales', till.sale({ card }))
  const { sequence: _s, previous: _p, document: _d, signature: _g, ...basket } = till.sale({ card, uses })
  const short = { useRef: 0, status: 'shortfall', code: 'points_worth_less', shortfallMinor: 10 }
  expect((await till.post('/v1/quotes', basket)).body.programs[0].uses).toEqual([short])
  const booked = (await till.post('/v1/sales', till.sale({ card, uses }))).body.programs[0]
  expect(booked.uses).toEqual([short])
  expect(booked.points).toContainEqual(expect.objectContaining({ to: 'customer', redeemed: 5 }))
})
