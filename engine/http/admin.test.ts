import {
  type Acting,
  actingRequest,
  type AdminClient,
  AdminRefusal,
  type Actor,
  type Commands,
  instantOf,
  type Uuid,
} from '@premia/pos-sdk/contract/admin'
import type { Rule } from '@premia/rules'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProgram } from '../db/transaction.ts'
import { engineKeys } from '../keys.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import {
  type Give,
  giver,
  injectedClient,
  operatorActor,
  setUpWorld,
  testDocument,
  testId,
  testMember,
  testOutlet,
  world,
} from '../testing/world.ts'
import { adminRoutes } from './admin.ts'
import { answerProblems } from './problem.ts'
import { keepRawBody } from './raw-body.ts'

const consoleKey = 'k'.repeat(43)
const keys = engineKeys('e'.repeat(43))
let nowMs = Date.parse('2026-03-10T10:00:00.000Z')
const clock = (): number => nowMs

let database: TestDatabase
let app: FastifyInstance
let client: AdminClient
let give: Give

beforeAll(async () => {
  database = await createTestDatabase()
  app = Fastify()
  keepRawBody(app)
  answerProblems(app)
  adminRoutes(app, { sql: database.engine, keys, nowMs: clock, consoleKey })
  client = injectedClient(app, consoleKey, clock)
  give = giver(client)
  await setUpWorld(give)
})
afterAll(async () => {
  await app?.close()
  await database?.drop()
})

const refused = async (work: Promise<unknown>): Promise<AdminRefusal> => {
  const error: unknown = await work.then(
    () => new Error('it was carried out'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof AdminRefusal)) throw error
  return error
}
const codeOf = async (work: Promise<unknown>): Promise<string> => (await refused(work)).code

const rule = (changes: Partial<Rule> = {}): Rule =>
  ({
    schema: 1,
    id: 'R-1',
    version: 1,
    name: 'One point a zloty',
    phase: 'accrual.base',
    then: [{ do: 'points', to: 'customer', formula: { kind: 'perValue', basis: 'copayment', minor: 100, points: 1 } }],
    ...changes,
  }) as Rule

