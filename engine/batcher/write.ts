import type { Uuid } from '@premia/pos-sdk/contract/till'
import { bytesArray, instantArray, instantText, jsonLines, plainArray, textArray } from '../db/arrays.ts'
import type { Sql } from '../db/pool.ts'
import { newId } from '../clock.ts'
import { batchDigest } from '../ledger/digest.ts'
import type { Entries } from '../ledger/entries.ts'
import { packText } from '../ledger/kept-text.ts'
import { type KnownHouseAccounts, writeHouseEntries, writeMemberEntries } from '../ledger/write-entries.ts'
import type { LoadedMembers } from '../members/load.ts'
import type { Deltas } from '../rollups/deltas.ts'
import { type VoucherUse, writeVoucherUses } from '../vouchers/use.ts'
import type { Booking } from './book.ts'
import { type ClaimedCounter, sendClaims } from './counters.ts'
import { sendAwaitedBooked, sendGateRelease } from './gate.ts'
import type { Received } from './item.ts'
import { type KeptNotice, severityOf } from './notices.ts'

export interface BatchWrite {
  readonly programId: number
  readonly bookedAtMs: number
  readonly bookings: readonly Booking[]
  /** Booked sales that returns have waited for: their gate rows are there. */
  readonly awaited: readonly Received[]
  /** Gate rows to give back. */
  readonly released: readonly Uuid[]
  readonly members: LoadedMembers
  readonly entries: Entries
  readonly voucherUses: readonly VoucherUse[]
  readonly claimed: readonly ClaimedCounter[]
  readonly sums: Deltas
  readonly slot: number
  readonly known: KnownHouseAccounts
}

/**
 * Flush 2, one round trip: one statement a table, all sent before the first answer. What batches have in common (slots of
 * one owner) comes last. The caller sends COMMIT behind it and awaits all.
 */
export const write = (sql: Sql, batch: BatchWrite): Promise<unknown>[] => {
  const { programId, bookedAtMs, entries } = batch
  const batchId = newId(bookedAtMs)
  const sent = [
    ...sendGateRelease(sql, programId, batch.released),
    ...sendAwaitedBooked(sql, batch, batch.awaited),
    insertSales(sql, batch, batchId),
    ...writeMemberEntries(sql, { programId, bookedAtMs, entries, accounts: batch.members.accounts.values() }),
    ...updateMembers(sql, programId, batch.members),
    ...sendClaims(sql, programId, batch.claimed),
    ...writeVoucherUses(sql, programId, batch.voucherUses, bookedAtMs),
    ...insertFindings(sql, batch),
    ...writeHouseEntries(sql, batch),
    insertBatch(sql, batch, batchId),
  ]
  for (const promise of sent) promise.catch(() => undefined)
  return sent
}

const insertSales = (sql: Sql, { programId, bookedAtMs, bookings }: BatchWrite, batchId: Uuid): Promise<unknown> => {
  const column = <T>(of: (booking: Booking) => T): T[] => bookings.map(of)
  const sale = <T>(of: (sale: Booking['received']['sale']) => T): T[] =>
    bookings.map(({ received }) => of(received.sale))
  return sql`
    INSERT INTO loyalty.sale (program_id, booked_at, document_id, kind, occurred_at, received_at, business_date,
      outlet_id, terminal_id, staff_id, member_id, document_number, gross_minor, reduction_minor, reimbursed_minor,
      payable_minor, points, notices, batch_id, rule_set, outcome_hash, semantics, outcome, told, content, signed)
    SELECT ${programId}, ${instantText(bookedAtMs)}, s.id, s.kind, s.occurred, s.received, s.business, s.outlet,
      s.terminal, s.staff, s.member, s.number, s.gross, s.reduction, s.reimbursed, s.payable, s.points, s.notices,
      ${batchId}, s.rule_set, s.outcome_hash, s.semantics, s.outcome, s.told, s.content, s.signed
    FROM unnest(
      ${plainArray(sale((each) => each.id))}::uuid[],
      ${plainArray(sale((each) => each.kind))}::text[],
      ${plainArray(sale((each) => each.occurredAt))}::timestamptz[],
      ${instantArray(column((each) => each.received.receivedAtMs))}::timestamptz[],
      ${plainArray(sale((each) => each.businessDate))}::date[],
      ${plainArray(column((each) => each.received.outlet))}::uuid[],
      ${plainArray(sale((each) => each.terminal))}::uuid[],
      ${plainArray(column((each) => each.staffId))}::uuid[],
      ${plainArray(column((each) => each.memberId))}::uuid[],
      ${textArray(sale((each) => each.document.number))}::text[],
      ${plainArray(sale((each) => each.totals.grossMinor))}::bigint[],
      ${plainArray(sale((each) => each.totals.reductionMinor))}::bigint[],
      ${plainArray(sale((each) => each.totals.reimbursedMinor))}::bigint[],
      ${plainArray(sale((each) => each.totals.payableMinor))}::bigint[],
      ${plainArray(column((each) => each.mainPoints))}::bigint[],
      ${plainArray(column((each) => remarkable(each).length))}::smallint[],
      ${plainArray(column((each) => each.judgement.outcome.ruleSet))}::text[],
      ${bytesArray(column((each) => each.judgement.outcomeHash))}::bytea[],
      ${plainArray(column((each) => each.judgement.outcome.semantics))}::integer[],
      ${packedArray(column((each) => packText(each.judgement.outcomeText)))}::bytea[],
      string_to_array(${jsonLines(column((each) => JSON.stringify(each.told)))}, E'\n')::jsonb[],
      ${packedArray(column((each) => packText(each.content)))}::bytea[],
      ${packedArray(column((each) => each.received.signed))}::bytea[])
      AS s(id, kind, occurred, received, business, outlet, terminal, staff, member, number, gross, reduction,
        reimbursed, payable, points, notices, rule_set, outcome_hash, semantics, outcome, told, content, signed)`.execute()
}

