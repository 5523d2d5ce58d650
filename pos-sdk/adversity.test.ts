/** A bad network, a bad clock and a hasty host: nothing of it may lose a sale, stop the queue or end the host's process. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minor } from '@premia/rules'
import { systemClock } from './clock.ts'
import { instant, localTime } from './contract/till/index.ts'
import { createTerminal, makeDeviceKey, type TerminalOptions } from './index.ts'
import { memoryStore } from './stores/memory.ts'
import type { Terminal } from './terminal.ts'
import { type FakeEngine, sampleDraft, startFakeEngine } from './testing/index.ts'

const card = '2990000000014'
const later = { answerWithinMs: 0 }
const software = { name: 'test-till', version: '1.0.0' }

let engine: FakeEngine
let opened: Terminal[]

const open = async (change: Partial<TerminalOptions> = {}): Promise<Terminal> => {
  const till = await createTerminal({
    engineUrl: engine.url,
    store: memoryStore(),
    enrolmentCode: engine.enrolmentCode,
    software,
    answerWithinMs: 10_000,
    retry: { firstMs: 1, mostMs: 4 },
    ...change,
  })
  opened.push(till)
  return till
}

const addressOf = (input: Parameters<typeof fetch>[0]): string =>
  input instanceof Request ? input.url : input.toString()

/** Answers the first requests to an address like somebody else, and lets all others through. */
const stranger = (path: string, ...answers: readonly (() => Response)[]): typeof fetch => {
  const waiting = [...answers]
  return async (input, init) => {
    const answer = addressOf(input).endsWith(path) ? waiting.shift() : undefined
    return answer === undefined ? fetch(input, init) : answer()
  }
}

const json = (value: unknown, status = 200) => {
  return (): Response =>
    new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } })
}

beforeEach(async () => {
  engine = await startFakeEngine({ programs: 2 })
  opened = []
})

afterEach(async () => {
  for (const till of opened) await till.close()
  await engine.close()
})

describe('somebody else answers', () => {
  const strange = [null, {}, [], 'ok', { sessionKeyId: 'a.1', sessionKey: 'short', serverTime: 'now', expiresAt: '' }]

  test.each(strange.map((value) => [JSON.stringify(value), value]))(
    'POS-04: 200 and %s to a hello neither stops the queue nor ends the process',
    async (_text, value) => {
      const till = await open({ fetch: stranger('/hello', json(value), json(value), json(value)) })
      await till.sale(sampleDraft('1'), later)
      await till.drained()
      expect(engine.ledger.points(card)).toBe(24)
      expect(till.status()).toMatchObject({ state: 'ready', queued: 0, parked: 0 })
    },
  )

  test.each(strange.map((value) => [JSON.stringify(value), value]))(
    '200 and %s to an enrolment is not kept as one',
    async (_text, value) => {
      const kept = new Map<string, string>()
      const portal = stranger('/enrol', json(value))
      await expect(open({ store: memoryStore(kept), fetch: portal })).rejects.toMatchObject({ code: 'silent' })
      const till = await open({ store: memoryStore(kept) })
      expect(till.status().terminal).toBe(engine.terminal)
    },
  )

  const sale = (body: object): object => ({ results: [{ sale: 'of this id', ...body }] })
  test.each([
    null,
    { results: null },
    { results: [null] },
    sale({ status: 'recorded' }),
    sale({ status: 'recorded', programs: [null] }),
    sale({ status: 'rejected' }),
    sale({ status: 'rejected', problem: {} }),
    sale({ status: 'booked', programs: [] }),
  ])('POS-04: %j to a sale neither settles nor parks it, and it is sent again', async (value) => {
    const portal: typeof fetch = async (input, init) => {
      if (!addressOf(input).endsWith('/v1/sales') || till === undefined) return fetch(input, init)
      const [{ id } = { id: '' }] = JSON.parse(init?.body as string).sales as { id: string }[]
      answered += 1
      if (answered > 2) return fetch(input, init)
      return new Response(JSON.stringify(value).replace('of this id', id))
    }
    let answered = 0
    const till = await open({ fetch: portal })
    await till.sale(sampleDraft('1'), later)
    await till.drained()
    expect(answered).toBe(3)
    expect(engine.ledger.points(card)).toBe(24)
    expect(till.status()).toMatchObject({ state: 'ready', queued: 0, parked: 0 })
  })

  test('a gateway that knows nothing of us says not_found, and no sale is put aside for it', async () => {
    const gateway = json({ code: 'not_found', message: 'no such route' }, 404)
    const till = await open({ fetch: stranger('/v1/sales', gateway, gateway) })
    await till.sale(sampleDraft('1'), later)
    await till.drained()
    expect(till.parked()).toEqual([])
    expect(engine.ledger.points(card)).toBe(24)
  })

  test('a card or a quote is answered as if the engine were away', async () => {
    const till = await open({ fetch: stranger('/find', json({}), json(null)) })
    await till.sale(sampleDraft('1'))
    expect(await till.member({ number: card, entry: 'keyed' })).toEqual({ status: 'away' })
    expect(await till.member({ number: card, entry: 'keyed' })).toEqual({ status: 'away' })
  })
})

