/**
 * A cancellation of the file names no invoice. Each of its lines is taken to come from the latest invoice before it of the
 * same customer that has the same product at the same price and enough of it left; where there is none it is a return
 * without receipt.
 */
import type { ReturnedUnits } from '@premia/rules'
import type { Invoice } from './invoice.ts'
import type { GoodsLine } from './judge-row.ts'

/** What one cancellation takes back of one invoice, or without receipt. */
export interface GoodsBack {
  readonly cancellation: Invoice
  /** The cancellation's own, with a place where it takes back from several. */
  readonly number: string
  readonly lines: readonly GoodsLine[]
  readonly of?: {
    readonly invoice: Invoice
    readonly units: readonly ReturnedUnits[]
    /** Thousandths that came back of it before, by line. */
    readonly returned: Readonly<Record<number, number>>
  }
}

interface Sold {
  readonly invoice: Invoice
  returned: Readonly<Record<number, number>>
}

/** Number of the line that has enough left, else `undefined`. */
const lineOf = ({ invoice, returned }: Sold, wanted: GoodsLine): number | undefined => {
  const index = invoice.lines.findIndex(
    ({ code, unitPriceMinor, quantityMilli }, at) =>
      code === wanted.code &&
      unitPriceMinor === wanted.unitPriceMinor &&
      quantityMilli - (returned[at + 1] ?? 0) >= wanted.quantityMilli,
  )
  return index === -1 ? undefined : index + 1
}

interface Found {
  readonly sold: Sold
  readonly before: Sold['returned']
  readonly units: ReturnedUnits[]
  readonly lines: GoodsLine[]
}

const matchOne = (cancellation: Invoice, sold: readonly Sold[]): readonly GoodsBack[] => {
  const found = new Map<Sold, Found>()
  const without: GoodsLine[] = []
  for (const wanted of cancellation.lines) {
    const from = sold.findLast((each) => each.invoice.atMs <= cancellation.atMs && lineOf(each, wanted) !== undefined)
    const line = from === undefined ? undefined : lineOf(from, wanted)
    if (from === undefined || line === undefined) {
      without.push(wanted)
      continue
    }
    const part = found.get(from) ?? { sold: from, before: from.returned, units: [], lines: [] }
    part.units.push({ line, quantityMilli: wanted.quantityMilli })
    part.lines.push(wanted)
    found.set(from, part)
    from.returned = { ...from.returned, [line]: (from.returned[line] ?? 0) + wanted.quantityMilli }
  }
  const parts = [
    ...[...found.values()].map(({ sold: { invoice }, before, units, lines }) => ({
      lines,
      of: { invoice, units, returned: before },
    })),
    ...(without.length === 0 ? [] : [{ lines: without }]),
  ]
  const { number } = cancellation
  return parts.map((part, index) => ({
    ...part,
    cancellation,
    number: parts.length === 1 ? number : `${number}/${index + 1}`,
  }))
}

/** What comes back, in the order of the cancellations; both lists are in the order of their time. */
export const matchReturns = (invoices: readonly Invoice[], cancellations: readonly Invoice[]): readonly GoodsBack[] => {
  const byCustomer = new Map<string, Sold[]>()
  for (const invoice of invoices) {
    if (invoice.customer === undefined) continue
    const own = byCustomer.get(invoice.customer) ?? []
    own.push({ invoice, returned: {} })
    byCustomer.set(invoice.customer, own)
  }
  return cancellations.flatMap((cancellation) =>
    matchOne(cancellation, byCustomer.get(cancellation.customer ?? '') ?? []),
  )
}
