import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { type Sale, type SaleResult, uuid } from './contract/till/index.ts'
import { createTerminal, type TerminalOptions } from './index.ts'
import { voidOf } from './contract/till/returns.ts'
import { memoryStore } from './stores/memory.ts'
import type { Terminal } from './terminal.ts'
import { type FakeEngine, type Fault, harmless, sampleDraft, startFakeEngine } from './testing/index.ts'

const card = '2990000000014'
const quick = { firstMs: 1, mostMs: 4 }

let engine: FakeEngine
let opened: Terminal[]
let settled: SaleResult[]

const open = async (change: Partial<TerminalOptions> = {}): Promise<Terminal> => {
  const till = await createTerminal({
    engineUrl: engine.url,
    store: memoryStore(),
    enrolmentCode: engine.enrolmentCode,
    software: { name: 'test-till', version: '1.0.0' },
    onSettled: (result) => void settled.push(result),
    answerWithinMs: 10_000,
    retry: quick,
    ...change,
  })
  opened.push(till)
  return till
}

const later = { answerWithinMs: 0 }
/** What a host repeats of a document, that it is the same one. */
const pickTime = (sale: Sale | undefined) =>
  sale === undefined ? {} : { occurredAt: sale.occurredAt, businessDate: sale.businessDate }
const sell = async (till: Terminal, count: number): Promise<void> => {
  for (let number = 1; number <= count; number += 1) await till.sale(sampleDraft(String(number)), later)
}

beforeEach(async () => {
  engine = await startFakeEngine({ programs: 2 })
  opened = []
  settled = []
})

afterEach(async () => {
  for (const till of opened) await till.close()
  await engine.close()
})