describe('a hello that is refused', () => {
  test('for its own shape says nothing about the sales: they stay in the queue', async () => {
    // Forty signs are the most that the engine takes.
    const kept = new Map<string, string>()
    await (await open({ store: memoryStore(kept) })).close()
    const version = `12.4.0+${'a'.repeat(40)}`
    const till = await open({ store: memoryStore(kept), software: { name: 'test-till', version } })
    await till.sale(sampleDraft('1'))
    await till.sale(sampleDraft('2'))
    expect(till.status()).toMatchObject({ state: 'away', queued: 2, parked: 0 })
    expect(till.status().trouble?.detail).toMatch(/hello.*malformed/)
  })

  test('by a device key that fails leaves the queue and the process alive', async () => {
    const { key } = await makeDeviceKey()
    let isGone = false
    const sign = (text: string): Promise<string> =>
      isGone ? Promise.reject(new Error('the token is not plugged in')) : key.sign(text)
    const kept = new Map<string, string>()
    await (await open({ store: memoryStore(kept), deviceKey: { ...key, sign } })).close()
    isGone = true
    const till = await open({ store: memoryStore(kept), deviceKey: { ...key, sign } })
    await expect(till.sale(sampleDraft('1'))).rejects.toThrow(/not plugged in/)
    isGone = false
    expect((await till.sale(sampleDraft('1'))).status).toBe('recorded')
  })
})

describe('the clock', () => {
  test('POS-04: set back by a year does not stop the queue', async () => {
    let backMs = 0
    engine.script({ kind: 'lost' }, { kind: 'later', retryAfterMs: 0 })
    const till = await open({ clock: { ...systemClock, now: () => Date.now() - backMs } })
    const first = till.sale(sampleDraft('1'), later)
    backMs = 365 * 86_400_000
    await first
    await till.sale(sampleDraft('2'), later)
    await till.drained()
    expect(engine.ledger.bookings.size).toBe(2)
  })
})

describe('a clock that stands two years back', () => {
  const clock = { ...systemClock, now: (): number => Date.now() - 2 * 365 * 86_400_000 }

  test('does not make sales of today too old for points, once the engine has told the time', async () => {
    const till = await open({ clock })
    await till.member({ number: card, entry: 'keyed' })
    const startedAt = Date.now()
    const { sale } = await till.sale(sampleDraft('1'))
    const booked = engine.ledger.bookings.get(sale)?.sale
    expect(Math.abs(Date.parse(booked?.occurredAt ?? '') - startedAt)).toBeLessThan(60_000)
    expect(booked?.businessDate).toBe(localTime('Europe/Warsaw', Date.parse(booked?.occurredAt ?? '')).date)
  })

  test('and is put right by somebody else dates no sale two years ahead', async () => {
    let backMs = 2 * 365 * 86_400_000
    const till = await open({ clock: { ...systemClock, now: () => Date.now() - backMs } })
    await till.member({ number: card, entry: 'keyed' })
    backMs = 0
    const { sale } = await till.sale(sampleDraft('1'))
    const occurredAt = engine.ledger.bookings.get(sale)?.sale.occurredAt ?? ''
    expect(Math.abs(Date.parse(occurredAt) - Date.now())).toBeLessThan(60_000)
  })

  test('is what a sale is dated by when the host says so', async () => {
    const till = await open({ clock })
    await till.member({ number: card, entry: 'keyed' })
    const occurredAt = instant('2026-11-20T10:00:00.000Z')
    const { sale } = await till.sale(sampleDraft('1', { occurredAt }))
    expect(engine.ledger.bookings.get(sale)?.sale.occurredAt).toBe(occurredAt)
  })
})

describe('a host', () => {
  test.each([
    ['throws', (): void => fail()],
    ['rejects', (): Promise<void> => Promise.reject(new Error('no connection to the alarm'))],
  ])('whose alarm for parked sales %s goes on selling', async (_what, onParked) => {
    engine.script({ kind: 'refusal', code: 'malformed' })
    const till = await open({ onParked })
    expect(await till.sale(sampleDraft('1'))).toMatchObject({ status: 'rejected' })
    expect((await till.sale(sampleDraft('2'))).status).toBe('recorded')
    expect(till.status()).toMatchObject({ state: 'ready', queued: 0, parked: 1 })
  })

  test('that clears its basket right after the call has sold what was in it, signed', async () => {
    const till = await open()
    const draft = structuredClone(sampleDraft('1'))
    const selling = till.sale(draft, later)
    ;(draft.lines as unknown[]).length = 0
    Object.assign(draft.totals, { grossMinor: 0 })
    await selling
    await till.drained()
    expect(engine.ledger.suspicions).toEqual([])
    expect(till.parked()).toEqual([])
    expect(engine.ledger.points(card)).toBe(24)
  })

  test('whose amounts hold a negative zero has its sale signed as it is sent', async () => {
    const till = await open()
    const { totals } = sampleDraft('1')
    await till.sale(sampleDraft('1', { totals: { ...totals, roundingMinor: minor(-0) } }))
    expect(engine.ledger.suspicions).toEqual([])
    expect(engine.ledger.points(card)).toBe(24)
  })
})

describe('a refusal of one sale', () => {
  const refused = (code: string): typeof fetch => {
    let times = 6
    return async (input, init) => {
      if (!addressOf(input).endsWith('/v1/sales') || times === 0) return fetch(input, init)
      times -= 1
      const { sales } = JSON.parse(init?.body as string) as { sales: { id: string }[] }
      const problem = { code, detail: 'This terminal stands at no outlet', errors: [] }
      return Response.json({ results: sales.map(({ id }) => ({ sale: id, status: 'rejected', problem })) })
    }
  }

  test('for what the terminal is, or the engine, keeps it in the queue however often it comes', async () => {
    const till = await open({ fetch: refused('terminal_unknown') })
    // Rejected would say that it is not kept here.
    expect((await till.sale(sampleDraft('1'))).status).toBe('provisional')
    await till.drained()
    expect(till.parked()).toEqual([])
    expect(engine.ledger.points(card)).toBe(24)
  })
})

const fail = (): never => {
  throw new Error('no connection to the alarm')
}
