import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserBundle } from '../testing/browser-bundle.ts'
import { readReturns, readVectors } from '../testing/build-vectors.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const found = existsSync(executablePath)
if (!found) console.warn(`no Chromium at ${executablePath}: the golden vectors do not run in a browser`)

/** Scripts of this origin and nothing else: no inline script, no eval, no code from text. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"

/** Runs in the page: every vector through the bundle, and an attempt at what the policy forbids. */
const runner = `(async () => {
  const { canonicalJson, compileRuleSet, evaluate, reverse, sha256Hex, validateRules } = bundle
  const { vectors, returns } = await (await fetch('/vectors.json')).json()
  const wrong = []
  const hashOf = (value) => sha256Hex(canonicalJson(value))
  for (const { name, rules, program, input, counters, hash } of vectors) {
    const { ruleSet, ...outcome } = evaluate(compileRuleSet(rules, program), input, counters)
    if (validateRules(rules).length > 0 || hashOf(outcome) !== hash) wrong.push(name)
  }
  for (const { name, rules, program, input, counters, steps, hash } of returns) {
    const ruleSet = compileRuleSet(rules, program)
    const sale = { input, counters, outcome: evaluate(ruleSet, input, counters) }
    if (hashOf(steps.map(({ returned, takenBack, units }) => reverse(ruleSet, { ...sale, returned, takenBack }, units))) !== hash)
      wrong.push(name)
  }
  let refused = ''
  try { new Function('return 1') } catch (error) { refused = error.name }
  return { ran: vectors.length + returns.length, wrong, refused }
})().catch((error) => ({ error: String(error) })).then((result) => fetch('/result', { method: 'POST', body: JSON.stringify(result) }))`

interface Result {
  readonly ran: number
  readonly wrong: readonly string[]
  readonly refused: string
}

let browser: Browser
let stop: () => Promise<void>
let origin: string
/** What the page found: it tells the server, as a test cannot look into a page without eval. */
let told: Promise<Result>

beforeAll(async () => {
  if (!found) return
  const vectors = [...readVectors().values()].flat()
  const returns = readReturns()
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': ['text/html', '<!doctype html><script src="/bundle.js"></script><script src="/run.js"></script>'],
    '/bundle.js': ['text/javascript', await browserBundle()],
    '/run.js': ['text/javascript', runner],
    '/vectors.json': ['application/json', JSON.stringify({ vectors, returns })],
  }
  let tell: (result: Result) => void
  told = new Promise((resolve) => {
    tell = resolve
  })
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => tell(JSON.parse(body) as Result))
    }
    const file = files[request.url ?? '']
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': file?.[0] ?? 'text/plain',
      'content-security-policy': POLICY,
    })
    response.end(file?.[1])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => new Promise((resolve) => server.close(() => resolve()))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  })
})

afterAll(async () => {
  if (!found) return
  await browser.close()
  await stop()
})

test.skipIf(!found)(
  'Chromium gives every golden vector its bytes under a content-security policy without eval',
  async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(origin)
    const { ran, ...result } = await told
    expect([result, complaints]).toEqual([{ wrong: [], refused: 'EvalError' }, []])
    expect(ran).toBeGreaterThanOrEqual(250)
  },
)
