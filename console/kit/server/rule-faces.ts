import type { ProgramDocument, Rule } from '@premia/rules'
import { type Names, sentence } from '@premia/rules/sentence'
import { sql } from 'drizzle-orm'
import { type Language, languages } from '../model/wire.ts'
import type { ScopedTx } from './transaction.ts'

/** A rule as people meet it: its name and its sentence. JSON is never seen. */
export interface RuleFace {
  readonly rule: string
  readonly version: number
  readonly name: string
  readonly sentence: Readonly<Record<Language, string>>
}

interface RuleRow {
  readonly rule: string
  readonly version: number
  readonly name: string
  readonly document: Rule
}

const rulesMax = 1_000

/** Types of outlets that have a word of their own; any other is called what the organizer calls it. */
const outletTypes: Readonly<Record<Language, Names>> = {
  en: { pharmacy: 'pharmacy', shop: 'shop' },
  pl: { pharmacy: 'apteka', shop: 'sklep' },
  ro: { pharmacy: 'farmacie', shop: 'magazin' },
}

const textsIn = (value: unknown, found: Set<string>): void => {
  if (typeof value === 'string') found.add(value)
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) textsIn(part, found)
}

/** Names of the categories, products and outlets that rules refer to by code. */
const namesOf = async (tx: ScopedTx, rules: readonly RuleRow[], program: ProgramDocument): Promise<Names> => {
  const codes = new Set<string>()
  for (const { document } of rules) textsIn(document, codes)
  const wanted = sql`${sql.param([...codes])}::text[]`
  const rows = await tx.run<{ code: string; name: string }>(sql`
    SELECT category_id AS code, name FROM read.category
      WHERE catalogue_id = ${tx.access.operatorId}::uuid AND category_id = ANY (${wanted})
    UNION ALL SELECT product_id::text, name FROM read.product
      WHERE catalogue_id = ${tx.access.operatorId}::uuid AND product_id::text = ANY (${wanted})
    UNION ALL SELECT outlet_id::text, name FROM read.outlet WHERE outlet_id::text = ANY (${wanted})`)
  const named = [...program.tiers, ...program.cardKinds, ...program.pointTypes]
  return Object.fromEntries([...rows, ...named].map(({ code, name }) => [code, name]))
}

/** The newest published document of a program. */
export const programDocument = async (tx: ScopedTx, programId: number): Promise<ProgramDocument> => {
  const [row] = await tx.run<{ document: ProgramDocument }>(sql`SELECT document FROM read.program_version
    WHERE program_id = ${programId}::bigint ORDER BY version DESC LIMIT 1`)
  if (row === undefined) throw new Error('a program without a published document')
  return row.document
}

/** Faces of the named versions, in their order; one that is gone is told by its id. */
export const ruleFaces = async (
  tx: ScopedTx,
  programId: number,
  wanted: readonly { readonly rule: string; readonly version: number }[],
): Promise<readonly RuleFace[]> => {
  if (wanted.length === 0) return []
  const asked = wanted.slice(0, rulesMax)
  const rows = await tx.run<RuleRow>(sql`
    SELECT v.rule_id AS rule, v.version, v.name, v.document
    FROM unnest(${sql.param(asked.map((each) => each.rule))}::text[],
                ${sql.param(asked.map((each) => each.version))}::int[]) AS w(rule_id, version)
    JOIN read.rule_version v ON v.program_id = ${programId}::bigint AND v.rule_id = w.rule_id AND v.version = w.version`)
  const program = await programDocument(tx, programId)
  const names = await namesOf(tx, rows, program)
  const byKey = new Map(rows.map((row) => [`${row.rule}@${row.version}`, row]))
  return asked.map(({ rule, version }) => {
    const row = byKey.get(`${rule}@${version}`)
    const say = (language: Language): string =>
      row === undefined ? rule : sentence(row.document, language, { ...outletTypes[language], ...names }, program)
    const spoken = Object.fromEntries(languages.map((language) => [language, say(language)]))
    return { rule, version, name: row?.name ?? rule, sentence: spoken as Record<Language, string> }
  })
}
