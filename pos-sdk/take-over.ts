/**
 * A till is replaced, revoked, or gets another key, and its queue is still full. What it has signed stays as it was signed:
 * the engine takes the old documents from whoever replaces the old terminal, up to the sequence of the revocation.
 *
 * Two ways lead there, both repeatable after a crash at any moment, because nothing is taken from the old store and the
 * engine answers `duplicate` to what it knows:
 * - within one store (`from` absent): it is enrolled anew with a new key. Until the engine has answered, the old key stays
 *   in force; then one write puts the new identity in its place. The queue is not touched.
 * - from another store (`from`): its documents are copied, each as the very text that was signed, beside the own queue. The
 *   own chain does not see them.
 * Which store holds what of the past is said by the key in each document's signature.
 */
import { canonicalJson } from '@premia/rules'
import type { Sale, Uuid } from './contract/till/index.ts'
import { sha256OfBody } from './crypto.ts'
import { enrolAnew, type Enrolled, enrolOnce } from './enrol.ts'
import type { Wire } from './exchange.ts'
import { type Identity, type Journal, type Kept, type LeftSales, openJournal, readKept } from './journal.ts'
import { type Settings, settingsOf, type TerminalOptions } from './options.ts'
import type { Store } from './store.ts'

type Enrolling =
  | 'engineUrl'
  | 'store'
  | 'enrolmentCode'
  | 'software'
  | 'deviceKey'
  | 'requestTimeoutMs'
  | 'clock'
  | 'fetch'

export interface TakeOverOptions extends Pick<TerminalOptions, Enrolling> {
  /** What the old till has left, only read: `leftFileStore`, `exportedTill` or any store. Absent: `store` is the old till's. */
  readonly from?: Store
}

export interface TakenOver {
  /** Who sends from now on. */
  readonly terminal: Uuid
  /** Documents of other keys that wait in the store by now. */
  readonly queued: number
  /** Documents of other keys that wait there for a person. */
  readonly parked: number
}

/**
 * Nothing was taken over: the old store is damaged or in use (`unreadable`), holds no till (`empty`), belongs to another
 * installation of the engine (`foreign`), or to this very terminal (`same`).
 */
export class TakeOverError extends Error {
  readonly reason: 'unreadable' | 'empty' | 'foreign' | 'same'
  constructor(reason: TakeOverError['reason'], detail: string, options?: ErrorOptions) {
    super(`nothing was taken over (${reason}): ${detail}`, options)
    this.name = 'TakeOverError'
    this.reason = reason
  }
}

/** Documents of one write: a crash between two of them is repaired by repeating. */
const WRITE_DOCUMENTS = 200

const detailOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const assertDocument = (text: string, told: { readonly id: Uuid; readonly sequence: number }): void => {
  const { id, terminal, sequence, signature } = JSON.parse(text) as Partial<Sale>
  const isSigned = typeof signature?.keyId === 'string' && typeof signature.value === 'string'
  if (typeof terminal !== 'string' || !isSigned || id !== told.id || sequence !== told.sequence) {
    throw new Error(`document ${told.id} is none that a till has signed`)
  }
}

/** Reads an old store, and closes it however that ends. */
const readLeft = async (from: Store): Promise<Kept> => {
  try {
    const left = readKept(await from.load())
    for (const each of [...left.queued, ...left.parked]) assertDocument(each.text, each)
    return left
  } catch (error) {
    throw new TakeOverError('unreadable', detailOf(error), { cause: error })
  } finally {
    await from.close()
  }
}

const isTill = ({ identity, queued, parked }: Kept): boolean =>
  identity?.enrolled !== undefined || queued.length > 0 || parked.length > 0

const assertKin = (left: Identity | undefined, own: Enrolled['identity']): void => {
  if (left?.enrolled === undefined) return
  const { keyId, engineKeys } = left.enrolled
  if (keyId === own.enrolled.keyId) throw new TakeOverError('same', 'the old store is that of this terminal')
  if (engineKeys.some((old) => own.enrolled.engineKeys.some((key) => key.keyId === old.keyId))) return
  throw new TakeOverError('foreign', 'the old till belongs to another installation of the engine')
}

const inherit = async (journal: Journal, { queued, parked }: LeftSales): Promise<void> => {
  for (let at = 0; at < Math.max(queued.length, parked.length); at += WRITE_DOCUMENTS) {
    const end = at + WRITE_DOCUMENTS
    await journal.inherit({ queued: queued.slice(at, end), parked: parked.slice(at, end) })
  }
}

