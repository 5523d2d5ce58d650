import { type Claim, type Counters, counterKey, type LimitKey } from '@premia/rules'
import { plainArray, textArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { Lacking } from './lacking.ts'

/**
 * The counters of limits while a batch judges: read as of the locks, raised by each booking, so that each sale sees what
 * the earlier ones of its batch left.
 */
export interface CounterBook {
  /** Values of these keys; absent means 0. Throws `Lacking` for one that was not loaded. */
  read(keys: readonly LimitKey[]): Counters
  claim(claims: readonly Claim[]): void
  claimed(): readonly ClaimedCounter[]
}

export interface ClaimedCounter extends LimitKey {
  /** How much this batch adds. */
  readonly amount: number
}

const NOTHING: Counters = {}

export const NO_COUNTERS: CounterBook = { read: () => NOTHING, claim: () => undefined, claimed: () => [] }

export const openCounterBook = (values: ReadonlyMap<string, number>): CounterBook => {
  const now = new Map(values)
  const claimed = new Map<string, { key: LimitKey; amount: number }>()
  return {
    read: (keys) => {
      if (keys.length === 0) return NOTHING
      const lacking = keys.filter((key) => !now.has(counterKey(key)))
      if (lacking.length > 0) throw new Lacking({ counters: lacking })
      const counters: Record<string, number> = {}
      for (const key of keys) {
        const used = now.get(counterKey(key)) as number
        if (used !== 0) counters[counterKey(key)] = used
      }
      return counters
    },
    claim: (claims) => {
      for (const { limit, subject, period, amount } of claims) {
        const key = counterKey({ limit, subject, period })
        if (!now.has(key)) throw new Lacking({ counters: [{ limit, subject, period }] })
        now.set(key, (now.get(key) ?? 0) + amount)
        const known = claimed.get(key)
        if (known === undefined) claimed.set(key, { key: { limit, subject, period }, amount })
        else known.amount += amount
      }
    },
    claimed: () => [...claimed.values()].map(({ key, amount }) => ({ ...key, amount })),
  }
}

/** In key order, which is the order in which counters are locked everywhere. */
const ordered = (keys: readonly LimitKey[]): readonly LimitKey[] =>
  [...keys].sort((a, b) => compare(a.subject, b.subject) || compare(a.limit, b.limit) || compare(a.period, b.period))
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Locks and reads counters, by their very keys, after the members are locked. A counter that nobody has used yet gets its
 * row first: what does not exist cannot be locked, and two processes would both count from nothing.
 */
export const lockCounters = async (
  sql: Sql | Tx,
  programId: number,
  keys: readonly LimitKey[],
): Promise<ReadonlyMap<string, number>> => {
  const values = new Map(keys.map((key) => [counterKey(key), 0]))
  if (keys.length === 0) return values
  const sorted = ordered(keys)
  const columns = [
    textArray(sorted.map((key) => key.subject)),
    textArray(sorted.map((key) => key.limit)),
    textArray(sorted.map((key) => key.period)),
  ] as const
  const [, rows] = await Promise.all([
    sql`
      INSERT INTO loyalty.counter (program_id, subject_id, limit_id, period, used)
      SELECT ${programId}, s, l, p, 0
      FROM unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[]) WITH ORDINALITY AS n(s, l, p, i)
      ORDER BY i ON CONFLICT DO NOTHING`.execute(),
    sql<{ subject: string; limit: string; period: string; used: number }[]>`
      SELECT c.subject_id AS subject, c.limit_id AS limit, c.period, c.used
      FROM unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[]) AS n(s, l, p)
      JOIN loyalty.counter c
        ON c.program_id = ${programId} AND c.subject_id = n.s AND c.limit_id = n.l AND c.period = n.p
      ORDER BY c.subject_id, c.limit_id, c.period FOR UPDATE OF c`.execute(),
  ])
  for (const row of rows) values.set(counterKey(row), row.used)
  return values
}

/** Flush 2: what the batch has used. The rows are there and locked. */
export const sendClaims = (sql: Sql, programId: number, claimed: readonly ClaimedCounter[]): Promise<unknown>[] => {
  if (claimed.length === 0) return []
  return [
    sql`
      WITH done AS (
        UPDATE loyalty.counter AS c SET used = c.used + n.amount FROM unnest(
          ${textArray(claimed.map((each) => each.subject))}::text[],
          ${textArray(claimed.map((each) => each.limit))}::text[],
          ${textArray(claimed.map((each) => each.period))}::text[],
          ${plainArray(claimed.map((each) => each.amount))}::bigint[]) AS n(s, l, p, amount)
        WHERE c.program_id = ${programId} AND c.subject_id = n.s AND c.limit_id = n.l AND c.period = n.p RETURNING 1)
      SELECT 1 / (count(*) = ${claimed.length})::int FROM done`.execute(),
  ]
}
