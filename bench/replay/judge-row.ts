import { type Milli, type Minor, milli, minor } from '@premia/rules'
import { decimalOf, penceOf } from './amount.ts'
import type { InvoiceRow } from './invoice-row.ts'

/** Why a line of the file cannot be a line of a sale. */
export type Reason =
  | 'not_goods_postage'
  | 'not_goods_manual_entry'
  | 'not_goods_bank_charges'
  | 'not_goods_discount'
  | 'not_goods_samples'
  | 'not_goods_marketplace_fee'
  | 'not_goods_correction'
  | 'stock_code_unknown'
  | 'date_unreadable'
  | 'quantity_unreadable'
  | 'quantity_negative'
  | 'quantity_positive'
  | 'quantity_zero'
  | 'price_unreadable'
  | 'price_negative'
  | 'price_zero'
  | 'price_below_a_penny'
  | 'invoice_contradictory'

export interface GoodsLine {
  readonly kind: 'goods' | 'giftCard'
  readonly code: string
  readonly name: string
  readonly quantityMilli: Milli
  readonly unitPriceMinor: Minor
  readonly grossMinor: Minor
}

/** Codes that stand for a charge, not for a thing. */
const charges: Readonly<Record<string, Reason>> = {
  POST: 'not_goods_postage',
  DOT: 'not_goods_postage',
  C2: 'not_goods_postage',
  M: 'not_goods_manual_entry',
  'BANK CHARGES': 'not_goods_bank_charges',
  D: 'not_goods_discount',
  CRUK: 'not_goods_discount',
  S: 'not_goods_samples',
  AMAZONFEE: 'not_goods_marketplace_fee',
  B: 'not_goods_correction',
  ADJUST: 'not_goods_correction',
  ADJUST2: 'not_goods_correction',
}

/** Five digits and perhaps letters, the gift shop's own `DCGS…`, cushion pads. */
const goodsCode = /^(\d{5,6}[A-Z]{0,3}|DCGS[A-Z0-9]{1,8}|PADS|SP1002)$/
const giftCardCode = /^GIFT_0001_\d{1,3}$/

const kindOf = (code: string): GoodsLine['kind'] | Reason => {
  const upper = code.toUpperCase()
  const charge = charges[upper]
  if (charge !== undefined) return charge
  if (giftCardCode.test(upper)) return 'giftCard'
  return goodsCode.test(upper) ? 'goods' : 'stock_code_unknown'
}

// eslint-disable-next-line no-control-regex -- a till prints no control signs
const unprintable = /[\u0000-\u001f\u007f]/g

/** A line of a cancellation says what came back with a quantity below zero. */
export type Direction = 'sold' | 'cancelled'

/** What a line of the file says, or why it says nothing that a till could have sold or taken back. */
export const judgeRow = (row: InvoiceRow, direction: Direction): GoodsLine | Reason => {
  const kind = kindOf(row.StockCode.trim())
  if (kind !== 'goods' && kind !== 'giftCard') return kind
  const said = decimalOf(row.Quantity.trim())
  if (said === undefined || !said.times(1000).isInteger()) return 'quantity_unreadable'
  if (said.isZero()) return 'quantity_zero'
  const quantity = direction === 'sold' ? said : said.negated()
  if (quantity.isNegative()) return direction === 'sold' ? 'quantity_negative' : 'quantity_positive'
  const price = decimalOf(row.UnitPrice.trim())
  if (price === undefined) return 'price_unreadable'
  if (price.isZero()) return 'price_zero'
  if (price.isNegative()) return 'price_negative'
  const unitPriceMinor = penceOf(price)
  const grossMinor = penceOf(price.times(quantity))
  if (unitPriceMinor === undefined || grossMinor === undefined) return 'price_below_a_penny'
  return {
    kind,
    code: row.StockCode.trim(),
    name: row.Description.replaceAll(unprintable, ' ').trim().slice(0, 200),
    quantityMilli: milli(quantity.times(1000).toNumber()),
    unitPriceMinor,
    grossMinor: minor(grossMinor),
  }
}
