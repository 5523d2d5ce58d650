import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { serve, type ServerType } from '@hono/node-server'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../engine/clock.ts'
import { drainProgram } from '../../engine/jobs/drain-program.ts'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import { cardNumber, type Fixture, memberId, openFixture, testConsoleKey } from '../../engine/testing/fixture.ts'
import { freePort } from '../../engine/testing/free-port.ts'
import { injectedClient, world } from '../../engine/testing/world.ts'
import type { Database } from '../kit/server/transaction.ts'
import { createApp } from '../server/app.ts'
import { openDatabase } from '../server/database.ts'
import { hashPassword } from '../server/password.ts'
import { loadSections } from '../server/sections.ts'
import { loadStaticFiles } from '../server/static-files.ts'

/** The console in a real browser, in front of the real engine: what a person does in the morning. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const found = existsSync(executablePath)
if (!found) console.warn(`no Chromium at ${executablePath}: the console's browser tests are skipped`)

const login = 'ewa@test'
const password = 'a password of its own'

let testDatabase: TestDatabase
let fixture: Fixture
let database: Database
let server: ServerType
let browser: Browser
let folder: string
let base: string
let engineUrl: string
let storage: Awaited<ReturnType<BrowserContext['storageState']>>
const complaints: string[] = []

beforeAll(async () => {
  if (!found) return
  folder = mkdtempSync(join(tmpdir(), 'premia-console-'))
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
  await build({ configFile, logLevel: 'error', build: { outDir: folder } })
  testDatabase = await createTestDatabase()
  fixture = await openFixture(testDatabase, { members: 3, twoPrograms: true, startMs: Date.now() })
  database = openDatabase(testDatabase.url('premia_console'))
  const app = createApp(
    {
      database,
      engine: injectedClient(fixture.engine.app, testConsoleKey, fixture.clock),
      sections: await loadSections(),
      sessionKey: 'k'.repeat(43),
      demo: false,
      nowMs: fixture.clock,
      log: (entry) => (entry['level'] === 'error' ? complaints.push(JSON.stringify(entry)) : undefined),
    },
    loadStaticFiles(folder),
  )
  const of = { operator: world.operator, organizer: world.organizer }
  await addUser({ login, name: 'Ewa Mazur', ...of })
  await addUser({ login: 'kasia@outlet', name: 'Kasia Outlet', ...of, outlet: world.outlets[0] })
  const port = await freePort()
  server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port })
  base = `http://127.0.0.1:${port}`
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  })
  for (const number of ['K-1', 'K-2', 'K-3']) await sell(number)
  // Another process of the engine, by the clock of this machine, for tills that come over the network.
  const served = await fixture.twin({ clock: systemClock, onBooked: fileSales })
  engineUrl = await served.app.listen({ host: '127.0.0.1', port: 0 })
}, 180_000)

afterAll(async () => {
  await browser?.close()
  server?.close()
  await database?.end({ timeout: 5 })
  await fixture?.close()
  await filing
  await testDatabase?.drop()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

/** A name that a careless page would run; the page's policy would complain, and so would the last test. */
const candle = 'Świeca <img src=x onerror=alert(1)>'

/** The till makes a sale; its answer is what the cashier sees. */
const sell = async (number: string, member = 2) => {
  fixture.clock.advance(1_000)
  const sale = fixture.till.sale({
    number,
    card: cardNumber(member),
    atMs: fixture.clock() - 500,
    lines: [{ name: 'Hand cream 100 ml', product: { code: 'P1' } }, { name: candle }],
  })
  const answer = await fixture.till.post('/v1/sales', { sales: [sale] })
  // What the jobs do within the second.
  for (const programId of [1, 2]) await drainProgram(testDatabase.engine, { programId, nowMs: fixture.clock() })
  return {
    sale,
    programs: answer.body.results[0].programs as readonly {
      status: string
      program: string
      notices: readonly { code: string }[]
    }[],
  }
}

