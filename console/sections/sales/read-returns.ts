import type { Sale } from '@premia/pos-sdk/contract/till'
import type { Applied, Outcome, ReturnedUnits } from '@premia/rules'
import { type SQL, sql } from 'drizzle-orm'
import type { Found } from '../../kit/model/wire.ts'
import { unpackJson } from '../../kit/server/kept-text.ts'
import { receiptSpellings } from '../../kit/server/receipt-spellings.ts'
import { type ScopedTx, scopePrograms } from '../../kit/server/transaction.ts'
import type { AwardLine, Beneficiary, ReturnedSale, SaleReturn, WaitingReturn, WaitingReturns } from './record.ts'

/** What the engine told of a return (`engine/ledger/sale-content.ts`). */
export interface ToldReturn {
  readonly clawedBack?: readonly {
    readonly to: Beneficiary
    readonly pointType: string
    readonly points: number
    readonly owed?: number
    readonly uncollected?: number
    readonly expired?: number
  }[]
  readonly givenBack?: readonly { readonly pointType: string; readonly points: number }[]
}
export interface ReturnedUnitsOf {
  readonly returned?: { readonly sale: string; readonly units: readonly ReturnedUnits[] }
}

/** Of a program's point types: name and scale. */
export type PointNames = (pointType: string) => { readonly pointType: string; readonly scale: number }

/** Points that a return took and gave, as movements of who had them. */
export const returnLines = ({ clawedBack = [], givenBack = [] }: ToldReturn, named: PointNames): AwardLine[] => [
  ...clawedBack
    .filter(({ points }) => points !== 0)
    .map(({ to, pointType, points }) => ({ to, ...named(pointType), points: -points })),
  ...givenBack.map(({ pointType, points }) => ({ to: 'customer' as const, ...named(pointType), points })),
]

interface Place {
  readonly tx: ScopedTx
  readonly programId: number
  readonly id: string
}

const returnsMax = 100

/** Whoever has one outlet is told nothing of another one's documents but that they touch their own. */
const isMine = (tx: ScopedTx, outlet: string | null): boolean =>
  tx.access.outletId === undefined || tx.access.outletId === outlet

