import type { HelloAnswer, Uuid } from '@premia/pos-sdk/contract/till'
import type { Sql } from '../db/pool.ts'

/** Where a terminal stands and which programs run there: what it is told when it enrols and says hello. */
export interface Place {
  readonly outlet: HelloAnswer['outlet']
  readonly programs: HelloAnswer['programs']
}

interface PlaceRow {
  readonly outlet: Uuid
  readonly outletName: string
  readonly zone: string
  readonly program: Uuid | null
  readonly programName: string | null
  readonly currency: string | null
  readonly steersPrices: boolean | null
}

/** ISO 4217 for "no currency": an outlet without a program has none. */
const NO_CURRENCY = 'XXX'
const PROGRAMS_MAX = 20

/** `undefined` while the terminal stands at no outlet. */
export const placeOf = async (sql: Sql, terminal: Uuid, nowMs: number): Promise<Place | undefined> => {
  const now = new Date(nowMs)
  const rows = await sql<PlaceRow[]>`
    SELECT o.outlet_id AS outlet, o.name AS "outletName", op.zone, p.public_id AS program, p.name AS "programName",
      p.currency, a.steers_prices AS "steersPrices"
    FROM directory.terminal_period tp
    JOIN directory.outlet o ON o.outlet_id = tp.outlet_id
    JOIN directory.outlet_period op ON op.outlet_id = o.outlet_id
      AND op.from_at <= ${now} AND (op.until_at IS NULL OR op.until_at > ${now})
    LEFT JOIN (directory.program_outlet a JOIN directory.program p ON p.program_id = a.program_id AND p.state <> 'closed')
      ON a.outlet_id = o.outlet_id AND a.from_at <= ${now} AND (a.until_at IS NULL OR a.until_at > ${now})
    WHERE tp.terminal_id = ${terminal} AND tp.from_at <= ${now} AND (tp.until_at IS NULL OR tp.until_at > ${now})
    ORDER BY p.program_id LIMIT ${PROGRAMS_MAX}`
  const [first] = rows
  if (first === undefined) return undefined
  return {
    outlet: {
      id: first.outlet,
      name: first.outletName,
      zone: first.zone,
      currency: first.currency ?? NO_CURRENCY,
    },
    programs: rows.flatMap(({ program, programName, steersPrices }) =>
      program === null ? [] : [{ id: program, name: programName ?? '', steersPrices: steersPrices ?? false }],
    ),
  }
}
