/** What the functions of a terminal answer. Business refusals are values; only a failed disk or a misuse throws. */
import type { CardSearchAnswer, Instant, QuoteAnswer, SaleResult, Uuid } from './contract/till/index.ts'
import type { Estimate } from './estimate.ts'
import type { Trouble } from './queue.ts'
import type { Problem } from './retry.ts'

/**
 * Durable here, not yet answered by the engine. `estimate` is null without a valid bundle, where nobody waited, and for
 * returns: what they take back only the engine knows.
 */
export interface ProvisionalSale {
  readonly sale: Uuid
  readonly status: 'provisional'
  readonly estimate: Estimate | null
}

/**
 * - `rejected`: refused; found out here, nothing was kept and the sequence is unused; by the engine, it is parked;
 * - `recorded`, `duplicate`: final; `incomplete`: some program comes later, by itself;
 * - `provisional`: safe on this disk, the engine has not answered in time.
 */
export type SaleAnswer = SaleResult | ProvisionalSale

export type QuoteReply =
  | ({ readonly status: 'quoted' } & QuoteAnswer)
  | { readonly status: 'provisional'; readonly estimate: Estimate | null }
  | { readonly status: 'refused'; readonly problem: Problem }

export type MemberReply =
  | ({ readonly status: 'found' } & CardSearchAnswer)
  | { readonly status: 'away' }
  | { readonly status: 'refused'; readonly problem: Problem }

export interface TerminalStatus {
  /**
   * `ready`: the last exchange went well · `away`: the engine does not answer or asks for patience · `blocked`: the
   * engine does not accept this terminal, a person must act · `failed`: the store has failed · `closed`.
   */
  readonly state: 'ready' | 'away' | 'blocked' | 'failed' | 'closed'
  readonly terminal: Uuid
  readonly outlet: { readonly id: Uuid; readonly name: string }
  /** Number of the last signed document. */
  readonly sequence: number
  readonly queued: number
  /** How many of these another till or an earlier key has signed. */
  readonly takenOver: number
  readonly parked: number
  readonly oldestQueuedAt?: Instant
  readonly lastContactAt?: Instant
  /** Engine's clock minus ours. */
  readonly clockSkewMs: number
  readonly bundle?: { readonly hash: string; readonly validUntil: string }
  readonly trouble?: Trouble
}
