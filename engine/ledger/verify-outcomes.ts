import { canonicalJson, type Claim, type Outcome } from '@premia/rules'
import type { Tx } from '../db/pool.ts'
import { sha256 } from '../keys.ts'
import { awardTimes } from './award-times.ts'
import { unpackText } from './kept-text.ts'
import type { ReturnOutcome, Told } from './sale-content.ts'
import type { Verified } from './verified.ts'

interface OutcomeRow {
  readonly bookedAt: Date
  readonly occurredAt: Date
  readonly outcome: Buffer
  readonly outcomeHash: string
  readonly ruleSet: string
  readonly semantics: number
  readonly points: number
  readonly told: Told
  /** The sale that a return takes back, as `sale_return` has it. */
  readonly original: string | null
  /** Σ of the sale's postings. */
  readonly earned: number
  readonly redeemed: number
  readonly clawedBack: number
  readonly givenBack: number
  /** Of members that it credited. */
  readonly lots: readonly CreditedLot[]
}

interface CreditedLot {
  readonly type: string
  readonly amount: number
  readonly earned: number
  readonly active: number
  readonly expires: number | null
}

interface CounterRow {
  readonly limit: string
  readonly subject: string
  readonly period: string
  readonly used: number
}

const PAGE = 1_000

/** What can be wrong about a stored outcome, by the name of the check. */
const CHECKS = {
  hash: 'stored outcomes have their hash',
  awards: 'postings of a sale = its awards',
  redeemed: 'postings of a sale = what was told of it',
  returned: 'postings of a return = what was told of it',
  original: 'returns take back the sale that they name',
  points: 'points of a sale = its awards in the main point type',
  lots: 'lots have the days of their award',
} as const
type Check = keyof typeof CHECKS

const milliseconds = (column: string): string => `(extract(epoch FROM l.${column}) * 1000)::bigint`
const SALES = `
  SELECT s.booked_at AS "bookedAt", s.occurred_at AS "occurredAt", s.outcome, encode(s.outcome_hash, 'hex') AS "outcomeHash",
    s.rule_set AS "ruleSet", s.semantics, s.points, s.told, r.original_id AS original, coalesce(p.earned, 0)::bigint AS earned,
    coalesce(p.redeemed, 0)::bigint AS redeemed, coalesce(p.clawed, 0)::bigint AS "clawedBack",
    coalesce(p.given, 0)::bigint AS "givenBack", coalesce(p.lots, '[]') AS lots
  FROM loyalty.sale s
  LEFT JOIN (
    SELECT p.booked_at, p.document_id, sum(p.amount) FILTER (WHERE p.kind = 'earn') AS earned,
      -sum(p.amount) FILTER (WHERE p.kind = 'redeem') AS redeemed,
      -sum(p.amount) FILTER (WHERE p.kind = 'clawBack') AS clawed,
      sum(p.amount) FILTER (WHERE p.kind = 'giveBack') AS given,
      json_agg(json_build_object('type', l.point_type, 'amount', l.amount, 'earned', ${milliseconds('earned_at')},
        'active', ${milliseconds('active_from')}, 'expires', ${milliseconds('expires_at')}))
        FILTER (WHERE p.kind = 'earn' AND l.origin_document_id IS NOT NULL) AS lots
    FROM loyalty.posting p LEFT JOIN loyalty.lot l ON l.program_id = $1 AND l.lot_id = p.lot_id
    WHERE p.program_id = $1 AND p.kind IN ('earn', 'redeem', 'clawBack', 'giveBack') GROUP BY p.booked_at, p.document_id) p
    USING (booked_at, document_id)
  LEFT JOIN loyalty.sale_return r ON s.kind = 'return' AND r.program_id = $1 AND r.return_id = s.document_id
  WHERE s.program_id = $1`

interface ProgramRow {
  readonly zone: string
  readonly mains: readonly string[]
}

