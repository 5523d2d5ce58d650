import { canonicalJson, type Outcome } from '@premia/rules'
import type { Tx } from '../db/pool.ts'
import { sha256 } from '../keys.ts'
import { unpackText } from './kept-text.ts'
import type { Verified } from './verified.ts'

interface OutcomeRow {
  readonly outcome: Buffer
  readonly outcomeHash: string
  /** Σ of the sale's postings of kind `earn`. */
  readonly earned: number
}

interface CounterRow {
  readonly limit: string
  readonly subject: string
  readonly period: string
  readonly used: number
}

const PAGE = 1_000

/** Reads every stored outcome once: it has its hash, its awards are what was posted, its claims are what counters hold. */
export const verifyOutcomes = async (tx: Tx, programId: number): Promise<readonly Verified[]> => {
  let checked = 0
  let wrongHash = 0
  let wrongSum = 0
  const claimed = new Map<string, number>()
  const sales = tx<OutcomeRow[]>`
    SELECT s.outcome, encode(s.outcome_hash, 'hex') AS "outcomeHash", coalesce(p.earned, 0)::bigint AS earned
    FROM loyalty.sale s
    LEFT JOIN (SELECT booked_at, document_id, sum(amount) AS earned FROM loyalty.posting
      WHERE program_id = ${programId} AND kind = 'earn' GROUP BY booked_at, document_id) p USING (booked_at, document_id)
    WHERE s.program_id = ${programId}`
  for await (const page of sales.cursor(PAGE)) {
    for (const row of page) {
      const text = unpackText(row.outcome)
      const outcome = JSON.parse(text) as Outcome
      checked += 1
      if (sha256(text) !== row.outcomeHash && sha256(canonicalJson(outcome)) !== row.outcomeHash) wrongHash += 1
      if (outcome.awards.reduce((sum, { points }) => sum + points, 0) !== row.earned) wrongSum += 1
      for (const { limit, subject, period, amount } of outcome.claims) {
        const key = JSON.stringify([limit, subject, period])
        claimed.set(key, (claimed.get(key) ?? 0) + amount)
      }
    }
  }
  const told = (name: string, wrong: number): Verified => ({ programId, name, checked, wrong })
  return [
    told('stored outcomes have their hash', wrongHash),
    told('postings of a sale = its awards', wrongSum),
    await verifyCounters(tx, programId, claimed),
  ]
}

/** `claimed` is used up: what is left of it has no counter. */
const verifyCounters = async (tx: Tx, programId: number, claimed: Map<string, number>): Promise<Verified> => {
  let checked = claimed.size
  let wrong = 0
  const counters = tx<CounterRow[]>`
    SELECT limit_id AS "limit", subject_id AS subject, period, used FROM loyalty.counter WHERE program_id = ${programId}`
  for await (const page of counters.cursor(PAGE)) {
    for (const { limit, subject, period, used } of page) {
      const key = JSON.stringify([limit, subject, period])
      if (!claimed.has(key)) checked += 1
      if ((claimed.get(key) ?? 0) !== used) wrong += 1
      claimed.delete(key)
    }
  }
  for (const amount of claimed.values()) if (amount !== 0) wrong += 1
  return { programId, name: 'counters = claims of the sales', checked, wrong }
}
