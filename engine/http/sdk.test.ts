import {
  createTerminal,
  memoryStore,
  type ParkedSale,
  type SaleAnswer,
  type Store,
  type Terminal,
  type TerminalOptions,
} from '@premia/pos-sdk'
import { takeOver, type TakeOverOptions } from '@premia/pos-sdk/take-over'
import type { SaleResult } from '@premia/pos-sdk/contract/till'
import { sampleDraft, sampleLine } from '@premia/pos-sdk/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import { sdkOptions } from '../testing/sdk-till.ts'
import { injected, openTill } from '../testing/till.ts'
import { testId, world } from '../testing/world.ts'

let database: TestDatabase
let fixture: Fixture
let till: Terminal
const network = { isAway: false }
const settled: SaleResult[] = []

const options = (store: Store): TerminalOptions => ({
  ...sdkOptions(fixture, store, network),
  onSettled: (result) => void settled.push(result),
})

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database)
  const { codes } = await fixture.give('terminal.register', {
    terminals: [{ id: testId(4, 9), name: 'Till 9', outlet: world.outlets[0], from: world.startsAt }],
  })
  till = await createTerminal({ ...options(memoryStore()), enrolmentCode: codes[0]?.code ?? '' })
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
    network.isAway = true
    await till.sale(draft('3'))
    const away = await till.sale(draft('4'))
    network.isAway = false
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

describe('POS-04: a till that is replaced with a full queue', () => {
  const [old, heir, last] = [testId(4, 21), testId(4, 22), testId(4, 23)]
  const register = async (id: typeof old, replaces?: typeof old): Promise<string> => {
    const { codes } = await fixture.give('terminal.register', {
      terminals: [
        {
          id,
          name: 'Till',
          outlet: world.outlets[0],
          from: world.startsAt,
          ...(replaces === undefined ? {} : { replaces }),
        },
      ],
    })
    return codes[0]?.code ?? ''
  }
  /** Closed with these receipts in its queue. */
  const leave = async (store: Map<string, string>, receipts: readonly string[], enrolmentCode?: string) => {
    const left = await createTerminal({ ...options(memoryStore(store)), ...(enrolmentCode && { enrolmentCode }) })
    network.isAway = true
    for (const receipt of receipts) await left.sale(draft(receipt), { answerWithinMs: 0 })
    await left.close()
    network.isAway = false
  }
  const take = (store: Map<string, string>, rest: Partial<TakeOverOptions>) =>
    takeOver({ ...options(memoryStore(store)), ...rest })

  it('hands it to its replacement, whose replacement brings what still waits, as far as the engine takes it', async () => {
    const stores = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()] as const
    await leave(stores[0], ['31', '32', '33'], await register(old))
    await fixture.give('terminal.revoke', { terminal: old, fromSequence: 3 }, { reason: 'broken' })
    const code = await register(heir, old)
    expect(await take(stores[1], { from: memoryStore(stores[0]), enrolmentCode: code })).toMatchObject({ queued: 3 })
    await leave(stores[1], ['34'])
    await fixture.give('terminal.revoke', { terminal: heir, fromSequence: 2 }, { reason: 'broken, too' })
    const lastCode = await register(last, heir)
    // Within its own store this time.
    expect(await take(stores[1], { enrolmentCode: lastCode })).toMatchObject({ terminal: last, queued: 4 })
    settled.length = 0
    const parked: ParkedSale[] = []
    const till = await createTerminal({ ...options(memoryStore(stores[1])), onParked: (one) => void parked.push(one) })
    expect(booked(await till.sale(draft('35'))).points[0]).toMatchObject({ to: 'customer', earned: 12 })
    await till.drained()
    expect(till.status()).toMatchObject({ state: 'ready', terminal: last, queued: 0, takenOver: 0, parked: 1 })
    expect(parked.map(({ sequence, code: reason }) => [sequence, reason])).toEqual([[3, 'terminal_revoked']])
    await till.close()
    const rows = await database.admin`
      SELECT terminal_id AS terminal, count(*)::int AS sales FROM loyalty.sale
      WHERE terminal_id = ANY(${[old, heir, last]}::uuid[]) GROUP BY 1 ORDER BY 1`
    expect(rows.map(({ terminal, sales }) => [terminal, sales])).toEqual([
      [old, 2],
      [heir, 1],
      [last, 1],
    ])
    expect(settled.map(({ status }) => status)).toEqual(['recorded', 'recorded', 'recorded', 'recorded'])
    // Who brings a sale may ask for it.
    const fresh = await openTill(injected(fixture.engine.app), {
      code: await register(testId(4, 24), last),
      clock: fixture.clock,
    })
    const oldest = JSON.parse([...stores[0]].find(([key]) => key.startsWith('sale/'))?.[1] ?? '{}')
    expect((await fresh.get(`/v1/sales/${oldest.id}`)).body).toMatchObject({ sale: oldest.id, status: 'recorded' })
    expect((await fixture.till.get(`/v1/sales/${oldest.id}`)).body.code).toBe('not_found')
    // Brought once more, by a till that does not know that it is done: nothing is booked twice.
    await take(stores[1], { from: memoryStore(stores[0]) })
    settled.length = 0
    const again = await createTerminal(options(memoryStore(stores[1])))
    await again.drained()
    await again.close()
    expect(settled.map(({ status }) => status)).toEqual(['duplicate', 'duplicate'])
  })
})
