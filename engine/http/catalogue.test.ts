import type { RefusalCode } from '@premia/pos-sdk/contract/problems'
import { problemDocument } from '@premia/pos-sdk/contract/problems'
import type { Sale } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import { type Answer, injected, openTill } from '../testing/till.ts'
import { world } from '../testing/world.ts'

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database)
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const expectProblem = (answer: Answer, code: RefusalCode): void => {
  const { status, title } = problemDocument(code, '')
  expect({ status: answer.status, type: answer.headers['content-type'], body: answer.body }).toMatchObject({
    status,
    type: expect.stringContaining('application/problem+json'),
    body: { code, status, title, type: `/problems/${code}` },
  })
}

const count = async (): Promise<number> => {
  const [row] = await database.admin<{ n: number }[]>`
    SELECT (SELECT count(*) FROM loyalty.sale) + (SELECT count(*) FROM loyalty.sale_key) AS n`
  return row?.n ?? -1
}

type Change = (sale: Sale) => unknown
const line = (sale: Sale, changes: object): object => ({ ...sale, lines: [{ ...sale.lines[0], ...changes }] })

/** In the order of the catalogue: each row also has the faults of all rows below it that its shape admits. */
const refused: readonly (readonly [RefusalCode, string, Change])[] = [
  ['malformed', 'a list', () => []],
  ['malformed', 'a field too many', (sale) => ({ ...sale, surprise: 1 })],
  [
    'malformed',
    'a patient number as prescription',
    (sale) => line(sale, { reimbursement: { payer: 'NFZ', amountMinor: 0, prescription: '90010112345' } }),
  ],
  ['malformed', 'a day that is none', (sale) => ({ ...sale, businessDate: '2026-02-30' })],
  ['malformed', 'a line number twice', (sale) => ({ ...sale, lines: [sale.lines[0], sale.lines[0]] })],
  ['unsupported_schema', 'another version', (sale) => ({ ...sale, schema: 2 })],
  [
    'too_many_lines',
    '2,001 lines',
    (sale) => ({
      ...sale,
      lines: Array.from({ length: 2_001 }, (_, index) => ({ ...sale.lines[0], number: index + 1 })),
    }),
  ],
  [
    'sums_disagree',
    'a total that is no sum',
    (sale) => ({ ...sale, totals: { ...sale.totals, grossMinor: 1 }, lines: [{ ...sale.lines[0], quantityMilli: 0 }] }),
  ],
  ['quantity_not_positive', 'nothing sold', (sale) => line(sale, { quantityMilli: 0 })],
  ['not_permitted', 'another terminal', (sale) => ({ ...sale, terminal: world.operator })],
]

describe('a sale is refused', () => {
  it.each(refused)('with %s: %s', async (code, _what, change) => {
    const before = await count()
    const sale = fixture.till.sale()
    expectProblem(await fixture.till.post('/v1/sales', change(sale)), code)
    const several = await fixture.till.post('/v1/sales', { sales: [change(sale)] })
    expect(several.status).toBe(200)
    expect(several.body.results[0]).toMatchObject({ status: 'rejected', problem: { code } })
    expect(await count()).toBe(before)
  })

  it('alone: its neighbours in the request are booked', async () => {
    const sales = [fixture.till.sale(), { ...fixture.till.sale(), schema: 7 }, fixture.till.sale()]
    const { body } = await fixture.till.post('/v1/sales', { sales })
    expect(body.results.map((each: { status: string }) => each.status)).toEqual(['recorded', 'rejected', 'recorded'])
  })

  it('with sale_conflict and document_taken where another one is booked', async () => {
    const sale = fixture.till.sale({ number: 'FIRST' })
    expect((await fixture.till.post('/v1/sales', sale)).status).toBe(200)
    expectProblem(
      await fixture.till.post('/v1/sales', fixture.till.signed({ ...sale, channel: 'online' })),
      'sale_conflict',
    )
    expectProblem(
      await fixture.till.post('/v1/sales', fixture.till.sale({ number: 'FIRST', channel: 'online' })),
      'document_taken',
    )
  })
})

