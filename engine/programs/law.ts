import type { Law } from '@premia/pos-sdk/contract/till'
import type { LawFacts } from '@premia/rules'
import type { RegimeRow } from './directory-rows.ts'

/** The legal regime of a country and type of outlet at an instant, by class of product. */
export type LawBook = (country: string, outletType: string, atMs: number) => Law

export const makeLawBook = (rows: readonly RegimeRow[]): LawBook => {
  const places = new Map<string, Place>()
  for (const row of rows) {
    const key = `${row.country} ${row.outletType}`
    const place = places.get(key) ?? { rows: [], spans: [] }
    place.rows.push(row)
    places.set(key, place)
  }
  return (country, outletType, atMs) => {
    const place = places.get(`${country} ${outletType}`)
    return place === undefined ? NO_LAW : lawAt(place, atMs)
  }
}

const NO_LAW: Law = {}
/** Between two changes of the law one object serves all sales. */
interface Place {
  readonly rows: RegimeRow[]
  readonly spans: { readonly fromMs: number; readonly untilMs: number; readonly law: Law }[]
}

const lawAt = (place: Place, atMs: number): Law => {
  for (const span of place.spans) if (span.fromMs <= atMs && atMs < span.untilMs) return span.law
  let fromMs = Number.NEGATIVE_INFINITY
  let untilMs = Number.POSITIVE_INFINITY
  const law: Record<string, LawFacts> = {}
  for (const row of place.rows) {
    for (const change of [row.fromMs, row.untilMs]) {
      if (change <= atMs) fromMs = Math.max(fromMs, change)
      else untilMs = Math.min(untilMs, change)
    }
    if (row.fromMs <= atMs && atMs < row.untilMs) {
      law[row.regimeClass] = { earn: row.mayEarn, discount: row.mayDiscount, count: row.mayCount }
    }
  }
  place.spans.push({ fromMs, untilMs, law })
  return law
}
