/** What a result means for a queued sale. Pure. */
import type { SaleResult } from './contract/till/index.ts'
import { instantOf } from './contract/ids.ts'
import type { ParkedSale, QueuedSale } from './journal.ts'

/** A sale that the engine cannot book is tried so often before a person looks at it. */
const FAILURES_MAX = 5

export const tooManyFailures = (failures: number): boolean => failures >= FAILURES_MAX

/**
 * Whether every program's result is final, so that the sale may be deleted.
 *
 * @example isFinal({ status: 'recorded', programs: [{ program, status: 'later', retryAfterMs: 9 }] }) // false
 */
export const isFinal = (result: SaleResult): boolean =>
  (result.status === 'recorded' || result.status === 'duplicate') &&
  result.programs.every((program) => program.status !== 'later')

/** The longest time a program asked for; 0 where none did. */
export const laterMs = (result: SaleResult): number => {
  let longest = 0
  if (result.status === 'rejected') return longest
  for (const program of result.programs) {
    if (program.status === 'later') longest = Math.max(longest, program.retryAfterMs)
  }
  return longest
}

/** A sale put aside with its reason. */
export const parkedSale = (
  { id, sequence, text }: QueuedSale,
  { code, detail, errors }: Pick<ParkedSale, 'code' | 'detail' | 'errors'>,
  nowMs: number,
): ParkedSale => ({ id, sequence, text, code, detail, errors, parkedAt: instantOf(nowMs) })
