import type { Tx } from '../db/pool.ts'
import type { DirectoryPart } from './commands/command.ts'

/**
 * Locks are taken as everywhere: the command's own rows, programs in order, then `directory.change`.
 *
 * Tells every engine process that its copy of an operator's directory is old. All programs of the operator get a new
 * `config_version`, which each batch reads before it judges; `directory.change` says which part it was.
 */
export const raiseOperator = async (tx: Tx, operator: string, part: DirectoryPart): Promise<void> => {
  await tx`
    UPDATE directory.program SET config_version = config_version + 1
    WHERE program_id IN (
      SELECT program_id FROM directory.program WHERE operator_id = ${operator} ORDER BY program_id FOR UPDATE)`
  await tx`
    INSERT INTO directory.change AS c (operator_id, part, version) VALUES (${operator}, ${part}, 1)
    ON CONFLICT (operator_id, part) DO UPDATE SET version = c.version + 1`
}

/** The same for one program alone. */
export const raiseProgram = async (tx: Tx, operator: string, programId: number): Promise<void> => {
  await tx`UPDATE directory.program SET config_version = config_version + 1 WHERE program_id = ${programId}`
  await tx`
    INSERT INTO directory.change AS c (operator_id, part, version) VALUES (${operator}, 'programs', 1)
    ON CONFLICT (operator_id, part) DO UPDATE SET version = c.version + 1`
}

/** The law belongs to no operator: a change reaches all of them. */
export const raiseEverybody = async (tx: Tx): Promise<void> => {
  await tx`
    UPDATE directory.program SET config_version = config_version + 1
    WHERE program_id IN (SELECT program_id FROM directory.program ORDER BY program_id FOR UPDATE)`
  await tx`
    INSERT INTO directory.change AS c (operator_id, part, version)
    SELECT DISTINCT operator_id, 'law', 1 FROM directory.organization WHERE kind = 'operator' ORDER BY operator_id
    ON CONFLICT (operator_id, part) DO UPDATE SET version = c.version + 1`
}
