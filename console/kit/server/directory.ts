import { type SQL, sql } from 'drizzle-orm'
import { idArray, type References, referenceOf } from './references.ts'
import { type ScopedTx, scopePrograms } from './transaction.ts'

// The places and people that every section points to. A section of its own takes a name over when it comes.

/** Outlets that were ever admitted to a program of the scope; for an outlet's user the one. */
const outletsInScope = ({ access }: ScopedTx): SQL =>
  access.outletId === undefined
    ? sql`(SELECT a.outlet_id FROM read.program_outlet a WHERE a.program_id = ANY (${scopePrograms}))`
    : sql`(SELECT ${access.outletId}::uuid)`

export const directoryReferences: References = {
  outlets: referenceOf((tx) => ({
    from: sql`read.outlet o`,
    id: sql`o.outlet_id`,
    label: sql`o.name`,
    offered: sql`o.outlet_id IN ${outletsInScope(tx)}`,
  })),
  terminals: referenceOf((tx) => ({
    from: sql`read.terminal t LEFT JOIN read.outlet o ON o.outlet_id = t.outlet_id`,
    id: sql`t.terminal_id`,
    label: sql`CASE WHEN strpos(t.name, o.code) > 0 THEN t.name ELSE concat_ws(' · ', o.code, t.name) END`,
    offered: sql`t.outlet_id IN ${outletsInScope(tx)}`,
  })),
  staff: referenceOf((tx) => ({
    from: sql`read.staff s`,
    id: sql`s.staff_id`,
    // Names of staff are personal data: without the right a person reads the code the till sends.
    label: tx.access.staffNames ? sql`coalesce(s.name, s.code)` : sql`s.code`,
    offered: sql`s.staff_id IN (SELECT p.staff_id FROM read.staff_outlet p WHERE p.outlet_id IN ${outletsInScope(tx)})`,
  })),
  organizers: referenceOf((tx) => ({
    from: sql`read.organization g`,
    id: sql`g.organization_id`,
    label: sql`g.name`,
    offered: sql`g.organization_id = ANY (${idArray(tx.access.programs.map((program) => program.organizerId))})`,
  })),
}
