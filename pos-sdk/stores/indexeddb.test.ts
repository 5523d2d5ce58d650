import { existsSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrowserTill } from '../testing/browser-till.ts'
import { runConformance, scenarios, startFakeEngine, type TillUnderTest } from '../testing/index.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const found = existsSync(executablePath)
if (!found) console.warn(`no Chromium at ${executablePath}: the store of a browser is not tested`)

declare const page: BrowserTill

let browser: Browser
let context: BrowserContext
let origin: string
/** Where `/v1/…` goes: the engine of the test that runs. */
let engineUrl = ''
let stop: () => Promise<void>
let databases = 0
const newName = (): string => `till-${(databases += 1)}`

beforeAll(async () => {
  if (!found) return
  const bundled = await build({
    entryPoints: [fileURLToPath(new URL('../testing/browser-till.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  })
  const script = bundled.outputFiles[0]?.text ?? ''
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/v1/') === true) {
      const { method, headers } = request
      const onward = httpRequest(engineUrl + request.url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
        answer.on('error', () => response.destroy())
      })
      onward.on('error', () => response.destroy())
      request.pipe(onward)
    } else if (request.url === '/till.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<script type="module" src="/till.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => new Promise((resolve) => server.close(() => resolve()))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  })
  context = await browser.newContext()
})

afterAll(async () => {
  if (!found) return
  await browser.close()
  await stop()
})

const openTab = async (): Promise<Page> => {
  const tab = await context.newPage()
  await tab.goto(origin)
  await tab.waitForFunction('typeof page === "object"')
  return tab
}

const put = (key: string, value: string) => ({ key, value })

describe.runIf(found)('the store of a browser', () => {
  test('keeps what was written, in whole groups, over a reload', async () => {
    const name = newName()
    const tab = await openTab()
    expect(await tab.evaluate((own) => page.openStore(own), name)).toEqual([])
    await tab.evaluate(() =>
      page.write(
        [
          { key: 'a', value: '1' },
          { key: 'b', value: 'żółć 🧴' },
        ],
        [
          { key: 'a', value: null },
          { key: 'c', value: '' },
        ],
      ),
    )
    await tab.reload()
    await tab.waitForFunction('typeof page === "object"')
    expect(await tab.evaluate((own) => page.openStore(own), name)).toEqual([
      ['b', 'żółć 🧴'],
      ['c', ''],
    ])
    await tab.close()
  })

  test('keeps nothing of a write that fails, and nothing that comes after it but removals', async () => {
    const name = newName()
    const tab = await openTab()
    await tab.evaluate((own) => page.openStore(own), name)
    // No key: the database refuses it, as a full disk would.
    const bad = [put('kept', 'no'), { key: {}, value: '' }] as never
    const removal = [{ key: 'settled', value: null }]
    const said = await tab.evaluate(
      ([before, failing, after, settled]) => page.write(before, failing, after, settled),
      [[put('kept', 'yes'), put('settled', 'x')], bad, [put('later', 'no')], removal] as const,
    )
    expect(said).toEqual(['ok', expect.stringContaining('DataError'), 'Error: the store has failed before', 'ok'])
    await tab.evaluate(() => page.closeStore())
    expect(await tab.evaluate((own) => page.openStore(own), name)).toEqual([['kept', 'yes']])
    await tab.close()
  })

  test('belongs to one living tab at a time', async () => {
    const name = newName()
    const [first, second] = [await openTab(), await openTab()]
    await first.evaluate((own) => page.openStore(own), name)
    await expect(second.evaluate((own) => page.openStore(own), name)).rejects.toThrow(/another tab uses/)
    await first.close()
    expect(await second.evaluate((own) => page.openStore(own), name)).toEqual([])
    await second.close()
  })

  test('POS-04: a tab that is closed in the middle loses and doubles no sale', async () => {
    const engine = await startFakeEngine({ programs: 2 })
    engineUrl = engine.url
    engine.script({ kind: 'lost' }, { kind: 'lost' }, { kind: 'bookedThen500' }, { kind: 'cut' })
    const name = newName()
    const first = await openTab()
    const opening = [name, engine.enrolmentCode] as const
    expect(await first.evaluate(([own, code]) => page.open(own, code), opening)).toBe('ok')
    for (let receipt = 1; receipt <= 4; receipt += 1) {
      expect(await first.evaluate((number) => page.sell(number), String(receipt))).toBe('provisional')
    }
    await first.close()
    const second = await openTab()
    expect(await second.evaluate((own) => page.open(own), name)).toBe('ok')
    expect(await second.evaluate(() => page.sell('5'))).toBe('provisional')
    await second.evaluate(() => page.drained())
    expect(engine.ledger.suspicions).toEqual([])
    expect([...engine.ledger.bookings.values()].map(({ sale }) => sale.sequence)).toEqual([1, 2, 3, 4, 5])
    expect(engine.ledger.points('2990000000014')).toBe(5 * 24)
    expect(await second.evaluate(() => page.status())).toMatchObject({ queued: 0, parked: 0, sequence: 5 })
    await second.close()
    await engine.close()
  })

  test('POS-06: a till on it passes the conformance kit', async () => {
    const tab = await openTab()
    let name = ''
    const mustBeOk = (said: string): void => {
      if (said !== 'ok') throw new Error(said)
    }
    const till: TillUnderTest = {
      start: async (url, code) => {
        engineUrl = url
        name = newName()
        mustBeOk(await tab.evaluate(([own, given]) => page.open(own, given), [name, code] as const))
      },
      replace: async (_url, code) => {
        const old = name
        name = newName()
        const order = [old, name, code] as const
        mustBeOk(await tab.evaluate(([left, own, given]) => page.replace(left, own, given), order))
        mustBeOk(await tab.evaluate((own) => page.open(own), name))
      },
      sell: async (receipt) => void (await tab.evaluate((number) => page.sell(number), receipt)),
      giveBack: async ({ receipt, document, reason }) =>
        void (await tab.evaluate(([sold, number, why]) => page.giveBack(sold, number, why), [
          receipt,
          document,
          reason,
        ] as const)),
      drained: () => tab.evaluate(() => page.drained()),
      stop: () => tab.evaluate(() => page.close()),
    }
    expect(await runConformance(till)).toEqual(scenarios.map((each) => ({ scenario: each.name, failures: [] })))
    await tab.close()
  }, 60_000)
})
