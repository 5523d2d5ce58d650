import { cutsPrices } from '@premia/pos-sdk/contract/admin'
import {
  type BundleDocument,
  type BundleProduct,
  type BundleProgram,
  type Instant,
  instantOf,
  type Uuid,
} from '@premia/pos-sdk/contract/till'
import { minor, type ProgramDocument, type Rule } from '@premia/rules'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { cutsOf, readInForce } from '../prices/cuts.ts'
import { type LowestPrices, readLowestPrices } from '../prices/lowest.ts'
import { ancestry, codeKey } from '../programs/catalogue.ts'
import { readCatalogue, readLaw } from '../programs/directory-rows.ts'
import { makeLawBook } from '../programs/law.ts'
import { neededProducts } from './needed-products.ts'

/** Where the terminal stands now, with all that must not have changed since a bundle was made. */
export interface Ground {
  readonly operator: Uuid
  readonly outlet: BundleDocument['outlet']
  readonly programs: readonly {
    readonly programId: number
    readonly program: Uuid
    readonly name: string
    readonly configVersion: number
    readonly steersPrices: boolean
    /** In force now. */
    readonly ruleSet: string
  }[]
  /** Equal for equal content. */
  readonly version: string
}

type Standing = Omit<Ground['programs'][number], 'ruleSet'>

interface GroundRow extends Standing {
  readonly operator: Uuid
  readonly id: Uuid
  readonly country: string
  readonly type: string
  readonly zone: string
  readonly region: string | null
  readonly owner: Uuid
  readonly groups: readonly string[]
  readonly currency: string
}

/** `undefined` where no active program runs at the terminal's outlet. Suspended programs promise nothing. */
export const readGround = async (sql: Sql, terminal: Uuid, nowMs: number): Promise<Ground | undefined> => {
  const now = new Date(nowMs)
  const rows = await sql<GroundRow[]>`
    SELECT o.operator_id AS operator, o.outlet_id AS id, o.country, op.outlet_type AS type, op.zone, op.region,
      op.owner_id AS owner, op.groups, p.program_id AS "programId", p.public_id AS program, p.name, p.currency,
      p.config_version AS "configVersion", a.steers_prices AS "steersPrices"
    FROM directory.terminal_period tp
    JOIN directory.outlet o ON o.outlet_id = tp.outlet_id
    JOIN directory.outlet_period op ON op.outlet_id = o.outlet_id
      AND op.from_at <= ${now} AND (op.until_at IS NULL OR op.until_at > ${now})
    JOIN directory.program_outlet a ON a.outlet_id = o.outlet_id
      AND a.from_at <= ${now} AND (a.until_at IS NULL OR a.until_at > ${now})
    JOIN directory.program p ON p.program_id = a.program_id AND p.state = 'active'
    WHERE tp.terminal_id = ${terminal} AND tp.from_at <= ${now} AND (tp.until_at IS NULL OR tp.until_at > ${now})
    ORDER BY p.program_id LIMIT 20`
  const [first] = rows
  if (first === undefined) return undefined
  const { operator, id, country, type, zone, region, owner, groups, currency } = first
  const programs = await withSetsInForce(sql, rows, nowMs)
  return {
    operator,
    outlet: {
      id,
      groups: [...groups].sort((a, b) => (a < b ? -1 : 1)),
      type,
      country,
      ...(region === null ? {} : { region }),
      owner,
      zone,
      currency,
    },
    programs,
    // Every change of an operator's directory raises the version of all its programs.
    version: JSON.stringify([
      id,
      programs.map(({ programId, configVersion, ruleSet }) => [programId, configVersion, ruleSet]),
    ]),
  }
}

/** Programs without a set in force are left out. */
const withSetsInForce = async (sql: Sql, rows: readonly GroundRow[], nowMs: number): Promise<Ground['programs']> => {
  const now = new Date(nowMs)
  const ids = rows.map(({ programId }) => programId)
  const sets = await inProgram(
    sql,
    ids,
    (tx) => tx<{ programId: number; hash: string }[]>`
      SELECT DISTINCT ON (program_id) program_id AS "programId", hash FROM loyalty.rule_set_period
      WHERE program_id = ANY(${ids}::bigint[]) AND from_at <= ${now} AND decided_at <= ${now}
      ORDER BY program_id, from_at DESC, decided_at DESC`,
  )
  const hashes = new Map(sets.map(({ programId, hash }) => [programId, hash]))
  return rows.flatMap(({ programId, program, name, configVersion, steersPrices }) => {
    const ruleSet = hashes.get(programId)
    return ruleSet === undefined ? [] : [{ programId, program, name, configVersion, steersPrices, ruleSet }]
  })
}

interface SetRow {
  readonly document: ProgramDocument
  readonly rules: readonly Rule[]
}

const readSet = async (sql: Sql, programId: number, hash: string): Promise<SetRow> => {
  const [row] = await inProgram(
    sql,
    programId,
    (tx) => tx<SetRow[]>`
      SELECT v.document, coalesce((
        SELECT jsonb_agg(r.document - 'examples' ORDER BY r.rule_id)
        FROM jsonb_to_recordset(s.rules) AS l (rule text, version integer)
        JOIN loyalty.rule_version r ON r.program_id = ${programId} AND r.rule_id = l.rule AND r.version = l.version
      ), '[]') AS rules
      FROM loyalty.rule_set s
      JOIN loyalty.program_version v ON v.program_id = s.program_id AND v.version = s.program_version
      WHERE s.program_id = ${programId} AND s.hash = ${hash}`,
  )
  if (row === undefined) throw new Error(`rule set ${hash} of program ${programId} is not there`)
  return row
}

