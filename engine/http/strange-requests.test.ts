import { gzipSync } from 'node:zlib'
import { refusal } from '@premia/pos-sdk/contract/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture } from '../testing/fixture.ts'
import { injected, openTill, type TestTill } from '../testing/till.ts'
import { testId, world } from '../testing/world.ts'

/** Requests as no till makes them, over a real socket: each has one answer of the catalogue, and books once or nothing. */
let database: TestDatabase
let fixture: Fixture
let address: string

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 6 })
  address = await fixture.engine.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

interface Sending {
  readonly till?: TestTill
  readonly method?: string
  /** What is sealed, where it is not what is sent. */
  readonly sealed?: { readonly method?: 'GET'; readonly path?: string; readonly body?: string }
  readonly headers?: Readonly<Record<string, string>>
}

const send = async (path: string, body: string | Buffer, sending: Sending = {}) => {
  const { till = fixture.till, method = 'POST', sealed = {}, headers = {} } = sending
  const seal = till.seal(sealed.method ?? 'POST', sealed.path ?? path, sealed.body ?? body.toString())
  const init = { method, headers: { 'content-type': 'application/json', ...seal, ...headers } }
  const response = await fetch(
    address + path,
    method === 'GET' ? init : { ...init, body: new Uint8Array(Buffer.from(body)) },
  )
  const text = await response.text()
  const told = JSON.parse(text)
  // Whatever is refused, whoever refuses it: a problem document of the catalogue, with its status.
  if (!response.ok) {
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
    expect([text, isProblem, refusal(told.code)?.status]).toEqual([text, true, response.status])
  }
  return { status: response.status, body: told, said: told.status === response.status ? told.code : told.status }
}
const post = async (body: object | string): Promise<string> =>
  (await send('/v1/sales', typeof body === 'string' ? body : JSON.stringify(body))).said
const spendable = async (card: string): Promise<number> =>
  (await fixture.till.post('/v1/cards/find', { number: card, entry: 'keyed' })).body.programs[0].balances[0]
    ?.spendable ?? 0

describe('a seal', () => {
  it('fits one method, one address with its query, one body, one terminal', async () => {
    const body = JSON.stringify(fixture.till.sale({ card: cardNumber(2) }))
    const said = async (path: string, sending: Sending, sent = body) => (await send(path, sent, sending)).said
    expect(await said('/v1/sales?all=1', { sealed: { path: '/v1/sales' } })).toBe('mac_invalid')
    expect(await said('/v1/sales', { sealed: { method: 'GET' } })).toBe('mac_invalid')
    expect(await said('/v1/sales', { sealed: { body } }, `${body} `)).toBe('mac_invalid')
    const { codes } = await fixture.give('terminal.register', {
      terminals: [{ id: testId(4, 31), name: 'Other', outlet: world.outlets[1], from: world.startsAt }],
    })
    await Promise.all([fixture.engine.register.refresh(), fixture.engine.directory.refresh()])
    const till = await openTill(injected(fixture.engine.app), { code: codes[0]?.code ?? '', clock: fixture.clock })
    const mine = { 'premia-terminal': fixture.till.terminal }
    expect(await said('/v1/sales', { till, headers: mine })).toBe('terminal_revoked')
    // Sealed by itself, but the sale is another till's; and the other way round.
    expect(await said('/v1/sales', { till })).toBe('not_permitted')
    expect(await post(till.sale())).toBe('not_permitted')
    expect(await post(body)).toBe('recorded')
    const { id } = JSON.parse(body)
    expect((await till.get(`/v1/sales/${id}`)).body.code).toBe('not_found')
    expect((await till.post('/v1/sales', till.signed({ ...till.sale(), id }))).body.code).toBe('sale_conflict')
  })

  it('opens one door: a till commands nothing, and who acts for the console sells nothing', async () => {
    const command = '/admin/v1/commands/terminal.revoke'
    expect((await send(command, '{}')).said).toBe('unauthorized')
    const headers = { 'premia-mac': 'A'.repeat(43), 'premia-acting': 'e30.AAAA' }
    expect((await send('/v1/sales', JSON.stringify(fixture.till.sale()), { headers })).said).toBe('mac_invalid')
  })
})

