import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Claim } from '@premia/rules'
import { type CounterBook, lockCounters, NO_COUNTERS, openCounterBook } from '../counters.ts'
import { NO_CONTENT } from '../gate.ts'
import type { Item } from '../item.ts'
import { sendStateLoad } from '../load.ts'
import { bytesArray, instantText, plainArray } from '../../db/arrays.ts'
import type { Sql, Tx } from '../../db/pool.ts'
import { sha256 } from '../../keys.ts'
import { type LotRow, openLot } from '../../ledger/account-rows.ts'
import type { OpenLot } from '../../ledger/member-account.ts'
import { type LoadedMembers, noMembers, sendMemberLoad } from '../../members/load.ts'
import { type Original, sendOriginals } from '../../returns/original.ts'

/** A row of the gate. */
export interface KeyRow {
  readonly documentId: Uuid
  readonly receiptKey: string
  readonly contentHash: string
  readonly state: 'booked' | 'awaited'
  /** A return that is here and waits for its sale. */
  readonly isWaiting: boolean
}

type KeySelect = Omit<KeyRow, 'isWaiting'>

/** What the first flush of a batch of returns brings. */
export interface LoadedKeys {
  /** Keys that this database transaction has made: of returns that came now, and of sales that nobody knows. */
  readonly made: ReadonlySet<Uuid>
  readonly byDocument: ReadonlyMap<Uuid, KeyRow>
  readonly byReceipt: ReadonlyMap<string, KeyRow>
  readonly originals: ReadonlyMap<Uuid, Original>
  readonly state: Awaited<ReturnType<typeof sendStateLoad>>[number]
}

const awaitedReceipt = (documentId: Uuid): string => sha256(`awaited ${documentId}`).slice(0, 32)

/** The sale that a return names; absent where it has no receipt, or names itself. */
export const originalOf = ({ received }: Pick<Item, 'received'>): Uuid | undefined => {
  const { id, original } = received.sale
  return original?.sale === id ? undefined : original?.sale
}

/**
 * One round trip: the gate, in which a return and the sale it names both take their place, so that a sale that is booked at
 * the same moment elsewhere cannot be overlooked; their rows, locked in key order; and the sales.
 */
export const loadKeys = async (sql: Sql, programId: number, items: readonly Item[]): Promise<LoadedKeys> => {
  const keys = new Map<Uuid, { readonly receipt: string; readonly content: string }>()
  for (const item of items) {
    const original = originalOf(item)
    if (original !== undefined && !keys.has(original))
      keys.set(original, { receipt: awaitedReceipt(original), content: NO_CONTENT })
  }
  const originals = [...keys.keys()]
  for (const { received } of items)
    keys.set(received.sale.id, { receipt: received.receiptKey, content: received.contentHash })
  const documents = plainArray([...keys.keys()])
  const made = sql<{ document_id: Uuid }[]>`
    INSERT INTO loyalty.sale_key (program_id, document_id, receipt_key, content_hash, state)
    SELECT ${programId}, d, r, c, 'awaited' FROM unnest(${documents}::uuid[],
      ${bytesArray([...keys.values()].map(({ receipt }) => receipt))}::bytea[],
      ${bytesArray([...keys.values()].map(({ content }) => content))}::bytea[]) AS g(d, r, c)
    ORDER BY d ON CONFLICT DO NOTHING RETURNING document_id`.execute()
  const columns = sql`document_id AS "documentId", encode(receipt_key, 'hex') AS "receiptKey",
    encode(content_hash, 'hex') AS "contentHash", state`
  const locked = sql<KeySelect[]>`
    SELECT ${columns} FROM loyalty.sale_key WHERE program_id = ${programId} AND document_id = ANY (${documents}::uuid[])
    ORDER BY document_id FOR UPDATE`.execute()
  const twins = sql<KeySelect[]>`
    SELECT ${columns} FROM loyalty.sale_key WHERE program_id = ${programId}
      AND receipt_key = ANY (${bytesArray(items.map(({ received }) => received.receiptKey))}::bytea[])`.execute()
  const state = sendStateLoad(sql, programId)
  const found = sendOriginals(sql, programId, originals)
  const [madeRows, lockedRows, twinRows, [row], sales] = await Promise.all([made, locked, twins, state, found()])
  if (row === undefined) throw new Error(`program ${programId} is gone`)
  const madeKeys = new Set(madeRows.map((each) => each.document_id))
  const keyRow = (each: KeySelect): KeyRow => ({
    ...each,
    isWaiting: each.state === 'awaited' && each.contentHash !== NO_CONTENT && !madeKeys.has(each.documentId),
  })
  return {
    made: madeKeys,
    byDocument: new Map(lockedRows.map((each) => [each.documentId, keyRow(each)])),
    byReceipt: new Map(twinRows.map((each) => [each.receiptKey, keyRow(each)])),
    originals: sales,
    state: row,
  }
}

export interface HouseLot {
  readonly lotId: Uuid
  readonly accountId: Uuid
  readonly pointType: string
  readonly pending: boolean
  readonly expiresAtMs: number | null
  remaining: number
}

export interface UsedVoucher {
  readonly voucherId: Uuid
  readonly isUsed: boolean
  readonly expiresAtMs: number | null
}

/** What the sales have changed and returns change back: locked, in the order in which everybody locks. */
export interface LoadedHoldings {
  readonly members: LoadedMembers
  readonly counters: CounterBook
  readonly houseLots: ReadonlyMap<Uuid, HouseLot>
  readonly vouchers: ReadonlyMap<Uuid, UsedVoucher>
  /** Of the members' lots what the nights have expired. */
  readonly expired: ReadonlyMap<Uuid, number>
}

