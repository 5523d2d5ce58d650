import { createTerminal, memoryStore, type SaleAnswer, type SaleDraft, type Terminal } from '@premia/pos-sdk'
import type { ProgramResult, SaleResult, Use, Uuid } from '@premia/pos-sdk/contract/till'
import { type KnownSale, returnedBy, returnOf, type ReturnReply, unitsLeft, voidOf } from '@premia/pos-sdk/returns'
import { sampleDraft, sampleLine } from '@premia/pos-sdk/testing'
import { milli, minor } from '@premia/rules'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyPrograms } from '../ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture, secondProgram } from '../testing/fixture.ts'
import { sdkOptions, type TestNetwork } from '../testing/sdk-till.ts'
import { testId, testMember, world } from '../testing/world.ts'

let database: TestDatabase
let fixture: Fixture
const networks: readonly [TestNetwork, TestNetwork] = [{ isAway: false }, { isAway: false }]
const tills: Terminal[] = []
const settled: SaleResult[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 20, twoPrograms: true })
  for (const [index, network] of networks.entries()) {
    const terminal = { id: testId(4, 31 + index), name: 'Till', outlet: world.outlets[index], from: world.startsAt }
    const { codes } = await fixture.give('terminal.register', { terminals: [terminal as never] })
    tills.push(
      await createTerminal({
        ...sdkOptions(fixture, memoryStore(), network),
        enrolmentCode: codes[0]?.code ?? '',
        onSettled: (result) => void settled.push(result),
      }),
    )
  }
})
afterAll(async () => {
  for (const till of tills) await till.close()
  await fixture?.close()
  await database?.drop()
})

const tillOf = (index: 0 | 1): Terminal => tills[index] as Terminal
let documents = 0
const document = () => ({ kind: 'receipt', number: `D-${(documents += 1)}` }) as const
const reason = 'customer'

const made = (reply: ReturnReply): SaleDraft => {
  if (reply.status === 'refused') throw new Error(`${reply.reason}: ${reply.detail}`)
  return reply.draft
}

type Judged = Extract<ProgramResult, { status: 'booked' | 'waiting' }>

const judged = (answer: SaleAnswer | undefined): Judged => {
  const [program] = answer !== undefined && 'programs' in answer ? answer.programs : []
  if (program?.status !== 'booked' && program?.status !== 'waiting') throw new Error(JSON.stringify(answer))
  return program
}

/** What came of it for the customer, all rows together. */
const customers = (answer: SaleAnswer) => {
  const sums = { earned: 0, redeemed: 0, clawedBack: 0 }
  for (const { to, ...points } of judged(answer).points) {
    if (to !== 'customer') continue
    for (const what of ['earned', 'redeemed', 'clawedBack'] as const) sums[what] += points[what]
  }
  return sums
}
const spendable = (answer: SaleAnswer) => judged(answer).balances[0]?.spendable
const codes = (answer: SaleAnswer) => judged(answer).notices.map(({ code }) => code)

const basket = (member: number, change: Partial<SaleDraft> = {}): SaleDraft =>
  sampleDraft(document().number, {
    cards: [{ number: cardNumber(member), entry: 'scanned', role: 'identify' }],
    staff: { code: '1001' },
    ...change,
  })

const sell = async (member: number, change: Partial<SaleDraft> = {}) => {
  const draft = basket(member, change)
  const answer = await tillOf(0).sale(draft)
  judged(answer)
  return { answer, kept: { ...draft, id: answer.sale } satisfies KnownSale }
}

/** Three packs for 10.00 together, and one for 21.43: nothing of it divides. */
const lines = [
  sampleLine({ quantityMilli: milli(3_000), unitPriceMinor: minor(334), grossMinor: minor(1_000) }),
  sampleLine({ number: 2, grossMinor: minor(2_143), unitPriceMinor: minor(2_143) }),
]