describe('POS-04: one sale', () => {
  it('is one, five hundred times in a request, eight times at once, and beside a forged twin', async () => {
    const [many, atOnce, twin] = [3, 4, 5].map((member) => fixture.till.sale({ card: cardNumber(member) }))
    const { body } = await send('/v1/sales', JSON.stringify({ sales: Array.from({ length: 500 }, () => many) }))
    const statuses = body.results.map(({ status }: { status: string }) => status)
    expect([statuses.length, statuses.filter((status: string) => status === 'recorded').length]).toEqual([500, 1])
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(atOnce as object)))
    expect(answers.sort()).toEqual([...Array.from({ length: 7 }, () => 'duplicate'), 'recorded'])
    const forged = fixture.till.signed({ ...(twin as NonNullable<typeof twin>), channel: 'online' })
    const results = (await send('/v1/sales', JSON.stringify({ sales: [twin, forged, twin] }))).body.results
    expect(results.map((each: { status: string }) => each.status)).toEqual(['recorded', 'rejected', 'duplicate'])
    for (const member of [3, 4, 5]) expect(await spendable(cardNumber(member))).toBe(10)
  })

  it('has one spelling of its id: another letter case is no other sale, but none at all', async () => {
    const sale = fixture.till.sale()
    const id = `${sale.id.slice(0, -2)}ab` as typeof sale.id
    expect(await post(fixture.till.signed({ ...sale, id }))).toBe('recorded')
    expect(await post(fixture.till.signed({ ...sale, id: id.toUpperCase() as never }))).toBe('malformed')
    expect((await send(`/v1/sales/${id.toUpperCase()}`, '', { method: 'GET', sealed: { method: 'GET' } })).said).toBe(
      'malformed',
    )
  })
})

