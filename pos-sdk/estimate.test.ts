import { canonicalJson, compileRuleSet, evaluate, hashOutcome } from '@premia/rules'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type BundleDocument,
  bundleHash,
  evaluationInput,
  instant,
  localTime,
  offlineMember,
  periodsOf,
  type Uuid,
  uuid,
} from './contract/till/index.ts'
import { createEstimator } from './estimate.ts'
import { createTerminal, type TerminalOptions } from './index.ts'
import { memoryStore } from './stores/memory.ts'
import type { Terminal } from './terminal.ts'
import {
  type FakeEngine,
  sampleBundle,
  sampleBundleProgram,
  sampleDraft,
  sampleLine,
  sampleSale,
  startFakeEngine,
} from './testing/index.ts'

const terminal = uuid('01964c6e-7000-7000-8000-0000000000aa')
const program = uuid('01964c6e-7000-7000-8000-cc0000000001')
const now = Date.parse('2026-11-21T10:15:00.000Z')
const bundleText = (change: Partial<BundleDocument> = {}): string =>
  canonicalJson(sampleBundle(terminal, [sampleBundleProgram(program)], change))

describe('an estimate', () => {
  const sale = sampleSale({
    staff: { code: '1001' },
    lines: [sampleLine(), sampleLine({ number: 2, product: { code: '?' } })],
  })

  test('POS-06: is what the rules of the bundle give, for customer and staff', () => {
    const estimate = createEstimator(bundleText()).estimate(sale, 'judge', now)
    expect(estimate?.bundle).toBe(bundleHash(bundleText()))
    expect(estimate?.programs).toMatchObject([
      {
        program,
        points: [
          { to: 'customer', pointType: 'points', points: 25 },
          { to: 'staff', pointType: 'points', points: 1 },
        ],
        applied: [{ rule: 'base' }, { rule: 'staff-vitamins', name: 'Vitamins for the staff' }],
      },
    ])
  })

  test('gives nothing of a rule whose limit denies it offline, and says so', () => {
    const [base, staff] = sampleBundleProgram(program).rules
    if (base === undefined || staff === undefined) throw new Error('the sample has two rules')
    const limit = { per: 'member', period: 'day', measure: 'points', most: 100, over: 'truncate' } as const
    const rules = [{ ...base, limits: [{ ...limit, offline: 'deny' as const }] }, staff]
    const part = sampleBundleProgram(program, { rules })
    const text = canonicalJson(sampleBundle(terminal, [part]))
    expect(createEstimator(text).estimate(sale, 'judge', now)?.programs).toMatchObject([
      { points: [{ to: 'staff', points: 1 }], denied: [{ rule: 'base', name: base.name }] },
    ])
  })

  test('can be repeated by the engine: its hash is that of a plain member’s outcome', () => {
    const [estimated] = createEstimator(bundleText()).estimate(sale, 'judge', now)?.programs ?? []
    const bundle = sampleBundle(terminal, [sampleBundleProgram(program)])
    const [part] = bundle.programs
    if (part === undefined) throw new Error('the sample has one program')
    const input = evaluationInput({
      sale,
      mode: 'judge',
      facts: {
        program: { id: program, document: part.document },
        outlet: bundle.outlet,
        at: localTime('Europe/Warsaw', now),
        periods: periodsOf('Europe/Warsaw', now),
        law: {},
        product: (line) => bundle.products.find(({ codes }) => codes.includes(line.product?.code ?? '')),
        member: offlineMember,
        staff: bundle.staff[0]?.id as Uuid,
        mayEarn: true,
      },
    })
    const outcome = evaluate(compileRuleSet(part.rules, part.document), input, {})
    expect(estimated?.outcome).toBe(hashOutcome(outcome))
  })

  test('finds a product by its GTIN or national code where the outlet’s own code is unknown', () => {
    const products: BundleDocument['products'] = [
      { codes: ['BLOZ:1234567'], facts: { id: 'P-1', categories: ['vitamins'], tags: [] }, marks: [] },
    ]
    const line = sampleLine({ product: { code: 'own', nationalCode: { scheme: 'BLOZ', value: '1234567' } } })
    const estimate = createEstimator(bundleText({ products })).estimate({ ...sale, lines: [line] }, 'judge', now)
    expect(estimate?.programs[0]?.applied).toHaveLength(2)
  })

  test.each([
    ['after its validity', { validUntil: instant('2026-11-21T10:15:00.000Z') }],
    ['with rules of other semantics than the engine’s', { ruleSet: 'f'.repeat(64) }],
  ])('is not given %s', (_, change) => {
    const text = canonicalJson(sampleBundle(terminal, [sampleBundleProgram(program, change)]))
    expect(createEstimator(text).estimate(sale, 'judge', now)).toBeNull()
  })

  test('is not given in another currency', () => {
    expect(createEstimator(bundleText()).estimate({ ...sale, currency: 'RON' }, 'judge', now)).toBeNull()
  })
})

