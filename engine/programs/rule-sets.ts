import { compileRuleSet, type ProgramDocument, type Rule, type RuleSet } from '@premia/rules'
import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'

/** A compiled set with the names its rules had when it was published. */
export interface PublishedSet {
  readonly ruleSet: RuleSet
  readonly nameOf: (rule: string, version: number) => string
  /** Some rule changes a shelf price. */
  readonly steersPrices: boolean
}

const BYTES_MAX = 256 * 1024 * 1024
/** Heap of a compiled set in terms of the text of its rules; measured with sets of 1,000 and 10,000 rules. */
const HEAP_PER_CHARACTER = 6

/**
 * Compiled sets by program and hash, at most 256 MB; the one used longest ago leaves first. A set is immutable, so nothing
 * here is ever out of date.
 */
export class RuleSetCache {
  readonly #sets = new Map<string, { readonly set: PublishedSet; readonly bytes: number }>()
  #bytes = 0

  get(programId: number, hash: string): PublishedSet | undefined {
    const key = `${programId} ${hash}`
    const found = this.#sets.get(key)
    if (found === undefined) return undefined
    this.#sets.delete(key)
    this.#sets.set(key, found)
    return found.set
  }

  put(programId: number, set: PublishedSet, bytes: number): void {
    const key = `${programId} ${set.ruleSet.hash}`
    if (this.#sets.has(key)) return
    this.#sets.set(key, { set, bytes })
    this.#bytes += bytes
    for (const [oldest, { bytes: freed }] of this.#sets) {
      if (this.#bytes <= BYTES_MAX || oldest === key) break
      this.#sets.delete(oldest)
      this.#bytes -= freed
    }
  }
}

interface SetRow {
  readonly program_version: number
  readonly rules: readonly { readonly name: string; readonly document: Rule }[]
}

/** Reads and compiles a published set; `undefined` where the program has none of this hash. */
export const loadRuleSet = async (
  sql: Sql,
  programId: number,
  hash: string,
  documents: ReadonlyMap<number, ProgramDocument>,
): Promise<LoadedSet | undefined> => inProgram(sql, programId, (tx) => readRuleSet(tx, programId, { hash, documents }))

interface LoadedSet {
  readonly set: PublishedSet
  readonly bytes: number
}

/** As `loadRuleSet`, for those who have a database transaction. */
export const readRuleSet = async (
  tx: Tx,
  programId: number,
  { hash, documents }: { readonly hash: string; readonly documents: ReadonlyMap<number, ProgramDocument> },
): Promise<LoadedSet | undefined> => {
  const [row] = await tx<SetRow[]>`
    SELECT s.program_version, coalesce((
      SELECT jsonb_agg(jsonb_build_object('name', v.name, 'document', v.document))
      FROM jsonb_to_recordset(s.rules) AS r(rule text, version integer)
      JOIN loyalty.rule_version v
        ON v.program_id = ${programId} AND v.rule_id = r.rule AND v.version = r.version), '[]') AS rules
    FROM loyalty.rule_set s WHERE s.program_id = ${programId} AND s.hash = ${hash}`
  if (row === undefined) return undefined
  const document = documents.get(row.program_version)
  if (document === undefined) throw new Error(`rule set ${hash} names a program version that is not there`)
  const set = publishedSet(row.rules, document)
  if (set.ruleSet.hash !== hash) throw new Error(`rule set ${hash} of program ${programId} compiles to another hash`)
  return { set, bytes: JSON.stringify(row.rules).length * HEAP_PER_CHARACTER }
}

export const publishedSet = (rules: SetRow['rules'], document: ProgramDocument): PublishedSet => {
  const names = new Map(rules.map(({ name, document: rule }) => [`${rule.id} ${rule.version}`, name]))
  return {
    ruleSet: compileRuleSet(
      rules.map((each) => each.document),
      document,
    ),
    nameOf: (rule, version) => names.get(`${rule} ${version}`) ?? rule,
    steersPrices: rules.some(({ document: rule }) => rule.phase === 'price'),
  }
}
