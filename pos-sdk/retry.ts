/** What to do after an exchange with the engine: decided from the catalogue's row, the server's hint first. Pure. */
import { type ProblemDocument, refusal } from './contract/problems.ts'

/** What the SDK reads of a problem document. */
export type Problem = Pick<ProblemDocument, 'code' | 'detail' | 'errors'>

/** What came of one request. */
export type Exchange<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** A problem document of the catalogue. */
  | { readonly kind: 'refused'; readonly problem: Problem; readonly retryAfterMs?: number }
  /** Nothing, or nothing that can be understood: what the engine did is unknown, so the same is sent again. */
  | { readonly kind: 'silent'; readonly reason: string; readonly retryAfterMs?: number }

export interface RetryLimits {
  /** First back-off after silence; doubles with each failure. */
  readonly firstMs: number
  /** Longest back-off: a till back online is noticed within this time without a sale. */
  readonly mostMs: number
}

export const defaultRetry: RetryLimits = { firstMs: 500, mostMs: 120_000 }

/** No server may silence a till for longer. */
const HINT_MOST_MS = 3_600_000

/**
 * How long to wait after the n-th failure in a row: between half and all of `firstMs · 2ⁿ⁻¹`, at most `mostMs`; never
 * shorter than the server's hint. `random` is in [0, 1).
 *
 * @example backOffMs({ failures: 3, limits: { firstMs: 500, mostMs: 120_000 }, random: 0 }) // 1000
 */
export const backOffMs = ({
  failures,
  limits,
  random,
  hintMs,
}: {
  readonly failures: number
  readonly limits: RetryLimits
  readonly random: number
  readonly hintMs?: number | undefined
}): number => {
  const full = Math.min(limits.mostMs, limits.firstMs * 2 ** Math.min(failures - 1, 30))
  const jittered = Math.round(full / 2 + (full / 2) * random)
  return Math.max(jittered, Math.min(hintMs ?? 0, HINT_MOST_MS))
}

/**
 * - `park`: the document itself is refused for ever;
 * - `split`: the request is refused, so send less of it (a single sale that is still too much is parked);
 * - `wait`: send the same again after the back-off.
 */
export type Decision = 'park' | 'split' | 'wait'

/**
 * What to do with the sales of a refused request.
 *
 * @example decide('engine_busy', 20) // 'wait'
 */
export const decide = (code: string, sales: number): Decision => {
  const row = refusal(code)
  // A code of a later catalogue: its status is not ours to guess, and a sale must not be lost over it.
  if (row === undefined || row.retry !== 'never') return 'wait'
  // The terminal is at fault, not the sales: they stay until somebody has put it right.
  if (row.about === 'terminal' || row.about === 'engine') return 'wait'
  return sales > 1 ? 'split' : 'park'
}

/**
 * What to do with a document of another key that is refused by itself, while this terminal is welcome: that key, or the
 * terminal it belonged to, is at fault, for ever.
 *
 * @example decideLeft('terminal_revoked') // 'park'
 */
export const decideLeft = (code: string): Decision => (refusal(code)?.retry === 'never' ? 'park' : decide(code, 1))

/**
 * `Retry-After` in milliseconds: seconds or an HTTP date; `undefined` when absent or unreadable.
 *
 * @example retryAfterMs('3', Date.now()) // 3000
 */
export const retryAfterMs = (header: string | null, nowMs: number): number | undefined => {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000
  const at = /^[A-Za-z]/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