describe('the queue', () => {
  test.each<Fault>([
    { kind: 'lost' },
    { kind: 'cut' },
    { kind: 'status500' },
    { kind: 'bookedThen500' },
    { kind: 'proxy' },
    { kind: 'garbage' },
    { kind: 'sessionExpired' },
    { kind: 'busy', retryAfterSeconds: 0 },
    { kind: 'refusal', code: 'engine_slow' },
    { kind: 'refusal', code: 'engine_stopping' },
    { kind: 'refusal', code: 'mac_invalid' },
    { kind: 'refusal', code: 'terminal_quarantined' },
    { kind: 'later', retryAfterMs: 0 },
  ])('POS-04: sends the same sale again after $kind $code, and books it once', async (fault) => {
    engine.script(fault)
    const till = await open()
    await till.sale(sampleDraft('1'), later)
    await till.drained()
    expect(engine.ledger.points(card)).toBe(24)
    expect(settled.map(({ status }) => status)).toEqual([expect.stringMatching(/recorded|duplicate/)])
    expect(engine.ledger.suspicions).toEqual([])
    expect(till.parked()).toEqual([])
  })

  test('repeats the same id after silence, and gives the answer that was lost', async () => {
    engine.script({ kind: 'silence' })
    const till = await open({ requestTimeoutMs: 60 })
    const answer = await till.sale(sampleDraft('1'))
    expect(answer.status).toBe('provisional')
    await till.drained()
    expect(settled).toMatchObject([{ sale: answer.sale, status: 'duplicate' }])
    expect(engine.ledger.deliveries.get(answer.sale)).toBe(2)
    expect(engine.ledger.points(card)).toBe(24)
  })

  test('POS-04: loses and doubles nothing under any script of faults, and keeps the order', async () => {
    const fault = fc.constantFrom(...harmless)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (faults, count, salesPerRequest) => {
          const own = await startFakeEngine({ programs: 2 })
          own.script(...faults)
          const till = await createTerminal({
            engineUrl: own.url,
            store: memoryStore(),
            enrolmentCode: own.enrolmentCode,
            software: { name: 'test-till', version: '1.0.0' },
            retry: quick,
            salesPerRequest,
          })
          try {
            await sell(till, count)
            await till.drained()
            // A sale that met five answers of `later` waits for a person: it is not lost, and goes on by hand.
            for (const { id } of till.parked()) await till.resend(id)
            await till.drained()
            expect(own.ledger.points(card)).toBe(24 * count)
            expect([...own.ledger.bookings.values()].map(({ sale }) => sale.sequence)).toEqual(
              Array.from({ length: count }, (_, index) => index + 1),
            )
            expect(own.ledger.suspicions).toEqual([])
            expect(till.status()).toMatchObject({ queued: 0, parked: 0 })
          } finally {
            await till.close()
            await own.close()
          }
        },
      ),
      { numRuns: Math.min(Number(process.env.FC_RUNS ?? 40), 200) },
    )
  })

  test('sends up to so many sales in a request, and less when a request is too large', async () => {
    engine.script({ kind: 'lost' }, { kind: 'refusal', code: 'body_too_large' })
    const till = await open({ salesPerRequest: 8, retry: { firstMs: 200, mostMs: 200 } })
    await sell(till, 20)
    await till.drained()
    expect(Math.max(...engine.batches)).toBeLessThanOrEqual(8)
    expect(engine.ledger.bookings.size).toBe(20)
    expect(till.parked()).toEqual([])
  })

  test('parks the one sale that the engine cannot read, and not its neighbours', async () => {
    const all: Fault[] = Array.from({ length: 5 }, () => ({ kind: 'refusal', code: 'malformed' }))
    engine.script(...all)
    const till = await open({ salesPerRequest: 4 })
    await sell(till, 6)
    await till.drained()
    expect(till.parked().length).toBeGreaterThan(0)
    expect(engine.ledger.bookings.size + till.parked().length).toBe(6)
    for (const { code } of till.parked()) expect(code).toBe('malformed')
  })

  test('parks a sale after five answers without a result, with its reason', async () => {
    engine.script(...Array.from({ length: 5 }, () => ({ kind: 'later', retryAfterMs: 0 }) as const))
    const till = await open()
    const { sale } = await till.sale(sampleDraft('1'), later)
    await till.drained()
    expect(till.parked()).toMatchObject([{ id: sale, code: 'later' }])
    expect(engine.ledger.deliveries.get(sale)).toBe(5)
  })

  test('obeys Retry-After: nothing is sent before, whatever is sold meanwhile', async () => {
    engine.script({ kind: 'busy', retryAfterSeconds: 1 })
    const till = await open()
    await till.sale(sampleDraft('1'))
    const startedAt = performance.now()
    const during = await till.sale(sampleDraft('2'))
    expect(during.status).toBe('provisional')
    await till.drained()
    expect(performance.now() - startedAt).toBeGreaterThan(850)
    expect(engine.ledger.bookings.size).toBe(2)
  })

  test('keeps all sales of a terminal that is refused, and says so', async () => {
    engine.script({ kind: 'refusal', code: 'terminal_revoked' })
    const till = await open({ retry: { firstMs: 60_000, mostMs: 60_000 } })
    await till.sale(sampleDraft('1'))
    expect(till.status()).toMatchObject({
      state: 'blocked',
      queued: 1,
      parked: 0,
      trouble: { code: 'terminal_revoked' },
    })
  })

  test('tells the host again until it has taken the result, and only then deletes the sale', async () => {
    let attempts = 0
    const kept = new Map<string, string>()
    const keptWhenTold: number[] = []
    const till = await open({
      store: memoryStore(kept),
      onSettled: () => {
        keptWhenTold.push([...kept.keys()].filter((key) => key.startsWith('sale/')).length)
        attempts += 1
        if (attempts < 3) throw new Error('the host’s disk is full')
      },
    })
    await till.sale(sampleDraft('1'))
    await till.drained()
    expect(keptWhenTold).toEqual([1, 1, 1])
    expect(kept.size).toBe(2)
    expect(engine.ledger.points(card)).toBe(24)
  })

  test('goes on after a restart where it stopped, with the same bytes', async () => {
    const kept = new Map<string, string>()
    const store = memoryStore(kept)
    engine.script({ kind: 'lost' })
    const first = await open({ store, retry: { firstMs: 60_000, mostMs: 60_000 } })
    const { sale } = await first.sale(sampleDraft('1'))
    await first.close()
    const text = [...kept].find(([key]) => key.startsWith('sale/'))?.[1]
    expect(JSON.parse(text ?? '')).toMatchObject({ id: sale, sequence: 1 })
    const second = await open({ store })
    await second.drained()
    await second.sale(sampleDraft('2'))
    expect([...engine.ledger.bookings.values()].map((booking) => booking.sale.sequence)).toEqual([1, 2])
    expect(JSON.stringify(engine.ledger.bookings.get(sale)?.sale)).toBe(text)
    expect(engine.ledger.suspicions).toEqual([])
  })

  test('is bounded: a full queue says so before the sale is kept', async () => {
    engine.script(...Array.from({ length: 50 }, () => ({ kind: 'lost' }) as const))
    const till = await open({ queueMax: 2, retry: { firstMs: 60_000, mostMs: 60_000 } })
    await sell(till, 2)
    expect(await till.sale(sampleDraft('3'))).toMatchObject({ status: 'rejected', problem: { code: 'queue_full' } })
    expect(till.status()).toMatchObject({ queued: 2, sequence: 2 })
  })

  test('a store that fails stops the terminal instead of sending what it may forget', async () => {
    const broken = memoryStore()
    let isBroken = false
    const till = await open({
      store: { ...broken, write: (changes) => (isBroken ? Promise.reject(new Error('EIO')) : broken.write(changes)) },
    })
    await till.sale(sampleDraft('1'))
    isBroken = true
    await expect(till.sale(sampleDraft('2'))).rejects.toThrow('EIO')
    expect(till.status()).toMatchObject({ state: 'failed', trouble: { code: 'store', detail: 'Error: EIO' } })
    expect(engine.ledger.bookings.size).toBe(1)
  })
})

