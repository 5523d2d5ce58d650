import { type SQL, sql } from 'drizzle-orm'
import type { TimelineEvent } from '../model/wire.ts'
import { scopePrograms, type ScopedTx } from './transaction.ts'

const eventsMax = 50

interface AuditRow {
  readonly id: string
  readonly at: string
  readonly actorId: string
  readonly actor: string
  readonly command: string
  readonly reason: string | null
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>
}

type AuditEvent = TimelineEvent & Pick<AuditRow, 'changes' | 'actorId'>

/** What people did to a row of a program through the engine. */
export const auditFeed = (tx: ScopedTx, section: string, id: string): Promise<readonly AuditEvent[]> =>
  readFeed(
    tx,
    sql`read.audit WHERE program_id = ANY (${scopePrograms}) AND section = ${section} AND row_id = ${id}::uuid`,
  )

/** The same of what belongs to the operator. */
export const operatorAuditFeed = (tx: ScopedTx, section: string, id: string): Promise<readonly AuditEvent[]> =>
  readFeed(
    tx,
    sql`read.operator_audit WHERE operator_id = ${tx.access.operatorId}::uuid AND section = ${section}
      AND row_id = ${id}::uuid`,
  )

/** Who it was, and the reason, a free text, are for who may read personal data. */
const readFeed = async (tx: ScopedTx, from: SQL): Promise<readonly AuditEvent[]> => {
  const rows = await tx.run<AuditRow>(sql`
    SELECT audit_id AS id, at, actor_id AS "actorId", actor_name AS actor, command, reason, changes FROM ${from}
    ORDER BY at DESC, audit_id LIMIT ${eventsMax}`)
  return rows.map(({ id: eventId, at, actorId, actor, command, reason, changes }) => ({
    id: eventId,
    at: new Date(at).toISOString(),
    kind: command,
    actorId,
    ...(tx.access.personal ? { actor, ...(reason === null ? {} : { reason }) } : {}),
    changes,
  }))
}
