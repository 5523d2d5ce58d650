import type { AskedPrice } from './asked.ts'

/** As it travels in the outbox row of a batch: outlet, product, price, date. */
export type PriceNews = readonly (readonly [outlet: string, product: string, unitPriceMinor: number, date: string])[]

/** A hundred outlets with five hundred products a day; the oldest are forgotten, and told again when they come back. */
const SEEN_MAX = 50_000

/**
 * What this process has told the record already: of prices that do not change nothing is written but once a day. Forgetting
 * costs a few bytes, for the record takes everything twice; only what is committed may be remembered.
 */
export class SeenPrices {
  readonly #seen = new Set<string>()

  /** Each price once, without those that were told. */
  news(asked: readonly AskedPrice[]): PriceNews {
    if (asked.length === 0) return NO_NEWS
    const news = new Map<string, PriceNews[number]>()
    for (const { outlet, product, unitPriceMinor, date } of asked) {
      const key = `${outlet} ${product} ${unitPriceMinor} ${date}`
      if (!this.#seen.has(key) && !news.has(key)) news.set(key, [outlet, product, unitPriceMinor, date])
    }
    return [...news.values()]
  }

  /** What was told is committed. */
  keep(news: PriceNews): void {
    for (const told of news) this.#seen.add(told.join(' '))
    for (const oldest of this.#seen) {
      if (this.#seen.size <= SEEN_MAX) break
      this.#seen.delete(oldest)
    }
  }
}

const NO_NEWS: PriceNews = []

export const askedOf = (news: PriceNews): readonly AskedPrice[] =>
  news.map(([outlet, product, unitPriceMinor, date]) => ({
    outlet: outlet as AskedPrice['outlet'],
    product: product as AskedPrice['product'],
    unitPriceMinor,
    date,
  }))