describe('a return in the queue', () => {
  const sold = async (till: Terminal, number: string, options = later) => {
    const draft = sampleDraft(number)
    return { ...draft, id: (await till.sale(draft, options)).sale }
  }
  const back = (kept: Awaited<ReturnType<typeof sold>>, number: string) => {
    const reply = voidOf(kept, { document: { kind: 'receipt', number } })
    if (reply.status === 'refused') throw new Error(reply.detail)
    return reply.draft
  }

  test('TRX-05: goes behind its sale, and takes back what that gave', async () => {
    engine.script({ kind: 'lost' }, { kind: 'lost' })
    const till = await open()
    await till.sale(back(await sold(till, '1'), 'R-1'), later)
    await till.drained()
    expect(settled.map((each) => ('programs' in each ? each.programs.map(({ status }) => status) : each))).toEqual([
      ['booked', 'booked'],
      ['booked', 'booked'],
    ])
    expect(settled[1]).toMatchObject({ programs: [{ points: [{ earned: 0, clawedBack: 12 }] }, {}] })
    expect(engine.ledger.points(card)).toBe(0)
    expect(engine.ledger.suspicions).toEqual([])
  })

  test('TRX-05: that waits for its sale in one program is final, sent once, and ends right', async () => {
    engine.script({ kind: 'later', retryAfterMs: 300 })
    const till = await open()
    const kept = await sold(till, '1', { answerWithinMs: 10_000 })
    expect(engine.ledger.points(card)).toBe(12)
    const answer = await till.sale(back(kept, 'R-1'))
    expect(answer).toMatchObject({
      status: 'recorded',
      programs: [
        { status: 'booked', points: [{ clawedBack: 12 }] },
        { status: 'waiting', points: [], notices: [] },
      ],
    })
    await till.drained()
    expect(engine.ledger.points(card)).toBe(0)
    expect(engine.ledger.deliveries.get(answer.sale)).toBe(1)
    expect(settled.map(({ sale }) => sale)).toEqual([answer.sale, kept.id])
    expect(till.parked()).toEqual([])
  })

  test('TRX-05: waits with the engine for a sale that another till still has, whether it arrives once or twice', async () => {
    engine.script({ kind: 'bookedThen500' })
    const till = await open()
    const kept = { ...sampleDraft('1'), id: uuid('01964c6e-7000-7000-8000-000000000077') }
    const { sale } = await till.sale(back(kept, 'R-1'))
    await till.drained()
    expect(settled).toMatchObject([{ sale, status: 'duplicate', programs: [{ status: 'waiting' }, {}] }])
    expect(engine.ledger.points(card)).toBe(0)
    await till.sale(kept)
    expect(engine.ledger.points(card)).toBe(0)
    // The host asks what became of it by the same document under the same id.
    const booked = engine.ledger.bookings.get(sale)?.sale
    const again = await till.sale({ ...back(kept, 'R-1'), id: sale, ...pickTime(booked) })
    expect(again).toMatchObject({
      status: 'duplicate',
      programs: [{ status: 'booked', points: [{ clawedBack: 12 }] }, {}],
    })
  })

  test('TRX-05: is neither lost nor doubled under any script of faults', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...harmless), { maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        async (faults, comesBack, salesPerRequest) => {
          const own = await startFakeEngine({ programs: 2 })
          own.script(...faults)
          const till = await createTerminal({
            engineUrl: own.url,
            store: memoryStore(),
            enrolmentCode: own.enrolmentCode,
            software: { name: 'test-till', version: '1.0.0' },
            retry: quick,
            salesPerRequest,
          })
          try {
            for (const [index, isBack] of comesBack.entries()) {
              const kept = await sold(till, String(index))
              if (isBack) await till.sale(back(kept, String(index)), later)
            }
            await till.drained()
            // What met five answers of `later` waits for a person, and its return waits for it.
            for (const { id } of till.parked()) await till.resend(id)
            await till.drained()
            expect(own.ledger.points(card)).toBe(24 * comesBack.filter((isBack) => !isBack).length)
            expect(own.ledger.bookings.size).toBe(comesBack.length + comesBack.filter(Boolean).length)
            expect(own.ledger.suspicions).toEqual([])
          } finally {
            await till.close()
            await own.close()
          }
        },
      ),
      { numRuns: Math.min(Number(process.env.FC_RUNS ?? 25), 200) },
    )
  }, 60_000)

  test('has no estimate and no receipt while the engine is away', async () => {
    engine.script({ kind: 'lost' }, { kind: 'lost' })
    const till = await open({ retry: { firstMs: 60_000, mostMs: 60_000 } })
    const kept = await sold(till, '1', { answerWithinMs: 10_000 })
    expect(await till.sale(back(kept, 'R-1'))).toEqual({
      sale: expect.any(String),
      status: 'provisional',
      estimate: null,
    })
  })
})

describe('a session', () => {
  test('learns the engine’s clock when the till’s is wrong by hours, and says the skew', async () => {
    const skewMs = 3 * 3_600_000
    const till = await open({ clock: { ...systemClock, now: () => Date.now() - skewMs } })
    const answer = await till.sale(sampleDraft('1'))
    expect(answer.status).toBe('recorded')
    expect(Math.abs(till.status().clockSkewMs - skewMs)).toBeLessThan(5_000)
  })

  test('is renewed before it ends, and requests that start together share one hello', async () => {
    await engine.close()
    engine = await startFakeEngine({ sessionMs: 30_000 })
    const till = await open()
    await till.sale(sampleDraft('1'))
    const before = engine.hellos.length
    await Promise.all([till.member({ number: card, entry: 'keyed' }), till.member({ number: card, entry: 'keyed' })])
    // Shorter than the margin: each request opens one, together they open one.
    expect(engine.hellos.length).toBe(before + 1)
    expect(engine.hellos.at(-1)).toMatchObject({ queue: { length: 0, parked: 0, sequence: 1 } })
  })
})
