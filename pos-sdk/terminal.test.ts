import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minor } from '@premia/rules'
import { instant, type SaleResult } from './contract/till/index.ts'
import { createTerminal, makeDeviceKey, type ParkedSale, type TerminalOptions } from './index.ts'
import { memoryStore } from './stores/memory.ts'
import type { Terminal } from './terminal.ts'
import { type FakeEngine, sampleDraft, sampleLine, startFakeEngine } from './testing/index.ts'

const card = '2990000000014'
const at = instant('2026-11-21T10:15:00.000Z')
const quick = { firstMs: 1, mostMs: 5 }

let engine: FakeEngine
let opened: Terminal[]
let settled: SaleResult[]
let parked: ParkedSale[]

const open = async (change: Partial<TerminalOptions> = {}): Promise<Terminal> => {
  const till = await createTerminal({
    engineUrl: engine.url,
    store: memoryStore(),
    enrolmentCode: engine.enrolmentCode,
    software: { name: 'test-till', version: '1.0.0' },
    onSettled: (result) => void settled.push(result),
    onParked: (one) => void parked.push(one),
    answerWithinMs: 10_000,
    retry: quick,
    ...change,
  })
  opened.push(till)
  return till
}

beforeEach(async () => {
  engine = await startFakeEngine({ programs: 2 })
  opened = []
  settled = []
  parked = []
})

afterEach(async () => {
  for (const till of opened) await till.close()
  await engine.close()
})

describe('a sale', () => {
  test('POS-06: is sent, booked in each program, settled and deleted', async () => {
    const kept = new Map<string, string>()
    const till = await open({ store: memoryStore(kept) })
    const answer = await till.sale(sampleDraft('1'))
    expect(answer.status).toBe('recorded')
    await till.drained()
    expect(settled).toEqual([answer])
    expect([...kept.keys()].filter((key) => key.startsWith('sale/'))).toEqual([])
    expect(engine.ledger.points(card)).toBe(24)
    expect(till.status()).toMatchObject({ state: 'ready', queued: 0, parked: 0, sequence: 1 })
  })

  test('carries a signature, a sequence and the hash of the one before', async () => {
    const till = await open()
    for (const number of ['1', '2', '3']) await till.sale(sampleDraft(number))
    expect([...engine.ledger.bookings.values()].map(({ sale }) => sale.sequence)).toEqual([1, 2, 3])
    expect(engine.ledger.suspicions).toEqual([])
  })

  test('that cannot be booked is rejected before it is kept, with the path', async () => {
    const till = await open()
    const draft = sampleDraft('1')
    const answer = await till.sale({ ...draft, tenders: [] })
    expect(answer).toMatchObject({
      status: 'rejected',
      problem: { code: 'sums_disagree', errors: [{ path: '/tenders' }] },
    })
    expect(till.status()).toMatchObject({ queued: 0, sequence: 0 })
  })

  test('made twice under one id is kept once', async () => {
    const till = await open()
    const draft = sampleDraft('1', { occurredAt: at })
    const first = await till.sale(draft, { answerWithinMs: 0 })
    const again = await till.sale({ ...draft, id: first.sale })
    expect(again.status).toMatch(/recorded|duplicate/)
    expect(engine.ledger.points(card)).toBe(24)
  })

  test('the same receipt under a new id is a duplicate of the first', async () => {
    const till = await open()
    await till.sale(sampleDraft('1', { occurredAt: at }))
    const again = await till.sale(sampleDraft('1', { occurredAt: at }))
    expect(again.status).toBe('duplicate')
    expect(engine.ledger.points(card)).toBe(24)
  })

  test('that the engine refuses for ever is parked with its reason, and can be sent again', async () => {
    const till = await open()
    await till.sale(sampleDraft('1', { occurredAt: at }))
    const other = await till.sale(
      sampleDraft('1', { occurredAt: at, lines: [sampleLine({ unitPriceMinor: minor(100) })] }),
    )
    expect(other).toMatchObject({ status: 'rejected', problem: { code: 'document_taken' } })
    expect(till.parked()).toMatchObject([{ id: other.sale, code: 'document_taken' }])
    expect(parked).toHaveLength(1)
    expect(await till.resend(other.sale)).toBe(true)
    await till.drained()
    expect(till.parked()).toMatchObject([{ id: other.sale, code: 'document_taken' }])
  })
})