describe('a request is refused', () => {
  it('with too_many_sales and body_too_large', async () => {
    expectProblem(
      await fixture.till.post('/v1/sales', { sales: Array.from({ length: 501 }, () => 0) }),
      'too_many_sales',
    )
    expectProblem(await fixture.till.post('/v1/sales', { sales: ['x'.repeat(4 * 1024 * 1024)] }), 'body_too_large')
  })

  it('with malformed where the body is no JSON or holds more than sales', async () => {
    const send = (payload: string): Promise<Answer> =>
      injected(fixture.engine.app)({
        method: 'POST',
        url: '/v1/sales',
        headers: fixture.till.seal('POST', '/v1/sales', payload),
        payload,
      })
    expectProblem(await send('{"a":'), 'malformed')
    expectProblem(await send('{"sales":[],"more":1}'), 'malformed')
    expectProblem(await send('{"sales":{}}'), 'malformed')
  })

  it('with the state of its terminal, its session and its seal', async () => {
    const { app } = fixture.engine
    const payload = JSON.stringify(fixture.till.sale())
    const send = (headers: Record<string, string>): Promise<Answer> =>
      injected(app)({ method: 'POST', url: '/v1/sales', headers, payload })
    const sealed = fixture.till.seal('POST', '/v1/sales', payload)
    expectProblem(await send({ ...sealed, 'premia-terminal': world.program }), 'terminal_unknown')
    expectProblem(await send({ ...sealed, 'premia-time': '0' }), 'session_expired')
    expectProblem(await send({ ...sealed, 'premia-mac': 'A'.repeat(43) }), 'mac_invalid')
    await fixture.give('terminal.quarantine', { terminal: world.terminal }, { reason: 'for the test' })
    await fixture.engine.register.refresh()
    expectProblem(await send(sealed), 'terminal_quarantined')
    await fixture.give('terminal.release', { terminal: world.terminal }, { reason: 'for the test' })
    await fixture.engine.register.refresh()
    expect((await send(sealed)).status).toBe(200)
  })

  it('with media_type_unsupported, method_not_allowed and not_found at the wrong door', async () => {
    const { app } = fixture.engine
    const ask = (method: 'GET' | 'POST', url: string, headers: Record<string, string>): Promise<Answer> =>
      injected(app)({ method, url, headers, payload: method === 'POST' ? 'x' : '' })
    expectProblem(await ask('POST', '/v1/sales', { 'content-type': 'text/plain' }), 'media_type_unsupported')
    expectProblem(await ask('GET', '/v1/sales', {}), 'method_not_allowed')
    expectProblem(await ask('GET', '/v1/nothing', {}), 'not_found')
  })

  it('with engine_slow when the booking takes longer than a till waits, and is booked all the same', async () => {
    const slow = await fixture.twin({ answerWithinMs: 50 })
    const sale = fixture.till.sale()
    const payload = JSON.stringify(sale)
    const headers = fixture.till.seal('POST', '/v1/sales', payload)
    const { admin } = database
    const blocked = await admin.reserve()
    await blocked`BEGIN`
    await blocked`LOCK TABLE loyalty.sale IN SHARE MODE`
    const answer = await injected(slow.app)({ method: 'POST', url: '/v1/sales', headers, payload })
    expectProblem(answer, 'engine_slow')
    expect(answer.headers['retry-after']).toBe('2')
    await blocked`COMMIT`
    blocked.release()
    await slow.close()
    expect((await fixture.till.post('/v1/sales', sale)).body.status).toBe('duplicate')
  })

  it('with engine_busy when the queue is full, and nothing of it is half done', async () => {
    const busy = await fixture.twin({ channels: 1, queueItemsMax: 6 })
    const { admin } = database
    const blocked = await admin.reserve()
    await blocked`BEGIN`
    await blocked`LOCK TABLE loyalty.sale_key IN SHARE MODE`
    const send = (sales: readonly Sale[]): Promise<Answer> => {
      const payload = JSON.stringify({ sales })
      return injected(busy.app)({
        method: 'POST',
        url: '/v1/sales',
        headers: fixture.till.seal('POST', '/v1/sales', payload),
        payload,
      })
    }
    const sales = (count: number): readonly Sale[] => Array.from({ length: count }, () => fixture.till.sale())
    const filling = [send(sales(3)), send(sales(2))]
    await expect.poll(() => busy.batcher.length).toBe(5)
    const refusedOnes = sales(2)
    const refusedAnswer = await send(refusedOnes)
    expectProblem(refusedAnswer, 'engine_busy')
    expect(refusedAnswer.headers['retry-after']).toBe('1')
    await blocked`COMMIT`
    blocked.release()
    const answers = (await Promise.all(filling)).flatMap((answer) => answer.body.results)
    expect(answers.map((each: { status: string }) => each.status)).toEqual(Array.from({ length: 5 }, () => 'recorded'))
    const ids = refusedOnes.map((each) => each.id)
    expect(await admin`SELECT 1 FROM loyalty.sale_key WHERE document_id = ANY (${ids}::uuid[])`).toHaveLength(0)
    await busy.close()
  })

  it('with engine_stopping while it drains, and what it had taken is finished', async () => {
    const stopping = await fixture.twin()
    const { admin } = database
    const blocked = await admin.reserve()
    await blocked`BEGIN`
    await blocked`LOCK TABLE loyalty.sale IN SHARE MODE`
    const send = (sale: Sale): Promise<Answer> => {
      const payload = JSON.stringify(sale)
      return injected(stopping.app)({
        method: 'POST',
        url: '/v1/sales',
        headers: fixture.till.seal('POST', '/v1/sales', payload),
        payload,
      })
    }
    const taken = send(fixture.till.sale())
    await expect.poll(() => stopping.batcher.length).toBe(1)
    const closed = stopping.close()
    expectProblem(await send(fixture.till.sale()), 'engine_stopping')
    expectProblem(
      await injected(stopping.app)({ method: 'GET', url: '/ready', headers: {}, payload: '' }),
      'engine_stopping',
    )
    await blocked`COMMIT`
    blocked.release()
    expect((await taken).body.status).toBe('recorded')
    await closed
  })
})

it('a terminal that was revoked is turned away', async () => {
  const { codes } = await fixture.give('terminal.register', {
    terminals: [{ id: world.owner, name: 'Till 2', outlet: world.outlets[0], from: world.startsAt }],
  })
  const till = await openTill(injected(fixture.engine.app), { code: codes[0]?.code ?? '', clock: fixture.clock })
  await fixture.engine.directory.refresh()
  expect((await till.post('/v1/sales', till.sale())).status).toBe(200)
  await fixture.give('terminal.revoke', { terminal: world.owner }, { reason: 'for the test' })
  await fixture.engine.register.refresh()
  expectProblem(await till.post('/v1/sales', till.sale()), 'terminal_revoked')
})
