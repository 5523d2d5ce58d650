import type { Uuid } from '@premia/pos-sdk/contract/till'
import { instantArray, instantText, plainArray, textArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import type { Entries } from './entries.ts'
import type { MemberAccount } from './member-account.ts'

/**
 * The ledger's half of flush 2: one statement a table, columns as arrays, sent without waiting. What each returns settles
 * when the server has answered; the caller awaits all of them together with its COMMIT.
 *
 * `sql` is the connection that holds the transaction. Rows of the member's accounts and lots are locked by the member's
 * row, so their new values are written as they are. Where fewer rows change than we locked, the statement divides by zero
 * and the database refuses the whole transaction.
 */
export interface LedgerWrite {
  readonly programId: number
  readonly bookedAtMs: number
  readonly entries: Entries
  readonly accounts: Iterable<MemberAccount>
}

export const writeMemberEntries = (sql: Sql | Tx, write: LedgerWrite): Promise<unknown>[] => {
  const { programId, entries } = write
  const bookedAt = instantText(write.bookedAtMs)
  const sent: Promise<unknown>[] = []
  if (entries.postings.length > 0) sent.push(insertPostings(sql, programId, bookedAt, entries))
  if (entries.lots.length > 0) sent.push(insertLots(sql, programId, entries))
  // What a return gives back to a lot and takes from it again is no use of it.
  const lotUses = entries.lotUses.filter(({ amount }) => amount !== 0)
  if (lotUses.length > 0) sent.push(insertLotUses(sql, programId, bookedAt, lotUses))
  const changed = [...write.accounts].filter((account) => account.changed)
  const lots = changed.flatMap(({ lots: own }) => (own ?? []).filter((lot) => lot.changed && !lot.isNew))
  if (lots.length > 0) {
    sent.push(
      sql`
      WITH done AS (
        UPDATE loyalty.lot AS l SET remaining = n.remaining, open = n.remaining > 0, pending = n.pending
        FROM unnest(${plainArray(lots.map((lot) => lot.lotId))}::uuid[],
          ${plainArray(lots.map((lot) => lot.remaining))}::bigint[],
          ${plainArray(lots.map((lot) => (lot.pending ? 't' : 'f')))}::boolean[]) AS n(lot_id, remaining, pending)
        WHERE l.program_id = ${programId} AND l.lot_id = n.lot_id RETURNING 1)
      SELECT 1 / (count(*) = ${lots.length})::int FROM done`.execute(),
    )
  }
  const known = changed.filter((account) => !account.isNew)
  const fresh = changed.filter((account) => account.isNew)
  if (known.length > 0) sent.push(updateAccounts(sql, programId, known))
  if (fresh.length > 0) sent.push(insertAccounts(sql, programId, fresh))
  return sent
}

const insertPostings = (sql: Sql | Tx, programId: number, bookedAt: string, { postings }: Entries): Promise<unknown> =>
  sql`
    INSERT INTO loyalty.posting
      (program_id, booked_at, document_id, n, kind, account_id, contra, point_type, amount, lot_id)
    SELECT ${programId}, ${bookedAt}, d, n, k, a, c, t, amount, l FROM unnest(
      ${plainArray(postings.map((each) => each.documentId))}::uuid[],
      ${plainArray(postings.map((each) => each.n))}::smallint[],
      ${plainArray(postings.map((each) => each.kind))}::text[],
      ${plainArray(postings.map((each) => each.accountId))}::uuid[],
      ${plainArray(postings.map((each) => each.contra))}::text[],
      ${textArray(postings.map((each) => each.pointType))}::text[],
      ${plainArray(postings.map((each) => each.amount))}::bigint[],
      ${plainArray(postings.map((each) => each.lotId))}::uuid[]) AS p(d, n, k, a, c, t, amount, l)`.execute()

const insertLots = (sql: Sql | Tx, programId: number, { lots }: Entries): Promise<unknown> =>
  sql`
    INSERT INTO loyalty.lot (program_id, lot_id, account_id, point_type, origin_document_id, earned_at, active_from,
      expires_at, pending, amount, remaining, open)
    SELECT ${programId}, l, a, t, o, earned, active, expires, p, amount, r, r > 0 FROM unnest(
      ${plainArray(lots.map((each) => each.lotId))}::uuid[],
      ${plainArray(lots.map((each) => each.accountId))}::uuid[],
      ${textArray(lots.map((each) => each.pointType))}::text[],
      ${plainArray(lots.map((each) => each.originDocumentId))}::uuid[],
      ${instantArray(lots.map((each) => each.open.earnedAtMs))}::timestamptz[],
      ${instantArray(lots.map((each) => each.open.activeFromMs))}::timestamptz[],
      ${instantArray(lots.map((each) => each.open.expiresAtMs))}::timestamptz[],
      ${plainArray(lots.map((each) => (each.open.pending ? 't' : 'f')))}::boolean[],
      ${plainArray(lots.map((each) => each.amount))}::bigint[],
      ${plainArray(lots.map((each) => each.open.remaining))}::bigint[])
      AS n(l, a, t, o, earned, active, expires, p, amount, r)`.execute()

const insertLotUses = (
  sql: Sql | Tx,
  programId: number,
  bookedAt: string,
  lotUses: Entries['lotUses'],
): Promise<unknown> =>
  sql`
    INSERT INTO loyalty.lot_use (program_id, booked_at, document_id, lot_id, amount)
    SELECT ${programId}, ${bookedAt}, d, l, amount FROM unnest(
      ${plainArray(lotUses.map((each) => each.documentId))}::uuid[],
      ${plainArray(lotUses.map((each) => each.lotId))}::uuid[],
      ${plainArray(lotUses.map((each) => each.amount))}::bigint[]) AS u(d, l, amount)`.execute()

const updateAccounts = (sql: Sql | Tx, programId: number, accounts: readonly MemberAccount[]): Promise<unknown> =>
  sql`
    WITH done AS (
      UPDATE loyalty.account AS a SET balance = n.balance, pending = n.pending, debt = n.debt,
        earned_total = n.earned, due_at = n.due, next_expiry_at = n.expiry, next_expiry_points = n.points
      FROM unnest(
        ${plainArray(accounts.map((each) => each.accountId))}::uuid[],
        ${plainArray(accounts.map((each) => each.balance))}::bigint[],
        ${plainArray(accounts.map((each) => each.pending))}::bigint[],
        ${plainArray(accounts.map((each) => each.debt))}::bigint[],
        ${plainArray(accounts.map((each) => each.earnedTotal))}::bigint[],
        ${instantArray(accounts.map((each) => each.dueAtMs))}::timestamptz[],
        ${instantArray(accounts.map((each) => each.nextExpiryAtMs))}::timestamptz[],
        ${plainArray(accounts.map((each) => each.nextExpiryPoints))}::bigint[])
        AS n(account_id, balance, pending, debt, earned, due, expiry, points)
      WHERE a.program_id = ${programId} AND a.account_id = n.account_id RETURNING 1)
    SELECT 1 / (count(*) = ${accounts.length})::int FROM done`.execute()

const insertAccounts = (sql: Sql | Tx, programId: number, accounts: readonly MemberAccount[]): Promise<unknown> =>
  sql`
    INSERT INTO loyalty.account (program_id, account_id, holder_kind, holder_id, point_type, balance, pending, debt,
      earned_total, due_at, next_expiry_at, next_expiry_points)
    SELECT ${programId}, a, 'member', h, t, balance, pending, debt, earned, due, expiry, points FROM unnest(
      ${plainArray(accounts.map((each) => each.accountId))}::uuid[],
      ${plainArray(accounts.map((each) => each.holderId))}::uuid[],
      ${textArray(accounts.map((each) => each.pointType))}::text[],
      ${plainArray(accounts.map((each) => each.balance))}::bigint[],
      ${plainArray(accounts.map((each) => each.pending))}::bigint[],
      ${plainArray(accounts.map((each) => each.debt))}::bigint[],
      ${plainArray(accounts.map((each) => each.earnedTotal))}::bigint[],
      ${instantArray(accounts.map((each) => each.dueAtMs))}::timestamptz[],
      ${instantArray(accounts.map((each) => each.nextExpiryAtMs))}::timestamptz[],
      ${plainArray(accounts.map((each) => each.nextExpiryPoints))}::bigint[])
      AS n(a, h, t, balance, pending, debt, earned, due, expiry, points)`.execute()

/** Accounts of staff, owners and organizers that this process has posted to before: their rows are there. */
export class KnownHouseAccounts {
  readonly #known = new Set<Uuid>()
  has(accountId: Uuid): boolean {
    return this.#known.has(accountId)
  }
  /** Called once the transaction that made them is durable. A full set is emptied: it only saves a statement. */
  add(accountIds: Iterable<Uuid>): void {
    if (this.#known.size > 100_000) this.#known.clear()
    for (const id of accountIds) this.#known.add(id)
  }
}

export interface HouseWrite {
  readonly programId: number
  readonly entries: Entries
  readonly slot: number
  readonly known: KnownHouseAccounts
}

/**
 * What all batches of one owner have in common comes last, so that it is locked shortest: collecting lots, then slots, each
 * in key order.
 */
export const writeHouseEntries = (
  sql: Sql | Tx,
  { programId, entries, slot, known }: HouseWrite,
): Promise<unknown>[] => {
  if (entries.house.size === 0) return []
  const house = [...entries.house.values()].sort((a, b) => (a.accountId < b.accountId ? -1 : 1))
  const lots = [...entries.collecting.values()].sort((a, b) => (a.lotId < b.lotId ? -1 : 1))
  const fresh = house.filter((each) => !known.has(each.accountId))
  const sent: Promise<unknown>[] = []
  if (fresh.length > 0) {
    sent.push(
      sql`
      INSERT INTO loyalty.account (program_id, account_id, holder_kind, holder_id, point_type)
      SELECT ${programId}, a, k, h, t FROM unnest(
        ${plainArray(fresh.map((each) => each.accountId))}::uuid[],
        ${plainArray(fresh.map((each) => each.holderKind))}::text[],
        ${plainArray(fresh.map((each) => each.holderId))}::uuid[],
        ${textArray(fresh.map((each) => each.pointType))}::text[]) AS n(a, k, h, t)
      ON CONFLICT DO NOTHING`.execute(),
    )
  }
  if (entries.taken.size > 0) sent.push(takeFromLots(sql, programId, entries))
  if (lots.length > 0)
    sent.push(
      sql`
    INSERT INTO loyalty.lot AS l (program_id, lot_id, account_id, point_type, earned_at, active_from, expires_at, pending,
      amount, remaining, open)
    SELECT ${programId}, lot_id, a, t, earned, active, expires, p, amount, amount, true FROM unnest(
      ${plainArray(lots.map((each) => each.lotId))}::uuid[],
      ${plainArray(lots.map((each) => each.accountId))}::uuid[],
      ${textArray(lots.map((each) => each.pointType))}::text[],
      ${instantArray(lots.map((each) => each.earnedAtMs))}::timestamptz[],
      ${instantArray(lots.map((each) => each.activeFromMs))}::timestamptz[],
      ${instantArray(lots.map((each) => each.expiresAtMs))}::timestamptz[],
      ${plainArray(lots.map((each) => (each.pending ? 't' : 'f')))}::boolean[],
      ${plainArray(lots.map((each) => each.amount))}::bigint[])
      AS n(lot_id, a, t, earned, active, expires, p, amount)
    ON CONFLICT (program_id, lot_id) DO UPDATE
      SET amount = l.amount + excluded.amount, remaining = l.remaining + excluded.remaining, open = true`.execute(),
    )
  sent.push(
    sql`
    INSERT INTO loyalty.account_slot AS s (program_id, account_id, slot, balance, pending)
    SELECT ${programId}, a, ${slot}, balance, pending FROM unnest(
      ${plainArray(house.map((each) => each.accountId))}::uuid[],
      ${plainArray(house.map((each) => each.balance))}::bigint[],
      ${plainArray(house.map((each) => each.pending))}::bigint[]) AS n(a, balance, pending)
    ON CONFLICT (program_id, account_id, slot) DO UPDATE
      SET balance = s.balance + excluded.balance, pending = s.pending + excluded.pending`.execute(),
  )
  return sent
}

/** They are locked and hold as much, else the statement divides by zero. */
const takeFromLots = (sql: Sql | Tx, programId: number, { taken }: Entries): Promise<unknown> =>
  sql`
    WITH done AS (
      UPDATE loyalty.lot AS l SET remaining = l.remaining - n.amount, open = l.remaining > n.amount
      FROM unnest(${plainArray([...taken.keys()])}::uuid[], ${plainArray([...taken.values()])}::bigint[]) AS n(lot_id, amount)
      WHERE l.program_id = ${programId} AND l.lot_id = n.lot_id RETURNING 1)
    SELECT 1 / (count(*) = ${taken.size})::int FROM done`.execute()
