import { type CatalogueFacts, compileRuleSet, type ProgramDocument, type Rule, SEMANTICS } from '@premia/rules'
import type { Tx } from '../db/pool.ts'

export interface Publication {
  readonly programId: number
  /** What the catalogue said when the rules were checked; kept with the set. */
  readonly facts: CatalogueFacts
  readonly rules: readonly { readonly name: string; readonly rule: Rule }[]
  readonly published: { readonly version: number; readonly document: ProgramDocument }
  readonly from: Date
  readonly nowMs: number
}

/** Keeps the next version of a program's document and answers its number. */
export const publishDocument = async (
  tx: Tx,
  { programId, document, nowMs }: { programId: number; document: ProgramDocument; nowMs: number },
): Promise<number> => {
  const [row] = await tx<{ version: number }[]>`
    INSERT INTO loyalty.program_version (program_id, version, document, published_at)
    SELECT ${programId}, coalesce(max(version), 0) + 1, ${tx.json(document as never)}, ${new Date(nowMs)}
    FROM loyalty.program_version WHERE program_id = ${programId}
    RETURNING version`
  return (row as { version: number }).version
}

/**
 * Compiles a list of rules and keeps versions, set and the instant from which it is in force. Throws `RangeError` where
 * the rules cannot be compiled. The versions of the rules must be new or unchanged; `rules-publish.ts` has seen to it.
 */
export const publishRuleSet = async (tx: Tx, publication: Publication): Promise<string> => {
  const { programId, facts, rules, published, from, nowMs } = publication
  const compiled = compileRuleSet(
    rules.map(({ rule }) => rule),
    published.document,
  )
  const now = new Date(nowMs)
  const versions = JSON.stringify(
    rules.map(({ name, rule }) => ({ rule_id: rule.id, version: rule.version, name, document: rule })),
  )
  await tx`
    INSERT INTO loyalty.rule_version (program_id, rule_id, version, name, document, created_at)
    SELECT ${programId}, rule_id, version, name, document, ${now}
    FROM jsonb_to_recordset(${versions}::text::jsonb) AS i (rule_id text, version integer, name text, document jsonb)
    ORDER BY rule_id, version
    ON CONFLICT DO NOTHING`
  const listed = compiled.rules.map(({ id, version }) => ({ rule: id, version }))
  await tx`
    INSERT INTO loyalty.rule_set (program_id, hash, semantics, program_version, rules, facts, created_at)
    VALUES (${programId}, ${compiled.hash}, ${SEMANTICS}, ${published.version}, ${tx.json(listed)},
      ${tx.json(facts as never)}, ${now})
    ON CONFLICT DO NOTHING`
  // Twice in one millisecond: what was decided last holds.
  await tx`
    INSERT INTO loyalty.rule_set_period (program_id, from_at, decided_at, hash)
    SELECT ${programId}, ${from}, greatest(${now}, max(decided_at) + interval '1 millisecond'), ${compiled.hash}
    FROM loyalty.rule_set_period WHERE program_id = ${programId} AND from_at = ${from}`
  return compiled.hash
}

/** The category tree of the operator, and the groups of the outlets that belong to the program. */
export const catalogueFacts = async (
  tx: Tx,
  { programId, operator }: { readonly programId: number; readonly operator: string },
): Promise<CatalogueFacts> => {
  const categories = await tx<{ id: string; parent: string | null }[]>`
    SELECT category_id AS id, parent_id AS parent FROM directory.category
    WHERE catalogue_id = ${operator} ORDER BY category_id`
  const groups = await tx<{ name: string }[]>`
    SELECT DISTINCT unnest(p.groups) AS name FROM directory.program_outlet a
    JOIN directory.outlet_period p ON p.outlet_id = a.outlet_id WHERE a.program_id = ${programId} ORDER BY name`
  return {
    categories: categories.map(({ id, parent }) => (parent === null ? { id } : { id, parent })),
    outletGroups: groups.map(({ name }) => name),
  }
}
