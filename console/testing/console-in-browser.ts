import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Line, Sale, Uuid } from '@premia/pos-sdk/contract/till'
import { serve, type ServerType } from '@hono/node-server'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { systemClock } from '../../engine/clock.ts'
import { drainProgram } from '../../engine/jobs/drain-program.ts'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import { cardNumber, type Fixture, openFixture, testConsoleKey } from '../../engine/testing/fixture.ts'
import { freePort } from '../../engine/testing/free-port.ts'
import { injectedClient, testId, world } from '../../engine/testing/world.ts'
import type { Database } from '../kit/server/transaction.ts'
import { createApp } from '../server/app.ts'
import { openDatabase } from '../server/database.ts'
import { hashPassword } from '../server/password.ts'
import { loadSections } from '../server/sections.ts'
import { loadStaticFiles } from '../server/static-files.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
export const chromiumFound = existsSync(executablePath)
if (!chromiumFound) console.warn(`no Chromium at ${executablePath}: the console's browser tests are skipped`)

/** An organizer's user of the test's own world, one of its operator, and one of its first outlet. */
export const login = 'ewa@test'
export const operatorLogin = 'olga@test'
export const outletLogin = 'kasia@outlet'
const password = 'a password of its own'

/** A name that a careless page would run; the page's policy would complain, and so would the last test. */
export const candle = 'Świeca <img src=x onerror=alert(1)>'

interface NewUser {
  readonly login: string
  readonly name: string
  readonly operator: string
  /** Of an organizer's user, or one outlet's; whoever has none is the operator's. */
  readonly organizer?: string
  readonly outlet?: string
}

interface Look {
  readonly theme?: 'light' | 'dark'
  readonly language?: 'pl' | 'en' | 'ro'
  readonly width?: number
  /** Nobody is logged in. */
  readonly stranger?: true
}

const roleOf = ({ organizer, outlet }: NewUser): string =>
  outlet !== undefined ? 'outlet' : organizer === undefined ? 'operator' : 'organizer'

const amountsOf = (units: number) => ({
  quantityMilli: (units * 1_000) as Line['quantityMilli'],
  unitPriceMinor: 1_000 as Line['unitPriceMinor'],
  grossMinor: (units * 1_000) as Line['grossMinor'],
})

/** What the till was answered by one program. */
interface Told {
  readonly status: string
  readonly program: string
  readonly notices: readonly { readonly code: string }[]
  readonly points?: readonly { readonly to: string; readonly earned: number }[]
}

/** The console in a real browser, in front of the real engine and its database. */
export class ConsoleInBrowser {
  /** What the page or the server complained of. */
  readonly complaints: string[] = []
  /** The built page. */
  readonly folder = mkdtempSync(join(tmpdir(), 'premia-console-'))
  base = ''
  #database!: TestDatabase
  #fixture!: Fixture
  #ofConsole!: Database
  #server!: ServerType
  #browser!: Browser
  #engineUrl = ''
  #filing: Promise<unknown> = Promise.resolve()
  #storage: Awaited<ReturnType<BrowserContext['storageState']>> | undefined

  static async start(): Promise<ConsoleInBrowser> {
    const started = new ConsoleInBrowser()
    await started.#start()
    return started
  }