/** Unit by unit, as the returns say what came back before. */
const giveBackAll = async (kept: KnownSale, picks: readonly number[] = [0]): Promise<SaleAnswer[]> => {
  const answers: SaleAnswer[] = []
  const returns: SaleDraft[] = []
  for (;;) {
    const returned = returnedBy(returns)
    const left = unitsLeft(kept, returned)
    const next = left[(picks[answers.length % picks.length] ?? 0) % left.length]
    if (next === undefined) return answers
    const units = [{ line: next.line, quantityMilli: 1_000 }]
    const draft = made(returnOf(kept, { units, returned, document: document(), reason }))
    returns.push(draft)
    answers.push(await tillOf(0).sale(draft))
  }
}

const expectSound = async (): Promise<void> => {
  const results = await verifyPrograms(database.engine, { replays: 500 })
  expect(results.filter(({ wrong }) => wrong > 0).map(({ name, wrong }) => `${name}: ${wrong}`)).toEqual([])
}

describe('a till that takes goods back', () => {
  it('TRX-05: unit by unit takes back exactly what the sale gave', async () => {
    const { answer, kept } = await sell(2, { lines })
    expect(customers(answer)).toMatchObject({ earned: 31 })
    const answers = await giveBackAll(kept)
    expect(answers.map((each) => codes(each))).toEqual([[], [], [], []])
    const taken = answers.map((each) => customers(each).clawedBack)
    expect(taken.reduce((sum, points) => sum + points, 0)).toBe(31)
    expect(spendable(answers.at(-1) as SaleAnswer)).toBe(0)
    await expectSound()
  })

  it('POS-06 TRX-05: voids a sale in one document, as it was', async () => {
    const { kept } = await sell(3, { lines })
    const answer = await tillOf(0).sale(made(voidOf(kept, { document: document() })))
    expect(judged(answer).points.map(({ to, earned, clawedBack }) => [to, earned, clawedBack])).toEqual([
      ['customer', 0, 31],
      ['owner', 0, 3],
      ['staff', 0, 1],
    ])
    await expectSound()
  })

  it('POS-06: is told before it pays back what that would take back, and what was paid', async () => {
    const { kept } = await sell(4, { lines })
    const { document: _, ...asked } = made(
      returnOf(kept, { units: [{ line: 1, quantityMilli: 1_000 }], document: document(), reason }),
    )
    const back = [{ line: 1, quantityMilli: 1_000, leftMilli: 2_000, inMoneyMinor: 333, inPointsMinor: 0 }]
    expect(await tillOf(0).quote(asked)).toMatchObject({
      status: 'quoted',
      // Nobody's card in the second program.
      programs: [
        { back, points: [{ to: 'customer', clawedBack: 3 }] },
        { back, points: [] },
      ],
    })
  })

  it('without receipt books a return that moves no points', async () => {
    const { answer } = await sell(5)
    const back = await tillOf(0).sale(basket(5, { kind: 'return', original: { reason } }))
    expect(codes(back)).toEqual(['original_unknown'])
    expect(customers(answer)).toMatchObject({ earned: 12 })
    const reply = await tillOf(0).member({ number: cardNumber(5), entry: 'scanned' })
    expect(reply).toMatchObject({ programs: [{ balances: [{ spendable: 12 }] }] })
  })

  it('TRX-05: at two tills at once takes the same goods back once, and says so at the other', async () => {
    const { kept } = await sell(13, { lines })
    const drafts = [0, 1].map(() => made(voidOf(kept, { document: document() })))
    const answers = await Promise.all(drafts.map((draft, index) => tillOf(index as 0 | 1).sale(draft)))
    expect(answers.map((each) => customers(each).clawedBack).toSorted((a, b) => a - b)).toEqual([0, 31])
    expect(answers.map((each) => codes(each)).toSorted((a, b) => a.length - b.length)).toEqual([
      [],
      ['returned_too_much'],
    ])
    const { document: _, ...asked } = made(voidOf(kept, { document: document() }))
    expect(await tillOf(0).quote(asked)).toMatchObject({ programs: [{ back: [], points: [] }, {}] })
    await expectSound()
  })

  it('exchanges goods: a return and a sale, the difference in money', async () => {
    const { kept } = await sell(6)
    const returned = made(voidOf(kept, { document: document(), reason: 'exchange', paidBack: 'other' }))
    expect(customers(await tillOf(0).sale(returned))).toMatchObject({ clawedBack: 12 })
    const [dearer] = lines as [(typeof lines)[0]]
    const tenders = [
      { kind: 'other' as const, amountMinor: minor(1_000) },
      { kind: 'cash' as const, amountMinor: minor(0) },
    ]
    const { answer } = await sell(6, { lines: [dearer], tenders })
    expect(customers(answer)).toMatchObject({ earned: 10 })
    expect(spendable(answer)).toBe(10)
  })
})