const packedArray = (values: readonly Buffer[]): string => bytesArray(values.map((each) => each.toString('hex')))

const updateMembers = (sql: Sql, programId: number, { members }: LoadedMembers): Promise<unknown>[] => {
  const changed = [...members.values()].filter((member) => member.changed)
  if (changed.length === 0) return []
  return [
    sql`
      WITH done AS (
        UPDATE loyalty.member AS m SET visits = n.visits, last_sale_at = n.last
        FROM unnest(
          ${plainArray(changed.map((member) => member.memberId))}::uuid[],
          ${plainArray(changed.map((member) => member.visits))}::integer[],
          ${instantArray(changed.map((member) => member.lastSaleAtMs))}::timestamptz[]) AS n(member_id, visits, last)
        WHERE m.program_id = ${programId} AND m.member_id = n.member_id RETURNING 1)
      SELECT 1 / (count(*) = ${changed.length})::int FROM done`.execute(),
  ]
}

/**
 * Notices that somebody should look at. Where a sale has several programs, each calls the cards of the others unknown, and
 * none can know better: the till is told what all say, and nobody's list is filled with it.
 */
const remarkable = ({ received, told }: Booking): readonly KeptNotice[] => {
  const notices = (told.notices ?? []) as readonly KeptNotice[]
  return received.programs === 1 ? notices : notices.filter(({ code }) => code !== 'card_unknown')
}

const insertFindings = (sql: Sql, { programId, bookedAtMs, bookings }: BatchWrite): Promise<unknown>[] => {
  const findings = bookings.flatMap((booking) =>
    remarkable(booking).map((notice) => ({ document: booking.received.sale.id, ...notice })),
  )
  if (findings.length === 0) return []
  return [
    sql`
      INSERT INTO loyalty.finding (program_id, finding_id, document_id, code, severity, about, found_at)
      SELECT ${programId}, f, d, c, s, nullif(a, 'null'::jsonb), ${instantText(bookedAtMs)} FROM unnest(
        ${plainArray(findings.map(() => newId(bookedAtMs)))}::uuid[],
        ${plainArray(findings.map((each) => each.document))}::uuid[],
        ${plainArray(findings.map((each) => each.code))}::text[],
        ${plainArray(findings.map((each) => severityOf(each.code)))}::text[],
        string_to_array(${jsonLines(findings.map((each) => JSON.stringify(each.about ?? null)))}, E'\n')::jsonb[])
        AS n(f, d, c, s, a)`.execute(),
  ]
}

/** The outbox row: what after-commit work starts from. */
const insertBatch = (
  sql: Sql,
  { programId, bookedAtMs, bookings, entries, sums }: BatchWrite,
  batchId: Uuid,
): Promise<unknown> => {
  const digest = batchDigest(
    bookings.map(({ received, judgement }) => ({
      documentId: received.sale.id,
      contentHash: received.contentHash,
      outcomeHash: judgement.outcomeHash,
    })),
    entries.postings,
  )
  const points = entries.postings.reduce((sum, { amount }) => sum + amount, 0)
  return sql`
    INSERT INTO loyalty.batch (program_id, booked_at, batch_id, documents, points, digest, sums)
    VALUES (${programId}, ${instantText(bookedAtMs)}, ${batchId}, ${bookings.length}, ${points},
      ${Buffer.from(digest, 'hex')}, ${JSON.stringify(sums)}::text::json)`.execute()
}
