import type { PointType, ProgramDocument } from '@premia/rules'
import { sql } from 'drizzle-orm'
import { auditFeed } from '../../kit/server/audit-feed.ts'
import { referenceOf } from '../../kit/server/references.ts'
import { programDocument } from '../../kit/server/rule-faces.ts'
import type { RecordContext, SectionApi } from '../../kit/server/section-api.ts'
import { now, type ScopedTx, scopePrograms } from '../../kit/server/transaction.ts'
import { find } from './find.ts'
import type { MemberAccount, MemberCard, MemberEvent, MemberLot, MemberRecord, MemberSale, Movement } from './record.ts'

/** Without the right to personal data a member is told apart by the end of their id. */
const masked = sql`'…' || right(m.member_id::text, 6)`

const references = {
  members: referenceOf((tx) => ({
    from: sql`read.member m LEFT JOIN read.program g ON g.program_id = m.program_id
      LEFT JOIN read.person p ON p.organizer_id = g.organizer_id AND p.person_id = m.person_id`,
    id: sql`m.member_id`,
    label: tx.access.personal
      ? sql`coalesce(nullif(concat_ws(' ', p.given_name, left(p.family_name, 1) || '.'), ''), ${masked})`
      : masked,
    within: sql`m.program_id = ANY (${scopePrograms})`,
    // Members belong to programs: a user of one outlet reads who bought there, and chooses from nobody.
    offered: tx.access.outletId === undefined ? sql`true` : sql`false`,
  })),
}

const lotsMax = 500
const movementsMax = 60
const salesMax = 8

interface Place {
  readonly tx: ScopedTx
  readonly programId: number
  readonly memberId: string
}

const record = async ({ tx, id, rows }: RecordContext): Promise<MemberRecord> => {
  const program = tx.access.programs.find((each) => each.publicId === rows[0]?.program)
  if (program === undefined) throw new Error('a member outside of every program')
  const place = { tx, programId: program.programId, memberId: id }
  const document = await programDocument(tx, program.programId)
  const cards = await readCards(place, document)
  const [accounts, sales, events] = [
    await readAccounts(place, document),
    await readSales(place),
    await readEvents(place, cards, rows[0]?.cells['joinedAt'] as string),
  ]
  return { accounts, cards, sales, events }
}

interface AccountRow {
  readonly id: string
  readonly pointType: string
  readonly balance: number
  readonly pending: number
  readonly held: number
  readonly debt: number
}

const readAccounts = async (place: Place, document: ProgramDocument): Promise<readonly MemberAccount[]> => {
  const { tx, programId, memberId } = place
  const rows = await tx.run<AccountRow>(sql`
    SELECT account_id AS id, point_type AS "pointType", balance, pending, held, debt FROM read.account
    WHERE program_id = ${programId}::bigint AND holder_kind = 'member' AND holder_id = ${memberId}::uuid
    ORDER BY point_type = ${document.mainPointType} DESC, point_type`)
  return await Promise.all(rows.map((row) => readAccount(place, row, typeOf(document, row.pointType))))
}

const typeOf = (document: ProgramDocument, code: string): PointType | undefined =>
  document.pointTypes.find((type) => type.code === code)

/** Balances are told from the lots, so that what has expired is gone whether the night job has run or not. */
const readAccount = async (place: Place, row: AccountRow, type: PointType | undefined): Promise<MemberAccount> => {
  const lots = await readLots(place, row.id)
  const sum = (wanted: (lot: MemberLot) => boolean): number =>
    lots.reduce((total, lot) => (wanted(lot) ? total + lot.remaining : total), 0)
  const active = sum((lot) => !lot.pending)
  const pending = sum((lot) => lot.pending)
  const booked = row.balance + row.pending
  return {
    id: row.id,
    pointType: type?.name ?? row.pointType,
    scale: type?.scale ?? 0,
    spendable: active - row.held,
    pending,
    held: row.held,
    debt: row.debt,
    lots,
    movements: await readMovements(place, row.id, booked - row.debt),
    expired: Math.max(0, booked - active - pending),
  }
}

