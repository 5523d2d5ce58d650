import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minor } from '@premia/rules'
import { instant, type SaleResult } from './contract/till/index.ts'
import { createTerminal, type ParkedSale, type TerminalOptions } from './index.ts'
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
