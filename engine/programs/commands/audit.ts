import type { Acting, Command, CommandName, Uuid } from '@premia/pos-sdk/contract/admin'
import type { Tx } from '../../db/pool.ts'
import type { Done, ProgramRow } from './command.ts'

type Owner = ProgramRow | { readonly operator: Uuid }

interface Kept {
  readonly inputHash: Buffer
  readonly result: unknown
}

/** What is known of a command id: whoever repeats it finds the row. */
export const auditOf = async (tx: Tx, owner: Owner, id: Uuid): Promise<Kept | undefined> => {
  const [row] =
    'programId' in owner
      ? await tx<Kept[]>`
          SELECT input_hash AS "inputHash", result FROM loyalty.audit
          WHERE program_id = ${owner.programId} AND audit_id = ${id}`
      : await tx<Kept[]>`
          SELECT input_hash AS "inputHash", result FROM directory.audit
          WHERE operator_id = ${owner.operator} AND audit_id = ${id}`
  return row
}

export interface AuditEntry {
  readonly owner: Owner
  readonly acting: Acting
  readonly name: CommandName
  readonly command: Command
  readonly nowMs: number
  readonly inputHash: Buffer
  readonly done: Done<CommandName>
}

export const keepAudit = async (tx: Tx, entry: AuditEntry): Promise<void> => {
  const { owner, acting, name, command, nowMs, inputHash, done } = entry
  const rest = {
    audit_id: command.id,
    at: new Date(nowMs),
    actor_id: acting.actor,
    actor_name: acting.name,
    command: name,
    section: done.section,
    row_id: done.row,
    reason: command.reason ?? null,
    changes: tx.json(done.changes as never),
    input_hash: inputHash,
    result: tx.json(done.result as never),
  }
  if ('programId' in owner) await tx`INSERT INTO loyalty.audit ${tx({ program_id: owner.programId, ...rest })}`
  else await tx`INSERT INTO directory.audit ${tx({ operator_id: owner.operator, ...rest })}`
}
