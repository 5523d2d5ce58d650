import type { Sale, Uuid } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackJson, unpackText } from '../ledger/kept-text.ts'
import type { SaleContent } from '../ledger/sale-content.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, earningRules, type Fixture, memberId, openFixture, secondProgram } from '../testing/fixture.ts'
import { type Answer, injected } from '../testing/till.ts'
import { testId, world } from '../testing/world.ts'

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 9, twoPrograms: true })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const DAY_MS = 86_400_000
const ofProgram = (answer: Answer, program: Uuid = world.program) =>
  answer.body.programs.find((each: { program: Uuid }) => each.program === program)

describe('a sale', () => {
  it('ACC-07: is booked for customer, staff and owner at once, and the balance with it', async () => {
    const { till } = fixture
    const sale = till.sale({ card: world.cardNumber, staff: { code: '1001' }, lines: [{ grossMinor: 2_350 as never }] })
    const answer = await till.post('/v1/sales', sale)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ sale: sale.id, status: 'recorded' })
    const result = ofProgram(answer)
    expect(result).toMatchObject({ status: 'booked', booking: sale.id, member: { id: world.member, tier: 'basic' } })
    expect(result.points.map((each: { to: string; earned: number }) => [each.to, each.earned])).toEqual([
      ['customer', 23],
      ['owner', 2],
      ['staff', 1],
    ])
    expect(result.balances).toEqual([
      {
        pointType: 'points',
        scale: 0,
        spendable: 23,
        pending: 0,
        held: 0,
        debt: 0,
        nextExpiry: { points: 23, onDate: '2027-11-20' },
      },
    ])
    expect(answer.body.receipt.pl).toEqual(['Test program', 'Punkty: +23', 'Saldo: 23', '23 ważne do 2027-11-20'])
  })

  it('is booked in each program of its outlet, each with its own result', async () => {
    const sale = fixture.till.sale({ card: cardNumber(2) })
    const answer = await fixture.till.post('/v1/sales', sale)
    expect(ofProgram(answer)).toMatchObject({ status: 'booked', member: { id: memberId(2) } })
    // The second program does not know the card: there the sale is anonymous, and owner and staff rules judge it.
    expect(ofProgram(answer, secondProgram)).toMatchObject({
      status: 'booked',
      member: null,
      notices: [],
    })
    // Nor is that a finding: each would have one for every card of the other.
    const findings = await database.admin`SELECT 1 FROM loyalty.finding WHERE document_id = ${sale.id}`
    expect(findings).toHaveLength(0)
  })

  it('keeps the token of an unknown card, never its number, so that it can be claimed', async () => {
    const sale = fixture.till.sale({ card: 'NEVER-SEEN-7001' })
    await fixture.till.post('/v1/sales', sale)
    const [row] = await database.admin<{ content: Buffer; outcome: Buffer; whole: string }[]>`
      SELECT content, outcome, s::text AS whole FROM loyalty.sale s WHERE program_id = 1 AND document_id = ${sale.id}`
    const { content, outcome, whole } = row as NonNullable<typeof row>
    expect(unpackJson<SaleContent>(content).cards).toEqual([
      { index: 0, token: expect.stringMatching(/^[0-9a-f]{64}$/), entry: 'scanned', role: 'identify' },
    ])
    expect(unpackText(content) + unpackText(outcome) + whole).not.toContain('NEVER-SEEN-7001')
  })

  it('gives no points to staff who use their own card', async () => {
    const sale = fixture.till.sale({
      staff: { code: '1001' },
      cards: [
        { number: cardNumber(3), entry: 'scanned', role: 'identify' },
        { number: cardNumber(3), entry: 'scanned', role: 'staff' },
      ],
    })
    const result = ofProgram(await fixture.till.post('/v1/sales', sale))
    expect(result.notices.map((each: { code: string }) => each.code)).toEqual(['own_card'])
    expect(result.points.map((each: { to: string }) => each.to)).toEqual(['customer', 'owner'])
  })

  it('belongs to the first card; another member is left out', async () => {
    const cards = [4, 5, 4].map(
      (member) => ({ number: cardNumber(member), entry: 'scanned', role: 'identify' }) as const,
    )
    const result = ofProgram(await fixture.till.post('/v1/sales', fixture.till.sale({ cards })))
    expect(result.member.id).toBe(memberId(4))
    expect(result.notices).toMatchObject([{ code: 'second_member_ignored', about: { card: 1 } }])
  })

  it('of an outlet whose assignment says so keeps only totals where there is no member', async () => {
    const { admin } = database
    const stores = async (value: string): Promise<void> => {
      await admin`UPDATE directory.program_outlet SET stores = ${value} WHERE program_id = 1`
      await admin`UPDATE directory.program SET config_version = config_version + 1 WHERE program_id = 1`
    }
    await stores('totals')
    const sale = fixture.till.sale()
    expect(ofProgram(await fixture.till.post('/v1/sales', sale)).status).toBe('booked')
    const [row] = await admin<{ content: Buffer }[]>`
      SELECT content FROM loyalty.sale WHERE program_id = 1 AND document_id = ${sale.id}`
    const kept = unpackJson<SaleContent>(row?.content ?? Buffer.alloc(0))
    expect(kept.input).toBeUndefined()
    expect(kept.lines).toHaveLength(sale.lines.length)
    expect(JSON.stringify(kept)).not.toContain('Hand cream')
    await stores('nothing')
    expect(ofProgram(await fixture.till.post('/v1/sales', fixture.till.sale()))).toMatchObject({
      status: 'outside',
      notices: [],
    })
    await stores('all')
  })

  it('TRX-06: that was made offline is placed at its time, under the rules its bundle named', async () => {
    const { give, clock, till } = fixture
    const [{ hash: before } = { hash: '' }] = await database.admin<{ hash: string }[]>`
      SELECT hash FROM loyalty.rule_set_period WHERE program_id = 1 ORDER BY decided_at DESC LIMIT 1`
    const bundle = 'b'.repeat(64)
    await database.admin`INSERT INTO loyalty.bundle VALUES (1, ${bundle}, ${world.terminal}, ${before},
      ${new Date(clock() - DAY_MS)}, ${new Date(clock() + 7 * DAY_MS)})`
    const made = clock()
    const offline = (told: string) => ({ bundle, outcomes: { [world.program]: told } as never, clockSkewMs: 0 })
    const sale = till.sale({ card: cardNumber(6), atMs: made, offline: offline('0'.repeat(64)) })
    clock.advance(2 * DAY_MS)
    const doubled = earningRules.map((rule) =>
      rule.id === 'R-CUSTOMER'
        ? {
            ...rule,
            version: 2,
            then: [{ ...rule.then[0], formula: { kind: 'perValue', minor: 100, points: 2, basis: 'paidInMoney' } }],
          }
        : rule,
    ) as typeof earningRules
    const publish = (rules: typeof earningRules) =>
      give(
        'rules.publish',
        { rules: rules.map((rule) => ({ name: rule.name, rule })), from: new Date(clock()).toISOString() as never },
        { program: world.program },
      )
    await publish(doubled)
    const result = ofProgram(await till.post('/v1/sales', sale))
    expect(result).toMatchObject({ status: 'booked', ruleSet: before })
    // Whoever told the customer something else hears why; an estimate that nothing explains is said to be just that.
    expect(result.notices.map((each: { code: string }) => each.code)).toContain('estimate_differs')
    expect(result.difference).toEqual({ from: 'estimate', points: 0, amountMinor: 0, causes: ['not_repeatable'] })
    // The same answer makes no difference; a card that was blocked meanwhile does, and is named.
    const same = till.sale({ card: cardNumber(6), atMs: made, offline: offline(result.outcome) })
    expect(ofProgram(await till.post('/v1/sales', same)).difference).toBeUndefined()
    await give('card.block', { card: testId(9, 6) }, { program: world.program, reason: 'lost at the beach' })
    const blocked = till.sale({ card: cardNumber(6), atMs: made, offline: offline(result.outcome) })
    expect(ofProgram(await till.post('/v1/sales', blocked)).difference).toMatchObject({
      points: -10,
      causes: ['member'],
    })
    const [row] = await database.admin<{ occurred_at: Date }[]>`
      SELECT occurred_at FROM loyalty.sale WHERE program_id = 1 AND document_id = ${sale.id}`
    expect(row?.occurred_at.getTime()).toBe(made)
    // A bundle that was over when the sale was made: the rules in force then, and the difference says so.
    const late = till.sale({ card: cardNumber(6), offline: { ...offline('1'.repeat(64)), bundle: 'c'.repeat(64) } })
    expect(ofProgram(await till.post('/v1/sales', late)).difference.causes).toEqual(['rules_changed', 'not_repeatable'])
    clock.advance(1_000)
    await publish(earningRules.map((rule) => ({ ...rule, version: 3 })))
  })
})