const rows = async (query: string): Promise<readonly Record<string, unknown>[]> => database.admin.unsafe(query)
const count = async (table: string, where = 'true'): Promise<number> =>
  Number((await rows(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`))[0]?.['n'])

describe('setting a world up by commands', () => {
  it('PRG-01: makes a program with its owner, zone, currency, languages and first document', async () => {
    const [program] = await rows('SELECT * FROM directory.program')
    expect(program).toMatchObject({ public_id: world.program, currency: 'PLN', zone: 'Europe/Warsaw', state: 'active' })
    expect(await count('loyalty.program_version')).toBe(1)
    expect(await count('loyalty.rule_set_period')).toBe(1)
  })

  it('POS-01: registers outlets with code, owner, region and city, and admits them to a program with dates', async () => {
    const [period] = await rows(`SELECT * FROM directory.outlet_period WHERE outlet_id = '${world.outlets[0]}'`)
    expect(period).toMatchObject({ owner_id: world.owner, region: 'Mazowieckie', city: 'Warszawa', until_at: null })
    expect(await count('directory.program_outlet', "stores = 'all'")).toBe(2)
  })

  it('ACC-02: enrols a member with a person and a card whose number is kept as a token only', async () => {
    const [card] = await rows('SELECT * FROM loyalty.card')
    expect(card).toMatchObject({ number_last: '0017', member_id: world.member, state: 'active' })
    expect(card?.['number_token']).toEqual(keys.cardToken(world.cardNumber))
    expect(await count('people.person', "family_name = 'Nowak'")).toBe(1)
    expect(await count('people.consent')).toBe(1)
    expect((await rows('SELECT birth_day, tier FROM loyalty.member'))[0]).toEqual({ birth_day: '05-17', tier: 'basic' })
    const everything = JSON.stringify(await rows('SELECT * FROM loyalty.audit'))
    expect(everything).not.toMatch(/Nowak|2600000000017|600100200/)
  })

  it('leaves one audit row a command, and raises the version that engine processes look at', async () => {
    const audits = [
      ...(await rows('SELECT command FROM directory.audit')),
      ...(await rows('SELECT command FROM loyalty.audit')),
    ]
    expect(audits.map((each) => String(each['command'])).sort()).toEqual([
      'catalogue.import',
      'member.enrol',
      'organization.register',
      'outlet.register',
      'program.admit',
      'program.create',
      'staff.register',
      'terminal.register',
    ])
    expect((await rows('SELECT part FROM directory.change ORDER BY part')).map((each) => each['part'])).toEqual([
      'catalogue',
      'outlets',
      'programs',
      'staff',
      'terminals',
    ])
  })
})

describe('who may give a command', () => {
  const suspend = (actor: Actor): Promise<unknown> =>
    client.command(actor, 'program.suspend', {}, { program: world.program, reason: 'not me' })

  it('answers a foreign program and an unknown one alike', async () => {
    const foreign = await refused(suspend(operatorActor({ programs: [] })))
    const unknown = await refused(
      client.command(
        operatorActor({ programs: [testId(2, 99)] }),
        'program.suspend',
        {},
        { program: testId(2, 99), reason: 'nobody' },
      ),
    )
    expect([foreign.status, foreign.message]).toEqual([404, unknown.message])
  })

  it('believes neither a claimed program of another operator nor one of another organizer', async () => {
    expect(await codeOf(suspend(operatorActor({ operator: testId(1, 77) })))).toBe('not_found')
    expect(await codeOf(suspend(operatorActor({ organizer: testId(1, 77) })))).toBe('not_found')
  })

  it('asks for the right of the very command', async () => {
    expect(await codeOf(suspend(operatorActor({ rights: ['program.resume', 'card.block'] })))).toBe('not_permitted')
  })

  it('keeps what organizers share from who acts for one organizer alone', async () => {
    const actor = operatorActor({ organizer: world.organizer })
    const work = client.command(actor, 'terminal.quarantine', { terminal: world.terminal }, { reason: 'mine?' })
    expect(await codeOf(work)).toBe('not_permitted')
  })

  it('answers 404 for terminals, outlets, staff and organizers of another operator', async () => {
    const stranger = giver(client, operatorActor({ operator: testId(1, 50), programs: [] }))
    await stranger('organization.register', {
      organizations: [
        { id: testId(1, 50), operator: testId(1, 50), kind: 'operator', name: 'Stranger', country: 'RO' },
      ],
    })
    const from = world.startsAt
    const terminal = { id: testId(4, 50), name: 'x', outlet: world.outlets[0], from }
    const staff = { id: testId(5, 50), code: '9', name: 'x', outlet: world.outlets[0], from }
    const created = { id: testId(2, 50), organizer: world.organizer, startsAt: from, document: testDocument() }
    expect(await codeOf(stranger('terminal.register', { terminals: [terminal] }))).toBe('not_found')
    expect(await codeOf(stranger('terminal.revoke', { terminal: world.terminal }, { reason: 'steal' }))).toBe(
      'not_found',
    )
    expect(await codeOf(stranger('staff.register', { staff: [staff] }))).toBe('not_found')
    expect(await codeOf(stranger('program.create', created))).toBe('not_found')
    const outlet = { ...testOutlet(world.outlets[0], 0), owner: testId(1, 50) }
    expect(await codeOf(stranger('outlet.register', { outlets: [outlet] }))).toBe('not_found')
  })
})

describe('the acting header', () => {
  const path = '/admin/v1/commands/program.suspend'
  const body = (reason: string): string =>
    JSON.stringify({ id: testId(91, 1), program: world.program, reason, input: {} })
  const acting = (changes: Partial<Acting> = {}): Acting => ({
    ...operatorActor(),
    issuedAt: instantOf(nowMs),
    expiresAt: instantOf(nowMs + 60_000),
    ...changes,
  })
  const send = async (headers: Readonly<Record<string, string>>, payload: string, url = path): Promise<string> => {
    const response = await app.inject({ method: 'POST', url, headers, payload })
    return `${response.statusCode} ${response.json<{ code: string }>().code}`
  }

  it('is refused when it is missing, forged, damaged, stretched, expired or from the future', async () => {
    const json = { 'content-type': 'application/json' }
    expect(await send(json, body('no header'))).toBe('401 unauthorized')
    const forged = await actingRequest('x'.repeat(43), acting(), path, body('forged'))
    expect(await send(forged.headers, forged.body)).toBe('401 unauthorized')
    expect(await send({ ...json, 'premia-acting': 'a.b.c' }, body('damaged'))).toBe('401 unauthorized')
    for (const changes of [
      { expiresAt: instantOf(nowMs + 60_001) },
      { issuedAt: instantOf(nowMs - 61_000), expiresAt: instantOf(nowMs - 1_000) },
      { issuedAt: instantOf(nowMs + 30_000), expiresAt: instantOf(nowMs + 60_000) },
    ]) {
      const request = await actingRequest(consoleKey, acting(changes), path, body('time'))
      expect(await send(request.headers, request.body)).toBe('401 unauthorized')
    }
  })

  it('fits one body, one path and no other', async () => {
    const request = await actingRequest(consoleKey, acting(), path, body('the first'))
    expect(await send(request.headers, body('another body'))).toBe('401 unauthorized')
    expect(await send(request.headers, request.body, '/admin/v1/commands/program.resume')).toBe('401 unauthorized')
    expect(await count('loyalty.audit', "command = 'program.suspend'")).toBe(0)
  })

  it('cannot be widened: its claims are under the seal', async () => {
    const request = await actingRequest(consoleKey, acting({ programs: [] }), path, body('wider'))
    const mac = (request.headers['premia-acting'] as string).split('.')[1]
    const claims = Buffer.from(JSON.stringify(acting())).toString('base64url')
    expect(await send({ ...request.headers, 'premia-acting': `${claims}.${mac}` }, request.body)).toBe(
      '401 unauthorized',
    )
  })
})

describe('one command', () => {
  const card = { card: world.card }
  const program = world.program

  it('is carried out once: repeated it answers the first result, with another input a conflict', async () => {
    const id = testId(92, 1)
    const first = await client.command(operatorActor(), 'card.block', card, {
      id,
      program,
      reason: 'found in the street',
    })
    const again = await client.command(operatorActor(), 'card.block', card, {
      id,
      program,
      reason: 'found in the street',
    })
    expect([first.status, again.status]).toEqual(['done', 'duplicate'])
    expect(again.result).toEqual(first.result)
    const other = client.command(operatorActor(), 'card.block', card, { id, program, reason: 'another reason' })
    expect(await codeOf(other)).toBe('command_conflict')
    expect(await count('loyalty.audit', "command = 'card.block'")).toBe(1)
    await give('card.unblock', card, { program, reason: 'given back' })
  })

  it('given twenty times at once is carried out once', async () => {
    const id = testId(92, 2)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        client.command(operatorActor(), 'card.block', card, { id, program, reason: 'storm' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 'done')).toHaveLength(1)
    expect(new Set(answers.map(({ result }) => result.version)).size).toBe(1)
    await give('card.unblock', card, { program, reason: 'calm again' })
  })

  it('is refused without its reason, with unknown fields, impossible dates, or for a program it does not name', async () => {
    const wrong = await refused(client.command(operatorActor(), 'card.block', card, { program }))
    expect([wrong.code, wrong.errors[0]?.path]).toEqual(['validation_failed', '/reason'])
    expect(await codeOf(client.command(operatorActor(), 'card.block', card, { reason: 'no program' }))).toBe(
      'validation_failed',
    )
    const surprise = { card: world.card, surprise: 1 } as Commands['card.block']['input']
    expect(await codeOf(give('card.block', surprise, { program, reason: 'odd' }))).toBe('validation_failed')
    const born = testMember({ id: testId(7, 40), person: { id: testId(8, 40), birthDate: '1980-02-30' }, cards: [] })
    expect((await refused(give('member.enrol', { members: [born] }, { program }))).errors[0]?.path).toContain(
      'birthDate',
    )
    expect(await codeOf(client.command(operatorActor(), 'no.such' as 'card.block', card))).toBe('not_found')
  })

  it('answers version_conflict when somebody else was faster', async () => {
    const [row] = await rows(`SELECT version FROM loyalty.card WHERE card_id = '${world.card}'`)
    const version = Number(row?.['version'])
    expect(await codeOf(give('card.block', card, { program, reason: 'stale', version: version - 1 }))).toBe(
      'version_conflict',
    )
    await give('card.block', card, { program, reason: 'fresh', version })
    expect(await codeOf(give('card.block', card, { program, reason: 'twice' }))).toBe('state_not_allowed')
    await give('card.unblock', card, { program, reason: 'done' })
  })

  it('that fails leaves neither change nor audit row', async () => {
    const before = [await count('loyalty.audit'), await count('loyalty.member'), await count('people.person')]
    const clash = [
      testMember({
        id: testId(7, 60),
        person: { id: testId(8, 60) },
        cards: [{ id: testId(9, 60), number: 'N-60', kind: 'standard' }],
      }),
      testMember({
        id: testId(7, 61),
        person: { id: testId(8, 61) },
        cards: [{ id: testId(9, 61), number: world.cardNumber, kind: 'standard' }],
      }),
    ]
    expect(await codeOf(give('member.enrol', { members: clash }, { program }))).toBe('already_exists')
    expect([await count('loyalty.audit'), await count('loyalty.member'), await count('people.person')]).toEqual(before)
  })
})

describe('each command', () => {
  const program = world.program

  it('PRG-01: suspends a program with a reason and resumes it', async () => {
    await give('program.suspend', {}, { program, reason: 'audit of the organizer' })
    expect((await rows('SELECT state, state_reason FROM directory.program WHERE program_id = 1'))[0]).toEqual({
      state: 'suspended',
      state_reason: 'audit of the organizer',
    })
    expect(await codeOf(give('program.suspend', {}, { program, reason: 'again' }))).toBe('state_not_allowed')
    await give('program.resume', {}, { program, reason: 'all is well' })
    const [audit] = await rows(
      "SELECT changes, reason, actor_name FROM loyalty.audit WHERE command = 'program.suspend'",
    )
    expect(audit).toEqual({
      changes: { state: ['active', 'suspended'] },
      reason: 'audit of the organizer',
      actor_name: 'Olga Operator',
    })
  })

  it('refuses a program document whose references name nothing', async () => {
    const document = testDocument({ mainPointType: 'nothing', zone: 'Europe/Nowhere' })
    const wrong = await refused(
      give('program.create', { id: testId(2, 9), organizer: world.organizer, startsAt: world.startsAt, document }),
    )
    expect(wrong.errors.map(({ path }) => path)).toEqual(['/input/document/zone', '/input/document/mainPointType'])
  })

  it('POS-02: an outlet is in several programs of one currency, never of two', async () => {
    const [second, lei] = [testId(2, 2), testId(2, 3)]
    const actor = operatorActor({ programs: [world.program, second, lei] })
    const at = giver(client, actor)
    await at('program.create', {
      id: second,
      organizer: world.organizer,
      startsAt: world.startsAt,
      document: testDocument({ name: 'Second' }),
    })
    await at('program.create', {
      id: lei,
      organizer: world.organizer,
      startsAt: world.startsAt,
      document: testDocument({ currency: 'RON' }),
    })
    const outlet = world.outlets[0]
    const from = world.startsAt
    await at('program.admit', { outlets: [{ outlet, from, steersPrices: false }] }, { program: second })
    const foreign = at('program.admit', { outlets: [{ outlet, from, steersPrices: false }] }, { program: lei })
    expect(await codeOf(foreign)).toBe('state_not_allowed')
    const twoSteer = at('program.admit', { outlets: [{ outlet, from, steersPrices: true }] }, { program: second })
    expect(await codeOf(twoSteer)).toBe('state_not_allowed')
  })

  it('ends the period in which a new one begins, and lets the next one stand', async () => {
    const outlet = testOutlet(world.outlets[1], 1)
    await give('outlet.register', {
      outlets: [{ ...outlet, city: 'Later', from: '2026-06-01T00:00:00.000Z' as typeof outlet.from }],
    })
    await give('outlet.register', {
      outlets: [{ ...outlet, city: 'Between', from: '2026-01-01T00:00:00.000Z' as typeof outlet.from }],
    })
    const periods = await rows(
      `SELECT city, from_at, until_at FROM directory.outlet_period WHERE outlet_id = '${world.outlets[1]}' ORDER BY from_at`,
    )
    expect(periods.map(({ city, until_at }) => [city, (until_at as Date | null)?.toISOString().slice(0, 10)])).toEqual([
      ['Warszawa', '2026-01-01'],
      ['Between', '2026-06-01'],
      ['Later', undefined],
    ])
  })

  it('TRX-04: registers staff by code, with the name among people', async () => {
    expect((await rows('SELECT code FROM directory.staff'))[0]).toEqual({ code: '1001' })
    const twin = { id: testId(5, 2), code: '1001', name: 'Twin', outlet: world.outlets[0], from: world.startsAt }
    expect(await codeOf(give('staff.register', { staff: [twin] }))).toBe('already_exists')
  })

  it('keeps no enrolment code, and gives the same one again for the same command', async () => {
    const id = testId(92, 3)
    const terminals = [{ id: testId(4, 2), name: 'Till 2', outlet: world.outlets[1], from: world.startsAt }]
    const first = await client.command(operatorActor(), 'terminal.register', { terminals }, { id })
    const again = await client.command(operatorActor(), 'terminal.register', { terminals }, { id })
    expect(first.result.codes[0]?.code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
    expect(again).toEqual({ ...first, status: 'duplicate' })
    const kept =
      JSON.stringify(await rows('SELECT * FROM directory.audit')) +
      JSON.stringify(await rows('SELECT * FROM directory.terminal'))
    expect(kept).not.toContain(first.result.codes[0]?.code)
  })

  it('quarantines, releases and revokes a terminal, each only from the state before', async () => {
    const terminal = testId(4, 2)
    expect(await codeOf(give('terminal.quarantine', { terminal }, { reason: 'never enrolled' }))).toBe(
      'state_not_allowed',
    )
    await database.admin`UPDATE directory.terminal SET state = 'active' WHERE terminal_id = ${terminal}`
    await give('terminal.quarantine', { terminal }, { reason: 'odd signatures' })
    await give('terminal.release', { terminal }, { reason: 'explained' })
    const { version } = await give('terminal.revoke', { terminal, fromSequence: 10 }, { reason: 'stolen' })
    expect(version).toBe(4)
    expect(await codeOf(give('terminal.revoke', { terminal }, { reason: 'again' }))).toBe('state_not_allowed')
    const again = { id: terminal, name: 'Till 2', outlet: world.outlets[1], from: world.startsAt }
    expect(await codeOf(give('terminal.register', { terminals: [again] }))).toBe('state_not_allowed')
  })

  it('refuses a catalogue whose categories make a circle and a code of another product', async () => {
    const circle = [
      { id: 'a', parent: 'b', name: 'A' },
      { id: 'b', parent: 'a', name: 'B' },
    ]
    expect(await codeOf(give('catalogue.import', { categories: circle, products: [] }))).toBe('validation_failed')
    const product = {
      id: testId(6, 2),
      name: 'Copy',
      category: 'care',
      codes: [{ scope: 'own', code: 'P1' }],
      from: world.startsAt,
    }
    expect(await codeOf(give('catalogue.import', { categories: [], products: [product] }))).toBe('already_exists')
    expect(await count('directory.category', "category_id IN ('a', 'b')")).toBe(0)
  })

  it('keeps the law by country, type of outlet and class, for every operator', async () => {
    const regime = {
      country: 'PL',
      outletType: 'pharmacy',
      regimeClass: 'reimbursed',
      from: world.startsAt,
      mayEarn: false,
      mayDiscount: false,
      mayCount: false,
      source: 'act of 12 May 2011, art. 49(3)',
    }
    await give('law.import', { regimes: [regime] })
    expect(await count('directory.legal_regime')).toBe(1)
    expect(await count('directory.change', "part = 'law'")).toBe(
      await count('directory.organization', "kind = 'operator'"),
    )
  })

  it('PRO-01: publishes rules, keeps their versions immutable and refuses the past once points are booked', async () => {
    const at = instantOf(nowMs)
    const { ruleSet } = await give('rules.publish', { rules: [{ name: 'Base', rule: rule() }], from: at }, { program })
    expect(ruleSet).toMatch(/^[0-9a-f]{64}$/)
    const odd = rule({ id: 'ODD', name: 'Never', when: { identified: false, tiers: ['gold'] } })
    const told = await give('rules.publish', { rules: [{ name: 'Never', rule: odd }], from: at }, { program })
    expect(told.findings).toContainEqual({ code: 'never_true', rule: 'ODD' })
    const changed = [{ name: 'Base', rule: rule({ name: 'Another' }) }]
    const wrong = await refused(give('rules.publish', { rules: changed, from: at }, { program }))
    expect([wrong.code, wrong.errors[0]?.path]).toEqual(['validation_failed', '/input/rules/0/rule/version'])
    await give(
      'rules.publish',
      { rules: [{ name: 'Base', rule: rule({ name: 'Another', version: 2 }) }], from: at },
      { program },
    )
    expect(await count('loyalty.rule_version')).toBe(3)
    expect(
      await codeOf(
        give('rules.publish', { rules: [{ name: 'Bad', rule: { id: 'x' } as Rule }], from: at }, { program }),
      ),
    ).toBe('validation_failed')
    const example = { name: 'five zloty', basket: [{ unitPriceMinor: 500 }], gives: { points: 7 } }
    const unmet = [{ name: 'Base', rule: rule({ version: 3, examples: [example] }) }]
    expect((await refused(give('rules.publish', { rules: unmet, from: at }, { program }))).errors).toEqual([
      {
        path: '/input/rules/0/rule/examples/0/gives/points',
        message: expect.stringContaining('Example “five zloty”: the rule gives 5 points, not 7.') as string,
      },
    ])
    const met = rule({ version: 3, examples: [{ ...example, gives: { points: 5 } }] })
    await give('rules.publish', { rules: [{ name: 'Base', rule: met }], from: at }, { program })
    const strange = [{ name: 'Base', rule: rule({ version: 4, group: 'nowhere' }) }]
    const unknown = await refused(give('rules.publish', { rules: strange, from: at }, { program }))
    expect(unknown.errors[0]?.path).toBe('/input/rules/0/rule/group')
    await database.admin`
      INSERT INTO loyalty.posting (program_id, booked_at, document_id, n, kind, account_id, contra, point_type, amount)
      VALUES (1, ${new Date(nowMs)}, ${testId(80, 1)}, 0, 'adjust', ${testId(81, 1)}, 'adjusted', 'points', 1)`
    const past = give('rules.publish', { rules: [], from: instantOf(nowMs - 1) }, { program })
    expect(await codeOf(past)).toBe('state_not_allowed')
    await give('rules.publish', { rules: [], from: at }, { program })
  })

  it('ACC-03: enrols up to 500 members at once, with several cards each', async () => {
    const members = Array.from({ length: 500 }, (_, index) =>
      testMember({
        id: testId(70, index),
        person: { id: testId(71, index), givenName: 'G', familyName: `F${index}` },
        cards: [0, 1].map((n) => ({ id: testId(72 + n, index), number: `C${n}-${index}`, kind: 'standard' })),
      }),
    )
    expect(await give('member.enrol', { members }, { program })).toEqual({ count: 500 })
    expect(await count('loyalty.card', `member_id = '${testId(70, 0)}'`)).toBe(2)
    const tooMany = [...members, testMember({ id: testId(70, 500) })]
    expect(await codeOf(give('member.enrol', { members: tooMany }, { program }))).toBe('validation_failed')
    const oddCard = testMember({ id: testId(7, 41), cards: [{ id: testId(9, 41), number: 'X', kind: 'no-such' }] })
    expect(await codeOf(give('member.enrol', { members: [oddCard] }, { program }))).toBe('validation_failed')
  })

  it('VCH-02: issues vouchers whose codes are kept as tokens', async () => {
    const voucher = { id: testId(10, 1), code: 'SPRING-1', kind: 'spring', valueMinor: 500, member: world.member }
    await give('voucher.issue', { vouchers: [voucher] }, { program })
    expect((await rows('SELECT code_token, code_last FROM loyalty.voucher'))[0]).toEqual({
      code_token: keys.voucherToken('spring-1'),
      code_last: 'NG-1',
    })
    expect(await codeOf(give('voucher.issue', { vouchers: [{ ...voucher, id: testId(10, 2) }] }, { program }))).toBe(
      'already_exists',
    )
    const stranger = { ...voucher, id: testId(10, 3), code: 'Z', member: testId(7, 999) }
    expect(await codeOf(give('voucher.issue', { vouchers: [stranger] }, { program }))).toBe('not_found')
  })

  it('RWD-05: registers rewards with a price in points and stock at outlets', async () => {
    const reward = {
      id: testId(11, 1),
      name: 'Mug',
      kind: 'thing',
      pointType: 'points',
      points: 500,
      stock: [{ outlet: world.outlets[0] as Uuid, onHand: 12 }],
    }
    await give('reward.register', { rewards: [reward] }, { program })
    nowMs += 1_000
    await give('reward.register', { rewards: [{ ...reward, points: 600 }] }, { program })
    expect(
      (await rows('SELECT points FROM loyalty.reward_price ORDER BY from_at')).map((each) => each['points']),
    ).toEqual([500, 600])
    expect(await codeOf(give('reward.register', { rewards: [{ ...reward, pointType: 'stars' }] }, { program }))).toBe(
      'validation_failed',
    )
  })

  it('finds a card by its number in the programs of the actor only', async () => {
    const found = await client.query(operatorActor(), 'card.find', { number: world.cardNumber })
    expect(found.cards).toEqual([{ program, card: world.card, member: world.member, state: 'active' }])
    expect(
      (await client.query(operatorActor({ programs: [] }), 'card.find', { number: world.cardNumber })).cards,
    ).toEqual([])
    expect(
      (await client.query(operatorActor({ operator: testId(1, 50) }), 'card.find', { number: world.cardNumber })).cards,
    ).toEqual([])
    expect(await codeOf(client.query(operatorActor({ rights: [] }), 'card.find', { number: world.cardNumber }))).toBe(
      'not_permitted',
    )
  })

  it('shows the console its own programs’ audit and nobody else’s', async () => {
    const seen = await inProgram(database.console, 1, (tx) => tx`SELECT DISTINCT program_id FROM read.audit`)
    expect(seen.map((each) => each['program_id'])).toEqual([1])
  })
})
