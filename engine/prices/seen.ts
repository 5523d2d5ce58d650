import type { AskedPrice } from './asked.ts'

/** As it travels in the outbox row of a batch: outlet, product, price, date. */
export type PriceNews = readonly (readonly [outlet: string, product: string, unitPriceMinor: number, date: string])[]

/** A hundred outlets with five hundred products a day; the oldest days are forgotten, and told again when they come back. */
const SEEN_MAX = 50_000

/** Prices by product, of one outlet and day. Every line of every sale asks: ids are compared as they are, not put together. */
type Day = Map<string, number[]>

/**
 * What this process has told the record already: of prices that do not change nothing is written but once a day. Forgetting
 * costs a few bytes, for the record takes everything twice; only what is committed may be remembered.
 */
export class SeenPrices {
  readonly #days = new Map<string, Day>()
  #count = 0

  /** Each price once, without those that were told. */
  news(asked: readonly AskedPrice[]): PriceNews {
    const news: PriceNews[number][] = []
    let told: readonly [outlet: string, date: string, day: Day | undefined] | undefined
    for (const { outlet, product, unitPriceMinor, date } of asked) {
      if (told?.[0] !== outlet || told[1] !== date) told = [outlet, date, this.#days.get(`${outlet} ${date}`)]
      if (told[2]?.get(product)?.includes(unitPriceMinor) === true) continue
      news.push([outlet, product, unitPriceMinor, date])
    }
    return news.length < 2 ? news : distinct(news)
  }

  /** What was told is committed. */
  keep(news: PriceNews): void {
    for (const [outlet, product, unitPriceMinor, date] of news) {
      const key = `${outlet} ${date}`
      let day = this.#days.get(key)
      if (day === undefined) this.#days.set(key, (day = new Map()))
      const prices = day.get(product)
      if (prices === undefined) day.set(product, [unitPriceMinor])
      else prices.push(unitPriceMinor)
      this.#count += 1
    }
    for (const [key, day] of this.#days) {
      if (this.#count <= SEEN_MAX) break
      this.#days.delete(key)
      for (const prices of day.values()) this.#count -= prices.length
    }
  }
}

const distinct = (news: PriceNews): PriceNews => [...new Map(news.map((each) => [each.join(' '), each])).values()]

export const askedOf = (news: PriceNews): readonly AskedPrice[] =>
  news.map(([outlet, product, unitPriceMinor, date]) => ({
    outlet: outlet as AskedPrice['outlet'],
    product: product as AskedPrice['product'],
    unitPriceMinor,
    date,
  }))
