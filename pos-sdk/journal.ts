/** What a terminal keeps, as typed records over the plain map of a store. */
import type { EnrolAnswer, Instant, Sale, SignedBundle, Uuid } from './contract/till/index.ts'
import type { FieldError } from './contract/problems.ts'
import type { Change, Store } from './store.ts'

/** The device key and what the enrolment said. Without `enrolled` the answer to the enrolment is still to come. */
export interface Identity {
  readonly publicKey: string
  /** Hash of the code that enrolled it: what tells a repeated take-over from another one. */
  readonly codeHash?: string
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
  /** The device key that has signed it: not this terminal's where it was taken over. */
  readonly keyId: string
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
  /** The key that is about to follow, kept before the engine hears of it. */
  readonly next: Identity | undefined
  readonly head: ChainHead | undefined
  readonly bundle: SignedBundle | undefined
  /** In the order in which they are sent: what was taken over, then what this key has signed. */
  readonly queued: readonly QueuedSale[]
  readonly parked: readonly ParkedSale[]
}

/** What one till leaves to another. */
export type LeftSales = Pick<Kept, 'queued' | 'parked'>

export interface Journal {
  readonly load: () => Promise<Kept>
  readonly saveIdentity: (identity: Identity) => Promise<void>
  readonly saveNext: (next: Identity) => Promise<void>
  /** The next key takes the place of the one before: a new chain, and no bundle of the old one. What is queued stays. */
  readonly succeed: (identity: Identity) => Promise<void>
  /** Documents that another key has signed, as they are. */
  readonly inherit: (left: LeftSales) => Promise<void>
  readonly saveBundle: (bundle: SignedBundle) => Promise<void>
  /** The sale and the new head of the chain, together or not at all. */
  readonly append: (sale: QueuedSale, head: ChainHead) => Promise<void>
  readonly remove: (sales: readonly QueuedSale[]) => Promise<void>
  readonly park: (sale: QueuedSale, parked: ParkedSale) => Promise<void>
  /** Puts a parked sale back at its place in the queue. */
  readonly unpark: (parked: ParkedSale) => Promise<QueuedSale>
  readonly close: () => Promise<void>
}

/** Each key counts its documents from 1, and a store may hold those of several. */
const queueKey = (keyId: string, sequence: number): string => `sale/${keyId}/${String(sequence).padStart(16, '0')}`
const parkedKey = (id: Uuid): string => `parked/${id}`

const put = (key: string, value: unknown): Change => ({ key, value: JSON.stringify(value) })
const drop = (key: string): Change => ({ key, value: null })

/** The queue's view of a signed sale. */
export const queuedSale = (
  sale: Pick<Sale, 'id' | 'sequence' | 'occurredAt' | 'signature'>,
  text: string,
): QueuedSale => ({
  key: queueKey(sale.signature.keyId, sale.sequence),
  id: sale.id,
  keyId: sale.signature.keyId,
  sequence: sale.sequence,
  occurredAt: sale.occurredAt,
  text,
})

/** Where a document stands in the queue: those of other keys first, and what one key signed in its order. */
const compareQueued =
  (own: string | undefined) =>
  (a: QueuedSale, b: QueuedSale): number => {
    if (a.keyId === b.keyId) return a.sequence - b.sequence
    if (a.keyId === own || b.keyId === own) return a.keyId === own ? 1 : -1
    return a.keyId < b.keyId ? -1 : 1
  }

/** Everything of a store, understood. Throws on what no terminal has written. */
export const readKept = (kept: ReadonlyMap<string, string>): Kept => {
  const one = <T>(key: string): T | undefined => {
    const text = kept.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as T)
  }
  const queued: QueuedSale[] = []
  const parked: ParkedSale[] = []
  for (const [key, text] of kept) {
    if (key.startsWith('sale/')) queued.push({ ...queuedSale(JSON.parse(text) as Sale, text), key })
    else if (key.startsWith('parked/')) parked.push(JSON.parse(text) as ParkedSale)
  }
  const identity = one<Identity>('identity')
  queued.sort(compareQueued(identity?.enrolled?.keyId))
  return { identity, next: one('next'), head: one('head'), bundle: one('bundle'), queued, parked }
}

export const openJournal = (store: Store): Journal => ({
  load: async () => readKept(await store.load()),
  saveIdentity: (identity) => store.write([put('identity', identity)]),
  saveNext: (next) => store.write([put('next', next)]),
  succeed: (identity) => store.write([put('identity', identity), drop('next'), drop('head'), drop('bundle')]),
  inherit: ({ queued, parked }) =>
    store.write([
      ...queued.map(({ keyId, sequence, text }) => ({ key: queueKey(keyId, sequence), value: text })),
      ...parked.map((each) => put(parkedKey(each.id), each)),
    ]),
  saveBundle: (bundle) => store.write([put('bundle', bundle)]),
  append: (sale, head) => store.write([{ key: sale.key, value: sale.text }, put('head', head)]),
  remove: (sales) => store.write(sales.map(({ key }) => drop(key))),
  park: (sale, parked) => store.write([drop(sale.key), put(parkedKey(parked.id), parked)]),
  unpark: async (parked) => {
    const sale = queuedSale(JSON.parse(parked.text) as Sale, parked.text)
    await store.write([drop(parkedKey(parked.id)), { key: sale.key, value: sale.text }])
    return sale
  },
  close: () => store.close(),
})
