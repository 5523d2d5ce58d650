import type { Sale, Uuid } from '@premia/pos-sdk/contract/till'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import type { Operator } from '../programs/directory.ts'
import type { Program } from '../programs/program.ts'

/** Where a return was brought, and whose till took it. */
export interface Brought {
  readonly operator: Operator
  /** Of the outlet that took it. */
  readonly programs: readonly Program[]
}

/** Finds the programs that a document is booked in. */
export interface Originals {
  programsOf(sale: Pick<Sale, 'kind' | 'original'>, brought: Brought): Promise<readonly Program[]>
}

/**
 * A return belongs to the programs that have, or should have, the sale it takes back, wherever it is brought: those of the
 * sale's outlet at its time. Where no program knows the sale, those of the outlet that took the return wait for it.
 */
export const originalsIn = (sql: Sql): Originals => ({
  programsOf: async ({ kind, original }, { operator, programs }) => {
    if (kind !== 'return' || original?.sale === undefined) return programs
    const found = await findSale(sql, operator.programs, original.sale)
    const [first] = found
    if (first === undefined) return programs
    const booked = new Set(found.map(({ programId }) => programId))
    return operator.programs.filter(
      (program) => booked.has(program.programId) || program.admission(first.outlet, first.atMs) !== undefined,
    )
  },
})

interface FoundSale {
  readonly programId: number
  readonly outlet: Uuid
  readonly atMs: number
}

const findSale = async (sql: Sql, programs: readonly Program[], sale: Uuid): Promise<readonly FoundSale[]> => {
  const ids = programs.map(({ programId }) => programId)
  if (ids.length === 0) return []
  return inProgram(sql, ids, async (tx) => {
    const rows = await tx<{ programId: number; outlet: Uuid; occurred_at: Date; at: number | null }[]>`
      SELECT s.program_id AS "programId", s.outlet_id AS outlet, s.occurred_at, (s.told->>'atMs')::bigint AS at
      FROM loyalty.sale_key k
      JOIN loyalty.sale s ON s.program_id = k.program_id AND s.booked_at = k.booked_at AND s.document_id = k.document_id
      WHERE k.program_id = ANY (${ids}::bigint[]) AND k.document_id = ${sale} AND k.state = 'booked'
      ORDER BY s.program_id`
    return rows.map(({ programId, outlet, occurred_at, at }) => ({
      programId,
      outlet,
      atMs: at ?? occurred_at.getTime(),
    }))
  })
}
