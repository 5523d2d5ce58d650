import type { SaleDraft } from '@premia/pos-sdk'
import { instantOf, type Line, type Uuid } from '@premia/pos-sdk/contract/till'
import { type Minor, minor } from '@premia/rules'
import { saleId } from './identity.ts'
import type { Invoice } from './invoice.ts'
import type { GoodsLine } from './judge-row.ts'

const lineOf = (line: GoodsLine, index: number): Line => ({
  number: index + 1,
  kind: line.kind,
  product: { code: line.code },
  ...(line.name === '' ? {} : { name: line.name }),
  quantityMilli: line.quantityMilli,
  unit: 'piece',
  unitPriceMinor: line.unitPriceMinor,
  grossMinor: line.grossMinor,
  reductions: [],
  vat: { ratePpm: null },
  marks: [],
})

/** Card numbers of the retailer's customers, told apart from other numbers by their length and first digits. */
export const cardNumber = (customer: string): string => `9826${customer.padStart(8, '0')}`

/** An invoice as the till sends it: prices as given, VAT unknown, one tender for the sum. */
export const saleDraft = (invoice: Invoice): SaleDraft & { readonly id: Uuid } => {
  const grossMinor: Minor = minor(invoice.lines.reduce((sum, line) => sum + line.grossMinor, 0))
  return {
    id: saleId(invoice.file, invoice.number, invoice.atMs),
    kind: 'sale',
    occurredAt: instantOf(invoice.atMs),
    channel: 'online',
    document: { kind: 'invoice', number: invoice.number },
    cards:
      invoice.customer === undefined
        ? []
        : [{ number: cardNumber(invoice.customer), entry: 'keyed', role: 'identify' }],
    lines: invoice.lines.map(lineOf),
    adjustments: [],
    uses: [],
    tenders: [{ kind: 'other', amountMinor: grossMinor }],
    totals: {
      grossMinor,
      reductionMinor: minor(0),
      reimbursedMinor: minor(0),
      roundingMinor: minor(0),
      payableMinor: grossMinor,
    },
  }
}
