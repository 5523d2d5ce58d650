import { type SQL, sql } from 'drizzle-orm'
import { programView as program } from '../../kit/server/read-schema.ts'
import { engineSource } from '../../kit/server/source.ts'
import { now, pointTypes } from '../../kit/server/transaction.ts'
import { programs } from './section.ts'

/** Today where the program lives. */
const today = sql`(${now} AT TIME ZONE ${program.zone})::date`
const pointType = sql`${pointTypes} -> ${program.programId}::text`

const pointsToday = (column: SQL): SQL => sql`coalesce((SELECT sum(${column})::bigint FROM read.daily_points d
  WHERE d.program_id = ${program.programId} AND d.business_date = ${today} AND d.holder_kind = 'member'
    AND d.point_type = ${pointType} ->> 'code'), 0)`

/** What members hold or will hold, without the lots that have expired but still wait for the night job. */
const owed = sql`(coalesce((SELECT sum(a.balance + a.pending) FROM read.account a
    WHERE a.program_id = ${program.programId} AND a.holder_kind = 'member'
      AND a.point_type = ${pointType} ->> 'code'), 0)
  - coalesce((SELECT sum(l.remaining) FROM read.open_lot l JOIN read.account a
      ON a.program_id = l.program_id AND a.account_id = l.account_id AND a.holder_kind = 'member'
    WHERE l.program_id = ${program.programId} AND l.expires_at <= ${now}
      AND l.point_type = ${pointType} ->> 'code'), 0))::bigint`

export const source = engineSource(
  programs,
  {
    view: program,
    id: program.publicId,
    version: program.version,
    scope: { program: program.programId },
    columns: {
      name: program.name,
      organizer: program.organizerId,
      state: program.state,
      stateReason: program.stateReason,
      startsAt: program.startsAt,
      endsAt: program.endsAt,
    },
    computed: {
      salesToday: sql`coalesce((SELECT sum(d.sales)::bigint FROM read.daily_outlet d
        WHERE d.program_id = ${program.programId} AND d.business_date = ${today}), 0)`,
      activeMembers: sql`(SELECT count(*) FROM read.member m WHERE m.program_id = ${program.programId}
        AND m.last_sale_at >= (${today} - 29)::timestamp AT TIME ZONE ${program.zone})`,
      // Less what returns took back, as the points of outlets and the register count.
      earnedToday: pointsToday(sql`d.earned - d.clawed_back`),
      spentToday: pointsToday(sql`d.redeemed`),
      owed,
      liability: sql`(${owed} * (${pointType} ->> 'valueMinor')::bigint
        / (10 ^ (${pointType} ->> 'scale')::int)::bigint)::bigint`,
      silentTills: sql`(SELECT count(*) FROM read.terminal t
        JOIN read.program_outlet a ON a.program_id = ${program.programId} AND a.outlet_id = t.outlet_id
        WHERE t.state = 'active' AND a.from_at <= ${now} AND (a.until_at IS NULL OR a.until_at > ${now})
          AND (t.last_contact_at IS NULL OR t.last_contact_at < ${now} - interval '1 hour'))`,
    },
  },
  { suspend: 'program.suspend', resume: 'program.resume' },
)
