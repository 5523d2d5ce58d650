import type { Uuid } from '@premia/pos-sdk/contract/till'
import { instantText } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import type { CardRow } from './member.ts'

export interface FoundCard {
  readonly memberId: Uuid
  readonly kind: string
  readonly state: CardRow['state']
  readonly tier: string | null
  /** Card and member may take part. */
  readonly isActive: boolean
}

/** Whose card a number is; a merged member's cards resolve to whom it was merged into. */
export const findCard = async (
  tx: Tx,
  programId: number,
  { token, nowMs }: { readonly token: Buffer; readonly nowMs: number },
): Promise<FoundCard | undefined> => {
  const [row] = await tx<FoundCard[]>`
    WITH card AS (
      SELECT c.kind, coalesce(m.merged_into, m.member_id) AS member_id,
        CASE WHEN c.state = 'active' AND c.expires_at <= ${instantText(nowMs)} THEN 'expired' ELSE c.state END AS state
      FROM loyalty.card c JOIN loyalty.member m ON m.program_id = ${programId} AND m.member_id = c.member_id
      WHERE c.program_id = ${programId} AND c.number_token = ${token})
    SELECT m.member_id AS "memberId", card.kind, card.state, m.tier,
      card.state = 'active' AND m.state = 'active' AS "isActive"
    FROM card JOIN loyalty.member m ON m.program_id = ${programId} AND m.member_id = card.member_id`
  return row
}
