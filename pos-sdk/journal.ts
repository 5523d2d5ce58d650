/** What a terminal keeps, as typed records over the plain map of a store. */
import type { EnrolAnswer, Instant, Sale, SignedBundle, Uuid } from './contract/till/index.ts'
import type { FieldError } from './contract/problems.ts'
import type { Change, Store } from './store.ts'

/** The device key and what the enrolment said. Without `enrolled` the answer to the enrolment is still to come. */
export interface Identity {
  readonly publicKey: string
  /** PKCS #8; absent where the host keeps the key itself. */
  readonly secret?: string
  readonly enrolled?: Omit<EnrolAnswer, 'serverTime'>
}

/** The last signed document of the key: where the chain goes on. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: string
}

/** A sale that waits for its final answer, as the text that is sent, byte for byte, each time. */
export interface QueuedSale {
  readonly key: string
  readonly id: Uuid
  readonly sequence: number
  readonly occurredAt: Instant
  readonly text: string
}

/** A sale that will not be sent again by itself: refused, or failed too often. Kept for a person. */
export interface ParkedSale {
  readonly id: Uuid
  readonly sequence: number
  readonly text: string
  readonly code: string
  readonly detail: string
  readonly errors: readonly FieldError[]
  readonly parkedAt: string
}

export interface Kept {
  readonly identity: Identity | undefined
  readonly head: ChainHead | undefined
  readonly bundle: SignedBundle | undefined
  readonly queued: readonly QueuedSale[]
  readonly parked: readonly ParkedSale[]
}

export interface Journal {
  readonly load: () => Promise<Kept>
  readonly saveIdentity: (identity: Identity) => Promise<void>
  readonly saveBundle: (bundle: SignedBundle) => Promise<void>
  /** The sale and the new head of the chain, together or not at all. */
  readonly append: (sale: QueuedSale, head: ChainHead) => Promise<void>
  readonly remove: (sales: readonly QueuedSale[]) => Promise<void>
  readonly park: (sale: QueuedSale, parked: ParkedSale) => Promise<void>
  /** Puts a parked sale back at its place in the queue. */
  readonly unpark: (parked: ParkedSale) => Promise<QueuedSale>
  readonly close: () => Promise<void>
}

/** Sorts by sequence as text. */
const queueKey = (sequence: number): string => `sale/${String(sequence).padStart(16, '0')}`
const parkedKey = (id: Uuid): string => `parked/${id}`

const put = (key: string, value: unknown): Change => ({ key, value: JSON.stringify(value) })

/** The queue's view of a signed sale. */
export const queuedSale = (sale: Pick<Sale, 'id' | 'sequence' | 'occurredAt'>, text: string): QueuedSale => ({
  key: queueKey(sale.sequence),
  id: sale.id,
  sequence: sale.sequence,
  occurredAt: sale.occurredAt,
  text,
})

const readAll = (kept: ReadonlyMap<string, string>): Kept => {
  const one = <T>(key: string): T | undefined => {
    const text = kept.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as T)
  }
  const queued: QueuedSale[] = []
  const parked: ParkedSale[] = []
  for (const [key, text] of kept) {
    if (key.startsWith('sale/')) queued.push(queuedSale(JSON.parse(text) as Sale, text))
    else if (key.startsWith('parked/')) parked.push(JSON.parse(text) as ParkedSale)
  }
  queued.sort((a, b) => a.sequence - b.sequence)
  return { identity: one('identity'), head: one('head'), bundle: one('bundle'), queued, parked }
}

export const openJournal = (store: Store): Journal => ({
  load: async () => readAll(await store.load()),
  saveIdentity: (identity) => store.write([put('identity', identity)]),
  saveBundle: (bundle) => store.write([put('bundle', bundle)]),
  append: (sale, head) => store.write([{ key: sale.key, value: sale.text }, put('head', head)]),
  remove: (sales) => store.write(sales.map(({ key }) => ({ key, value: null }))),
  park: (sale, parked) => store.write([{ key: sale.key, value: null }, put(parkedKey(parked.id), parked)]),
  unpark: async (parked) => {
    const sale = queuedSale(JSON.parse(parked.text) as Sale, parked.text)
    await store.write([
      { key: parkedKey(parked.id), value: null },
      { key: sale.key, value: sale.text },
    ])
    return sale
  },
  close: () => store.close(),
})