describe('a terminal whose engine is away', () => {
  let engine: FakeEngine
  let till: Terminal | undefined
  let kept: Map<string, string>
  const slow = { firstMs: 60_000, mostMs: 60_000 }

  const open = async (change: Partial<TerminalOptions> = {}): Promise<Terminal> => {
    till = await createTerminal({
      engineUrl: engine.url,
      store: memoryStore(kept),
      enrolmentCode: engine.enrolmentCode,
      software: { name: 'test-till', version: '1.0.0' },
      answerWithinMs: 5_000,
      retry: slow,
      ...change,
    })
    return till
  }
  const bundleArrives = (): Promise<void> =>
    vi.waitFor(() => expect(till?.status().bundle?.hash).toBeDefined(), { timeout: 5_000, interval: 5 })
  const ours = (change: Partial<BundleDocument> = {}): BundleDocument =>
    sampleBundle(engine.terminal, [sampleBundleProgram(engine.programs[0] as Uuid)], change)

  beforeEach(async () => {
    engine = await startFakeEngine()
    kept = new Map()
    till = undefined
  })
  afterEach(async () => {
    await till?.close()
    await engine.close()
  })

  test('tells the customer the estimate, and the engine what it told', async () => {
    const signed = engine.publish(ours())
    const open1 = await open()
    await bundleArrives()
    engine.script({ kind: 'lost' }, { kind: 'lost' })
    const first = await open1.sale(sampleDraft('1'))
    expect(first).toMatchObject({ status: 'provisional', estimate: { programs: [{ points: [{ points: 12 }] }] } })
    const second = await open1.sale(sampleDraft('2'))
    expect(second.status).toBe('provisional')
    // The first was sent in good faith; from then on the engine was known to be away.
    const queued = [...kept].filter(([key]) => key.startsWith('sale/')).map(([, text]) => JSON.parse(text))
    expect(queued.map((sale) => sale.offline?.bundle)).toEqual([undefined, bundleHash(signed.text)])
    const told = second.status === 'provisional' ? second.estimate?.programs[0]?.outcome : undefined
    expect(queued[1].offline.outcomes).toEqual({ [engine.programs[0] as Uuid]: told })
    expect(open1.status()).toMatchObject({ state: 'away', queued: 2, trouble: { code: 'silent' } })
  })

  test('answers quotes from the bundle, and cards not at all', async () => {
    engine.publish(ours())
    const own = await open()
    await bundleArrives()
    engine.script({ kind: 'lost' })
    await own.sale(sampleDraft('1'))
    const { document: _, ...basket } = sampleDraft('2')
    expect(await own.quote(basket)).toMatchObject({ status: 'provisional', estimate: { programs: [{}] } })
    expect(await own.member({ number: '1', entry: 'keyed' })).toEqual({ status: 'away' })
  })

  test('opens with the bundle of its store', async () => {
    engine.publish(ours())
    const first = await open()
    await bundleArrives()
    await first.close()
    await engine.close()
    const again = await open()
    expect(again.status().bundle).toBeDefined()
    expect(await again.sale(sampleDraft('1'))).toMatchObject({ status: 'provisional', estimate: { programs: [{}] } })
  })

  test('a bundle that was changed on the way, or is another terminal’s, is not used', async () => {
    const signed = engine.publish(ours())
    const isBundle = (url: unknown): boolean => String(url).endsWith('/v1/bundle')
    let asked = 0
    const tampering: typeof fetch = async (url, init) => {
      if (!isBundle(url)) return fetch(url, init)
      asked += 1
      return Response.json({ ...signed, text: signed.text.replace('"points":1', '"points":9') })
    }
    const first = await open({ fetch: tampering })
    await vi.waitFor(() => expect(asked).toBe(1), { interval: 5 })
    await first.close()
    expect(first.status().bundle).toBeUndefined()
    engine.publish(ours({ terminal: uuid('01964c6e-7000-7000-8000-aa0000000009') }))
    const second = await open({
      fetch: (url, init) => fetch(url, init).finally(() => (asked += isBundle(url) ? 1 : 0)),
    })
    await vi.waitFor(() => expect(asked).toBe(2), { interval: 5 })
    await second.close()
    expect(second.status().bundle).toBeUndefined()
  })

  test('a return is kept without an estimate', async () => {
    engine.publish(ours())
    const own = await open()
    await bundleArrives()
    engine.script({ kind: 'lost' }, { kind: 'lost' })
    await own.sale(sampleDraft('1'))
    const back = await own.sale(sampleDraft('2', { kind: 'return', original: { reason: 'defect' } }))
    expect(back).toMatchObject({ status: 'provisional', estimate: null })
  })
})
