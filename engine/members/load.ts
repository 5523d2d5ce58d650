import type { Uuid } from '@premia/pos-sdk/contract/till'
import { bytesArray, instantText, plainArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { type AccountRow, type LotRow, lotsByAccount, memberAccount } from '../ledger/account-rows.ts'
import type { MemberAccount } from '../ledger/member-account.ts'
import type { CardRow, MemberPeriod, MemberRow } from './member.ts'

/**
 * The statements of flush 1 about members. Each finds the members by the tokens of the cards itself, so that all travel at
 * once. They are separate statements, and the locking one comes first: each of the others then has a snapshot that is newer
 * than the wait for the lock. (One statement that locks and joins reads what was there before the wait.)
 */
export interface MemberQuery {
  readonly programId: number
  /** Tokens of all cards presented, in hex. */
  readonly cardTokens: readonly string[]
  /** Of those whose owner spends something. */
  readonly spendingTokens: readonly string[]
  /** Members that an earlier attempt found behind a merged one. */
  readonly alsoMembers: readonly Uuid[]
  readonly nowMs: number
  /** The earliest instant that is judged. */
  readonly oldestMs: number
  /** False for those who only look. */
  readonly lock: boolean
}

export interface LoadedMembers {
  readonly members: ReadonlyMap<Uuid, MemberRow>
  readonly cards: ReadonlyMap<string, CardRow>
  readonly periods: ReadonlyMap<Uuid, readonly MemberPeriod[]>
  /** By holder and point type: `accountKey`. */
  readonly accounts: Map<string, MemberAccount>
}

export const accountKey = (holderId: Uuid, pointType: string): string => `${holderId} ${pointType}`

export const noMembers = (): LoadedMembers => ({
  members: new Map(),
  cards: new Map(),
  periods: new Map(),
  accounts: new Map(),
})

/** Locks the members of the cards in id order and reads all that a sale may need of them, in one flush. */
export const sendMemberLoad = (sql: Sql | Tx, query: MemberQuery): (() => Promise<LoadedMembers>) => {
  const { programId, nowMs } = query
  const tokens = bytesArray(query.cardTokens)
  const also = plainArray(query.alsoMembers)
  // Used as an array, which is found once: as IN it becomes a semi-join that, until the tables have statistics (a minute
  // after many were enrolled), reads all cards for each member.
  const ofCards = sql`SELECT c.member_id FROM loyalty.card c
      WHERE c.program_id = ${programId} AND c.number_token = ANY (${tokens}::bytea[])
      UNION ALL SELECT unnest(${also}::uuid[])`
  const members = sql<MemberSelect[]>`
    SELECT m.member_id, m.kind, m.state, m.tier, m.merged_into, m.segments, m.attributes, m.birth_day, m.visits,
      m.last_sale_at
    FROM loyalty.member m WHERE m.program_id = ${programId} AND m.member_id = ANY (ARRAY(${ofCards}))
    ORDER BY m.member_id ${query.lock ? sql`FOR UPDATE` : sql``}`.execute()
  const cards = sql<CardSelect[]>`
    SELECT card_id, encode(number_token, 'hex') AS token, kind, state, member_id, expires_at FROM loyalty.card
    WHERE program_id = ${programId} AND number_token = ANY (${tokens}::bytea[])`.execute()
  const accounts = sql<AccountRow[]>`
    SELECT a.account_id, a.holder_id, a.point_type, a.balance, a.pending, a.held, a.debt, a.earned_total, a.due_at,
      a.next_expiry_at, a.next_expiry_points
    FROM loyalty.account a
    WHERE a.program_id = ${programId} AND a.holder_kind = 'member' AND a.holder_id = ANY (ARRAY(${ofCards}))`.execute()
  const lots = sql<LotRow[]>`
    SELECT l.account_id, l.lot_id, l.earned_at, l.active_from, l.expires_at, l.pending, l.remaining
    FROM loyalty.account a JOIN loyalty.lot l ON l.program_id = ${programId} AND l.account_id = a.account_id AND l.open
    WHERE a.program_id = ${programId} AND a.holder_kind = 'member' AND a.holder_id = ANY (ARRAY(${ofCards}))
      AND (a.due_at <= ${instantText(nowMs)} OR a.holder_id = ANY (ARRAY(
        SELECT c.member_id FROM loyalty.card c WHERE c.program_id = ${programId}
          AND c.number_token = ANY (${bytesArray(query.spendingTokens)}::bytea[])
        UNION ALL SELECT unnest(${also}::uuid[]))))`.execute()
  const periods = sql<PeriodSelect[]>`
    SELECT p.member_id, p.from_at, p.until_at, p.tier, p.attributes FROM loyalty.member_period p
    WHERE p.program_id = ${programId} AND p.member_id = ANY (ARRAY(${ofCards}))
      AND (p.until_at IS NULL OR p.until_at > ${instantText(query.oldestMs)})`.execute()
  const all = Promise.all([members, cards, accounts, lots, periods])
  all.catch(() => undefined)
  return async () => collect(await all, query)
}

interface MemberSelect {
  readonly member_id: Uuid
  readonly kind: MemberRow['kind']
  readonly state: MemberRow['state']
  readonly tier: string | null
  readonly merged_into: Uuid | null
  readonly segments: string[]
  readonly attributes: MemberRow['attributes']
  readonly birth_day: string | null
  readonly visits: number
  readonly last_sale_at: Date | null
}
interface CardSelect {
  readonly card_id: Uuid
  readonly token: string
  readonly kind: string
  readonly state: CardRow['state']
  readonly member_id: Uuid
  readonly expires_at: Date | null
}
interface PeriodSelect {
  readonly member_id: Uuid
  readonly from_at: Date
  readonly until_at: Date | null
  readonly tier: string | null
  readonly attributes: MemberRow['attributes']
}

type Rows = readonly [
  readonly MemberSelect[],
  readonly CardSelect[],
  readonly AccountRow[],
  readonly LotRow[],
  readonly PeriodSelect[],
]

const collect = ([members, cards, accounts, lots, periods]: Rows, query: MemberQuery): LoadedMembers => {
  const lotsOf = lotsByAccount(lots)
  const periodsOf = new Map<Uuid, MemberPeriod[]>()
  for (const row of periods) {
    const untilMs = row.until_at?.getTime() ?? Number.POSITIVE_INFINITY
    const { tier, attributes } = row
    const period = { fromMs: row.from_at.getTime(), untilMs, tier, attributes }
    periodsOf.set(row.member_id, [...(periodsOf.get(row.member_id) ?? []), period])
  }
  const spending = new Set(query.spendingTokens)
  const spenders = new Set<Uuid>(query.alsoMembers)
  for (const row of cards) if (spending.has(row.token)) spenders.add(row.member_id)
  return {
    members: new Map(members.map((row) => [row.member_id, memberRow(row)])),
    cards: new Map(cards.map((row) => [row.token, cardRow(row)])),
    periods: periodsOf,
    accounts: new Map(
      accounts.map((row) => {
        const needed = spenders.has(row.holder_id) || (row.due_at !== null && row.due_at.getTime() <= query.nowMs)
        return [accountKey(row.holder_id, row.point_type), memberAccount(row, needed ? lotsOf : undefined)]
      }),
    ),
  }
}

const memberRow = (row: MemberSelect): MemberRow => ({
  memberId: row.member_id,
  kind: row.kind,
  state: row.state,
  tier: row.tier,
  mergedInto: row.merged_into,
  segments: row.segments,
  attributes: row.attributes,
  birthDay: row.birth_day,
  visits: row.visits,
  lastSaleAtMs: row.last_sale_at?.getTime() ?? null,
  changed: false,
})

const cardRow = (row: CardSelect): CardRow => ({
  cardId: row.card_id,
  token: row.token,
  kind: row.kind,
  state: row.state,
  memberId: row.member_id,
  expiresAtMs: row.expires_at?.getTime() ?? null,
})