describe('points that were spent on what comes back', () => {
  const spending = async (member: number) => {
    await sell(member, { lines: [sampleLine({ unitPriceMinor: minor(50_000), grossMinor: minor(50_000) })] })
    const use: Use = {
      kind: 'points',
      program: world.program,
      pointType: 'points',
      points: 401,
      amountMinor: minor(401),
    }
    const sold = await sell(member, {
      lines,
      uses: [use],
      tenders: [
        { kind: 'points', amountMinor: minor(401), useRef: 0 },
        { kind: 'card', amountMinor: minor(2_742) },
      ],
    })
    expect(customers(sold.answer)).toMatchObject({ redeemed: 401, earned: 27 })
    return sold
  }

  it('TRX-05: come back with it, all of them with the last unit', async () => {
    const { kept } = await spending(7)
    const answers = await giveBackAll(kept)
    const back = answers.map((each) => customers(each).redeemed)
    expect(answers.map((each) => codes(each))).toEqual([[], [], [], []])
    expect(back.reduce((sum, points) => sum + points, 0)).toBe(-401)
    expect(spendable(answers.at(-1) as SaleAnswer)).toBe(500)
    await expectSound()
  })

  it('TRX-05: come back whatever was sold, whatever part of it they paid, in whatever order the units come back', async () => {
    await sell(14, { lines: [sampleLine({ unitPriceMinor: minor(90_000), grossMinor: minor(90_000) })] })
    const sold = fc.record({ units: fc.integer({ min: 1, max: 4 }), grossMinor: fc.integer({ min: 1, max: 3_000 }) })
    const plan = fc.record({
      sold: fc.array(sold, { minLength: 1, maxLength: 3 }),
      share: fc.integer({ min: 1, max: 99 }),
      picks: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 }),
    })
    const property = fc.asyncProperty(plan, async ({ sold: goods, share, picks }) => {
      const own = goods.map(({ units, grossMinor }, index) =>
        sampleLine({ number: index + 1, quantityMilli: milli(units * 1_000), grossMinor: minor(grossMinor) }),
      )
      const payable = goods.reduce((sum, { grossMinor }) => sum + grossMinor, 0)
      const points = Math.max(1, Math.floor((Math.min(payable, 900) * share) / 100))
      const use = { kind: 'points', program: world.program, pointType: 'points', points, amountMinor: minor(points) }
      const { answer, kept } = await sell(14, {
        lines: own,
        uses: [use as Use],
        tenders: [
          { kind: 'card', amountMinor: minor(payable - points) },
          { kind: 'points', amountMinor: minor(points), useRef: 0 },
        ],
      })
      expect(customers(answer).redeemed).toBe(points)
      const answers = await giveBackAll(kept, picks)
      expect(answers.flatMap((each) => codes(each))).toEqual([])
      expect(answers.reduce((sum, each) => sum + customers(each).redeemed, 0)).toBe(-points)
      expect(spendable(answers.at(-1) as SaleAnswer)).toBe(900)
    })
    await fc.assert(property, { numRuns: Math.min(Number(process.env['FC_RUNS'] ?? 12), 100) })
    await expectSound()
  }, 120_000)

  it('TRX-05: stay spent where the till pays money for them, and it is told', async () => {
    const { kept } = await spending(8)
    const paidBack = [{ kind: 'cash', amountMinor: minor(3_143) }] as const
    const back = await tillOf(0).sale(made(voidOf(kept, { document: document(), reason, paidBack })))
    expect(codes(back)).toEqual(['points_paid_in_money'])
    expect(spendable(back)).toBe(99)
  })
})

