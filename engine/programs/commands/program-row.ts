import type { Uuid } from '@premia/pos-sdk/contract/admin'
import type { ProgramDocument } from '@premia/rules'
import type { Sql, Tx } from '../../db/pool.ts'
import type { ProgramRow } from './command.ts'

/** The program of a public id. */
export const findProgram = async (sql: Sql | Tx, id: Uuid): Promise<ProgramRow | undefined> => {
  const [row] = await sql<ProgramRow[]>`
    SELECT program_id AS "programId", public_id AS "publicId", operator_id AS operator, organizer_id AS organizer,
      currency, zone, state, version
    FROM directory.program WHERE public_id = ${id}`
  return row
}

/** The published document in force: the one of the highest version. */
export const publishedDocument = async (
  tx: Tx,
  programId: number,
): Promise<{ readonly version: number; readonly document: ProgramDocument }> => {
  const [row] = await tx<{ version: number; document: ProgramDocument }[]>`
    SELECT version, document FROM loyalty.program_version WHERE program_id = ${programId} ORDER BY version DESC LIMIT 1`
  if (row === undefined) throw new Error(`program ${programId} has no published document`)
  return row
}
