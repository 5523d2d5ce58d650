import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as rules from '@premia/rules'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as answerCheck from './answer-check.ts'
import * as problems from './contract/problems.ts'
import * as canonical from './contract/canonical-writer.ts'
import * as contract from './contract/till/index.ts'
import * as crypto from './crypto.ts'
import * as sdk from './index.ts'
import * as retry from './retry.ts'
import * as returning from './contract/till/returns.ts'
import * as settle from './settle.ts'
import * as takingOver from './take-over.ts'
import { fileStore, leftFileStore } from './stores/file.ts'
import * as testing from './testing/index.ts'

interface Example {
  readonly where: string
  readonly code: string
}

const root = fileURLToPath(new URL('.', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith(join('contract', 'admin')),
)

/** Every `@example` of the folder: the rest of its line, and the lines of the comment below it. */
const examples = files.flatMap((file): Example[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/@example(.*?)(?=\*\/|@)/gs)].map((match) => ({
    where: file,
    code: (match[1] ?? '').replaceAll(/^\s*\* ?/gm, '').trim(),
  })),
)

const AsyncFunction = (async () => undefined).constructor as new (
  ...source: string[]
) => (...values: unknown[]) => Promise<unknown>

let engine: testing.FakeEngine
let folder: string
let till: sdk.Terminal
const opened: { close: () => Promise<void> }[] = []

beforeAll(async () => {
  engine = await testing.startFakeEngine()
  folder = mkdtempSync(join(tmpdir(), 'premia-examples-'))
  till = await open({ store: sdk.memoryStore(), engineUrl: engine.url, software: { name: 'test-till', version: '1' } })
})
afterAll(async () => {
  for (const one of opened) await one.close()
  rmSync(folder, { recursive: true })
  await engine.close()
})

const twoPacks = [testing.sampleLine({ quantityMilli: rules.milli(2_000), grossMinor: rules.minor(2_598) })]

/** As in the examples, but against the fake engine. */
const open = async (options: sdk.TerminalOptions): Promise<sdk.Terminal> => {
  const real = await testing.startFakeEngine()
  opened.push(real)
  const own = await sdk.createTerminal({ ...options, engineUrl: real.url, enrolmentCode: real.enrolmentCode })
  opened.unshift(own)
  return own
}

/** The names that examples use without saying where they come from. */
const names = (): Record<string, unknown> => {
  const sale = testing.sampleSale()
  const { document: _, ...basket } = testing.sampleDraft('2')
  const program = contract.uuid('01964c6e-7000-7000-8000-cc0000000001')
  const part = testing.sampleBundleProgram(program)
  const at = contract.instant('2025-11-21T10:15:00.000Z')
  const bundle = { text: rules.canonicalJson(testing.sampleBundle(sale.terminal, [part])) }
  const base = {
    ...rules,
    ...contract,
    ...problems,
    ...canonical,
    ...crypto,
    ...retry,
    ...returning,
    ...settle,
    ...testing,
    ...sdk,
    ...answerCheck,
    ...takingOver,
  }
  return {
    ...base,
    createTerminal: open,
    fileStore: (path: string) => fileStore(join(mkdtempSync(join(folder, 'store-')), path)),
    leftFileStore,
    indexedDbStore: () => sdk.memoryStore(),
    // Shown where it is tested: an example has no old till.
    takeOver: () => Promise.resolve(),
    text: '{}',
    startFakeEngine: async () => {
      const own = await testing.startFakeEngine()
      opened.push(own)
      return own
    },
    runConformance: () => Promise.resolve([]),
    myTill: undefined,
    till,
    sale: { ...sale, offline: { bundle: contract.bundleHash(bundle.text), outcomes: {}, clockSkewMs: 0 } },
    draft: testing.sampleDraft('1'),
    kept: { ...testing.sampleDraft('1'), id: sale.id },
    basket,
    bundle,
    program,
    publicKey: 'A'.repeat(43),
    at: Date.parse(at),
    expiresAt: at,
    ruleSet: rules.compileRuleSet(part.rules, part.document),
    counters: {},
    facts: {
      program: { id: program, document: part.document },
      outlet: { id: program, groups: [], type: 'pharmacy', country: 'PL' },
      at: contract.localTime('Europe/Warsaw', Date.parse(at)),
      periods: contract.periodsOf('Europe/Warsaw', Date.parse(at)),
      law: {},
      product: () => undefined,
      mayEarn: true,
    },
  }
}

const run = (code: string, asValue: boolean): Promise<unknown> => {
  const scope = names()
  return new AsyncFunction(...Object.keys(scope), asValue ? `return (${code})` : `{ ${code} }`)(...Object.values(scope))
}

describe('the examples in the comments', () => {
  test('are many', () => {
    expect(examples.length).toBeGreaterThan(25)
  })

  test.each(examples)('$where: $code', async ({ code }) => {
    const told = /^(.*?) \/\/ (.*)$/s.exec(code)
    if (told === null) {
      await run(code, !/^(const|for) /m.test(code))
      return
    }
    const [, expression = '', value = ''] = told
    expect(await run(expression, true)).toEqual(await run(value, true))
  })
})

/** What the guide's examples have made. */
interface GuideReturns {
  readonly sold: returning.KnownSale
  readonly unknown: sdk.SaleDraft
  readonly whole: { readonly draft: sdk.SaleDraft }
  readonly earlier: readonly sdk.SaleDraft[]
  readonly quote: sdk.QuoteReply
}

test('TRX-05: the guide’s examples of returns run one after the other', async () => {
  const guide = readFileSync(join(root, '..', 'docs', 'integrate-a-till.md'), 'utf8')
  const section = /^## When goods come back$(.*?)^## /ms.exec(guide)?.[1] ?? ''
  const blocks = [...section.matchAll(/^```ts$(.*?)^```$/gms)].map(([, code = '']) =>
    code.replaceAll(/^import .*$/gm, ''),
  )
  expect(blocks.length).toBeGreaterThan(3)
  const told: unknown[] = []
  const show = (what: unknown): void => void told.push(what)
  const scope = { ...names(), draft: testing.sampleDraft('guide', { lines: twoPacks }), show, print: show }
  const code = `${blocks.join('\n')}\nreturn { sold, unknown, whole, earlier, quote }`
  const { sold, unknown, whole, earlier, quote } = (await new AsyncFunction(...Object.keys(scope), code)(
    ...Object.values(scope),
  )) as GuideReturns
  expect(told).toEqual([{}])
  expect(quote).toMatchObject({ status: 'quoted' })
  expect(unknown).toMatchObject({ kind: 'return', original: { reason: 'defect' } })
  const returns = [...earlier, whole.draft]
  expect(returns.map(({ totals }) => totals.grossMinor)).toEqual([1_299, 1_299])
  expect(returning.unitsLeft(sold, returning.returnedBy(returns))).toEqual([])
})