export interface HoldingsQuery {
  readonly programId: number
  readonly originals: readonly Original[]
  readonly alsoMembers: readonly Uuid[]
  readonly nowMs: number
  /** False for those who only look. */
  readonly lock: boolean
}

/** The second round trip: members, vouchers, counters, lots of the house. */
export const loadHoldings = async (sql: Sql | Tx, query: HoldingsQuery): Promise<LoadedHoldings> => {
  const { programId, originals, nowMs } = query
  const lock = query.lock ? sql`FOR UPDATE` : sql``
  const members = new Set(query.alsoMembers)
  for (const { memberId } of originals) if (memberId !== null) members.add(memberId)
  const loadedMembers =
    members.size === 0
      ? () => Promise.resolve(noMembers())
      : sendMemberLoad(sql, {
          programId,
          cardTokens: [],
          spendingTokens: [],
          alsoMembers: [...members],
          nowMs,
          oldestMs: nowMs,
          lock: query.lock,
        })
  const spent = originals.flatMap((each) => each.spent.map(({ lotId }) => lotId))
  const lots = sql<LotRow[]>`
    SELECT account_id, lot_id, earned_at, active_from, expires_at, pending, remaining FROM loyalty.lot
    WHERE program_id = ${programId} AND lot_id = ANY (${plainArray(spent)}::uuid[]) AND NOT open`.execute()
  const earned = originals.flatMap((each) => each.earned)
  const byMembers = earned.filter(({ holderKind }) => holderKind === 'member')
  const byHouse = earned.filter(({ holderKind }) => holderKind !== 'member')
  // Movements of the night stand between an account's other postings: its index finds them.
  const expired = sql<{ lotId: Uuid; amount: number }[]>`
    SELECT u.lot_id AS "lotId", sum(u.amount)::bigint AS amount
    FROM unnest(${plainArray(byMembers.map(({ lotId }) => lotId))}::uuid[],
      ${plainArray(byMembers.map(({ accountId }) => accountId))}::uuid[]) AS n(lot_id, account_id)
    JOIN loyalty.lot l ON l.program_id = ${programId} AND l.lot_id = n.lot_id AND l.expires_at <= ${instantText(nowMs)}
    JOIN loyalty.posting p ON p.program_id = ${programId} AND p.account_id = n.account_id AND p.kind = 'expire'
      AND p.booked_at >= l.expires_at
    JOIN loyalty.lot_use u ON u.program_id = ${programId} AND u.booked_at = p.booked_at
      AND u.document_id = p.document_id AND u.lot_id = n.lot_id
    GROUP BY u.lot_id`.execute()
  const vouchers = sql<{ voucherId: Uuid; state: string; expires_at: Date | null }[]>`
    SELECT voucher_id AS "voucherId", state, expires_at FROM loyalty.voucher
    WHERE program_id = ${programId} AND voucher_id = ANY (${plainArray(originals.flatMap(takenVouchers))}::uuid[])
    ORDER BY voucher_id ${lock}`.execute()
  const counters = query.lock ? lockCounters(sql, programId, originals.flatMap(claimsOf)) : undefined
  const house = sql<(Omit<HouseLot, 'expiresAtMs'> & { expires_at: Date | null })[]>`
    SELECT lot_id AS "lotId", account_id AS "accountId", point_type AS "pointType", pending, expires_at, remaining
    FROM loyalty.lot WHERE program_id = ${programId}
      AND lot_id = ANY (${plainArray(byHouse.map(({ lotId }) => lotId))}::uuid[])
    ORDER BY lot_id ${lock}`.execute()
  const [held, closed, gone, used, values, houseRows] = await Promise.all([
    loadedMembers(),
    lots,
    expired,
    vouchers,
    counters,
    house,
  ])
  addClosedLots(held, closed)
  return {
    members: held,
    counters: values === undefined ? NO_COUNTERS : openCounterBook(values),
    houseLots: new Map(
      houseRows.map(({ expires_at, ...row }) => [row.lotId, { ...row, expiresAtMs: expires_at?.getTime() ?? null }]),
    ),
    expired: new Map(gone.map(({ lotId, amount }) => [lotId, amount])),
    vouchers: new Map(
      used.map(({ voucherId, state, expires_at }) => [
        voucherId,
        { voucherId, isUsed: state === 'used', expiresAtMs: expires_at?.getTime() ?? null },
      ]),
    ),
  }
}

/** Use of limits that the sale stands for. */
export const claimsOf = ({ outcome, told }: Pick<Original, 'outcome' | 'told'>): readonly Claim[] => [
  ...outcome.claims,
  ...(told.priceClaims ?? []),
]

/** Vouchers that the sale used up: as it was told, by the index of the use. */
export const takenVouchers = ({ content, told }: Pick<Original, 'content' | 'told'>): readonly Uuid[] => {
  const taken = new Set(
    told.uses?.filter(({ status, code }) => status === 'taken' || code === 'voucher_short').map(({ useRef }) => useRef),
  )
  return (content?.uses ?? []).flatMap(({ index, voucher }) =>
    voucher !== undefined && taken.has(index) ? [voucher] : [],
  )
}

/** Lots that a sale has emptied may be filled again. */
const addClosedLots = ({ accounts }: LoadedMembers, rows: readonly LotRow[]): void => {
  const lotsOf = new Map<Uuid, OpenLot[]>()
  for (const { accountId, lots } of accounts.values()) if (lots !== undefined) lotsOf.set(accountId, lots)
  for (const row of rows) lotsOf.get(row.account_id)?.push(openLot(row))
}
