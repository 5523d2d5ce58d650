import { type NoticeCode, notices, noticeText } from '@premia/pos-sdk/contract/problems'
import type { Line, Sale } from '@premia/pos-sdk/contract/till'
import type { Applied, EvaluationInput, Outcome, ProgramDocument } from '@premia/rules'
import { sql } from 'drizzle-orm'
import { type Found, type Language, languages } from '../../kit/model/wire.ts'
import { programOf } from '../../kit/server/access.ts'
import { unpackJson } from '../../kit/server/kept-text.ts'
import { receiptSpellings } from '../../kit/server/receipt-spellings.ts'
import { programDocument, type RuleFace, ruleFaces } from '../../kit/server/rule-faces.ts'
import type { FindContext, RecordContext, SectionApi } from '../../kit/server/section-api.ts'
import { scopePrograms } from '../../kit/server/transaction.ts'
import { lowestPricesIn } from './lowest-prices.ts'
import {
  aside,
  findWaiting,
  type PointNames,
  appliedBack,
  readOriginal,
  returnedOf,
  readReturns,
  returnLines,
  type ReturnedUnitsOf,
  type ToldReturn,
} from './read-returns.ts'
import type { AppliedRule, AwardLine, Receipt, ReceiptTotals, SaleNotice, SaleProgram, SaleRecord } from './record.ts'

/** The redactable column, as far as the page needs it. */
interface Content {
  readonly channel: string
  readonly document: Sale['document']
  readonly original?: Sale['original']
  readonly roundingMinor: number
  readonly lines: readonly Line[]
  readonly adjustments?: Sale['adjustments']
  readonly tenders: Sale['tenders']
  /** Absent where only totals are kept. */
  readonly input?: EvaluationInput
}
interface Told extends ToldReturn {
  readonly redeemed?: readonly { readonly pointType: string; readonly points: number }[]
  readonly notices?: readonly { readonly code: NoticeCode; readonly about?: { readonly line?: number } }[]
  readonly uses?: readonly { readonly status: string; readonly code?: string; readonly shortfallMinor?: number }[]
}
interface SaleRow extends Omit<ReceiptTotals, 'roundingMinor'> {
  readonly programId: number
  readonly kind: 'sale' | 'return'
  readonly bookedAt: string
  readonly outcome: Outcome & ReturnedUnitsOf
  readonly content: Content | null
  readonly told: Told
  readonly ruleSet: string
  readonly outletId: string
  readonly outlet: string
  readonly code: string
  readonly city: string | null
  readonly zone: string | null
}

interface KeptRow extends Omit<SaleRow, 'outcome' | 'content'> {
  readonly outcome: Uint8Array
  readonly content: Uint8Array | null
}

const readSale = async ({ tx, id }: RecordContext): Promise<readonly SaleRow[]> => {
  const rows = await tx.run<KeptRow>(sql`
    SELECT s.program_id AS "programId", s.kind, s.booked_at AS "bookedAt", s.outcome, s.content, s.told,
      s.gross_minor AS "grossMinor", s.reduction_minor AS "reductionMinor", s.reimbursed_minor AS "reimbursedMinor",
      s.payable_minor AS "payableMinor", s.rule_set AS "ruleSet", s.outlet_id AS "outletId", o.name AS outlet, o.code, o.city, o.zone
    FROM read.sale_key k
    JOIN read.sale s ON s.program_id = k.program_id AND s.booked_at = k.booked_at AND s.document_id = k.document_id
    JOIN read.outlet o ON o.outlet_id = s.outlet_id
    WHERE k.program_id = ANY (${scopePrograms}) AND k.document_id = ${id}::uuid ORDER BY s.program_id`)
  return rows.map((row) => ({
    ...row,
    outcome: unpackJson<SaleRow['outcome']>(row.outcome),
    content: row.content === null ? null : unpackJson<Content>(row.content),
  }))
}

const record = async (context: RecordContext): Promise<SaleRecord> => {
  // Only programs whose row the person may read: an outlet's user has no other outlet's sale, whatever the id.
  const shown = new Set(context.rows.map((row) => row.program))
  const rows = (await readSale(context)).filter((row) =>
    shown.has(programOf(context.tx.access, row.programId).publicId),
  )
  const [first] = rows
  if (first === undefined) throw new Error('a sale without its row')
  // Programs may keep different parts of the same receipt: the one that tells most is shown.
  const fullest = rows.find((row) => row.content?.lines.some((line) => line.name !== undefined)) ?? first
  const { outlet, code, city, zone } = first
  const isReturn = first.kind === 'return'
  const signed = isReturn ? negative : (amountMinor: number): number => amountMinor
  return {
    receipt: fullest.content === null ? null : receiptOf(fullest.content, signed),
    place: { outlet, code, city, zone },
    lowestPrices: await lowestPricesIn(context.tx, rows),
    isReturn,
    totals: {
      grossMinor: signed(first.grossMinor),
      reductionMinor: signed(first.reductionMinor),
      reimbursedMinor: signed(first.reimbursedMinor),
      roundingMinor: signed(fullest.content?.roundingMinor ?? 0),
      payableMinor: signed(first.payableMinor),
    },
    programs: await Promise.all(rows.map((row) => programPart(context, row))),
  }
}

/** Nothing stays nothing, without a sign. */
const negative = (amountMinor: number): number => (amountMinor === 0 ? 0 : -amountMinor)

