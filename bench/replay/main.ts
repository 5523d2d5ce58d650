import { existsSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { reachable, readSettings } from '@premia/engine/config.ts'
import { deriveKey, loadSecret } from '@premia/engine/db/secret.ts'
import { type AdminClient, adminClient, sendTo } from '@premia/pos-sdk/contract/admin'
import { SingleBar } from 'cli-progress'
import { type Invoice, type Invoices, invoicesOf } from './invoice.ts'
import { readInvoiceRows } from './invoice-row.ts'
import { summary, writeAside } from './report.ts'
import { saleDraft } from './sale-draft.ts'
import { Sending } from './sending.ts'
import { Retailer } from './set-up.ts'
import { openTill } from './tills.ts'

/**
 * `npm run replay -- <file.csv.gz>`: sends a month of a real retailer's invoices to the running engine, through the till's
 * SDK. The same file sends the same sales: run twice it books nothing twice, interrupted and run again it ends the same.
 */

const say = (text: string): void => console.log(text)

class Unusable extends Error {}

interface Engine {
  readonly url: string
  readonly client: AdminClient
  readonly folder: string
}

/** The engine of this folder's installation, or the one that ENGINE_URL and PREMIA_CONSOLE_KEY name. */
const openEngine = (): Engine => {
  const settings = readSettings(process.env)
  const url = process.env['ENGINE_URL'] ?? `http://${reachable(settings.host)}:${settings.enginePort}`
  const client = adminClient({ send: sendTo(url), key: consoleKey(settings.dataDir) })
  const folder = join(settings.dataDir, 'replay')
  mkdirSync(folder, { recursive: true })
  return { url, client, folder }
}

const consoleKey = (dataDir: string): string => {
  const given = process.env['PREMIA_CONSOLE_KEY']
  if (given !== undefined) return given
  if (existsSync(join(dataDir, 'secret'))) return deriveKey(loadSecret(dataDir), 'console-door')
  throw new Unusable(
    `there is no installation in ${dataDir}: run npm start first, or set PREMIA_DATA; or set ENGINE_URL and PREMIA_CONSOLE_KEY`,
  )
}

const assertReady = async (url: string): Promise<void> => {
  const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
  if (answer?.ok !== true) throw new Unusable(`no engine answers at ${url}: run npm start first, or set ENGINE_URL`)
  await answer.text()
}

const byCountry = (invoices: readonly Invoice[]): ReadonlyMap<string, readonly Invoice[]> => {
  const groups = new Map<string, Invoice[]>()
  for (const invoice of invoices) {
    const group = groups.get(invoice.country)
    if (group === undefined) groups.set(invoice.country, [invoice])
    else group.push(invoice)
  }
  return groups
}

const send = async (engine: Engine, file: string, { invoices }: Invoices, retailer: Retailer): Promise<Sending> => {
  const sending = new Sending()
  const bar = new SingleBar({
    format: '  {bar} {value}/{total} sales  {rate}/s  {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  })
  const startedMs = performance.now()
  const rate = (): number => Math.round(sending.done / Math.max((performance.now() - startedMs) / 1000, 0.001))
  const { onSettled, onParked } = sending
  const options = { engineUrl: engine.url, folder: engine.folder, retailer, onSettled, onParked }
  const tills = []
  for (const [country, group] of byCountry(invoices)) tills.push({ till: await openTill(country, options), group })
  const stop = (): void => sending.stop()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  bar.start(invoices.length, 0, { rate: 0 })
  const ticking = setInterval(() => bar.update(sending.done, { rate: rate() }), 200)
  try {
    await Promise.all(
      tills.map(({ till, group }) =>
        sending.through(
          till,
          group.map((invoice) => saleDraft(invoice, file)),
        ),
      ),
    )
  } finally {
    clearInterval(ticking)
    bar.update(sending.done, { rate: rate() })
    bar.stop()
    await Promise.all(tills.map(({ till }) => till.close()))
  }
  return sending
}

const replay = async (path: string): Promise<number> => {
  const engine = openEngine()
  await assertReady(engine.url)
  const file = basename(path)
  const invoices = invoicesOf(await readInvoiceRows(path))
  say(`${file}: ${invoices.invoices.length} invoices to send`)
  const retailer = new Retailer(engine.client)
  await retailer.prepare([...byCountry(invoices.invoices).keys()])
  const goods = await retailer.importGoods(invoices.invoices)
  const enrolled = await retailer.enrol(invoices.invoices)
  say(`${goods} products in the catalogue, ${enrolled} new members`)
  const startedMs = performance.now()
  const sending = await send(engine, file, invoices, retailer)
  const aside = join(engine.folder, `${file.replace(/\.csv(\.gz)?$/, '')}.not-sent.csv`)
  writeAside(aside, invoices, sending)
  say(summary(invoices, sending, (performance.now() - startedMs) / 1000))
  say(`what was not sent, with its reason: ${aside}`)
  const whole = sending.done === invoices.invoices.length
  if (!whole) say('stopped before the end: run the same again to go on')
  return whole && sending.refusals.length === 0 ? 0 : 1
}

const path = process.argv[2]
if (path === undefined || !existsSync(path)) {
  console.error(path === undefined ? 'usage: npm run replay -- <file.csv.gz>' : `there is no file ${path}`)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await replay(path)
  } catch (error) {
    console.error(`replay: ${(error as Error).message}`)
    process.exitCode = 1
  }
}
