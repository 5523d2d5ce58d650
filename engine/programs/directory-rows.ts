import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { LineMark, ProgramDocument } from '@premia/rules'
import { inProgram } from '../db/transaction.ts'
import type { Sql } from '../db/pool.ts'

/** Rows of the directory as they are read. Instants in milliseconds; `untilMs` is infinity while a period lasts. */
export interface Period {
  readonly fromMs: number
  readonly untilMs: number
}

export interface OutletPeriod extends Period {
  readonly owner: Uuid
  readonly type: string
  readonly zone: string
  readonly region: string | null
  readonly groups: readonly string[]
}

interface Span {
  readonly from_at: Date
  readonly until_at: Date | null
}
const period = ({ from_at, until_at }: Span): Period => ({
  fromMs: from_at.getTime(),
  untilMs: until_at === null ? Number.POSITIVE_INFINITY : until_at.getTime(),
})

export interface ProgramRow {
  readonly programId: number
  readonly publicId: Uuid
  readonly operator: Uuid
  readonly organizer: Uuid
  readonly name: string
  readonly currency: string
  readonly zone: string
  readonly configVersion: number
}

export const readProgramRows = async (sql: Sql): Promise<readonly ProgramRow[]> => sql<ProgramRow[]>`
  SELECT program_id AS "programId", public_id AS "publicId", operator_id AS operator, organizer_id AS organizer,
    name, currency, zone, config_version AS "configVersion"
  FROM directory.program ORDER BY program_id`

/** Which part of which operator's directory has which version; a part never touched has none. */
export const readPartVersions = async (sql: Sql): Promise<ReadonlyMap<string, number>> => {
  const rows = await sql<{ operator_id: Uuid; part: string; version: number }[]>`
    SELECT operator_id, part, version FROM directory.change`
  return new Map(rows.map((row) => [`${row.operator_id} ${row.part}`, row.version]))
}

export interface Admission extends Period {
  readonly steersPrices: boolean
  readonly stores: 'all' | 'totals' | 'nothing'
}

export interface ProgramConfiguration {
  readonly documents: ReadonlyMap<number, ProgramDocument>
  /** Which set was in force, in two times. */
  readonly sets: readonly { readonly fromMs: number; readonly decidedMs: number; readonly hash: string }[]
  /** By outlet. */
  readonly admissions: ReadonlyMap<Uuid, readonly Admission[]>
}

export const readProgramConfiguration = async (sql: Sql, programId: number): Promise<ProgramConfiguration> =>
  inProgram(sql, programId, async (tx) => {
    const documents = await tx<{ version: number; document: ProgramDocument }[]>`
      SELECT version, document FROM loyalty.program_version WHERE program_id = ${programId} ORDER BY version`
    const sets = await tx<{ from_at: Date; decided_at: Date; hash: string }[]>`
      SELECT from_at, decided_at, hash FROM loyalty.rule_set_period WHERE program_id = ${programId}
      ORDER BY from_at, decided_at`
    const admitted = await tx<(Span & { outlet_id: Uuid; steers_prices: boolean; stores: Admission['stores'] })[]>`
      SELECT outlet_id, from_at, until_at, steers_prices, stores FROM directory.program_outlet
      WHERE program_id = ${programId} ORDER BY outlet_id, from_at`
    return {
      documents: new Map(documents.map((row) => [row.version, row.document])),
      sets: sets.map((row) => ({
        fromMs: row.from_at.getTime(),
        decidedMs: row.decided_at.getTime(),
        hash: row.hash,
      })),
      admissions: grouped(
        admitted,
        (row) => row.outlet_id,
        (row) => ({
          ...period(row),
          steersPrices: row.steers_prices,
          stores: row.stores,
        }),
      ),
    }
  })

export interface OutletRow {
  readonly outletId: Uuid
  readonly country: string
  readonly name: string
  readonly periods: readonly OutletPeriod[]
}

export const readOutlets = async (sql: Sql, operator: Uuid): Promise<ReadonlyMap<Uuid, OutletRow>> => {
  const outlets = await sql<{ outlet_id: Uuid; country: string; name: string }[]>`
    SELECT outlet_id, country, name FROM directory.outlet WHERE operator_id = ${operator}`
  const periods = await sql<
    (Span & {
      outlet_id: Uuid
      owner_id: Uuid
      outlet_type: string
      zone: string
      region: string | null
      groups: string[]
    })[]
  >`
    SELECT p.outlet_id, p.from_at, p.until_at, p.owner_id, p.outlet_type, p.zone, p.region, p.groups
    FROM directory.outlet_period p JOIN directory.outlet o USING (outlet_id)
    WHERE o.operator_id = ${operator} ORDER BY p.outlet_id, p.from_at`
  const byOutlet = grouped(
    periods,
    (row) => row.outlet_id,
    (row) => ({
      ...period(row),
      owner: row.owner_id,
      type: row.outlet_type,
      zone: row.zone,
      region: row.region,
      groups: [...row.groups].sort(),
    }),
  )
  return new Map(
    outlets.map(({ outlet_id, country, name }) => [
      outlet_id,
      { outletId: outlet_id, country, name, periods: byOutlet.get(outlet_id) ?? [] },
    ]),
  )
}

