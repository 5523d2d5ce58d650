/** What a host decides about its terminal. */
import { type Clock, systemClock } from './clock.ts'
import type { SaleResult } from './contract/till/index.ts'
import type { DeviceKey } from './crypto.ts'
import type { ParkedSale } from './journal.ts'
import { defaultRetry, type RetryLimits } from './retry.ts'
import type { Store } from './store.ts'

export interface TerminalOptions {
  /** Address of the engine, for example `https://engine.example:4100`. */
  readonly engineUrl: string
  readonly store: Store
  /** Needed the first time only: from the console. */
  readonly enrolmentCode?: string
  /** Name and version of the till's software, shown in the console. */
  readonly software: { readonly name: string; readonly version: string }
  /** Told when every program's result of a sale is final, before the sale is deleted; perhaps twice after a crash. */
  readonly onSettled?: (result: SaleResult) => void | Promise<void>
  /** Told when a sale is put aside for a person. It stays in `parked()`, whether this succeeds or not. */
  readonly onParked?: (parked: ParkedSale) => void | Promise<void>
  /** How long `sale` waits for the engine before it answers provisionally. Default 1,500. */
  readonly answerWithinMs?: number
  /** When a request is given up. Default 15,000. */
  readonly requestTimeoutMs?: number
  /** How often the terminal says hello, so that the console sees it and a new bundle arrives. Default 15 min. */
  readonly heartbeatMs?: number
  readonly retry?: RetryLimits
  /** Sales of one request while a queue is emptied. Default 100, at most 500. */
  readonly salesPerRequest?: number
  /** Sales that may wait here. Default 100,000: months of a busy till. */
  readonly queueMax?: number
  /** For a host that keeps the key in a safer place than the store. */
  readonly deviceKey?: DeviceKey
  readonly clock?: Clock
  readonly fetch?: typeof fetch
  /** In [0, 1): spreads the retries of many tills. */
  readonly random?: () => number
}

export type Settings = Required<Omit<TerminalOptions, 'enrolmentCode' | 'deviceKey'>> &
  Pick<TerminalOptions, 'enrolmentCode' | 'deviceKey'>

const atMost = (name: string, value: number, most: number): number => {
  if (!Number.isInteger(value) || value < 1 || value > most) throw new RangeError(`${name} must be 1 to ${most}`)
  return value
}

/** Fills in what is left open. Throws `RangeError` for what cannot be. */
export const settingsOf = (options: TerminalOptions): Settings => ({
  onSettled: () => undefined,
  onParked: () => undefined,
  answerWithinMs: 1_500,
  requestTimeoutMs: 15_000,
  heartbeatMs: 900_000,
  retry: defaultRetry,
  clock: systemClock,
  fetch: (input, init) => fetch(input, init),
  random: Math.random,
  ...options,
  salesPerRequest: atMost('salesPerRequest', options.salesPerRequest ?? 100, 500),
  queueMax: atMost('queueMax', options.queueMax ?? 100_000, 1_000_000),
})
