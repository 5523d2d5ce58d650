/** Rows of the file become invoices; what cannot be sold is put aside with its reason, cancellations as a whole. */
import { utcOffsetMinutes } from '@premia/pos-sdk/contract/till'
import type { InvoiceRow } from './invoice-row.ts'
import { type GoodsLine, judgeRow, type Reason } from './judge-row.ts'

export const zone = 'Europe/London'

export interface Invoice {
  readonly number: string
  readonly country: string
  /** Absent where the buyer is unknown. */
  readonly customer?: string
  readonly atMs: number
  readonly lines: readonly GoodsLine[]
}

export interface RefusedRow {
  readonly row: InvoiceRow
  readonly reason: Reason
}

export interface Invoices {
  /** In the order of their time. */
  readonly invoices: readonly Invoice[]
  readonly refused: readonly RefusedRow[]
  /** Rows of cancellations, kept aside until returns exist. */
  readonly cancelled: readonly InvoiceRow[]
  /** Invoices of which no line was left. */
  readonly empty: number
}

/** The instant of a local time of the file. @example londonMs('2011-06-01 12:00:00') === Date.UTC(2011, 5, 1, 11) // true */
export const londonMs = (text: string): number | undefined => {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined
  const asUtc = Date.parse(`${text.replace(' ', 'T')}${text.length === 16 ? ':00' : ''}.000Z`)
  if (Number.isNaN(asUtc)) return undefined
  const guess = asUtc - utcOffsetMinutes(zone, asUtc) * 60_000
  return asUtc - utcOffsetMinutes(zone, guess) * 60_000
}

/** `17850.0` and `17850` are one customer. */
const customerOf = (row: InvoiceRow): string | undefined => {
  const number = row.CustomerID.trim().replace(/\.0+$/, '')
  return number === '' ? undefined : number
}

const isCancellation = (row: InvoiceRow): boolean => /^c/i.test(row.InvoiceNo.trim())

const invoiceOf = (rows: readonly InvoiceRow[], refused: RefusedRow[]): Invoice | undefined => {
  const lines: GoodsLine[] = []
  let atMs: number | undefined
  const [first] = rows
  if (first === undefined) return undefined
  for (const row of rows) {
    const at = londonMs(row.InvoiceDate.trim())
    const same = row.Country === first.Country && row.CustomerID === first.CustomerID
    const line = at === undefined ? 'date_unreadable' : same ? judgeRow(row) : 'invoice_contradictory'
    if (typeof line === 'string') refused.push({ row, reason: line })
    else {
      lines.push(line)
      // A few invoices were written over a minute: they began with their first line.
      atMs = Math.min(atMs ?? Number.POSITIVE_INFINITY, at ?? Number.POSITIVE_INFINITY)
    }
  }
  if (atMs === undefined) return undefined
  const customer = customerOf(first)
  return {
    number: first.InvoiceNo.trim(),
    country: first.Country.trim(),
    ...(customer === undefined ? {} : { customer }),
    atMs,
    lines,
  }
}

export const invoicesOf = (rows: readonly InvoiceRow[]): Invoices => {
  const cancelled = rows.filter(isCancellation)
  const byNumber = new Map<string, InvoiceRow[]>()
  for (const row of rows) {
    if (isCancellation(row)) continue
    const number = row.InvoiceNo.trim()
    const group = byNumber.get(number)
    if (group === undefined) byNumber.set(number, [row])
    else group.push(row)
  }
  const refused: RefusedRow[] = []
  const invoices = [...byNumber.values()].flatMap((group) => invoiceOf(group, refused) ?? [])
  const empty = byNumber.size - invoices.length
  // Equal times keep the order of the file: the sort is stable.
  return { invoices: invoices.sort((a, b) => a.atMs - b.atMs), refused, cancelled, empty }
}
