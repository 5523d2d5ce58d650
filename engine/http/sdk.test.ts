import { createTerminal, memoryStore, type SaleAnswer, type Terminal } from '@premia/pos-sdk'
import type { SaleResult } from '@premia/pos-sdk/contract/till'
import { sampleDraft, sampleLine } from '@premia/pos-sdk/testing'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import { testId, world } from '../testing/world.ts'

let database: TestDatabase
let fixture: Fixture
let till: Terminal
let isAway = false
const startedAt = performance.now()
const settled: SaleResult[] = []

/** The engine's own HTTP handling, without a socket in between. */
const fetchOf =
  (app: FastifyInstance): typeof fetch =>
  async (url, init) => {
    if (isAway) throw new TypeError('fetch failed')
    const { pathname } = new URL(url instanceof Request ? url.url : url)
    const payload = typeof init?.body === 'string' ? { payload: init.body } : {}
    const response = await app.inject({
      method: init?.method === 'GET' ? 'GET' : 'POST',
      url: pathname,
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...payload,
    })
    return new Response(response.body, { status: response.statusCode, headers: response.headers as HeadersInit })
  }

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database)
  const { codes } = await fixture.give('terminal.register', {
    terminals: [{ id: testId(4, 9), name: 'Till 9', outlet: world.outlets[0], from: world.startsAt }],
  })
  till = await createTerminal({
    engineUrl: 'http://engine.test',
    store: memoryStore(),
    enrolmentCode: codes[0]?.code ?? '',
    software: { name: 'sdk-test', version: '1' },
    clock: {
      // A till's own clock goes on, and is a minute behind the engine's, which stands still here.
      now: () => fixture.clock() - 60_000 + Math.round(performance.now() - startedAt),
      elapsed: () => performance.now(),
      wait: (ms, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, ms)
          signal.addEventListener('abort', () => [clearTimeout(timer), resolve()])
        }),
    },
    fetch: fetchOf(fixture.engine.app),
    retry: { firstMs: 1, mostMs: 5 },
    answerWithinMs: 10_000,
    onSettled: (result) => void settled.push(result),
  })
})
afterAll(async () => {
  await till.close()
  await fixture.close()
  await database.drop()
})

const card = { number: world.cardNumber, entry: 'scanned', role: 'identify' } as const
const draft = (number: string) =>
  sampleDraft(number, { cards: [card], staff: { code: '1001' }, lines: [sampleLine({ product: { code: 'P1' } })] })

const booked = (answer: SaleAnswer | SaleResult | undefined) => {
  const program = answer !== undefined && 'programs' in answer ? answer.programs[0] : undefined
  if (program?.status !== 'booked') throw new Error(`not booked: ${JSON.stringify(answer)}`)
  return program
}

describe('the SDK and the engine', () => {
  it('POS-06: a sale is booked, and its points are on the card', async () => {
    const { points } = booked(await till.sale(draft('1')))
    expect(points).toMatchObject([
      { to: 'customer', earned: 12 },
      { to: 'owner', earned: 1 },
      { to: 'staff', earned: 1 },
    ])
    const reply = await till.member({ number: world.cardNumber, entry: 'scanned' })
    expect(reply).toMatchObject({ status: 'found', programs: [{ balances: [{ spendable: 12, pending: 0 }] }] })
    expect(till.status()).toMatchObject({ state: 'ready', queued: 0, parked: 0 })
  })

  it('a basket is quoted before payment', async () => {
    const { document: _, ...basket } = draft('2')
    expect(await till.quote(basket)).toMatchObject({
      status: 'quoted',
      programs: [{ points: [{ earned: 12 }, {}, {}] }],
    })
  })

  it('what the till tells while the engine is away is what the engine books later', async () => {
    await vi.waitFor(() => expect(till.status().bundle).toBeDefined(), { timeout: 10_000, interval: 20 })
    isAway = true
    await till.sale(draft('3'))
    const away = await till.sale(draft('4'))
    isAway = false
    if (away.status !== 'provisional') throw new Error(`answered ${away.status}`)
    await till.drained()
    const result = booked(settled.find(({ sale }) => sale === away.sale))
    const [estimate] = away.estimate?.programs ?? []
    expect(estimate?.points).toEqual(
      result.points.map(({ to, pointType, earned }) => ({ to, pointType, points: earned })),
    )
    expect(estimate).toMatchObject({ ruleSet: result.ruleSet, outcome: result.outcome })
    expect(result.difference).toBeUndefined()
    expect(result.notices.map(({ code }) => code)).not.toContain('estimate_differs')
  })
})
