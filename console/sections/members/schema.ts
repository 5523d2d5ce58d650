import { type SQL, sql } from 'drizzle-orm'
import { memberView as member } from '../../kit/server/read-schema.ts'
import { engineSource } from '../../kit/server/source.ts'
import { now, pointTypes } from '../../kit/server/transaction.ts'
import { members } from './section.ts'

/** A person lives once in their organizer's schema; the program says which organizer that is. */
const person = (value: SQL): SQL => sql`(SELECT ${value} FROM read.person p
  WHERE p.organizer_id = (SELECT g.organizer_id FROM read.program g WHERE g.program_id = ${member.programId})
    AND p.person_id = ${member.personId})`

/** Lots of account `a` that can be spent at this instant. */
const spendable = sql`l.program_id = a.program_id AND l.account_id = a.account_id
  AND l.active_from <= ${now} AND (l.expires_at IS NULL OR l.expires_at > ${now})`

const account = (value: SQL): SQL => sql`(SELECT ${value} FROM read.account a
  WHERE a.program_id = ${member.programId} AND a.holder_kind = 'member' AND a.holder_id = ${member.memberId}
    AND a.point_type = ${pointTypes} -> ${member.programId}::text ->> 'code')`

/** The account's row is exact until one of its lots changes by time alone; from then on the lots say it. */
const asOfNow = (stored: SQL, fromLots: SQL): SQL =>
  sql`CASE WHEN a.due_at IS NULL OR a.due_at > ${now} THEN ${stored} ELSE ${fromLots} END`

export const source = engineSource(
  members,
  {
    view: member,
    id: member.memberId,
    version: member.version,
    scope: { program: member.programId },
    columns: {
      kind: member.kind,
      state: member.state,
      tier: member.tier,
      lastSaleAt: member.lastSaleAt,
      visits: member.visits,
      joinedAt: member.joinedAt,
      joinedOutlet: member.joinedOutletId,
    },
    computed: {
      name: sql`coalesce(${person(sql`concat_ws(' ', p.given_name, left(p.family_name, 1) || '.')`)}, '')`,
      fullName: person(sql`concat_ws(' ', p.given_name, p.family_name)`),
      phone: person(sql`p.phone`),
      email: person(sql`p.email`),
      city: person(sql`p.city`),
      balance: sql`coalesce(${account(
        asOfNow(
          sql`a.balance - a.held`,
          sql`(SELECT coalesce(sum(l.remaining), 0)::bigint FROM read.open_lot l WHERE ${spendable}) - a.held`,
        ),
      )}, 0)`,
      pending: sql`coalesce(${account(
        asOfNow(
          sql`a.pending`,
          sql`(SELECT coalesce(sum(l.remaining), 0)::bigint FROM read.open_lot l
            WHERE l.program_id = a.program_id AND l.account_id = a.account_id AND l.active_from > ${now})`,
        ),
      )}, 0)`,
      nextExpiryAt: account(
        asOfNow(sql`a.next_expiry_at`, sql`(SELECT min(l.expires_at) FROM read.open_lot l WHERE ${spendable})`),
      ),
      nextExpiryPoints: account(
        asOfNow(
          sql`a.next_expiry_points`,
          sql`(SELECT sum(l.remaining)::bigint FROM read.open_lot l WHERE ${spendable}
            AND l.expires_at = (SELECT min(l.expires_at) FROM read.open_lot l WHERE ${spendable}))`,
        ),
      ),
      cards: sql`(SELECT string_agg(c.number_last, ',' ORDER BY c.issued_at DESC, c.card_id) FROM read.card c
        WHERE c.program_id = ${member.programId} AND c.member_id = ${member.memberId} AND c.state = 'active')`,
      blockedCards: sql`(SELECT count(*) FROM read.card c WHERE c.program_id = ${member.programId}
        AND c.member_id = ${member.memberId} AND c.state IN ('blocked', 'lost'))`,
    },
  },
  { blockCard: 'card.block', unblockCard: 'card.unblock' },
)
