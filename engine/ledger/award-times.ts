import { localTime, utcOffsetMinutes } from '@premia/pos-sdk/contract/till'
import { type Activation, addDays, dayNumber, type ExpiryPolicy, expiresOn } from '@premia/rules'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const CACHE_MAX = 4_096

const midnights = new Map<string, number>()

/** The instant at which a local day begins. Where midnight is skipped or comes twice, the offset before it decides. */
export const startOfDay = (zone: string, date: string): number => {
  const key = `${zone} ${date}`
  const known = midnights.get(key)
  if (known !== undefined) return known
  const asUtc = dayNumber(date) * DAY_MS
  const guess = asUtc - utcOffsetMinutes(zone, asUtc) * MINUTE_MS
  const start = asUtc - utcOffsetMinutes(zone, guess) * MINUTE_MS
  if (midnights.size >= CACHE_MAX) midnights.clear()
  midnights.set(key, start)
  return start
}

export interface AwardTimes {
  readonly activeFromMs: number
  /** Half-open: the first instant at which the points are gone. */
  readonly expiresAtMs: number | null
  /** The last local day on which they can be spent. */
  readonly expiresOn: string | null
}

/**
 * When points become spendable and when they are gone, in the program's zone. The clock of expiry starts with activation.
 * An award without delay is active from `atMs`: the caller passes the earlier of sale and booking, so that a till whose clock
 * runs a little ahead does not make its customer wait.
 */
export const awardTimes = (
  award: { readonly activation: Activation; readonly expiry: ExpiryPolicy },
  atMs: number,
  zone: string,
): AwardTimes => {
  const soldOn = localTime(zone, atMs).date
  const days = award.activation.kind === 'afterDays' ? award.activation.days : 0
  const activeOn = days > 0 ? addDays(soldOn, days) : soldOn
  const lastDay = lastDayOf(award.expiry, activeOn)
  const activeFromMs = days > 0 ? startOfDay(zone, activeOn) : atMs
  const expiresAtMs = lastDay === null ? null : startOfDay(zone, addDays(lastDay, 1))
  // A fixed last day may lie before the first: such points wait until they are gone, and are never spendable.
  return { activeFromMs: Math.min(activeFromMs, expiresAtMs ?? activeFromMs), expiresAtMs, expiresOn: lastDay }
}

/** By policy and first day. Policies belong to a compiled set, which hands out the same objects for each sale. */
const lastDays = new WeakMap<ExpiryPolicy, Map<string, string | null>>()

const lastDayOf = (policy: ExpiryPolicy, activeOn: string): string | null => {
  let days = lastDays.get(policy)
  if (days === undefined) lastDays.set(policy, (days = new Map()))
  let last = days.get(activeOn)
  if (last === undefined) {
    last = expiresOn(policy, activeOn)
    if (days.size >= CACHE_MAX) days.clear()
    days.set(activeOn, last)
  }
  return last
}