interface NewUser {
  readonly login: string
  readonly name: string
  readonly operator: string
  readonly organizer: string
  readonly outlet?: string
}

const addUser = async (user: NewUser): Promise<void> => {
  await database`INSERT INTO console."user" (user_id, login, name, password_hash, role, operator_id, organizer_ids, outlet_id, language,
      created_at)
    VALUES (${randomUUID()}, ${user.login}, ${user.name}, ${await hashPassword(password)},
      ${user.outlet === undefined ? 'organizer' : 'outlet'}, ${user.operator}, ${[user.organizer]}::uuid[],
      ${user.outlet ?? null}, 'pl', ${new Date(fixture.clock()).toISOString()})`
}

const logIn = async (page: Page, name: string): Promise<void> => {
  await page.fill('input[name=login]', name)
  await page.fill('input[name=password]', password)
  await page.keyboard.press('Enter')
  await shown(page, '.rows .row')
}

/** A till that was offline for a while: every sale is one row in each of the two programs. */
const sellMany = async (count: number): Promise<void> => {
  const sales = Array.from({ length: count }, (_, index) => {
    fixture.clock.advance(1_000)
    return fixture.till.sale({ number: `MANY-${index + 1}`, atMs: fixture.clock() - 500 })
  })
  const answer = await fixture.till.post('/v1/sales', { sales })
  expect(answer.status).toBe(200)
  for (const programId of [1, 2]) await drainProgram(testDatabase.engine, { programId, nowMs: fixture.clock() })
}

/** What the jobs do when the engine rings: booked sales are filed into the register. */
let filing: Promise<unknown> = Promise.resolve()
const fileSales = (programId: number): void => {
  filing = filing
    .then(() => drainProgram(testDatabase.engine, { programId, nowMs: Date.now() }))
    .catch((error: unknown) => complaints.push(String(error)))
}

const fixtureFile = fileURLToPath(new URL('../../bench/replay/fixture/month.csv', import.meta.url))

/** `npm run replay -- <file>` against the engine of this test, as somebody with an engine elsewhere runs it. */
const replay = async (file: string): Promise<string> => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const main = join(root, 'bench/replay/main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', main, file], {
    cwd: root,
    timeout: 60_000,
    env: {
      ...process.env,
      PREMIA_DATA: join(folder, 'elsewhere'),
      ENGINE_URL: engineUrl,
      PREMIA_CONSOLE_KEY: testConsoleKey,
    },
  })
  return stdout
}

/** The month as it was known after its first invoice: the same sales have the same file's name. */
const firstInvoice = (): string => {
  const rows = readFileSync(fixtureFile, 'utf8').split('\n')
  const part = join(folder, 'part')
  mkdirSync(part)
  const file = join(part, 'month.csv')
  writeFileSync(file, `${rows.filter((row) => /^(InvoiceNo|900001),/.test(row)).join('\n')}\n`)
  return file
}

interface Look {
  readonly theme?: 'light' | 'dark'
  readonly language?: 'pl' | 'en' | 'ro'
  readonly width?: number
  /** Nobody is logged in. */
  readonly stranger?: true
}

const open = async (path: string, look: Look = {}): Promise<Page> => {
  const { theme = 'light', language = 'pl', width = 1280 } = look
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    locale: 'pl-PL',
    ...(look.stranger === true ? {} : { storageState: storage }),
  })
  await context.addCookies([{ name: 'premia-look', value: `${language}.${theme}.normal`, url: base }])
  const page = await context.newPage()
  page.setDefaultTimeout(12_000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // Chromium reports each refused request; the tests that expect one say so themselves.
    if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text())
  })
  await page.goto(base + path)
  return page
}

const shown = async (page: Page, selector: string): Promise<void> => {
  await page.waitForSelector(selector, { timeout: 15_000 })
}

/** A person waits for what they see; keys pressed faster than the page paints belong to nobody. */
const openPalette = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+k')
  await page.waitForSelector('dialog.palette input:focus')
}

