/** Rows of the file become invoices and cancellations; what cannot be sold is put aside with its reason. */
import { utcOffsetMinutes } from '@premia/pos-sdk/contract/till'
import type { InvoiceRow } from './invoice-row.ts'
import { type Direction, type GoodsLine, judgeRow, type Reason } from './judge-row.ts'

export const zone = 'Europe/London'

/** An invoice, or a cancellation with what came back: both with quantities above zero. */
export interface Invoice {
  /** Name of the file it stands in. */
  readonly file: string
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
  /** In the order of their time. They name no invoice. */
  readonly cancellations: readonly Invoice[]
  readonly refused: readonly RefusedRow[]
  /** Invoices and cancellations of which no line was left. */
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

const directionOf = (row: InvoiceRow): Direction => (/^c/i.test(row.InvoiceNo.trim()) ? 'cancelled' : 'sold')

const invoiceOf = (rows: readonly InvoiceRow[], file: string, refused: RefusedRow[]): Invoice | undefined => {
  const lines: GoodsLine[] = []
  let atMs: number | undefined
  const [first] = rows
  if (first === undefined) return undefined
  for (const row of rows) {
    const at = londonMs(row.InvoiceDate.trim())
    const same = row.Country === first.Country && row.CustomerID === first.CustomerID
    const line =
      at === undefined ? 'date_unreadable' : same ? judgeRow(row, directionOf(first)) : 'invoice_contradictory'
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
    file,
    number: first.InvoiceNo.trim(),
    country: first.Country.trim(),
    ...(customer === undefined ? {} : { customer }),
    atMs,
    lines,
  }
}

/** The rows of one file. */
export const invoicesOf = (rows: readonly InvoiceRow[], file: string): Invoices => {
  const byNumber = new Map<string, InvoiceRow[]>()
  for (const row of rows) {
    const number = row.InvoiceNo.trim()
    const group = byNumber.get(number)
    if (group === undefined) byNumber.set(number, [row])
    else group.push(row)
  }
  const refused: RefusedRow[] = []
  const found: Record<Direction, Invoice[]> = { sold: [], cancelled: [] }
  for (const group of byNumber.values()) {
    const invoice = invoiceOf(group, file, refused)
    if (invoice !== undefined && group[0] !== undefined) found[directionOf(group[0])].push(invoice)
  }
  const { sold, cancelled } = found
  const empty = byNumber.size - sold.length - cancelled.length
  return { invoices: inOrder(sold), cancellations: inOrder(cancelled), refused, empty }
}

/** Equal times keep the order of the file: the sort is stable. */
const inOrder = (invoices: readonly Invoice[]): readonly Invoice[] => invoices.toSorted((a, b) => a.atMs - b.atMs)

/** Several files as one. */
export const togetherOf = (files: readonly Invoices[]): Invoices => ({
  invoices: inOrder(files.flatMap(({ invoices }) => invoices)),
  cancellations: inOrder(files.flatMap(({ cancellations }) => cancellations)),
  refused: files.flatMap(({ refused }) => refused),
  empty: files.reduce((sum, { empty }) => sum + empty, 0),
})
