import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture } from '../testing/fixture.ts'
import type { Answer } from '../testing/till.ts'
import { testId, world } from '../testing/world.ts'

/** A till, or whoever has taken one, that tries what it should not get: each must end as if it had asked once, politely. */
let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 40, twoPrograms: true })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const rested = (): void => fixture.clock.advance(1_800_000)
const card = (number: string) => ({ number, entry: 'keyed' as const, role: 'identify' as const })

describe('the budget for guesses at cards and vouchers', () => {
  const guess = (number: string): Promise<Answer> => fixture.till.post('/v1/cards/find', { number, entry: 'keyed' })

  it('is not evaded by asking for all of them at once', async () => {
    rested()
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => guess(`ATONCE${index}`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30)
  })

  it('is not evaded by quotes, each with twenty cards', async () => {
    rested()
    const quote = (number: number): Promise<Answer> => {
      const {
        document: _d,
        sequence: _q,
        previous: _p,
        signature: _g,
        ...basket
      } = fixture.till.sale({
        cards: Array.from({ length: 20 }, (_, index) => card(`QUOTED${number}-${index}`)),
      })
      return fixture.till.post('/v1/quotes', basket)
    }
    const answers: Answer[] = []
    for (let number = 0; number < 5; number += 1) answers.push(await quote(number))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429, 429])
    expect((await guess('AFTERWARDS')).status).toBe(429)
  })

  it('is not evaded by quotes, each with fifty voucher codes, nor touched by a voucher that exists', async () => {
    rested()
    const voucher = { id: testId(10, 1), code: 'FIVE-1', kind: 'five', valueMinor: 500 }
    await fixture.give('voucher.issue', { vouchers: [voucher] }, { program: world.program })
    const quote = (codes: readonly string[]): Promise<Answer> => {
      const uses = codes.map((code) => ({ kind: 'voucher', code, amountMinor: 0 }) as const)
      const {
        document: _d,
        sequence: _q,
        previous: _p,
        signature: _g,
        ...basket
      } = fixture.till.sale({ uses: uses as never })
      return fixture.till.post('/v1/quotes', basket)
    }
    for (let time = 0; time < 3; time += 1) expect((await quote(['five-1'])).status).toBe(200)
    const codes = Array.from({ length: 50 }, (_, index) => `GUESS-${index}`)
    expect((await quote(codes)).status).toBe(200)
    expect((await quote(['FIVE-2'])).status).toBe(429)
  })

  it('is not touched by cards that somebody has, nor by the same unknown one shown again and again', async () => {
    rested()
    for (let number = 2; number <= 40; number += 1) expect((await guess(cardNumber(number))).status).toBe(200)
    for (let time = 0; time < 40; time += 1) expect((await guess('OF-ANOTHER-CHAIN')).status).toBe(200)
    expect((await guess('MISTYPED')).status).toBe(200)
  })
})

it('a flood of quotes is turned away with Retry-After, before it keeps anybody waiting', async () => {
  const { document: _d, sequence: _q, previous: _p, signature: _g, ...basket } = fixture.till.sale()
  const answers = await Promise.all(Array.from({ length: 300 }, () => fixture.till.post('/v1/quotes', basket)))
  const refused = answers.filter(({ status }) => status !== 200)
  expect(refused.length).toBeGreaterThan(0)
  for (const { status, body, headers } of refused) {
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'engine_busy', '1'])
  }
  expect((await fixture.till.post('/v1/quotes', basket)).status).toBe(200)
})

describe('a card of one program in an outlet of two', () => {
  const codes = (answer: Answer): string[][] =>
    answer.body.programs.map((each: { notices: { code: string }[] }) => each.notices.map(({ code }) => code))

  it('is no unknown card to the till, at the sale, asked again, or in a quote', async () => {
    const sale = fixture.till.sale({ card: world.cardNumber })
    expect(codes(await fixture.till.post('/v1/sales', sale))).toEqual([[], []])
    expect(codes(await fixture.till.post('/v1/sales', sale))).toEqual([[], []])
    expect(codes(await fixture.till.get(`/v1/sales/${sale.id}`))).toEqual([[], []])
    const { document: _d, sequence: _q, previous: _p, signature: _g, ...basket } = sale
    expect(codes(await fixture.till.post('/v1/quotes', basket))).toEqual([[], []])
  })

  it('hides no card that nobody knows', async () => {
    const sale = fixture.till.sale({ cards: [card(world.cardNumber), card('NOBODYS-7')] })
    const { body } = await fixture.till.post('/v1/sales', sale)
    const notices = body.programs.map((each: { notices: { code: string; about: object }[] }) =>
      each.notices.map(({ code, about }) => ({ code, about })),
    )
    const unknown = [{ code: 'card_unknown', about: { card: 1 } }]
    expect(notices).toEqual([unknown, unknown])
  })
})

it('a bundle that cannot be made keeps no till from sending its sales', async () => {
  const gone = 'f'.repeat(64)
  const moved = await database.admin`
    UPDATE loyalty.rule_set s SET hash = ${gone} WHERE program_id = 1 AND hash = (
      SELECT hash FROM loyalty.rule_set_period p WHERE program_id = 1 ORDER BY from_at DESC, decided_at DESC LIMIT 1)
    RETURNING hash`
  expect(moved.length).toBe(1)
  rested()
  const answer = await fixture.till.post('/v1/sales', fixture.till.sale())
  expect(answer.body.status).toBe('recorded')
  expect((await fixture.till.get('/v1/bundle')).status).toBe(500)
})
