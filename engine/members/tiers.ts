import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { ProgramDocument } from '@premia/rules'
import { instantText, plainArray, textArray } from '../db/arrays.ts'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { lockMembers, MEMBERS_MAX } from '../ledger/due-accounts.ts'

/**
 * Gives members the tier that their earned points reach: at most 200 members a database transaction. Answers how many
 * changed; the caller goes on until that is 0. A new tier holds from now on; sales from before it are judged by the one
 * they were made in, which `member_period` keeps. Members are never put down here: that is a matter of the tier period's
 * end, which programs do not have yet.
 */
export const recomputeTiers = async (sql: Sql, programId: number, nowMs: number): Promise<number> =>
  inProgram(sql, programId, async (tx) => {
    const [row] = await tx<{ document: ProgramDocument }[]>`
      SELECT document FROM loyalty.program_version WHERE program_id = ${programId} ORDER BY version DESC LIMIT 1`
    if (row === undefined) return 0
    const { tiers, tierPointType, mainPointType } = row.document
    if (tiers.length === 0) return 0
    const thresholds = [...tiers].sort((a, b) => a.rank - b.rank)
    const due = await tx<{ member_id: Uuid; tier: string }[]>`
      WITH steps AS (
        SELECT * FROM unnest(${textArray(thresholds.map((tier) => tier.code))}::text[],
          ${plainArray(thresholds.map((tier) => tier.rank))}::integer[],
          ${plainArray(thresholds.map((tier) => tier.fromPoints))}::bigint[]) AS s(code, rank, points))
      SELECT m.member_id, reached.code AS tier
      FROM loyalty.member m
      JOIN loyalty.account a ON a.program_id = ${programId} AND a.holder_kind = 'member' AND a.holder_id = m.member_id
        AND a.point_type = ${tierPointType ?? mainPointType}
      CROSS JOIN LATERAL (
        SELECT code, rank FROM steps WHERE points <= a.earned_total ORDER BY rank DESC LIMIT 1) AS reached
      WHERE m.program_id = ${programId} AND m.state = 'active'
        AND reached.rank > coalesce((SELECT rank FROM steps WHERE code = m.tier), -1)
      ORDER BY m.member_id LIMIT ${MEMBERS_MAX}`
    const locked = new Set(
      await lockMembers(
        tx,
        programId,
        due.map((each) => each.member_id),
      ),
    )
    const changes = due.filter((each) => locked.has(each.member_id))
    if (changes.length === 0) return 0
    const ids = plainArray(changes.map((each) => each.member_id))
    const codes = textArray(changes.map((each) => each.tier))
    const now = instantText(nowMs)
    await tx`
      UPDATE loyalty.member_period AS p SET until_at = ${now}
      WHERE p.program_id = ${programId} AND p.member_id = ANY (${ids}::uuid[])
        AND p.from_at < ${now} AND (p.until_at IS NULL OR p.until_at > ${now})`
    await tx`
      INSERT INTO loyalty.member_period (program_id, member_id, from_at, tier, attributes)
      SELECT ${programId}, n.id, ${now}, n.tier, m.attributes
      FROM unnest(${ids}::uuid[], ${codes}::text[]) AS n(id, tier)
      JOIN loyalty.member m ON m.program_id = ${programId} AND m.member_id = n.id
      ON CONFLICT (program_id, member_id, from_at) DO UPDATE SET tier = excluded.tier`
    await tx`
      UPDATE loyalty.member AS m SET tier = n.tier, version = m.version + 1
      FROM unnest(${ids}::uuid[], ${codes}::text[]) AS n(id, tier)
      WHERE m.program_id = ${programId} AND m.member_id = n.id`
    return changes.length
  })