const iso = (value: SQL): SQL => sql`to_char(${value}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

interface ReturnRow {
  readonly id: string
  readonly outlet: string | null
  readonly outletName: string | null
  readonly number: string | null
  readonly at: string
  readonly outcome: Uint8Array | null
  readonly told: ToldReturn | null
}

/** Returns of one sale in one program, the oldest first; those that still wait to be booked, too. */
export const readReturns = async ({ tx, programId, id }: Place, named: PointNames): Promise<readonly SaleReturn[]> => {
  const rows = await tx.run<ReturnRow>(sql`
    SELECT r.return_id AS id, s.outlet_id AS outlet, o.name AS "outletName", s.document_number AS number,
      ${iso(sql`coalesce(s.occurred_at, r.received_at)`)} AS at, s.outcome, s.told
    FROM read.sale_return r
    LEFT JOIN read.sale s ON s.program_id = r.program_id AND s.booked_at = r.booked_at AND s.document_id = r.return_id
    LEFT JOIN read.outlet o ON o.outlet_id = s.outlet_id
    WHERE r.program_id = ${programId}::bigint AND r.original_id = ${id}::uuid
    ORDER BY coalesce(s.occurred_at, r.received_at), r.return_id LIMIT ${returnsMax}`)
  return rows.map((row) => {
    const mine = isMine(tx, row.outlet)
    return {
      key: row.id,
      id: mine && row.told !== null ? row.id : null,
      number: mine ? row.number : null,
      outlet: mine ? row.outletName : null,
      at: row.at,
      waits: row.told === null,
      units: row.outcome === null ? [] : (unpackJson<ReturnedUnitsOf>(row.outcome).returned?.units ?? []),
      points: returnLines(row.told ?? {}, named),
    }
  })
}

/** The sale that a return took back. */
export interface Original extends Omit<OriginalRow, 'content' | 'outcome'> {
  readonly id: string
  readonly content: OriginalContent | undefined
  readonly applied: readonly Applied[]
}

interface OriginalRow {
  readonly outlet: string
  readonly outletName: string
  readonly number: string
  readonly at: string
  readonly content: Uint8Array | null
  readonly outcome: Uint8Array
}
interface OriginalContent {
  readonly lines: readonly { readonly number: number; readonly name?: string; readonly quantityMilli: number }[]
  readonly uses?: readonly { readonly voucher?: string }[]
}

export interface ReturnDocument {
  readonly outcome: ReturnedUnitsOf
  readonly told: ToldReturn
  /** As the till said it. */
  readonly original: Sale['original'] | undefined
  /** The sale itself. */
  readonly found: Original | undefined
}

/** The sale of a return, where anybody knows it. */
export const readOriginal = async (
  { tx, programId, id }: Place,
  returned: string | undefined,
): Promise<Original | undefined> => {
  const [row] = await tx.run<OriginalRow & { id: string }>(sql`
    SELECT k.document_id AS id, s.outlet_id AS outlet, o.name AS "outletName", s.document_number AS number,
      ${iso(sql`s.occurred_at`)} AS at, s.content, s.outcome
    FROM read.sale_key k
    JOIN read.sale s ON s.program_id = k.program_id AND s.booked_at = k.booked_at AND s.document_id = k.document_id
    JOIN read.outlet o ON o.outlet_id = s.outlet_id
    WHERE k.program_id = ${programId}::bigint AND k.document_id = coalesce(${returned ?? null}::uuid,
      (SELECT r.original_id FROM read.sale_return r WHERE r.program_id = ${programId}::bigint AND r.return_id = ${id}::uuid
       LIMIT 1))`)
  if (row === undefined) return undefined
  const { content, outcome, ...rest } = row
  return {
    ...rest,
    content: content === null ? undefined : unpackJson<OriginalContent>(content),
    applied: unpackJson<Outcome>(outcome).applied,
  }
}

/** What a return takes back names rule and effect alone: to whom, and in which points, the sale says. */
export const appliedBack = (back: readonly Applied[], original: Original | undefined): readonly Applied[] =>
  back.map((each) => {
    const first = original?.applied.find(
      ({ rule, version, effect = 0 }) =>
        rule === each.rule && version === each.version && effect === (each.effect ?? 0),
    )
    if (first === undefined) return each
    const { to, pointType } = first
    return { ...each, ...(to === undefined ? {} : { to }), ...(pointType === undefined ? {} : { pointType }) }
  })

/** What a return took back, of which sale. */
export const returnedOf = async (
  place: Place,
  { outcome, told, original: said, found }: ReturnDocument,
  named: PointNames,
): Promise<ReturnedSale> => {
  const lineOf = (line: number) => found?.content?.lines.find(({ number }) => number === line)
  const mine = found !== undefined && isMine(place.tx, found.outlet)
  const vouchers = (found?.content?.uses ?? []).flatMap(({ voucher }) => voucher ?? [])
  return {
    sale:
      found === undefined
        ? null
        : mine
          ? { id: found.id, number: found.number, outlet: found.outletName, at: found.at }
          : { id: null, number: null, outlet: null, at: found.at },
    named: said?.document ?? null,
    reason: said?.reason ?? null,
    units: (outcome.returned?.units ?? []).map(({ line, quantityMilli }) => ({
      line,
      name: mine ? (lineOf(line)?.name ?? null) : null,
      quantityMilli,
      ofMilli: lineOf(line)?.quantityMilli ?? null,
    })),
    taken: (told.clawedBack ?? []).map(({ to, pointType, points, owed = 0, uncollected = 0, expired = 0 }) => ({
      to,
      ...named(pointType),
      points,
      owed,
      uncollected,
      expired,
    })),
    given: (told.givenBack ?? []).map(({ pointType, points }) => ({ ...named(pointType), points })),
    vouchers: await readVouchersBack(place, vouchers),
  }
}

/** A use that was taken back has a minus. */
const readVouchersBack = async (
  { tx, programId, id }: Place,
  vouchers: readonly string[],
): Promise<ReturnedSale['vouchers']> => {
  if (vouchers.length === 0) return []
  return await tx.run<ReturnedSale['vouchers'][number]>(sql`
    SELECT kind, code_last AS last FROM read.voucher_use
    WHERE program_id = ${programId}::bigint AND voucher_id = ANY (${sql.param([...vouchers])}::uuid[])
      AND document_id = ${id}::uuid ORDER BY voucher_id`)
}

/** As far as the console reads it: a return as it was received (`engine/batcher/returns/kept-return.ts`). */
interface Waiting {
  readonly sale: {
    readonly id: string
    readonly occurredAt: string
    readonly document: { readonly number: string }
    readonly totals: { readonly payableMinor: number }
  }
  readonly outlet: string
  readonly receivedAtMs: number
}

const waitingMax = 200

/** Returns whose sale has not come, the newest first; one that waits in several programs is one. */
const readWaiting = async (tx: ScopedTx): Promise<readonly (Waiting & { readonly program: number })[]> => {
  const rows = await tx.run<{ program: number; waiting: Uint8Array }>(sql`
    SELECT program_id AS program, waiting FROM read.waiting_return WHERE program_id = ANY (${scopePrograms})
    ORDER BY received_at DESC, return_id, program_id LIMIT ${waitingMax}`)
  const found = new Map<string, Waiting & { readonly program: number }>()
  for (const { program, waiting } of rows) {
    const document = unpackJson<Waiting>(waiting)
    if (isMine(tx, document.outlet) && !found.has(document.sale.id))
      found.set(document.sale.id, { ...document, program })
  }
  return [...found.values()]
}

const shownMax = 50

/** What the list says of them above its rows. */
export const aside = async (tx: ScopedTx): Promise<WaitingReturns> => {
  const waiting = await readWaiting(tx)
  const names = await outletNames(tx, waiting)
  return {
    count: waiting.length,
    returns: waiting.slice(0, shownMax).map(({ sale, outlet, receivedAtMs, program }): WaitingReturn => {
      const reach = tx.access.programs.find(({ programId }) => programId === program)
      return {
        id: sale.id,
        number: sale.document.number,
        outlet: names.get(outlet) ?? '',
        at: sale.occurredAt,
        receivedAt: new Date(receivedAtMs).toISOString(),
        paid: { amountMinor: -sale.totals.payableMinor, currency: reach?.currency ?? '' },
      }
    }),
  }
}

const outletNames = async (tx: ScopedTx, waiting: readonly Waiting[]): Promise<ReadonlyMap<string, string>> => {
  if (waiting.length === 0) return new Map()
  const ids = [...new Set(waiting.map(({ outlet }) => outlet))]
  const rows = await tx.run<{ id: string; name: string }>(sql`
    SELECT outlet_id AS id, name FROM read.outlet WHERE outlet_id = ANY (${sql.param(ids)}::uuid[])`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Returns that wait, by the number on their own receipt: they stand in no register yet. */
export const findWaiting = async (tx: ScopedTx, text: string): Promise<readonly Found[]> => {
  const spellings = new Set(receiptSpellings(text))
  const found = (await readWaiting(tx)).filter(({ sale }) => spellings.has(sale.document.number)).slice(0, 3)
  const names = await outletNames(tx, found)
  return found.map(({ sale, outlet }) => ({
    section: 'sales',
    id: sale.id,
    title: sale.document.number,
    detail: names.get(outlet) ?? '',
    at: sale.occurredAt,
    waits: true,
  }))
}
