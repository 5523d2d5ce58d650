import { sql } from 'drizzle-orm'
import type { TimelineEvent } from '../model/wire.ts'
import { scopePrograms, type ScopedTx } from './transaction.ts'

const eventsMax = 50

interface AuditRow {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly command: string
  readonly reason: string | null
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>
}

/** What people did to a row through the engine. Who it was, and the reason, a free text, are for who may read personal data. */
export const auditFeed = async (
  tx: ScopedTx,
  section: string,
  id: string,
): Promise<readonly (TimelineEvent & { readonly changes: AuditRow['changes'] })[]> => {
  const rows = await tx.run<AuditRow>(sql`
    SELECT audit_id AS id, at, actor_name AS actor, command, reason, changes FROM read.audit
    WHERE program_id = ANY (${scopePrograms}) AND section = ${section} AND row_id = ${id}::uuid
    ORDER BY at DESC, audit_id LIMIT ${eventsMax}`)
  return rows.map(({ id: eventId, at, actor, command, reason, changes }) => ({
    id: eventId,
    at: new Date(at).toISOString(),
    kind: command,
    ...(tx.access.personal ? { actor, ...(reason === null ? {} : { reason }) } : {}),
    changes,
  }))
}
