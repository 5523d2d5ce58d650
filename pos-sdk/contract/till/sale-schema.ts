import type { Uuid } from '../ids.ts'
import { array, choice, integer, literal, mapOf, matching, nullable, object, oneOf, optional, text } from '../schema.ts'
import {
  amount,
  bytesText,
  codeText,
  count,
  currencyText,
  dateText,
  hashText,
  instantText,
  keyIdText,
  nameText,
  POINTS_MAX,
  quantity,
  rate,
  signedAmount,
  uuidText,
} from './fields.ts'
import { limits } from './limits.ts'

const useRef = count(limits.uses - 1)

export const reductionSchema = object({
  by: oneOf('rule', 'till', 'staff', 'voucher', 'points'),
  amountMinor: amount,
  rule: optional(codeText(64)),
  useRef: optional(useRef),
  reason: optional(text(100)),
})

export const lineSchema = object({
  number: integer(1, limits.lines),
  kind: oneOf('goods', 'service', 'giftCard', 'deposit', 'delivery', 'donation', 'reward'),
  product: optional(
    object({
      code: codeText(40),
      gtin: optional(matching('^([0-9]{8}|[0-9]{12,14})$', 14)),
      nationalCode: optional(object({ scheme: oneOf('BLOZ', 'CIM', 'other'), value: codeText(20) })),
    }),
  ),
  name: optional(nameText),
  category: optional(codeText(64)),
  batch: optional(codeText(20)),
  quantityMilli: quantity,
  unit: oneOf('piece', 'kg', 'g', 'l', 'ml', 'm'),
  unitPriceMinor: amount,
  grossMinor: amount,
  reductions: array(reductionSchema, limits.reductionsPerLine),
  vat: object({ ratePpm: nullable(rate), code: optional(codeText(4)) }),
  reimbursement: optional(
    object({
      payer: codeText(20),
      amountMinor: amount,
      limitMinor: optional(amount),
      level: optional(codeText(10)),
      entitlement: optional(codeText(10)),
      listDate: optional(dateText),
      // Two digits at most: a prescription or patient number does not fit, so it is `malformed`.
      prescription: optional(matching('^[1-9][0-9]?$', 2)),
    }),
  ),
  marks: array(oneOf('rx', 'regulatedPrice', 'noDiscount', 'noPoints', 'ageLimited'), 5),
  originalLine: optional(integer(1, limits.lines)),
})

const hold = optional(uuidText)

export const useSchema = choice(
  'kind',
  object({ kind: literal('voucher'), code: codeText(64), amountMinor: amount, hold }),
  object({
    kind: literal('points'),
    program: uuidText,
    pointType: codeText(40),
    points: integer(1, POINTS_MAX),
    amountMinor: amount,
    hold,
    allowance: optional(bytesText(1_000)),
  }),
  object({ kind: literal('reward'), program: uuidText, reward: uuidText, quantity: integer(1, 1_000), hold }),
  object({ kind: literal('discretionary'), program: uuidText, points: integer(1, POINTS_MAX), reason: text(200) }),
)

export const cardSchema = object({
  number: codeText(64),
  entry: oneOf('scanned', 'tapped', 'keyed', 'app', 'found'),
  role: oneOf('identify', 'merge', 'staff'),
})

const tenderSchema = object({
  kind: oneOf('cash', 'card', 'transfer', 'giftCard', 'mealCard', 'onAccount', 'points', 'other'),
  amountMinor: amount,
  useRef: optional(useRef),
})

/** The parts of a basket that are hashed and signed one by one. */
export const bodyFields = {
  cards: array(cardSchema, limits.cards),
  lines: array(lineSchema, limits.lines),
  adjustments: array(reductionSchema, limits.adjustments),
  uses: array(useSchema, limits.uses),
  tenders: array(tenderSchema, limits.tenders),
  totals: object({
    grossMinor: signedAmount(1_000_000_000_000_000),
    reductionMinor: signedAmount(1_000_000_000_000_000),
    reimbursedMinor: signedAmount(1_000_000_000_000_000),
    roundingMinor: signedAmount(10_000),
    payableMinor: signedAmount(1_000_000_000_000_000),
  }),
}

/** What says how, when and why a sale was made, in a quote and in a finished sale alike. */
const circumstances = {
  schema: literal(1),
  kind: oneOf('sale', 'return'),
  terminal: uuidText,
  occurredAt: instantText,
  utcOffsetMinutes: integer(-840, 840),
  businessDate: dateText,
  staff: optional(object({ id: optional(uuidText), code: optional(codeText(40)) })),
  currency: currencyText,
  channel: oneOf('counter', 'delivery', 'online', 'machine', 'institution'),
  quote: optional(object({ id: uuidText, digest: hashText })),
  original: optional(
    object({
      sale: optional(uuidText),
      document: optional(codeText(100)),
      reason: oneOf('customer', 'defect', 'mistake', 'exchange', 'recall', 'reimbursement', 'void'),
    }),
  ),
  privacy: optional(oneOf('items', 'categories', 'totals')),
}

const offline = optional(
  object({
    bundle: hashText,
    outcomes: mapOf<Uuid, string>(uuidText, hashText, 20),
    clockSkewMs: integer(-1_000_000_000_000, 1_000_000_000_000),
  }),
)

/** What a delivery says besides its parts: equal for two deliveries of one receipt. */
export const saidFields = {
  ...circumstances,
  document: object({
    kind: oneOf('receipt', 'invoice', 'simplifiedInvoice'),
    number: codeText(100),
    fiscal: optional(object({ deviceId: codeText(40), number: codeText(40), reportNumber: optional(codeText(40)) })),
    buyerTaxId: optional(codeText(30)),
  }),
}

/** The signed part `header`. */
export const headerFields = {
  ...saidFields,
  id: uuidText,
  sequence: integer(1, Number.MAX_SAFE_INTEGER),
  previous: hashText,
  offline,
}

/** The body of a finished sale. Type: `Sale`. */
export const saleSchema = object({
  ...headerFields,
  ...bodyFields,
  // The salt is 16 random bytes in hex; see `signature.ts` for what it protects and how a part is redacted.
  signature: object({ keyId: keyIdText, value: bytesText(86), salt: optional(matching('^[0-9a-f]{32}$', 32)) }),
})

/** A quote: the same body with `uses` as wishes, without document, sequence, previous and signature. Type: `QuoteRequest`. */
export const quoteSchema = object({ ...circumstances, ...bodyFields, id: uuidText, offline })