const readLots = async ({ tx, programId }: Place, accountId: string): Promise<readonly MemberLot[]> =>
  await tx.run<MemberLot>(sql`
    SELECT lot_id AS id, amount, remaining, ${iso(sql`earned_at`)} AS "earnedAt", ${iso(sql`active_from`)} AS "activeFrom",
      ${iso(sql`expires_at`)} AS "expiresAt", active_from > ${now} AS pending, origin_document_id AS sale
    FROM read.open_lot
    WHERE program_id = ${programId}::bigint AND account_id = ${accountId}::uuid
      AND (expires_at IS NULL OR expires_at > ${now})
    ORDER BY expires_at NULLS LAST, earned_at, lot_id LIMIT ${lotsMax}`)

const iso = (value: ReturnType<typeof sql>) => sql`to_char(${value}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const readMovements = async (
  { tx, programId }: Place,
  accountId: string,
  newest: number,
): Promise<readonly Movement[]> => {
  const rows = await tx.run<Omit<Movement, 'after'>>(sql`
    SELECT p.document_id || '.' || p.n AS id, ${iso(sql`p.booked_at`)} AS at, p.kind, p.amount,
      s.document_id AS sale, s.document_number AS number,
      -- The night's own reason says no more than the movement's name, in one language.
      CASE WHEN t.kind <> 'expire' THEN t.reason END AS reason
    FROM read.posting p
    LEFT JOIN read.sale s ON s.program_id = p.program_id AND s.booked_at = p.booked_at AND s.document_id = p.document_id
    LEFT JOIN read.transfer t ON t.program_id = p.program_id AND t.transfer_id = p.document_id
    WHERE p.program_id = ${programId}::bigint AND p.account_id = ${accountId}::uuid
    ORDER BY p.booked_at DESC, p.document_id DESC, p.n DESC LIMIT ${movementsMax}`)
  let after = newest
  return rows.map((row) => {
    const movement = { ...row, after, reason: tx.access.personal ? row.reason : null }
    after -= row.amount
    return movement
  })
}

const readCards = async (
  { tx, programId, memberId }: Place,
  document: ProgramDocument,
): Promise<readonly MemberCard[]> => {
  const rows = await tx.run<MemberCard>(sql`
    SELECT card_id AS id, number_last AS last, kind, state, state_reason AS reason, ${iso(sql`issued_at`)} AS "issuedAt",
      ${iso(sql`expires_at`)} AS "expiresAt", version
    FROM read.card WHERE program_id = ${programId}::bigint AND member_id = ${memberId}::uuid
    ORDER BY state = 'active' DESC, issued_at DESC, card_id LIMIT 100`)
  const names = new Map(document.cardKinds.map((kind) => [kind.code, kind.name]))
  return rows.map((row) => ({
    ...row,
    kind: names.get(row.kind) ?? row.kind,
    reason: tx.access.personal ? row.reason : null,
  }))
}

const readSales = async ({ tx, programId, memberId }: Place): Promise<readonly MemberSale[]> =>
  await tx.run<MemberSale>(sql`
    SELECT s.document_id AS id, ${iso(sql`s.occurred_at`)} AS at, s.document_number AS number, o.name AS outlet,
      s.kind = 'return' AS "isReturn", s.payable_minor AS "paidMinor", s.points
    FROM read.sale_register s JOIN read.outlet o ON o.outlet_id = s.outlet_id
    WHERE s.program_id = ${programId}::bigint AND s.member_id = ${memberId}::uuid
    ORDER BY s.occurred_at DESC, s.document_id DESC LIMIT ${salesMax}`)

const readEvents = async (
  { tx, memberId }: Place,
  cards: readonly MemberCard[],
  joinedAt: string,
): Promise<readonly MemberEvent[]> => {
  const audit = await auditFeed(tx, 'members', memberId)
  const events: MemberEvent[] = [
    ...audit.map(({ changes, actorId: _actor, ...event }): MemberEvent => {
      // The engine names the card in the changed field: cards.<id>.state
      const id = Object.keys(changes).map((key) => /^cards\.([0-9a-f-]{36})\./.exec(key)?.[1])[0]
      const card = cards.find((each) => each.id === id)
      return card === undefined ? event : { ...event, card: card.last }
    }),
    ...cards.map((card): MemberEvent => ({ id: card.id, at: card.issuedAt, kind: 'card.issued', card: card.last })),
    { id: memberId, at: joinedAt, kind: 'joined' },
  ]
  return events.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

export const api: SectionApi = { record, find, references }
