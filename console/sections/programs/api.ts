import { addDays } from '@premia/rules'
import { sql } from 'drizzle-orm'
import { localDate } from '../../kit/model/zoned-time.ts'
import type { ProgramReach } from '../../kit/server/access.ts'
import { auditFeed } from '../../kit/server/audit-feed.ts'
import { ruleFaces } from '../../kit/server/rule-faces.ts'
import type { RecordContext, SectionApi } from '../../kit/server/section-api.ts'
import { now, type ScopedTx } from '../../kit/server/transaction.ts'
import type { ProgramDay, ProgramOutlet, ProgramRecord, ProgramRule, Till } from './record.ts'

const chartDays = 30
const outletsMax = 500

const record = async ({ tx, id }: RecordContext): Promise<ProgramRecord> => {
  const program = tx.access.programs.find((each) => each.publicId === id)
  if (program === undefined) throw new Error('a program outside of the scope')
  const today = localDate(tx.access.nowMs, program.zone)
  return {
    noticesToday: await countNotices(tx, program, today),
    days: await readDays(tx, program, today),
    rules: await readRules(tx, program),
    outlets: await readOutlets(tx, program, today),
    events: (await auditFeed(tx, 'programs', id)).map(({ changes: _changes, actorId: _actor, ...event }) => event),
  }
}

const countNotices = async (tx: ScopedTx, { programId, zone }: ProgramReach, today: string): Promise<number> => {
  const [row] = await tx.run<{ n: number }>(sql`SELECT count(*) AS n FROM read.sale_register
    WHERE program_id = ${programId}::bigint AND notices > 0
      AND occurred_at >= ${today}::text::timestamp AT TIME ZONE ${zone}`)
  return row?.n ?? 0
}

const readDays = async (tx: ScopedTx, program: ProgramReach, today: string): Promise<readonly ProgramDay[]> => {
  const from = addDays(today, 1 - chartDays)
  const rows = await tx.run<ProgramDay>(sql`
    SELECT business_date AS date, coalesce(sum(sales), 0)::bigint AS sales, coalesce(sum(earned), 0)::bigint AS earned,
      coalesce(sum(spent), 0)::bigint AS spent
    FROM (
      SELECT business_date, sales, 0 AS earned, 0 AS spent FROM read.daily_outlet
        WHERE program_id = ${program.programId}::bigint AND business_date BETWEEN ${from}::text::date AND ${today}::text::date
      UNION ALL
      SELECT business_date, 0, earned - clawed_back, redeemed FROM read.daily_points
        WHERE program_id = ${program.programId}::bigint AND business_date BETWEEN ${from}::text::date AND ${today}::text::date
          AND holder_kind = 'member' AND point_type = ${program.mainPointType}) days
    GROUP BY business_date`)
  const byDate = new Map(rows.map((row) => [row.date, row]))
  return Array.from({ length: chartDays }, (_, index) => {
    const date = addDays(from, index)
    return byDate.get(date) ?? { date, sales: 0, earned: 0, spent: 0 }
  })
}

/**
 * The rules in force at this instant: of the periods that have begun the latest, and of its decisions the last, without
 * rules whose own validity is over.
 */
const readRules = async (tx: ScopedTx, { programId, zone }: ProgramReach): Promise<readonly ProgramRule[]> => {
  const [set] = await tx.run<{ rules: readonly { rule: string; version: number }[] }>(sql`
    SELECT s.rules FROM read.rule_set_period p
    JOIN read.rule_set s ON s.program_id = p.program_id AND s.hash = p.hash
    WHERE p.program_id = ${programId}::bigint AND p.from_at <= ${now} AND p.decided_at <= ${now}
    ORDER BY p.from_at DESC, p.decided_at DESC LIMIT 1`)
  if (set === undefined) return []
  const phases = await tx.run<{ rule: string; version: number; phase: string }>(sql`
    SELECT rule_id AS rule, version, document ->> 'phase' AS phase FROM read.rule_version
    WHERE program_id = ${programId}::bigint
      AND coalesce(document -> 'valid' ->> 'to', '9999') > to_char(${now} AT TIME ZONE ${zone}, 'YYYY-MM-DD"T"HH24:MI')`)
  const phaseOf = new Map(phases.map((row) => [`${row.rule}@${row.version}`, row.phase]))
  const inForce = set.rules.filter(({ rule, version }) => phaseOf.has(`${rule}@${version}`))
  const faces = await ruleFaces(tx, programId, inForce)
  return faces.map((face) => ({ ...face, phase: phaseOf.get(`${face.rule}@${face.version}`) ?? '' }))
}

const readOutlets = async (
  tx: ScopedTx,
  { programId }: ProgramReach,
  today: string,
): Promise<readonly ProgramOutlet[]> => {
  const tills = await tx.run<Till & { outlet: string }>(sql`
    SELECT t.terminal_id AS id, t.name, t.state, t.outlet_id AS outlet,
      to_char(t.last_contact_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "lastContactAt",
      t.state = 'active' AND (t.last_contact_at IS NULL OR t.last_contact_at < ${now} - interval '1 hour') AS silent
    FROM read.terminal t
    WHERE t.outlet_id IN (SELECT a.outlet_id FROM read.program_outlet a WHERE a.program_id = ${programId}::bigint)
    ORDER BY t.name COLLATE "und-x-icu", t.terminal_id`)
  const outlets = await tx.run<Omit<ProgramOutlet, 'tills'>>(sql`
    SELECT o.outlet_id AS id, o.code, o.name, o.city, coalesce(d.sales, 0) AS "salesToday",
      coalesce(d.points, 0) AS "pointsToday"
    FROM read.program_outlet a JOIN read.outlet o ON o.outlet_id = a.outlet_id
    LEFT JOIN read.daily_outlet d ON d.program_id = a.program_id AND d.outlet_id = a.outlet_id
      AND d.business_date = ${today}::text::date
    WHERE a.program_id = ${programId}::bigint AND a.from_at <= ${now} AND (a.until_at IS NULL OR a.until_at > ${now})
    ORDER BY o.code LIMIT ${outletsMax}`)
  return outlets.map((outlet) => ({
    ...outlet,
    tills: tills.filter((till) => till.outlet === outlet.id).map(({ outlet: _outlet, ...till }) => till),
  }))
}

export const api: SectionApi = { record }
