import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CrashOrder, CrashPoint } from './testing/crash-till.ts'
import { createTerminal } from './index.ts'
import { fileStore } from './stores/file.ts'
import { type FakeEngine, sampleDraft, startFakeEngine } from './testing/index.ts'

const card = '2990000000014'
const receipts = ['1', '2', '3']
const steps = ['torn', 'beforeWrite', 'afterWrite', 'beforeSend', 'afterSend', 'settle'] as const

let folder: string
let program: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'premia-crash-'))
  program = join(folder, 'till.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./testing/crash-till.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly killed: boolean
  readonly done: readonly string[]
  readonly counts?: Record<CrashPoint['step'], number>
}

const run = (order: CrashOrder): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    let errors = ''
    child.stdout.on('data', (chunk) => (said += chunk))
    child.stderr.on('data', (chunk) => (errors += chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') return reject(new Error(`the till ended with ${code}: ${errors}`))
      const counts = /^counts (.*)$/m.exec(said)?.[1]
      const done = [...said.matchAll(/^done (.*)$/gm)].map((match) => match[1] as string)
      resolve({ killed: signal === 'SIGKILL', done, ...(counts === undefined ? {} : { counts: JSON.parse(counts) }) })
    })
  })

/** Sells with a kill at each point, then once without; each start sells what it was not told is safe. */
const sellThrough = async (crashes: readonly CrashPoint[]): Promise<FakeEngine> => {
  const engine = await startFakeEngine()
  const store = mkdtempSync(join(folder, 'store-'))
  try {
    const open = new Set(receipts)
    const order = { engineUrl: engine.url, enrolmentCode: engine.enrolmentCode, folder: store }
    for (const crash of crashes) {
      for (const receipt of (await run({ ...order, receipts: [...open], crash })).done) open.delete(receipt)
    }
    // What was said to be safe must arrive without being sold again.
    const last = await run({ ...order, receipts: [...open] })
    expect(last.killed).toBe(false)
    return engine
  } finally {
    await engine.close()
  }
}

const expectExactlyOnce = ({ ledger }: FakeEngine): void => {
  const numbers = [...ledger.bookings.values()].map(({ sale }) => sale.document.number)
  expect(numbers.sort()).toEqual(receipts)
  expect(ledger.points(card)).toBe(12 * receipts.length)
  expect(ledger.suspicions).toEqual([])
}

describe('POS-04: a till killed with SIGKILL loses and doubles nothing', () => {
  test('at every step of persist, send and settle', { timeout: 300_000 }, async () => {
    const engine = await startFakeEngine()
    const order = { engineUrl: engine.url, enrolmentCode: engine.enrolmentCode, receipts }
    const { counts } = await run({ ...order, folder: mkdtempSync(join(folder, 'store-')) })
    await engine.close()
    expectExactlyOnce(engine)
    for (const step of steps) {
      const times = counts?.[step] ?? 0
      expect(times).toBeGreaterThan(2)
      for (let nth = 1; nth <= times; nth += 1) expectExactlyOnce(await sellThrough([{ step, nth }]))
    }
  })

  test('while it takes over what another till has left', { timeout: 300_000 }, async () => {
    const leave = async (engine: FakeEngine): Promise<string> => {
      const left = mkdtempSync(join(folder, 'left-'))
      let isAway = false
      const old = await createTerminal({
        engineUrl: engine.url,
        enrolmentCode: engine.enrolmentCode,
        store: fileStore(left),
        software: { name: 'old-till', version: '1.0.0' },
        fetch: (input, init) => (isAway ? Promise.reject(new TypeError('away')) : fetch(input, init)),
      })
      isAway = true
      for (const receipt of receipts.slice(0, 2)) await old.sale(sampleDraft(receipt), { answerWithinMs: 0 })
      await old.close()
      return left
    }
    const points = (['torn', 'beforeWrite', 'afterWrite', 'beforeSend', 'afterSend'] as const).flatMap((step) =>
      [1, 2, 3].map((nth) => ({ step, nth })),
    )
    for (const crash of points) {
      const engine = await startFakeEngine()
      const from = await leave(engine)
      const store = mkdtempSync(join(folder, 'heir-'))
      const code = engine.replaceTerminal()
      const order = { engineUrl: engine.url, enrolmentCode: code, folder: store, from, receipts: receipts.slice(2) }
      const first = await run({ ...order, crash })
      expect([crash, first.killed]).toEqual([crash, true])
      const last = await run({ ...order, receipts: first.done.length > 0 ? [] : order.receipts })
      expect(last.killed).toBe(false)
      expectExactlyOnce(engine)
      await engine.close()
    }
  })

  test('several times in a row', { timeout: 300_000 }, async () => {
    const point = fc.record({ step: fc.constantFrom(...steps), nth: fc.integer({ min: 1, max: 6 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(point, { minLength: 2, maxLength: 4 }), async (crashes) => {
        expectExactlyOnce(await sellThrough(crashes))
      }),
      { numRuns: Math.min(Number(process.env.FC_RUNS ?? 6), 50) },
    )
  })
})
