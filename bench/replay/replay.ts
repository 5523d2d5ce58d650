import { basename, join } from 'node:path'
import type { AdminClient } from '@premia/pos-sdk/contract/admin'
import type { SaleDraft } from '@premia/pos-sdk'
import { SingleBar } from 'cli-progress'
import { type Invoices, invoicesOf, togetherOf } from './invoice.ts'
import { readInvoiceRows } from './invoice-row.ts'
import { type GoodsBack, matchReturns } from './match-returns.ts'
import { summary, writeAside } from './report.ts'
import { returnDraft } from './return-draft.ts'
import { saleDraft } from './sale-draft.ts'
import { Sending } from './sending.ts'
import { Retailer } from './set-up.ts'
import { openTill } from './tills.ts'

/** The engine that the invoices go to. */
export interface ReplayedEngine {
  readonly url: string
  readonly client: AdminClient
  /** Of the tills' queues and of what was not sent. */
  readonly folder: string
}

interface Document {
  readonly country: string
  readonly atMs: number
  readonly draft: SaleDraft
}

/** Sales and returns in the order of their time; of the same time first what is sold. */
const documentsOf = ({ invoices }: Invoices, returns: readonly GoodsBack[]): readonly Document[] =>
  [
    ...invoices.map((invoice) => ({ ...invoice, draft: saleDraft(invoice) })),
    ...returns.map((back) => ({ ...back.cancellation, draft: returnDraft(back) })),
  ].toSorted((a, b) => a.atMs - b.atMs)

const byCountry = (documents: readonly Document[]): ReadonlyMap<string, readonly Document[]> => {
  const groups = new Map<string, Document[]>()
  for (const document of documents) {
    const group = groups.get(document.country)
    if (group === undefined) groups.set(document.country, [document])
    else group.push(document)
  }
  return groups
}

const send = async (engine: ReplayedEngine, documents: readonly Document[], retailer: Retailer): Promise<Sending> => {
  const sending = new Sending()
  const bar = new SingleBar({
    format: '  {bar} {value}/{total} documents  {rate}/s  {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  })
  const startedMs = performance.now()
  const rate = (): number => Math.round(sending.done / Math.max((performance.now() - startedMs) / 1000, 0.001))
  const { onSettled, onParked } = sending
  const options = { engineUrl: engine.url, folder: engine.folder, retailer, onSettled, onParked }
  const tills = []
  for (const [country, group] of byCountry(documents)) {
    tills.push({ till: await openTill(country, options), drafts: group.map(({ draft }) => draft) })
  }
  const stop = (): void => sending.stop()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  bar.start(documents.length, 0, { rate: 0 })
  const ticking = setInterval(() => bar.update(sending.done, { rate: rate() }), 200)
  try {
    await Promise.all(tills.map(({ till, drafts }) => sending.through(till, drafts)))
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    clearInterval(ticking)
    bar.update(sending.done, { rate: rate() })
    bar.stop()
    await Promise.all(tills.map(({ till }) => till.close()))
  }
  return sending
}

const nameOf = (path: string): string => basename(path).replace(/\.csv(\.gz)?$/, '')

/** Sends the invoices and cancellations of some files. Answers what came of it, and whether all was sent. */
export const replay = async (
  engine: ReplayedEngine,
  paths: readonly string[],
  say: (text: string) => void,
): Promise<{ readonly sending: Sending; readonly isWhole: boolean }> => {
  const files: Invoices[] = []
  for (const path of paths) files.push(invoicesOf(await readInvoiceRows(path), basename(path)))
  const invoices = togetherOf(files)
  const all = [...invoices.invoices, ...invoices.cancellations]
  const returns = matchReturns(invoices.invoices, invoices.cancellations)
  const documents = documentsOf(invoices, returns)
  say(
    `${paths.map((path) => basename(path)).join(', ')}: ${invoices.invoices.length} invoices and ` +
      `${invoices.cancellations.length} cancellations to send`,
  )
  const retailer = new Retailer(engine.client)
  await retailer.prepare([...new Set(all.map(({ country }) => country))])
  const goods = await retailer.importGoods(all)
  const enrolled = await retailer.enrol(invoices.invoices)
  say(`${goods} products in the catalogue, ${enrolled} new members`)
  const startedMs = performance.now()
  const sending = await send(engine, documents, retailer)
  const aside = join(engine.folder, `${paths.map(nameOf).join('+')}.not-sent.csv`)
  writeAside(aside, invoices, sending)
  say(summary({ invoices, returns, sending, seconds: (performance.now() - startedMs) / 1000 }))
  say(`what was not sent, with its reason: ${aside}`)
  const isWhole = sending.done === documents.length
  if (!isWhole) say('stopped before the end: run the same again to go on')
  return { sending, isWhole }
}
