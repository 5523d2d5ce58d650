import { sql } from 'drizzle-orm'
import { referenceOf } from '../../kit/server/references.ts'
import type { SectionApi } from '../../kit/server/section-api.ts'

const programIds = (programs: readonly { readonly programId: number }[]) =>
  sql`${sql.param(programs.map((program) => program.programId))}::bigint[]`

/** Without the right to personal data a member is told apart by the end of their id. */
const masked = sql`'…' || right(m.member_id::text, 6)`

export const api: SectionApi = {
  references: {
    members: referenceOf((tx) => ({
      from: sql`read.member m LEFT JOIN read.program g ON g.program_id = m.program_id
        LEFT JOIN read.person p ON p.organizer_id = g.organizer_id AND p.person_id = m.person_id`,
      id: sql`m.member_id`,
      label: tx.access.personal
        ? sql`coalesce(nullif(concat_ws(' ', p.given_name, left(p.family_name, 1) || '.'), ''), ${masked})`
        : masked,
      within: sql`m.program_id = ANY (${programIds(tx.access.programs)})`,
      offered: sql`true`,
    })),
  },
}