describe.skipIf(!found)('in the browser', () => {
  test('PLT-01: a person logs in and stands where they wanted to be', async () => {
    const page = await open('/sales')
    await page.fill('input[name=login]', login)
    await page.fill('input[name=password]', 'wrong')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('.fault')?.textContent !== '')
    expect(await page.textContent('.fault')).toBe('Login lub hasło są nieprawidłowe.')
    await logIn(page, login)
    expect(await page.textContent('h1')).toBe('Transakcje')
    expect(new URL(page.url()).pathname).toBe('/sales')
    storage = await page.context().storageState()
    await page.context().close()
  })

  test('a retailer’s month is replayed while the register is open: its sales are announced, and say what they earned', async () => {
    expect(await replay(firstInvoice())).toMatch(/booked +1\n/)
    await filing
    const [retailer] = await testDatabase.owner<{ operator: string; organizer: string }[]>`
      SELECT operator_id AS operator, organization_id AS organizer FROM directory.organization
      WHERE name = 'Online Retail' AND kind = 'organizer'`
    if (retailer === undefined) throw new Error('the replay has set up no organizer')
    await addUser({ login: 'rita@retail', name: 'Rita Retail', ...retailer })
    const page = await open('/sales', { stranger: true })
    await logIn(page, 'rita@retail')
    const numbers = page.locator('.rows .row .code')
    expect(await numbers.allTextContents()).toEqual(['900001'])

    expect(await replay(fixtureFile)).toMatch(/booked +2\n +known already \(duplicate\) +1\n +refused +0\n/)
    await shown(page, '.newer')
    expect(await page.textContent('.newer')).toBe('2 nowsze – pokaż')
    expect(await numbers.allTextContents()).toEqual(['900001'])
    await page.click('.newer')
    await page.locator('.rows .row:has-text("900007")').waitFor()
    expect(await numbers.allTextContents()).toEqual(['900007', '900002', '900001'])

    // 35.64 pounds: 35 points, and five for the dozen of the order.
    await page.click('.rail a:has-text("Uczestnicy")')
    await page.waitForURL('**/members*')
    await page.locator('.rows .row:has-text("40")').click()
    await shown(page, '.statement')
    expect(await page.textContent('.statement')).toContain('40')
    await page.click('table.ledger a[href*="/sales/"]')
    await shown(page, '.strip-points')
    expect(await page.textContent('h1')).toBe('900001')
    expect(await page.textContent('.receipt')).toContain('WHITE HANGING HEART T-LIGHT HOLDER')
    await page.locator('.strip-points').first().click()
    const why = await page.textContent('.strip-why:not([hidden])')
    expect(why).toContain('One point for each pound')
    expect(why).toContain('Five points for each full dozen of one order')
    await page.context().close()
  }, 120_000)

  test('a new sale is announced without moving a row; its record says why each line earned', async () => {
    const page = await open('/sales')
    await shown(page, '.rows .row')
    const before = await page.locator('.rows .row').count()
    await sell('NEW-4711')
    await shown(page, '.newer')
    expect(await page.locator('.rows .row').count()).toBe(before)
    expect(await page.textContent('.newer')).toMatch(/^\d nowsz[ae] – pokaż$/)
    await page.click('.newer')
    // The sale was judged by two programs: two rows, each with its program's name, each leading to that program's view.
    const rows = page.locator('.rows .row:has-text("NEW-4711")')
    await rows.nth(1).waitFor()
    const names = await rows.locator('.mark').allTextContents()
    expect(new Set(names).size).toBe(2)
    await rows.filter({ hasNot: page.locator('.points') }).click()
    await shown(page, '.receipt')
    const chosen = await page.textContent('.programs [aria-pressed=true]')
    expect(names).toContain(chosen)
    await page.goBack()
    await shown(page, '.rows .row')
    await rows.filter({ has: page.locator('.points') }).click()
    await shown(page, '.strip-points')
    expect(await page.textContent('.programs [aria-pressed=true]')).not.toBe(chosen)
    expect(await page.textContent('h1')).toBe('NEW-4711')
    expect(await page.textContent('.receipt')).toContain(candle)
    await page.click('.strip-points')
    const why = await page.textContent('.strip-why:not([hidden])')
    expect(why).toContain('Point for a zloty')
    expect(why).toMatch(/Klient otrzymuje .*za każd/)
    expect(await page.locator('.timeline li').count()).toBe(4)
    await page.context().close()
  })

  test('a program is suspended with a reason: the next sale hears it at the till; resumed, it earns again', async () => {
    const page = await open(`/programs/${world.program}`)
    await shown(page, '.statement')
    await page.click('button:has-text("Zawieś program")')
    await page.click('dialog .button.main')
    expect(await page.textContent('dialog .fault')).toContain('co najmniej 3 znaki')
    await page.fill('dialog textarea', 'Zmiana regulaminu')
    await page.click('dialog .button.main')
    await shown(page, '.status.warn')
    expect(await page.textContent('.timeline')).toMatch(/Program zawieszony.*Zmiana regulaminu.*Ewa Mazur/s)
    const told = (await sell('DURING')).programs.find((each) => each.program === world.program)
    expect(told?.status).toBe('outside')
    expect(told?.notices.map((notice) => notice.code)).toContain('program_suspended')
    await page.click('button:has-text("Wznów program")')
    await page.fill('dialog textarea', 'Regulamin obowiązuje')
    await page.click('dialog .button.main')
    await shown(page, '.record-title .status.ok')
    expect((await sell('AFTER')).programs.find((each) => each.program === world.program)?.status).toBe('booked')
    await page.context().close()
  })

  test('ACC-11: a card is blocked from the member: the till is told, the story keeps the reason', async () => {
    const page = await open(`/members/${memberId(3)}`)
    await shown(page, '.cards')
    await page.click('button:has-text("Zablokuj kartę")')
    await page.fill('dialog textarea', 'Zgubiona w tramwaju')
    await page.click('dialog .button.main')
    await shown(page, '.cards .status.warn')
    expect(await page.textContent('.timeline')).toMatch(/Zablokowano kartę.*Zgubiona w tramwaju/s)
    const told = (await sell('BLOCKED', 3)).programs.find((each) => each.program === world.program)
    expect(told?.notices.map((notice) => notice.code)).toContain('card_blocked')
    await page.context().close()
  })

  test('the palette finds a member by card, phone and name, and a receipt by its number', async () => {
    const page = await open('/programs')
    await shown(page, '.rows .row')
    for (const [typed, expected] of [
      [cardNumber(2), 'Number 2'],
      ['600 100 200', 'Maria Nowak'],
      ['nowak', 'Maria Nowak'],
      ['K-2', 'K-2'],
    ] as const) {
      await openPalette(page)
      await page.keyboard.type(typed)
      await page.waitForSelector(`#palette-offers li:has-text("${expected}")`, { timeout: 10_000 })
      await page.keyboard.press('Escape')
      await page.waitForFunction(() => document.querySelector('dialog') === null)
    }
    await page.context().close()
  })

  test('the main tasks need no mouse', async () => {
    const page = await open('/programs')
    await shown(page, '.rows .row')
    await openPalette(page)
    await page.keyboard.type('Transakcje')
    await page.waitForSelector('#palette-offers li[aria-selected=true]:has-text("Transakcje")')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/sales')
    await shown(page, '.rows .row')
    await page.keyboard.press('/')
    await page.waitForSelector('.picker input:focus')
    await page.waitForSelector('.options li')
    await page.keyboard.type('numer par')
    await page.waitForFunction(() => document.querySelectorAll('.options li').length === 1)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.filter-editor select:focus')
    await page.keyboard.press('Tab')
    await page.keyboard.type('K-')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => {
      const rows = [...document.querySelectorAll('.rows .row')]
      return location.search !== '' && rows.length > 2 && rows.every((each) => each.textContent?.includes('K-'))
    })
    await page.keyboard.press('Escape')
    await page.waitForSelector('#rows:focus')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    expect(await page.getAttribute('#rows', 'aria-activedescendant')).toBe('row-1')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.keyboard.press('Control+c')
    await page.waitForFunction(async () => /K-\d\t.*\d,\d\d zł/.test(await navigator.clipboard.readText()))
    await page.keyboard.press('Enter')
    await shown(page, '.receipt')
    const first = page.url()
    await page.keyboard.press(']')
    await page.waitForFunction((url) => location.href !== url, first)
    await page.keyboard.press('Escape')
    await page.waitForURL('**/sales*')
    await page.keyboard.press('?')
    await shown(page, '.keys-sheet')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.querySelector('dialog') === null)
    await page.context().close()
  })

  test('columns are hidden, moved and widened, by mouse and by keys alone, and stay so', async () => {
    const page = await open('/sales')
    await shown(page, '.rows .row')
    const heads = async (): Promise<readonly (string | null)[]> =>
      await page
        .locator('.head [data-column]')
        .evaluateAll((all) => all.map((each) => each.getAttribute('data-column')))
    const widthOf = async (name: string): Promise<number> =>
      (await page.locator(`.head [data-column=${name}]`).boundingBox())?.width ?? 0
    expect((await heads()).slice(0, 2)).toEqual(['occurredAt', 'outlet'])
    await page.focus('.tools .icon-button')
    await page.keyboard.press('Enter')
    await page.focus('button[aria-label="Placówka: przesuń wcześniej"]')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.head [data-column=outlet] ~ [data-column=occurredAt]')
    const outlet = await widthOf('outlet')
    await page.focus('button[aria-label="Placówka: poszerz"]')
    await page.keyboard.press('Enter')
    await page.waitForFunction(
      (before) => (document.querySelector('.head [data-column=outlet]')?.clientWidth ?? 0) > before,
      outlet,
    )
    await page.uncheck('.choice:has-text("Pracownik") input')
    await page.waitForFunction(() => document.querySelector('.head [data-column=staff]') === null)
    await page.keyboard.press('Escape')
    const paid = await page.locator('.head [data-column=paid]').boundingBox()
    if (paid === null) throw new Error('no such column')
    const edge = { x: paid.x + paid.width - 1, y: paid.y + paid.height / 2 }
    await page.mouse.move(edge.x, edge.y)
    await page.mouse.down()
    await page.mouse.move(edge.x + 60, edge.y, { steps: 3 })
    await page.mouse.up()
    const wide = await widthOf('paid')
    expect(wide).toBeGreaterThan(paid.width + 40)
    await page.reload()
    await shown(page, '.rows .row')
    expect((await heads()).slice(0, 2)).toEqual(['outlet', 'occurredAt'])
    expect(await heads()).not.toContain('staff')
    expect(await widthOf('paid')).toBe(wide)
    await page.click('.tools .icon-button')
    await page.click('button:has-text("Przywróć domyślne")')
    await page.waitForSelector('.head [data-column=occurredAt] ~ [data-column=outlet]')
    expect(await heads()).toContain('staff')
    await page.context().close()
  })

  test('the language turns at once, and nothing of the other one stays', async () => {
    const page = await open('/sales')
    await shown(page, '.rows .row')
    await page.click('.top-bar > .icon-button:last-of-type')
    await page.click('.person-menu button[lang=ro]')
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Tranzacții')
    await page.click('.person-menu button[lang=en]')
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Sales')
    await page.waitForFunction(() => document.querySelector('.rail')?.textContent?.includes('Members'))
    const text = (await page.textContent('.shell')) ?? ''
    expect(text).not.toMatch(/Placówka|Uczestnik|Pracownik|Zapłacono|Filtruj|Tranzacții|Angajat/)
    await page.context().close()
  })

  const pages = {
    login: '/login',
    programs: '/programs',
    program: `/programs/${world.program}`,
    members: '/members',
    member: `/members/${memberId(2)}`,
    sales: '/sales',
    empty: `/sales?filter=${encodeURIComponent('{"field":"number","is":"eq","value":"nothing"}')}`,
    nowhere: '/nowhere',
  } as const
  const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

  test.each(
    Object.entries(pages).flatMap(([name, path]) =>
      (['light', 'dark'] as const).map((theme) => [name, theme, path] as const),
    ),
  )(
    'the page %s in %s has no accessibility fault',
    async (name, theme, path) => {
      const page = await open(path, { theme, ...(name === 'login' ? { stranger: true } : {}) })
      await shown(page, '.rows .row, .statement, .empty, .login')
      // Injected by the test's own hand: the page's policy forbids it to everybody else.
      await page.evaluate(axeSource)
      const faults = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: {
            run: (
              options: object,
            ) => Promise<{ violations: readonly { id: string; nodes: readonly { html: string }[] }[] }>
          }
        }
        const { violations } = await axe.run({
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        })
        return violations.map(
          (each) =>
            `${each.id}: ${each.nodes
              .slice(0, 3)
              .map((node) => node.html.slice(0, 160))
              .join(' | ')}`,
        )
      })
      expect(faults).toEqual([])
      await page.context().close()
    },
    60_000,
  )

  test.each(['/sales', '/members', `/members/${memberId(2)}`, `/programs/${world.program}`])(
    'PLT-02: on a telephone of 360 pixels %s fits its width',
    async (path) => {
      const page = await open(path, { width: 360 })
      await shown(page, '.rows .row, .statement')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
      expect(await page.evaluate(() => document.querySelector('main')?.scrollWidth ?? 0)).toBeLessThanOrEqual(360)
      await page.context().close()
    },
  )

  test('on a telephone a row says what its reader may see, whatever the wide screen hides', async () => {
    const page = await open('/sales')
    await shown(page, '.rows .row')
    await page.click('.tools .icon-button')
    await page.uncheck('.choice:has-text("Placówka") input')
    await page.uncheck('.choice:has-text("Punkty") input')
    await page.waitForFunction(() => document.querySelector('.head [data-column=outlet]') === null)
    await page.setViewportSize({ width: 390, height: 800 })
    await shown(page, '.table.narrow .row')
    expect(await page.textContent('.table.narrow .row .open')).toMatch(/^Outlet \d$/)
    await page.locator('.table.narrow .row .points').first().waitFor()
    await page.context().close()
    const clerk = await open('/sales', { width: 390, stranger: true })
    await logIn(clerk, 'kasia@outlet')
    expect(await clerk.textContent('.table.narrow .row .open')).toMatch(/\d{2}:\d{2}/)
    await clerk.context().close()
  })

  test('rows are chosen by keys or mouse and copied with the heads of their columns', async () => {
    const page = await open('/sales')
    await shown(page, '.rows .row')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.focus('#rows')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+j')
    await page.waitForSelector('.selection:has-text("Zaznaczono: 3 transakcje")')
    await page.keyboard.press('Control+c')
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).split('\n').length === 4)
    const [head, ...lines] = (await page.evaluate(async () => await navigator.clipboard.readText())).split('\n')
    expect(head).toMatch(/^Program\tCzas.*\tPlacówka\tKasa\t/)
    for (const line of lines) expect(line.split('\t')).toHaveLength(head?.split('\t').length ?? 0)
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.querySelector('.selection') === null)
    expect(new URL(page.url()).pathname).toBe('/sales')
    await page.click('#row-4 [role=gridcell]:nth-child(3)', { modifiers: ['Shift'] })
    await page.click('.selection button:has-text("Kopiuj")')
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).split('\n').length === 4)
    expect(await page.locator('.row[aria-selected=true]').count()).toBe(3)
    await page.context().close()
  })

  test('a file says how far it is, can be cancelled, and is whole when it is there', async () => {
    await sellMany(100)
    const page = await open('/sales')
    await shown(page, '.rows .row')
    await page.waitForFunction(() => /\d/.test(document.querySelector('.count')?.textContent ?? ''))
    const rows = Number(/\d+/.exec((await page.textContent('.count')) ?? '')?.[0])
    expect(rows).toBeGreaterThan(200)
    let release = (): void => undefined
    const held = new Promise<void>((done) => {
      release = done
    })
    await page.route('**/rows.csv*', async (route) => {
      await held
      await route.continue().catch(() => undefined)
    })
    await page.click('button[aria-label="Eksportuj CSV"]')
    await page.waitForSelector(`.exports:has-text("0 z ${rows} wierszy")`)
    await page.click('.rail a:has-text("Programy")')
    await page.waitForURL('**/programs*')
    await page.click('.exports button:has-text("Anuluj")')
    await page.waitForSelector('.toast:has-text("Przerwano eksport: Transakcje")')
    expect(await page.locator('.exports').count()).toBe(0)
    release()
    await page.click('.rail a:has-text("Transakcje")')
    await page.waitForURL('**/sales*')
    await shown(page, '.rows .row')
    const saving = page.waitForEvent('download')
    await page.click('button[aria-label="Eksportuj CSV"]')
    const file = await saving
    expect(file.suggestedFilename()).toMatch(/^sales-\d{4}-\d{2}-\d{2}\.csv$/)
    expect(
      readFileSync((await file.path()) ?? '', 'utf8')
        .trimEnd()
        .split('\r\n'),
    ).toHaveLength(rows + 1)
    await page.context().close()
  })

  test('paper takes the whole list in ink on white, though the screen is dark and shows a part', async () => {
    const page = await open('/sales', { theme: 'dark' })
    await shown(page, '.rows .row')
    await page.evaluate(() => {
      window.print = () => {
        document.documentElement.dataset['printed'] = String(document.querySelectorAll('.rows .row').length)
      }
    })
    expect(await page.locator('.rows .row').count()).toBeLessThan(60)
    await page.click('button[aria-label="Drukuj"]')
    await page.waitForSelector('html[data-printed]')
    expect(Number(await page.getAttribute('html', 'data-printed'))).toBeGreaterThan(200)
    const ink = async (): Promise<number> =>
      Number(/[\d.]+/.exec(await page.evaluate(() => getComputedStyle(document.body).color))?.[0])
    const lightness = await ink()
    await page.emulateMedia({ media: 'print' })
    expect(await ink()).toBeLessThan(lightness / 2)
    await page.context().close()
  })

  test('the first load is at most 100 KiB of compressed script, a section 15', () => {
    interface Chunk {
      readonly file: string
      readonly isEntry?: boolean
      readonly imports?: readonly string[]
    }
    const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
    const sizeOf = (file: string): number => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length
    const withImports = (key: string): readonly string[] => {
      const chunk = manifest[key]
      return chunk === undefined ? [] : [chunk.file, ...(chunk.imports ?? []).flatMap(withImports)]
    }
    const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true) ?? ''
    const first = new Set([...withImports(entry), ...withImports('../kit/words/pl.ts')])
    expect([...first].reduce((sum, file) => sum + sizeOf(file), 0)).toBeLessThanOrEqual(100 * 1024)
    const names = readdirSync(new URL('../sections/', import.meta.url), { withFileTypes: true })
    for (const section of names.filter((each) => each.isDirectory()).map((each) => each.name)) {
      const own = ['section.ts', 'page.tsx', 'texts.pl.ts'].flatMap((file) =>
        withImports(`../sections/${section}/${file}`),
      )
      const bytes = [...new Set(own)].filter((file) => !first.has(file)).reduce((sum, file) => sum + sizeOf(file), 0)
      expect(bytes, section).toBeLessThanOrEqual(15 * 1024)
    }
  })

  test('nothing of all this broke a rule of the page, and nothing failed on the server', () => {
    expect(complaints).toEqual([])
  })
})