const countOthers = ({ queued, parked }: LeftSales, own: string): Pick<TakenOver, 'queued' | 'parked'> => ({
  queued: queued.filter(({ keyId }) => keyId !== own).length,
  parked: parked.filter(({ text }) => (JSON.parse(text) as Sale).signature.keyId !== own).length,
})

const run = async (settings: Settings, journal: Journal, left: Kept | undefined): Promise<TakenOver> => {
  const { engineUrl, clock, requestTimeoutMs: timeoutMs } = settings
  const wire: Wire = { engineUrl, clock, fetch: settings.fetch, timeoutMs, closing: new AbortController().signal }
  const tools = { journal, wire, check: await import('./local-check.ts') }
  const kept = await journal.load()
  if (left === undefined) {
    if (!isTill(kept)) throw new TakeOverError('empty', 'there is no till in the store')
    const { enrolled } = await enrolAnew(kept, settings, tools)
    return { terminal: enrolled.terminal, ...countOthers(kept, enrolled.keyId) }
  }
  const { identity } = await enrolOnce(kept.identity, settings, tools)
  const { terminal, keyId } = identity.enrolled
  assertKin(left.identity, identity)
  // What was taken over before, and has been sent or put aside since, stays where it is.
  const known = new Set([...kept.queued, ...kept.parked].map(({ id }) => id))
  const news = {
    queued: left.queued.filter(({ id }) => !known.has(id)),
    parked: left.parked.filter(({ id }) => !known.has(id)),
  }
  await inherit(journal, news)
  const queued = [...kept.queued, ...news.queued]
  return { terminal, ...countOthers({ queued, parked: [...kept.parked, ...news.parked] }, keyId) }
}

/**
 * Makes the terminal of a store the heir of another one, while neither of the two is open. Afterwards `createTerminal` opens
 * the store as always, and sends what was left until every document is settled or parked. May be repeated at any time.
 *
 * Throws `TakeOverError` where the old store is not one, `EnrolmentError` where the engine does not take the code; the own
 * store is then as it was, or enrolled.
 *
 * @example
 * await takeOver({
 *   engineUrl: 'https://engine.example',
 *   store: fileStore('/var/lib/till-4'),
 *   from: leftFileStore('/mnt/old-disk/till-3'),
 *   enrolmentCode: 'X8F2-QK41-7MNB-0D3C',
 *   software: { name: 'apteka-till', version: '12.4.0' },
 * })
 */
export const takeOver = async ({ from, ...options }: TakeOverOptions): Promise<TakenOver> => {
  const settings = settingsOf(options)
  const journal = openJournal(settings.store)
  try {
    const left = from === undefined ? undefined : await readLeft(from)
    if (left !== undefined && !isTill(left)) throw new TakeOverError('empty', 'there is no till in the old store')
    return await run(settings, journal, left)
  } finally {
    await journal.close()
  }
}

const EXPORT_FORMAT = 'premia-till-1'

interface Exported {
  readonly format: typeof EXPORT_FORMAT
  readonly sha256: string
  readonly kept: Readonly<Record<string, string>>
}

/**
 * What a till leaves, as the text of a file: from a browser, or to be carried elsewhere. Without the device key, so that
 * nobody can sign with it. The till must not be open.
 *
 * @example const text = await exportTill(indexedDbStore('till-3'))
 */
export const exportTill = async (store: Store): Promise<string> => {
  try {
    const all = await store.load()
    const { identity } = readKept(all)
    const kept: Record<string, string> = {}
    for (const [key, text] of all) if (key.startsWith('sale/') || key.startsWith('parked/')) kept[key] = text
    if (identity !== undefined) {
      const { secret: _, ...open } = identity
      kept['identity'] = JSON.stringify(open)
    }
    const exported: Exported = { format: EXPORT_FORMAT, sha256: await sha256OfBody(canonicalJson(kept)), kept }
    return JSON.stringify(exported)
  } finally {
    await store.close()
  }
}

const readExport = async (text: string): Promise<ReadonlyMap<string, string>> => {
  const { format, sha256, kept } = JSON.parse(text) as Partial<Exported>
  if (format !== EXPORT_FORMAT || kept === undefined) throw new Error('the file is no export of a till')
  if (sha256 !== (await sha256OfBody(canonicalJson(kept)))) throw new Error('the export was changed or cut')
  return new Map(Object.entries(kept))
}

/** What `exportTill` has written, for `takeOver`. @example const from = exportedTill(text) */
export const exportedTill = (text: string): Store => ({
  load: () => readExport(text),
  write: () => Promise.reject(new Error('what a till has left is only read')),
  close: () => Promise.resolve(),
})