describe('a quote', () => {
  const asQuote = (sale: Sale): object => {
    const { sequence: _1, previous: _2, document: _3, signature: _4, ...basket } = sale
    return basket
  }

  it('says what a basket would give and moves nothing', async () => {
    const { till } = fixture
    const rows = (): Promise<unknown> => database.admin`
      SELECT (SELECT count(*) FROM loyalty.sale_key), (SELECT sum(balance) FROM loyalty.account), (SELECT sum(visits) FROM loyalty.member)`
    const before = JSON.stringify(await rows())
    const answer = await till.post('/v1/quotes', asQuote(till.sale({ card: cardNumber(7), tenders: [] })))
    expect(answer.status).toBe(200)
    expect(ofProgram(answer)).toMatchObject({ status: 'quoted', member: { id: memberId(7) }, hints: [] })
    expect(Date.parse(answer.body.validUntil)).toBe(fixture.clock() + 15 * 60_000)
    expect(JSON.stringify(await rows())).toBe(before)
  })

  it('holds for a quarter of an hour, whatever is published since; then the sale hears the difference', async () => {
    const { till, clock, give } = fixture
    const quoted = await till.post('/v1/quotes', asQuote(till.sale({ card: cardNumber(8), tenders: [] })))
    const quote = { id: quoted.body.quote, digest: quoted.body.digest }
    const { ruleSet } = ofProgram(quoted)
    clock.advance(60_000)
    const none = { rules: [], from: new Date(clock()).toISOString() as never }
    await give('rules.publish', none, { program: world.program })
    const kept = ofProgram(await till.post('/v1/sales', till.sale({ card: cardNumber(8), quote })))
    expect(kept).toMatchObject({ ruleSet, balances: [{ spendable: 10 }] })
    expect(kept.difference).toBeUndefined()
    clock.advance(15 * 60_000)
    const late = ofProgram(await till.post('/v1/sales', till.sale({ card: cardNumber(8), quote })))
    expect(late.points).toEqual([])
    expect(late.difference).toEqual({
      from: 'quote',
      points: -10,
      amountMinor: 0,
      causes: ['quote_expired', 'rules_changed'],
    })
    const renewed = await till.post('/v1/quotes', { ...asQuote(till.sale({ tenders: [] })), quote })
    expect([renewed.status, renewed.body.code]).toEqual([409, 'quote_expired'])
    clock.advance(1_000)
    const rules = earningRules.map((rule) => ({ name: rule.name, rule: { ...rule, version: 4 } }))
    await give('rules.publish', { rules, from: new Date(clock()).toISOString() as never }, { program: world.program })
  })
})