const DAY_MS = 86_400_000

interface Printing {
  readonly nowMs: number
  readonly issuedAtMs: number
  /** What has to be told beside price cuts, if that is to be in the bundle. */
  readonly lowest: LowestPrices
}

/** The whole of what a terminal needs to judge sales alone: as of now, dated and valid from `issuedAtMs` on. */
export const readBundle = async (
  sql: Sql,
  terminal: Uuid,
  ground: Ground,
  { nowMs, issuedAtMs, lowest }: Printing,
): Promise<BundleDocument> => {
  const programs: BundleProgram[] = []
  for (const { programId, program, name, steersPrices, ruleSet } of ground.programs) {
    const { document, rules } = await readSet(sql, programId, ruleSet)
    const validUntil: Instant = instantOf(issuedAtMs + document.bundleValidDays * DAY_MS)
    programs.push({ program, name, steersPrices, validUntil, ruleSet, document, rules })
  }
  const law = makeLawBook(await readLaw(sql))(ground.outlet.country, ground.outlet.type, nowMs)
  const rules = programs.flatMap((each) => each.rules)
  return {
    schema: 1,
    terminal,
    issuedAt: instantOf(issuedAtMs),
    outlet: ground.outlet,
    holidays: [],
    law,
    products: await readProducts(sql, ground, { needed: neededProducts(rules, law), lowest, nowMs }),
    staff: await readStaffAt(sql, ground.outlet.id, nowMs),
    programs,
  }
}

/** What the outlet may sell now, with the codes by which its tills know it. */
const readProductsAt = async (
  sql: Sql,
  { operator, outlet }: Ground,
  nowMs: number,
): Promise<readonly BundleProduct[]> => {
  const rows = await readCatalogue(sql, operator)
  const ancestors = ancestry(rows.categories)
  const codes = new Map<Uuid, string[]>()
  for (const { scope, code, productId } of rows.codes) {
    // Codes of another outlet are not this one's; its own are plain codes here.
    const key = scope === outlet.id ? code : codeKey(scope, code)
    if (key.includes('/') && key === `${scope}/${code}`) continue
    const known = codes.get(productId)
    if (known === undefined) codes.set(productId, [key])
    else known.push(key)
  }
  return rows.products.flatMap((row) => {
    const own = codes.get(row.productId)
    if (own === undefined || row.fromMs > nowMs || row.untilMs <= nowMs) return []
    return {
      codes: own.sort((a, b) => (a < b ? -1 : 1)),
      facts: {
        id: row.productId,
        categories: ancestors(row.category),
        ...(row.producer === null ? {} : { producer: row.producer }),
        tags: [...row.tags].sort((a, b) => (a < b ? -1 : 1)),
      },
      regime: row.regime,
      marks: row.marks,
      ...(row.floorMinor === null ? {} : { floorMinor: minor(row.floorMinor) }),
    }
  })
}

const readProducts = async (
  sql: Sql,
  ground: Ground,
  {
    needed,
    lowest,
    nowMs,
  }: { readonly needed: ReturnType<typeof neededProducts>; readonly lowest: LowestPrices; readonly nowMs: number },
): Promise<readonly BundleProduct[]> => {
  const products = await readProductsAt(sql, ground, nowMs)
  return products.flatMap((product) => {
    const lowestPrices = lowest.get(product.facts.id)
    if (lowestPrices !== undefined) return { ...product, lowestPrices }
    return needed(product) ? product : []
  })
}

/** What has to be told beside the price cuts of the program that steers prices at the outlet. */
export const readLowestAt = async (sql: Sql, ground: Ground, nowMs: number): Promise<LowestPrices> => {
  const steering = ground.programs.find(({ steersPrices }) => steersPrices)
  if (steering === undefined) return NO_PRICES
  const { programId, ruleSet } = steering
  const { rules } = await readSet(sql, programId, ruleSet)
  if (!rules.some(cutsPrices)) return NO_PRICES
  const products = await readProductsAt(sql, ground, nowMs)
  const { id: outlet, zone } = ground.outlet
  return inProgram(sql, programId, async (tx) => {
    const cuts = cutsOf({ rules, zone, nowMs }, await readInForce(tx, programId, { rules, nowMs }))
    return readLowestPrices(tx, { programId, outlet, cuts, products })
  })
}

export const NO_PRICES: LowestPrices = new Map()

const readStaffAt = async (sql: Sql, outlet: Uuid, nowMs: number): Promise<BundleDocument['staff']> => {
  const now = new Date(nowMs)
  const rows = await sql<{ id: Uuid; code: string }[]>`
    SELECT DISTINCT s.staff_id AS id, s.code FROM directory.staff_period p JOIN directory.staff s USING (staff_id)
    WHERE p.outlet_id = ${outlet} AND p.from_at <= ${now} AND (p.until_at IS NULL OR p.until_at > ${now})
    ORDER BY s.code`
  return rows.map(({ id, code }) => ({ id, code }))
}