/** Reads every stored outcome once: it has its hash, its awards are what was posted, its claims are what counters hold. */
export const verifyOutcomes = async (tx: Tx, programId: number): Promise<readonly Verified[]> => {
  const [program] = await tx<ProgramRow[]>`
    SELECT p.zone, array(SELECT DISTINCT document->>'mainPointType' FROM loyalty.program_version v
      WHERE v.program_id = ${programId}) AS mains
    FROM directory.program p WHERE p.program_id = ${programId}`
  let checked = 0
  const wrong: Record<Check, number> = { hash: 0, awards: 0, redeemed: 0, returned: 0, original: 0, points: 0, lots: 0 }
  const claimed = new Map<string, number>()
  for await (const page of tx.unsafe<OutcomeRow[]>(SALES, [programId]).cursor(PAGE)) {
    for (const row of page) {
      checked += 1
      const outcome = readOutcome(row)
      if (outcome === undefined) wrong.hash += 1
      else {
        for (const check of wrongOf(row, outcome, program as ProgramRow)) wrong[check] += 1
        for (const { limit, subject, period, amount } of claimsOf(outcome, row.told)) {
          const key = JSON.stringify([limit, subject, period])
          claimed.set(key, (claimed.get(key) ?? 0) + amount)
        }
      }
    }
  }
  return [
    ...(Object.keys(CHECKS) as Check[]).map((check) => ({
      programId,
      name: CHECKS[check],
      checked,
      wrong: wrong[check],
    })),
    await verifyCounters(tx, programId, claimed),
  ]
}

/** What a document adds to counters; a return takes away. */
const claimsOf = (outcome: Outcome & Partial<ReturnOutcome>, told: Told): readonly Claim[] => [
  ...outcome.claims,
  ...(told.priceClaims ?? []),
  ...(outcome.returned?.claims ?? []).map((claim) => ({ ...claim, amount: -claim.amount })),
]

/** Absent where the bytes are none of ours or not those of the hash. */
const readOutcome = ({ outcome: packed, outcomeHash, ruleSet, semantics }: OutcomeRow): Outcome | undefined => {
  try {
    const text = unpackText(packed)
    const outcome = JSON.parse(text) as Outcome
    const isOurs = sha256(text) === outcomeHash || sha256(canonicalJson(outcome)) === outcomeHash
    return isOurs && outcome.ruleSet === ruleSet && outcome.semantics === semantics ? outcome : undefined
  } catch {
    return undefined
  }
}

interface Counted {
  readonly pointType: string
  readonly points: number
}

const total = (all: readonly { readonly points: number }[]): number => all.reduce((sum, { points }) => sum + points, 0)

const wrongOf = (
  row: OutcomeRow,
  { awards, returned }: Outcome & Partial<ReturnOutcome>,
  { zone, mains }: ProgramRow,
): readonly Check[] => {
  const wrong: Check[] = []
  if (total(awards) !== row.earned) wrong.push('awards')
  if (total(row.told.redeemed ?? []) !== row.redeemed) wrong.push('redeemed')
  const { clawedBack = [], givenBack = [] } = row.told
  if (total(clawedBack) !== row.clawedBack || total(givenBack) !== row.givenBack) wrong.push('returned')
  if (returned !== undefined && returned.sale !== row.original) wrong.push('original')
  const own = awards.filter(({ to }) => to === 'customer')
  const lost = clawedBack.filter(({ to }) => to === 'customer')
  const inType = (all: readonly Counted[], main: string): number =>
    total(all.filter(({ pointType }) => pointType === main))
  if (!mains.some((main) => inType(own, main) - inType(lost, main) === row.points)) {
    wrong.push('points')
  }
  const atMs = row.told.atMs ?? row.occurredAt.getTime()
  const promised = own.map((award) => {
    const { activeFromMs, expiresAtMs } = awardTimes(award, Math.min(atMs, row.bookedAt.getTime()), zone)
    return { type: award.pointType, amount: award.points, earned: atMs, active: activeFromMs, expires: expiresAtMs }
  })
  if (listed(promised) !== listed(row.lots)) wrong.push('lots')
  return wrong
}

/** Equal for the same lots in any order. */
const listed = (lots: readonly CreditedLot[]): string =>
  lots
    .map(({ type, amount, earned, active, expires }) => [type, amount, earned, active, expires].join(' '))
    .sort()
    .join('\n')

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
