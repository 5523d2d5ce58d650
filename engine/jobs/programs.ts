import type { Sql } from '../db/pool.ts'

export interface JobProgram {
  readonly programId: number
  readonly zone: string
}

/** Every program has its nights, a suspended one and a closed one too: points expire whatever its state. */
export const readPrograms = async (sql: Sql): Promise<readonly JobProgram[]> =>
  sql<JobProgram[]>`SELECT program_id AS "programId", zone FROM directory.program ORDER BY program_id`