const receiptOf = (content: Content, signed: (amountMinor: number) => number): Receipt => ({
  kind: content.document?.kind ?? 'receipt',
  channel: content.channel,
  lines: content.lines.map((line) => ({
    number: line.number,
    name: line.name ?? line.category ?? null,
    quantityMilli: line.quantityMilli,
    unit: line.unit,
    unitPriceMinor: line.unitPriceMinor,
    grossMinor: signed(line.grossMinor),
    reductionMinor: signed(line.reductions.reduce((sum, each) => sum + each.amountMinor, 0)),
    reimbursedMinor: signed(line.reimbursement?.amountMinor ?? 0),
    vat: line.vat.code ?? null,
  })),
  adjustments: (content.adjustments ?? []).map(({ by, amountMinor }) => ({ by, amountMinor: signed(amountMinor) })),
  tenders: content.tenders.map(({ kind, amountMinor }) => ({ kind, amountMinor: signed(amountMinor) })),
})

const programPart = async (context: RecordContext, row: SaleRow): Promise<SaleProgram> => {
  const { tx, rows } = context
  const program = programOf(tx.access, row.programId)
  const own = rows.find((each) => each.program === program.publicId)
  const member = own?.cells['member']
  const document = await programDocument(tx, row.programId)
  const place = { tx, programId: row.programId, id: context.id }
  const named: PointNames = (code) => ({
    pointType: typeOf(document, code)?.name ?? code,
    scale: typeOf(document, code)?.scale ?? 0,
  })
  const isReturn = row.kind === 'return'
  const found = isReturn ? await readOriginal(place, row.outcome.returned?.sale) : undefined
  const rules = isReturn ? appliedBack(row.outcome.applied, found) : row.outcome.applied
  const faces = await ruleFaces(tx, row.programId, rules)
  return {
    program: program.publicId,
    member: member !== null && typeof member === 'object' && 'label' in member ? member : null,
    bookedAt: new Date(row.bookedAt).toISOString(),
    awards: [...awardsOf(row, named), ...returnLines(row.told, named)],
    applied: rules.map((applied, index) => appliedRule(applied, faces[index] as RuleFace, document)),
    notices: (row.told.notices ?? []).map(noticeOf),
    shortfalls: (row.told.uses ?? [])
      .filter((use) => use.status === 'shortfall')
      .map((use) => ({ amountMinor: use.shortfallMinor ?? 0, code: use.code ?? null })),
    returns: isReturn ? [] : await readReturns(place, named),
    returned: isReturn ? await returnedOf(place, { ...row, original: row.content?.original, found }, named) : null,
  }
}

const typeOf = (document: ProgramDocument, code: string) => document.pointTypes.find((type) => type.code === code)

const awardsOf = ({ outcome, told }: SaleRow, named: PointNames): readonly AwardLine[] => {
  const line = (to: AwardLine['to'], code: string, points: number): AwardLine => ({ to, ...named(code), points })
  // Awards are parted by activation and expiry; a person reads one sum for each beneficiary and point type.
  const sums = new Map<string, AwardLine>()
  for (const { to, pointType, points } of outcome.awards) {
    const before = sums.get(`${to} ${pointType}`)?.points ?? 0
    sums.set(`${to} ${pointType}`, line(to, pointType, before + points))
  }
  const spent = (told.redeemed ?? []).map(({ pointType, points }) => line('customer', pointType, -points))
  return [...sums.values(), ...spent]
}

const appliedRule = (applied: Applied, face: RuleFace, document: ProgramDocument): AppliedRule => {
  const type = applied.pointType === undefined ? undefined : typeOf(document, applied.pointType)
  return {
    ...face,
    to: applied.to ?? null,
    pointType: type?.name ?? applied.pointType ?? null,
    scale: type?.scale ?? 0,
    basis: applied.basis ?? null,
    baseMinor: applied.baseMinor ?? null,
    points: applied.points ?? null,
    amountMinor: applied.amountMinor ?? null,
    shares: (applied.pointShares ?? []).map(({ line, points }) => ({ line, points })),
    wanted: applied.cut?.wanted ?? null,
  }
}

const knownCodes: ReadonlySet<string> = new Set(notices.map((each) => each.code))

const noticeOf = ({ code, about }: NonNullable<Told['notices']>[number]): SaleNotice => {
  const known = knownCodes.has(code)
  const text = (language: Language): string => (known ? noticeText(code, language).text : code)
  return {
    code,
    severity: known ? noticeText(code, 'en').severity : 'info',
    texts: Object.fromEntries(languages.map((language) => [language, text(language)])) as SaleNotice['texts'],
    line: about?.line ?? null,
  }
}

const foundMax = 6

/** A receipt by its number, however long ago. */
const find = async ({ tx, text }: FindContext): Promise<readonly Found[]> => {
  if (!/\d/.test(text)) return []
  const outlet = tx.access.outletId
  const rows = await tx.run<{ id: string; number: string; outlet: string; at: string }>(sql`
    SELECT DISTINCT ON (s.occurred_at, s.document_id) s.document_id AS id, s.document_number AS number, o.name AS outlet,
      s.occurred_at AS at
    FROM read.sale_register s JOIN read.outlet o ON o.outlet_id = s.outlet_id
    WHERE s.program_id = ANY (${scopePrograms}) AND s.document_number = ANY (${sql.param(receiptSpellings(text))}::text[])
      AND ${outlet === undefined ? sql`true` : sql`s.outlet_id = ${outlet}::uuid`}
    ORDER BY s.occurred_at DESC, s.document_id LIMIT ${foundMax}`)
  const booked = rows.map(({ id, number, outlet: name, at }) => ({
    section: 'sales',
    id,
    title: number,
    detail: name,
    at: new Date(at).toISOString(),
  }))
  return [...booked, ...(await findWaiting(tx, text))]
}

export const api: SectionApi = { record, find, aside }
