import { createHash } from 'node:crypto'
import { newId } from '../clock.ts'
import type { Tx } from '../db/pool.ts'
import { raiseOperator } from '../programs/changes.ts'

/** Whoever acts where no person did. */
export const engineActor = { id: '00000000-0000-0000-0000-000000000000', name: 'the engine' } as const

/** Keeps a terminal from sending until a person has looked at it. Nothing happens to one that is not active. */
export const quarantine = async (
  tx: Tx,
  { terminal, reason, nowMs }: { readonly terminal: string; readonly reason: string; readonly nowMs: number },
): Promise<void> => {
  const [row] = await tx<{ operator: string }[]>`
    UPDATE directory.terminal SET state = 'quarantined', state_reason = ${reason}, version = version + 1
    WHERE terminal_id = ${terminal} AND state = 'active' RETURNING operator_id AS operator`
  if (row === undefined) return
  await raiseOperator(tx, row.operator, 'terminals')
  await tx`
    INSERT INTO directory.audit (operator_id, audit_id, at, actor_id, actor_name, command, section, row_id, reason,
      changes, input_hash, result)
    VALUES (${row.operator}, ${newId(nowMs)}, ${new Date(nowMs)}, ${engineActor.id}, ${engineActor.name},
      'terminal.quarantine', 'terminals', ${terminal}, ${reason}, ${tx.json({ state: ['active', 'quarantined'] })},
      ${createHash('sha256').update(reason).digest()}, '{}')`
}