export interface TerminalPeriod extends Period {
  readonly outlet: Uuid
  readonly replaces: Uuid | null
}

export const readTerminals = async (
  sql: Sql,
  operator: Uuid,
): Promise<ReadonlyMap<Uuid, readonly TerminalPeriod[]>> => {
  const rows = await sql<(Span & { terminal_id: Uuid; outlet_id: Uuid; replaces_id: Uuid | null })[]>`
    SELECT p.terminal_id, p.from_at, p.until_at, p.outlet_id, p.replaces_id
    FROM directory.terminal_period p JOIN directory.terminal t USING (terminal_id)
    WHERE t.operator_id = ${operator} ORDER BY p.terminal_id, p.from_at`
  return grouped(
    rows,
    (row) => row.terminal_id,
    (row) => ({
      ...period(row),
      outlet: row.outlet_id,
      replaces: row.replaces_id,
    }),
  )
}

export interface StaffRows {
  readonly idOfCode: ReadonlyMap<string, Uuid>
  readonly periods: ReadonlyMap<Uuid, readonly (Period & { readonly outlet: Uuid })[]>
}

export const readStaff = async (sql: Sql, operator: Uuid): Promise<StaffRows> => {
  const codes = await sql<{ staff_id: Uuid; code: string }[]>`
    SELECT staff_id, code FROM directory.staff WHERE operator_id = ${operator}`
  const periods = await sql<(Span & { staff_id: Uuid; outlet_id: Uuid })[]>`
    SELECT p.staff_id, p.outlet_id, p.from_at, p.until_at
    FROM directory.staff_period p JOIN directory.staff s USING (staff_id)
    WHERE s.operator_id = ${operator} ORDER BY p.staff_id, p.from_at`
  return {
    idOfCode: new Map(codes.map((row) => [row.code, row.staff_id])),
    periods: grouped(
      periods,
      (row) => row.staff_id,
      (row) => ({ ...period(row), outlet: row.outlet_id }),
    ),
  }
}

export interface CatalogueRows {
  readonly categories: readonly { readonly id: string; readonly parent: string | null }[]
  readonly products: readonly (Period & {
    readonly productId: Uuid
    readonly category: string
    readonly producer: string | null
    readonly tags: readonly string[]
    readonly marks: readonly LineMark[]
    readonly regime: string
    readonly floorMinor: number | null
  })[]
  readonly codes: readonly { readonly scope: string; readonly code: string; readonly productId: Uuid }[]
}

export const readCatalogue = async (sql: Sql, operator: Uuid): Promise<CatalogueRows> => {
  const categories = await sql<{ id: string; parent: string | null }[]>`
    SELECT category_id AS id, parent_id AS parent FROM directory.category WHERE catalogue_id = ${operator}`
  const products = await sql<
    (Span & {
      productId: Uuid
      category: string
      producer: string | null
      tags: string[]
      marks: LineMark[]
      regime: string
      floorMinor: number | null
    })[]
  >`
    SELECT product_id AS "productId", from_at, until_at, category_id AS category, producer, tags, marks,
      regime_class AS regime, floor_minor AS "floorMinor"
    FROM directory.product WHERE catalogue_id = ${operator} ORDER BY product_id, from_at`
  const codes = await sql<{ scope: string; code: string; productId: Uuid }[]>`
    SELECT scope, code, product_id AS "productId" FROM directory.product_code WHERE catalogue_id = ${operator}`
  return { categories, products: products.map((row) => ({ ...row, ...period(row) })), codes }
}

export interface RegimeRow extends Period {
  readonly country: string
  readonly outletType: string
  readonly regimeClass: string
  readonly mayEarn: boolean
  readonly mayDiscount: boolean
  readonly mayCount: boolean
}

export const readLaw = async (sql: Sql): Promise<readonly RegimeRow[]> => {
  const rows = await sql<(Span & Omit<RegimeRow, 'fromMs' | 'untilMs'>)[]>`
    SELECT country, outlet_type AS "outletType", regime_class AS "regimeClass", from_at, until_at,
      may_earn AS "mayEarn", may_discount AS "mayDiscount", may_count AS "mayCount"
    FROM directory.legal_regime ORDER BY country, outlet_type, regime_class, from_at`
  return rows.map((row) => ({ ...row, ...period(row) }))
}

const grouped = <Row, Key, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  valueOf: (row: Row) => Value,
): ReadonlyMap<Key, readonly Value[]> => {
  const groups = new Map<Key, Value[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [valueOf(row)])
    else group.push(valueOf(row))
  }
  return groups
}
