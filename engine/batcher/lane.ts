import type { Item } from './item.ts'

/**
 * The items of one program and one kind of urgency that wait for a batch, first come first served. An item whose member,
 * voucher or receipt is in a batch that is still in flight waits for the next one, and with it all later items that share
 * something with it: so two batches of a process never meet at a row, and a member's sales keep their order.
 */
export class Lane {
  readonly programId: number
  readonly kind: LaneKind
  #items: Item[] = []
  inFlight = 0
  /** Shrinks when judging a batch takes too long, and grows back. */
  sizeMax: number = LANE_LIMITS.items

  constructor(programId: number, kind: LaneKind) {
    this.programId = programId
    this.kind = kind
  }

  get length(): number {
    return this.#items.length
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  /** Items that a batch gives back go first. */
  pushBack(items: readonly Item[]): void {
    this.#items.unshift(...items)
  }

  /** The next batch: bounded in number and bytes, sharing nothing with `busy` nor, by receipt or document, within itself. */
  take(busy: ReadonlySet<string>, mustWait?: (item: Item) => boolean): readonly Item[] {
    const taken: Item[] = []
    const left: Item[] = []
    const blocked = new Set<string>()
    const own = new Set<string>()
    let bytes = 0
    let index = 0
    for (; index < this.#items.length; index += 1) {
      const item = this.#items[index] as Item
      if (taken.length >= this.sizeMax || left.length >= LANE_LIMITS.skipped) break
      if (taken.length > 0 && bytes + item.received.bytes > LANE_LIMITS.bytes) break
      const keys = keysOf(item)
      const identity = identityOf(item)
      const collides = keys.some((key) => busy.has(key) || blocked.has(key)) || identity.some((key) => own.has(key))
      if (collides || mustWait?.(item) === true) {
        for (const key of keys) blocked.add(key)
        left.push(item)
        continue
      }
      for (const key of identity) own.add(key)
      bytes += item.received.bytes
      taken.push(item)
    }
    this.#items = left.length === 0 && index === this.#items.length ? [] : [...left, ...this.#items.slice(index)]
    return taken
  }
}

/** Sales of now, sales of a till that was away, and returns, which have batches of their own. */
export type LaneKind = 'live' | 'late' | 'returns'

export const LANE_LIMITS = { items: 200, bytes: 512 * 1024, skipped: 1_000 } as const

/** What an item would lock: receipt and document at the gate, members by their cards, vouchers by their codes; the sale of a return. */
export const keysOf = ({ received }: Item): string[] => [
  ...identityOf({ received }),
  ...received.cardTokens,
  ...received.voucherTokens.filter((token) => token !== null),
  ...(received.sale.original?.sale === undefined ? [] : [received.sale.original.sale]),
]

const identityOf = ({ received }: Pick<Item, 'received'>): readonly [string, string] => [
  received.sale.id,
  received.receiptKey,
]