describe('a return that comes before its sale', () => {
  it('TRX-05: from another outlet’s till waits, is final for that till, and takes back when the sale arrives', async () => {
    const [first, second] = [tillOf(0), tillOf(1)]
    networks[0].isAway = true
    const draft = basket(9)
    const kept = { ...draft, id: (await first.sale(draft)).sale }
    const back = made(voidOf(kept, { document: document() }))
    const answer = await second.sale(back)
    expect(judged(answer)).toMatchObject({ status: 'waiting', points: [] })
    await second.drained()
    expect(second.status()).toMatchObject({ queued: 0, parked: 0 })
    networks[0].isAway = false
    await first.drained()
    await fixture.engine.waitingReturns.settled()
    expect(settled.find(({ sale }) => sale === kept.id)).toMatchObject({ status: 'recorded' })
    const reply = await first.member({ number: cardNumber(9), entry: 'scanned' })
    expect(reply).toMatchObject({ programs: [{ balances: [{ spendable: 0, debt: 0 }] }] })
    await expectSound()
  })

  it('in the same queue goes behind its sale', async () => {
    networks[0].isAway = true
    const draft = basket(10)
    const kept = { ...draft, id: (await tillOf(0).sale(draft)).sale as Uuid }
    const away = await tillOf(0).sale(made(voidOf(kept, { document: document() })))
    expect(away).toMatchObject({ status: 'provisional', estimate: null })
    networks[0].isAway = false
    await tillOf(0).drained()
    const back = settled.find(({ sale }) => sale === away.sale)
    expect(judged(back)).toMatchObject({ status: 'booked', points: [{ to: 'customer', clawedBack: 12 }, {}, {}] })
  })
})

describe('a return at an outlet with other programs than the sale’s', () => {
  const second = async (member: number): Promise<number> => {
    const [row] = await database.admin<{ balance: number }[]>`
      SELECT balance - debt AS balance FROM loyalty.account
      WHERE program_id = 2 AND holder_id = ${testId(17, member)} AND point_type = 'points'`
    return row?.balance ?? 0
  }

  it('TRX-05: takes back in each program of the sale, also where that arrives later', async () => {
    await fixture.give(
      'member.enrol',
      {
        members: [
          testMember({
            id: testId(17, 11),
            person: { id: testId(18, 11), givenName: 'Jan', familyName: 'K' },
            cards: [{ id: testId(19, 11), number: cardNumber(11), kind: 'standard' }],
          }),
        ],
      },
      { program: secondProgram },
    )
    const { kept } = await sell(11)
    expect(await second(11)).toBe(12)
    const back = await tillOf(1).sale(made(voidOf(kept, { document: document() })))
    expect('programs' in back && back.programs.map(({ status }) => status)).toEqual(['booked', 'booked'])
    expect(await second(11)).toBe(0)
    networks[0].isAway = true
    const draft = basket(11)
    const late = { ...draft, id: (await tillOf(0).sale(draft)).sale }
    const early = await tillOf(1).sale(made(voidOf(late, { document: document() })))
    expect(judged(early)).toMatchObject({ status: 'waiting' })
    networks[0].isAway = false
    await tillOf(0).drained()
    await fixture.engine.waitingReturns.settled()
    expect(await second(11)).toBe(0)
    await expectSound()
  })

  it('is told to who asks as it was told at first: by the programs of its sale, and while it waits', async () => {
    const draft = basket(12)
    const kept = { ...draft, id: (await tillOf(1).sale(draft)).sale }
    const back = made(voidOf(kept, { document: document() }))
    const sale = fixture.till.sale(back as never)
    const first = await fixture.till.post('/v1/sales', fixture.till.signed({ ...sale, ...back }))
    expect(first.body.programs).toMatchObject([{ program: world.program, status: 'booked' }])
    const asked = await fixture.till.get(`/v1/sales/${sale.id}`)
    expect(asked.body).toEqual(first.body)
    const unknown = { ...kept, id: testId(30, 1) }
    const early = made(voidOf(unknown, { document: document() }))
    const other = fixture.till.sale()
    const told = await fixture.till.post('/v1/sales', fixture.till.signed({ ...other, ...early }))
    expect(told.body.programs).toMatchObject([{ status: 'waiting' }, { status: 'waiting' }])
    expect((await fixture.till.get(`/v1/sales/${other.id}`)).body).toEqual(told.body)
  })
})
