import { sql } from 'drizzle-orm'
import { tillView as till } from '../../kit/server/read-schema.ts'
import { engineSource } from '../../kit/server/source.ts'
import { now, scopePrograms } from '../../kit/server/transaction.ts'
import { terminals } from './section.ts'

export const source = engineSource(
  terminals,
  {
    view: till,
    id: till.terminalId,
    version: till.version,
    scope: { outlet: till.outletId },
    // A till belongs to an outlet, and to whoever's program runs there, or is about to.
    within: sql`${till.outletId} IN (SELECT a.outlet_id FROM read.program_outlet a
      WHERE a.program_id = ANY (${scopePrograms}) AND (a.until_at IS NULL OR a.until_at > ${now}))`,
    columns: {
      name: till.name,
      outlet: till.outletId,
      state: till.state,
      lastContactAt: till.lastContactAt,
      queue: till.queueLength,
      parked: till.queueParked,
      queueOldestAt: till.queueOldestAt,
      refusedAt: till.refusedAt,
      refusal: till.refusalCode,
      software: till.software,
      replaces: till.replacesId,
      replacedBy: till.replacedById,
      codeUntil: till.codeUntilAt,
      since: till.fromAt,
      stateReason: till.stateReason,
    },
    computed: {
      silent: sql`CASE WHEN ${till.state} = 'active' THEN greatest(0, floor(
        extract(epoch FROM ${now} - coalesce(${till.lastContactAt}, ${till.createdAt})) / 3600))::bigint END`,
    },
  },
  {
    newCode: 'terminal.register',
    replace: 'terminal.register',
    quarantine: 'terminal.quarantine',
    release: 'terminal.release',
    revoke: 'terminal.revoke',
  },
)