describe('before payment', () => {
  test('POS-06: a card is found with its balances in each program', async () => {
    const till = await open()
    await till.sale(sampleDraft('1'))
    const reply = await till.member({ number: card, entry: 'scanned' })
    expect(reply).toMatchObject({ status: 'found', programs: [{ balances: [{ spendable: 24 }] }, { balances: [{}] }] })
  })

  test('a quote is answered without a document, and changes nothing', async () => {
    const till = await open()
    const { document: _, ...basket } = sampleDraft('1')
    expect(await till.quote({ ...basket, tenders: [] })).toMatchObject({ status: 'quoted', digest: expect.any(String) })
    expect(till.status()).toMatchObject({ sequence: 0, queued: 0 })
    expect(engine.ledger.bookings.size).toBe(0)
  })

  test('a quote that does not add up is refused here', async () => {
    const till = await open()
    const { document: _, ...basket } = sampleDraft('1')
    const totals = { ...basket.totals, grossMinor: minor(1) }
    expect(await till.quote({ ...basket, totals })).toMatchObject({
      status: 'refused',
      problem: { code: 'sums_disagree' },
    })
  })

  test('a question that takes too long is answered as if the engine were away', async () => {
    const till = await open({ answerWithinMs: 50 })
    engine.scriptQuestions({ kind: 'silence' }, { kind: 'silence' })
    expect(await till.member({ number: card, entry: 'keyed' })).toEqual({ status: 'away' })
    const { document: _, ...basket } = sampleDraft('1')
    expect(await till.quote(basket)).toEqual({ status: 'provisional', estimate: null })
  })

  test('too many guesses at cards are refused by name', async () => {
    const till = await open()
    engine.scriptQuestions({ kind: 'refusal', code: 'rate_limited' })
    expect(await till.member({ number: '1', entry: 'keyed' })).toMatchObject({
      status: 'refused',
      problem: { code: 'rate_limited' },
    })
  })
})

describe('the enrolment', () => {
  test('happens once: the next start needs neither code nor engine', async () => {
    const kept = new Map<string, string>()
    await (await open({ store: memoryStore(kept) })).close()
    const again = await createTerminal({
      engineUrl: 'http://127.0.0.1:9',
      store: memoryStore(kept),
      software: { name: 'test-till', version: '1.0.0' },
    })
    opened.push(again)
    expect(again.status()).toMatchObject({ terminal: engine.terminal, outlet: { name: 'Apteka Testowa' } })
  })

  test('with a wrong code fails by name, and can be tried again', async () => {
    const store = memoryStore()
    await expect(open({ store, enrolmentCode: 'WRONG' })).rejects.toMatchObject({ code: 'enrolment_code_invalid' })
    expect((await open({ store })).status().terminal).toBe(engine.terminal)
  })

  test('without a code fails by name', async () => {
    await expect(
      createTerminal({
        engineUrl: engine.url,
        store: memoryStore(),
        software: { name: 'test-till', version: '1.0.0' },
      }),
    ).rejects.toThrow(/enrolment code is needed/)
  })

  test('whose answer was lost is repeated with the same key', async () => {
    const store = memoryStore()
    const losing: typeof fetch = async (url, init) => {
      await fetch(url, init)
      throw new TypeError('connection reset')
    }
    await expect(open({ store, fetch: losing })).rejects.toMatchObject({ code: 'silent' })
    const till = await open({ store })
    expect((await till.sale(sampleDraft('1'))).status).toBe('recorded')
    expect(engine.ledger.suspicions).toEqual([])
  })

  test('takes the host’s own key, and refuses another one later', async () => {
    const kept = new Map<string, string>()
    const { key } = await makeDeviceKey()
    const till = await open({ store: memoryStore(kept), deviceKey: key })
    expect((await till.sale(sampleDraft('1'))).status).toBe('recorded')
    await till.close()
    expect(kept.get('identity')).not.toContain('secret')
    const other = (await makeDeviceKey()).key
    await expect(open({ store: memoryStore(kept), deviceKey: other })).rejects.toThrow(/another device key/)
    await expect(open({ store: memoryStore(kept) })).rejects.toThrow(/needs the device key/)
  })
})

test('a closed terminal takes nothing more, and closing twice is closing', async () => {
  const till = await open()
  await till.close()
  await till.close()
  expect(till.status().state).toBe('closed')
  await expect(till.sale(sampleDraft('1'))).rejects.toThrow(/closed/)
})

test('settings out of range are refused at once', async () => {
  await expect(open({ salesPerRequest: 501 })).rejects.toThrow(RangeError)
  await expect(open({ queueMax: 0 })).rejects.toThrow(RangeError)
})