describe('a body', () => {
  const text = () => JSON.stringify(fixture.till.sale())

  it('that is too large, too deep, no object, or full of keys is refused at once', async () => {
    const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000)
    const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]))
    const bodies = [
      deep('[', ']'),
      `{"a":${deep('{"a":', '}').replace(':}', ':1}')}}`,
      '',
      'null',
      '[]',
      '"x"',
      '{"sales":null}',
    ]
    for (const body of bodies) expect([body.slice(0, 20), await post(body)]).toEqual([body.slice(0, 20), 'malformed'])
    expect(await post(JSON.stringify(keys))).toBe('malformed')
    expect(await post(text().replace('"lines":[', `"lines":[${deep('[', ']')},`))).toBe('malformed')
    expect(await post(`{"sales":["${'x'.repeat(4 * 1_048_576)}"]}`)).toBe('body_too_large')
    const { results } = (await send('/v1/sales', '{"sales":[null,1,"x",[],{}]}')).body
    expect(results.map((each: { problem: { code: string } }) => each.problem.code)).toEqual(Array(5).fill('malformed'))
  })

  it('that is large is read from nobody who names no session: reading it would keep all tills waiting', async () => {
    const junk = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    const said = async (body: string, headers: Readonly<Record<string, string>>) =>
      (await send('/v1/sales', body, { headers })).said
    const session = `${fixture.till.keyId}.${fixture.clock() + 60_000}`
    expect(await said(junk, { 'premia-terminal': testId(4, 99) })).toBe('terminal_unknown')
    expect(await said(junk, { 'premia-session': 'none' })).toBe('session_expired')
    expect(await said(junk, { 'premia-session': `${'f'.repeat(32)}.${fixture.clock() + 60_000}` })).toBe(
      'terminal_revoked',
    )
    expect(await said(junk, { 'premia-time': '0' })).toBe('session_expired')
    expect((await send('/v1/quotes', junk, { headers: { 'premia-session': 'none' } })).said).toBe('session_expired')
    // Whoever names one is told what he wrote first, as the catalogue has it; and so is everybody about a small body.
    expect(await said(junk, { 'premia-session': session, 'premia-mac': 'A'.repeat(43) })).toBe('malformed')
    expect(await said('{"a":[]}', { 'premia-terminal': testId(4, 99) })).toBe('malformed')
    // A till back online whose session has ended learns it, with its connection whole.
    const sales = JSON.stringify({ sales: Array.from({ length: 200 }, () => fixture.till.sale()) })
    expect(await said(sales, { 'premia-session': `${fixture.till.keyId}.${fixture.clock() - 1}` })).toBe(
      'session_expired',
    )
    const { body } = await send('/v1/sales', sales)
    expect(body.results).toHaveLength(200)
  })

  it('that was compressed, or is no JSON by its own word, is told so, and not that the sale is wrong', async () => {
    const body = text()
    const zipped = { sealed: { body }, headers: { 'content-encoding': 'gzip' } }
    expect((await send('/v1/sales', gzipSync(body), zipped)).said).toBe('media_type_unsupported')
    const plain = { headers: { 'content-type': 'text/plain' } }
    expect((await send('/v1/sales', body, plain)).said).toBe('media_type_unsupported')
    const identity = { headers: { 'content-encoding': 'identity' } }
    expect((await send('/v1/sales', body, identity)).said).toBe('recorded')
  })

  it('with names of JavaScript’s own in it reaches nothing by them', async () => {
    expect(await post(text().replace('{', '{"__proto__":{"kind":"return"},'))).toBe('malformed')
    expect(await post(text().replace('{', '{"constructor":{"x":1},'))).toBe('malformed')
    expect(await post(`{"__proto__":{"sales":[${text()}]}}`)).toBe('malformed')
    const name = '__proto__'
    const use = { kind: 'voucher', code: name, amountMinor: 0 } as never
    const spent = { kind: 'points', program: world.program, pointType: name, points: 5, amountMinor: 0 } as never
    const product = { product: { code: name }, category: name } as const
    const sale = fixture.till.sale({ card: name, staff: { code: name }, lines: [product], uses: [use, spent] })
    expect(await post(sale)).toBe('recorded')
  })

  it.each([
    ['1e3', 'recorded'],
    ['1000.0', 'recorded'],
    ['-0', 'recorded'],
    ['-1', 'malformed'],
    ['0.5', 'malformed'],
    ['1e400', 'malformed'],
    ['0x10', 'malformed'],
    ['01', 'malformed'],
    ['"1000"', 'malformed'],
    ['100000000001', 'malformed'],
    ['9007199254740993', 'malformed'],
  ])('with the amount %s is %s', async (amount, said) => {
    expect(
      await post(text().replaceAll(/"(grossMinor|unitPriceMinor|payableMinor|amountMinor)":1000/g, `"$1":${amount}`)),
    ).toBe(said)
  })

  it.each([
    ['occurredAt', '2016-12-31T23:59:60.000Z', 'malformed'],
    ['occurredAt', '2026-11-20T24:00:00.000Z', 'malformed'],
    ['occurredAt', '2026-02-30T10:00:00.000Z', 'malformed'],
    ['occurredAt', '2026-11-20T10:00:00+01:00', 'malformed'],
    ['occurredAt', '0000-01-01T00:00:00.000Z', 'malformed'],
    ['occurredAt', '0001-01-01T00:00:00.000Z', 'recorded'],
    ['occurredAt', '9999-12-31T23:59:59.999Z', 'recorded'],
    ['utcOffsetMinutes', 841, 'malformed'],
    ['utcOffsetMinutes', 0.5, 'malformed'],
    ['utcOffsetMinutes', -840, 'recorded'],
    ['sequence', 0, 'malformed'],
    ['sequence', 2 ** 53, 'malformed'],
    ['sequence', 2 ** 53 - 1, 'recorded'],
  ])('with %s %s is %s', async (name, value, said) => {
    expect(await post(fixture.till.signed({ ...fixture.till.sale(), [name]: value }))).toBe(said)
  })

  it.each(['ＡＢＣ', 'A\u0301', ' 2990', '2990 ', 'a\u0000b', 'a\nb', '\u202e2990', 'x'.repeat(65)])(
    'with the card number %j is malformed: two spellings of one number there are not',
    async (card) => {
      expect(await post(fixture.till.sale({ card }))).toBe('malformed')
    },
  )
})

describe('an address', () => {
  it('that is none is refused in the words of the catalogue, whoever finds it out', async () => {
    const get = async (path: string) => (await send(path, '', { method: 'GET', sealed: { method: 'GET' } })).said
    expect(await get(`/v1/sales/${'x'.repeat(3_000)}`)).toBe('malformed')
    expect(await get('/v1/sales/%')).toBe('malformed')
    expect(await get('/v1/sales/%00')).toBe('malformed')
    expect(await get('/V1/sales')).toBe('not_found')
    expect((await send('/v1/sales/', '{}')).said).toBe('not_found')
    expect((await send('//v1/sales', '{}')).said).toBe('not_found')
    expect((await send('/v1/sales', '{}', { method: 'PUT' })).said).toBe('method_not_allowed')
  })
})
