/** Runs in a page: a till on the store of a browser, as the tests of that store drive it. */
import { createTerminal, type Terminal } from '../index.ts'
import { type KnownSale, voidOf } from '../contract/till/returns.ts'
import type { Change, Store } from '../store.ts'
import { indexedDbStore } from '../stores/indexeddb.ts'
import { exportedTill, exportTill, takeOver } from '../take-over.ts'
import { sampleDraft } from './sample-sale.ts'

let till: Terminal | undefined
let store: Store | undefined
const sold = new Map<string, KnownSale>()

const opened = (): Terminal => {
  if (till === undefined) throw new Error('no till is open')
  return till
}

/** `all` or the reason: a page cannot hand an exception to its test with its text. */
const outcome = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'ok'
  } catch (error) {
    return String(error)
  }
}

const software = { name: 'test-till', version: '1.0.0' }

const page = {
  open: async (name: string, enrolmentCode?: string): Promise<string> =>
    outcome(
      (async () => {
        till = await createTerminal({
          // The page's own server hands on what is meant for the engine.
          engineUrl: location.origin,
          ...(enrolmentCode === undefined ? {} : { enrolmentCode }),
          store: indexedDbStore(name),
          software,
          retry: { firstMs: 1, mostMs: 5 },
        })
      })(),
    ),
  /** Closes the till that is open and lets another one take over what it exports. */
  replace: async (old: string, name: string, enrolmentCode: string): Promise<string> =>
    outcome(
      (async () => {
        await opened().close()
        const from = exportedTill(await exportTill(indexedDbStore(old)))
        await takeOver({ engineUrl: location.origin, store: indexedDbStore(name), from, enrolmentCode, software })
      })(),
    ),
  sell: async (receipt: string): Promise<string> => {
    const draft = sampleDraft(receipt)
    const answer = await opened().sale(draft, { answerWithinMs: 0 })
    if ('sale' in answer) sold.set(receipt, { ...draft, id: answer.sale as KnownSale['id'] })
    return answer.status
  },
  /** The whole of what was sold under a receipt comes back. */
  giveBack: async (receipt: string, number: string, reason: 'customer' | 'void'): Promise<string> => {
    const back = voidOf(sold.get(receipt) as KnownSale, { document: { kind: 'receipt', number }, reason })
    return back.status === 'made' ? (await opened().sale(back.draft, { answerWithinMs: 0 })).status : back.status
  },
  status: () => opened().status(),
  drained: () => opened().drained(),
  close: () => opened().close(),
  openStore: async (name: string): Promise<readonly (readonly [string, string])[]> => {
    store = indexedDbStore(name)
    return [...(await store.load())]
  },
  /** All at once, none waiting for another. */
  write: (...groups: readonly (readonly Change[])[]): Promise<string[]> =>
    Promise.all(groups.map((changes) => outcome((store as Store).write(changes)))),
  closeStore: () => (store as Store).close(),
}

export type BrowserTill = typeof page

Object.assign(globalThis, { page })