describe('a till asks', () => {
  it('what became of a sale: of its own ones only', async () => {
    const { till } = fixture
    const sale = till.sale({ card: cardNumber(2) })
    expect((await till.get(`/v1/sales/${sale.id}`)).body.code).toBe('not_found')
    const told = await till.post('/v1/sales', sale)
    const asked = await till.get(`/v1/sales/${sale.id}`)
    expect(asked.body).toEqual(told.body)
    await database.admin`UPDATE loyalty.sale SET terminal_id = ${world.owner} WHERE document_id = ${sale.id}`
    expect((await till.get(`/v1/sales/${sale.id}`)).body.code).toBe('not_found')
    expect((await till.get('/v1/sales/nonsense')).body.code).toBe('malformed')
  })

  it('whose card it is: balance, what is pending, what expires next, tier', async () => {
    const { till } = fixture
    const find = (number: string): Promise<Answer> => till.post('/v1/cards/find', { number, entry: 'scanned' })
    const { body } = await find(world.cardNumber)
    expect(body.programs).toMatchObject([
      {
        program: world.program,
        member: { id: world.member, tier: 'basic' },
        card: { kind: 'standard', state: 'active' },
        balances: [
          { pointType: 'points', spendable: 23, pending: 0, nextExpiry: { points: 23, onDate: '2027-11-20' } },
        ],
      },
    ])
    await fixture.give('card.block', { card: testId(9, 9) }, { program: world.program, reason: 'lost at the beach' })
    expect((await find(cardNumber(9))).body.programs).toMatchObject([
      { member: null, card: { state: 'blocked' }, balances: [] },
    ])
  })

  it('for numbers that nobody has only so often', async () => {
    const { till, clock } = fixture
    const guess = (number: number): Promise<Answer> =>
      till.post('/v1/cards/find', { number: `GUESS${number}`, entry: 'keyed' })
    for (let number = 0; number < 30; number += 1) expect((await guess(number)).body).toEqual({ programs: [] })
    const refused = await guess(30)
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers['retry-after'])).toBe(20)
    clock.advance(20_000)
    expect((await guess(31)).status).toBe(200)
  })
})

it('VCH-03: a voucher is used once, even when fifty try at the same moment in two processes', async () => {
  const twin = await fixture.twin()
  const voucher = { id: testId(10, 3), code: 'ONCE', kind: 'five', valueMinor: 500 }
  await fixture.give('voucher.issue', { vouchers: [voucher] }, { program: world.program })
  const { till } = fixture
  const send = (app: Fixture['engine']['app']): Promise<Answer> => {
    const sale = till.sale({ uses: [{ kind: 'voucher', code: 'once', amountMinor: 500 as never }] })
    const payload = JSON.stringify(sale)
    return injected(app)({
      method: 'POST',
      url: '/v1/sales',
      headers: till.seal('POST', '/v1/sales', payload),
      payload,
    })
  }
  const apps = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? fixture.engine.app : twin.app))
  const answers = await Promise.all(apps.map(send))
  const statuses: string[] = answers.map((answer) => ofProgram(answer).uses[0].status)
  expect(statuses.filter((status) => status === 'taken')).toHaveLength(1)
  expect(statuses.filter((status) => status === 'shortfall')).toHaveLength(49)
})

it('tells Prometheus what it does', async () => {
  const { body } = await injected(fixture.engine.app)({ method: 'GET', url: '/metrics', headers: {}, payload: '' })
  for (const name of [
    'premia_batch_items',
    'premia_batch_phase_ms',
    'premia_queue_items',
    'premia_items_total{outcome="booked"}',
    'premia_defects_total 0',
  ]) {
    expect(body).toContain(name)
  }
})