  async #start(): Promise<void> {
    const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
    await build({ configFile, logLevel: 'error', build: { outDir: this.folder } })
    this.#database = await createTestDatabase()
    this.#fixture = await openFixture(this.#database, { members: 3, twoPrograms: true, startMs: Date.now() })
    const fixture = this.#fixture
    this.#ofConsole = openDatabase(this.#database.url('premia_console'))
    const app = createApp(
      {
        database: this.#ofConsole,
        engine: injectedClient(fixture.engine.app, testConsoleKey, fixture.clock),
        sections: await loadSections(),
        sessionKey: 'k'.repeat(43),
        demo: false,
        nowMs: fixture.clock,
        log: (entry) => (entry['level'] === 'error' ? this.complaints.push(JSON.stringify(entry)) : undefined),
      },
      loadStaticFiles(this.folder),
    )
    const of = { operator: world.operator, organizer: world.organizer }
    await this.addUser({ login, name: 'Ewa Mazur', ...of })
    await this.addUser({ login: operatorLogin, name: 'Olga Operator', operator: world.operator })
    await this.addUser({ login: outletLogin, name: 'Kasia Outlet', ...of, outlet: world.outlets[0] })
    const port = await freePort()
    this.#server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port })
    this.base = `http://127.0.0.1:${port}`
    this.#browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
    })
    for (const number of ['K-1', 'K-2', 'K-3']) await this.sell(number)
    // Another process of the engine, by the clock of this machine, for tills that come over the network.
    const served = await fixture.twin({ clock: systemClock, onBooked: (programId) => this.#fileSales(programId) })
    this.#engineUrl = await served.app.listen({ host: '127.0.0.1', port: 0 })
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    this.#server?.close()
    await this.#ofConsole?.end({ timeout: 5 })
    await this.#fixture?.close()
    await this.#filing
    await this.#database?.drop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async addUser(user: NewUser): Promise<void> {
    await this
      .#ofConsole`INSERT INTO console."user" (user_id, login, name, password_hash, role, operator_id, organizer_ids,
        outlet_id, language, created_at)
      VALUES (${randomUUID()}, ${user.login}, ${user.name}, ${await hashPassword(password)},
        ${roleOf(user)}, ${user.operator}, ${user.organizer === undefined ? null : [user.organizer]}::uuid[],
        ${user.outlet ?? null}, 'pl', ${new Date(this.#fixture.clock()).toISOString()})`
  }

  /** The till makes a sale; its answer is what the cashier sees. */
  async sell(number: string, member = 2): Promise<readonly Told[]> {
    const { clock, till } = this.#fixture
    clock.advance(1_000)
    const sale = till.sale({
      number,
      card: cardNumber(member),
      atMs: clock() - 500,
      lines: [{ name: 'Hand cream 100 ml', product: { code: 'P1' } }, { name: candle }],
    })
    const answer = await till.post('/v1/sales', { sales: [sale] })
    await this.#drain()
    return answer.body.results[0].programs
  }

  /** The till sells three of a kind and takes one back; the ids of both. */
  async sellAndReturn(number: string, member = 2): Promise<{ readonly sale: Uuid; readonly back: Uuid }> {
    const { clock, till } = this.#fixture
    const line = (units: number) => ({ name: 'Hand cream 100 ml', ...amountsOf(units) })
    clock.advance(1_000)
    const sale = till.sale({ number, card: cardNumber(member), atMs: clock() - 500, lines: [line(3)] })
    await this.#post(sale)
    clock.advance(1_000)
    const back = till.sale({
      number: `${number}-Z`,
      kind: 'return',
      original: { sale: sale.id, reason: 'defect' },
      atMs: clock() - 500,
      lines: [{ ...line(1), originalLine: 1 }],
    })
    await this.#post(back)
    return { sale: sale.id, back: back.id }
  }

  /** A return of a sale that another till has not brought yet. */
  async returnEarly(number: string): Promise<void> {
    const { clock, till } = this.#fixture
    clock.advance(1_000)
    await this.#post(
      till.sale({
        number,
        kind: 'return',
        original: { sale: testId(99, 1), reason: 'customer' },
        atMs: clock() - 500,
        lines: [{ originalLine: 1 }],
      }),
    )
  }

  async #post(sale: Sale): Promise<void> {
    const answer = await this.#fixture.till.post('/v1/sales', sale)
    if (answer.status !== 200) throw new Error(`the till was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    await this.#drain()
  }

  /** A till that was offline for a while: every sale is one row in each of the two programs. */
  async sellMany(count: number): Promise<void> {
    const { clock, till } = this.#fixture
    const sales = Array.from({ length: count }, (_, index) => {
      clock.advance(1_000)
      return till.sale({ number: `MANY-${index + 1}`, atMs: clock() - 500 })
    })
    const answer = await till.post('/v1/sales', { sales })
    if (answer.status !== 200) throw new Error(`the till was answered ${answer.status}`)
    await this.#drain()
  }

  /** What the jobs do within the second. */
  async #drain(): Promise<void> {
    for (const programId of [1, 2]) {
      await drainProgram(this.#database.engine, { programId, nowMs: this.#fixture.clock() })
    }
  }

  /** What the jobs do when the engine rings: booked sales are filed into the register. */
  #fileSales(programId: number): void {
    this.#filing = this.#filing
      .then(() => drainProgram(this.#database.engine, { programId, nowMs: Date.now() }))
      .catch((error: unknown) => this.complaints.push(String(error)))
  }

  /** `npm run replay -- <file>` against the engine of this test, as somebody with an engine elsewhere runs it. */
  async replay(file: string): Promise<string> {
    const root = fileURLToPath(new URL('../../', import.meta.url))
    const main = join(root, 'bench/replay/main.ts')
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', main, file], {
      cwd: root,
      timeout: 60_000,
      env: {
        ...process.env,
        PREMIA_DATA: join(this.folder, 'elsewhere'),
        ENGINE_URL: this.#engineUrl,
        PREMIA_CONSOLE_KEY: testConsoleKey,
      },
    })
    return stdout
  }

  /** Whom the replay has set up. */
  async retailer(): Promise<Required<Pick<NewUser, 'operator' | 'organizer'>>> {
    const [found] = await this.#database.owner<{ operator: string; organizer: string }[]>`
      SELECT operator_id AS operator, organization_id AS organizer FROM directory.organization
      WHERE name = 'Online Retail' AND kind = 'organizer'`
    if (found === undefined) throw new Error('the replay has set up no organizer')
    return found
  }

  async open(path: string, look: Look = {}): Promise<Page> {
    const { theme = 'light', language = 'pl', width = 1280 } = look
    const context = await this.#browser.newContext({
      viewport: { width, height: 800 },
      locale: 'pl-PL',
      ...(look.stranger === true || this.#storage === undefined ? {} : { storageState: this.#storage }),
    })
    await context.addCookies([{ name: 'premia-look', value: `${language}.${theme}.normal`, url: this.base }])
    const page = await context.newPage()
    page.setDefaultTimeout(12_000)
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      // Chromium reports each refused request; the tests that expect one say so themselves.
      if (message.type() === 'error' && !message.text().includes('status of 4')) this.complaints.push(message.text())
    })
    await page.goto(this.base + path)
    return page
  }

  /** Whoever is not a stranger is logged in as in this page from now on. */
  async remember(page: Page): Promise<void> {
    this.#storage = await page.context().storageState()
  }
}

export const shown = async (page: Page, selector: string): Promise<void> => {
  await page.waitForSelector(selector, { timeout: 15_000 })
}

export const logIn = async (page: Page, name: string): Promise<void> => {
  await page.fill('input[name=login]', name)
  await page.fill('input[name=password]', password)
  await page.keyboard.press('Enter')
  await shown(page, '.rows .row')
}
