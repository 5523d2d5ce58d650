import type { Minor } from '@premia/rules'
import {
  array,
  choice,
  integer,
  type JsonSchema,
  literal,
  mapOf,
  nullable,
  object,
  oneOf,
  optional,
  type Schema,
  text,
} from '../schema.ts'
import {
  amount,
  codeText,
  count,
  dateText,
  hashText,
  instantText,
  nameText,
  pointCount,
  quantity,
  signedAmount,
  signedPoints,
  uuidText,
} from './fields.ts'
import { limits } from './limits.ts'

const money: Schema<Minor> = signedAmount(1_000_000_000_000_000)
const retryAfterMs = count(86_400_000)
const lineNumber = integer(1, limits.lines)
const fieldErrors = array(object({ path: text(500, 0), message: text(500) }), 100)

export const noticeSchema = object({
  code: codeText(64),
  severity: oneOf('info', 'warn'),
  text: text(200),
  about: optional(
    object({
      line: optional(lineNumber),
      card: optional(count(limits.cards - 1)),
      use: optional(count(limits.uses - 1)),
    }),
  ),
})
const notices = array(noticeSchema, 200)

export const balanceSchema = object({
  pointType: codeText(40),
  scale: count(6),
  spendable: signedPoints,
  pending: pointCount,
  held: pointCount,
  debt: pointCount,
  nextExpiry: optional(object({ points: pointCount, onDate: dateText })),
})
export const memberSchema = object({ id: uuidText, tier: optional(codeText(40)), salutation: optional(nameText) })

/** What a judgement says, in a booking and in a quote alike. */
const judgement = {
  ruleSet: hashText,
  engine: codeText(64),
  outcome: hashText,
  member: nullable(memberSchema),
  points: array(
    object({
      to: oneOf('customer', 'staff', 'owner', 'organizer'),
      pointType: codeText(40),
      earned: pointCount,
      pending: pointCount,
      // Below zero on a return: points that were spent on the sale come back.
      redeemed: signedPoints,
      clawedBack: pointCount,
      activeFrom: optional(instantText),
      expiresOn: optional(dateText),
    }),
    200,
  ),
  balances: array(balanceSchema, 50),
  applied: array(
    object({
      rule: codeText(64),
      version: integer(1, 1_000_000),
      name: nameText,
      lines: array(lineNumber, limits.lines),
      points: optional(signedPoints),
      amountMinor: optional(money),
      lowestPrices: optional(array(object({ line: lineNumber, lowestPrice30DaysMinor: amount }), limits.lines)),
    }),
    1_000,
  ),
  uses: array(
    object({
      useRef: count(limits.uses - 1),
      status: oneOf('taken', 'shortfall'),
      code: optional(codeText(64)),
      shortfallMinor: optional(amount),
    }),
    limits.uses,
  ),
  issued: array(
    object({ kind: oneOf('voucher', 'card'), code: codeText(64), text: text(200, 0), expiresOn: optional(dateText) }),
    50,
  ),
  hints: array(
    object({
      rule: codeText(64),
      text: text(200, 0),
      missing: object({
        product: optional(codeText(40)),
        quantityMilli: optional(quantity),
        amountMinor: optional(amount),
      }),
    }),
    50,
  ),
  difference: optional(
    object({
      from: oneOf('estimate', 'quote'),
      points: signedPoints,
      amountMinor: money,
      causes: array(codeText(64), 50),
    }),
  ),
  notices,
}

const laterSchema = object({ program: uuidText, status: literal('later'), retryAfterMs })
const outsideSchema = object({ program: uuidText, status: literal('outside'), notices })

/** One program's answer to a finished sale. Type: `ProgramResult`. */
export const programResultSchema = choice(
  'status',
  laterSchema,
  outsideSchema,
  object({ program: uuidText, status: oneOf('booked', 'waiting'), booking: uuidText, ...judgement }),
)

const receiptSchema = mapOf(oneOf('pl', 'en', 'ro') as Schema<string>, array(text(42, 0), 20), 3)

/** The answer to one finished sale. Type: `SaleResult`. */
export const saleResultSchema = choice(
  'status',
  object({
    sale: uuidText,
    status: literal('rejected'),
    problem: object({ code: codeText(64), detail: text(500), errors: fieldErrors }),
  }),
  object({
    sale: uuidText,
    status: oneOf('recorded', 'duplicate', 'incomplete'),
    programs: array(programResultSchema, 20),
    receipt: receiptSchema,
  }),
)

/** The answer to `{ sales: […] }`: one result a sale, in the order of the request. Type: `SalesAnswer`. */
export const salesAnswerSchema = object({ results: array(saleResultSchema, limits.sales) })

/** One program's answer to a quote. Type: `QuotedProgram`. */
export const quotedProgramSchema = choice(
  'status',
  laterSchema,
  outsideSchema,
  object({
    program: uuidText,
    status: literal('quoted'),
    back: optional(
      array(
        object({
          line: lineNumber,
          quantityMilli: quantity,
          leftMilli: quantity,
          inMoneyMinor: amount,
          inPointsMinor: amount,
        }),
        limits.lines,
      ),
    ),
    ...judgement,
  }),
)

/** The answer to a quote. `digest` goes back in `Sale.quote`. Type: `QuoteAnswer`. */
export const quoteAnswerSchema = object({
  quote: uuidText,
  digest: hashText,
  validUntil: instantText,
  programs: array(quotedProgramSchema, 20),
  // Only of the one program that steers prices here, only lines whose price it changes.
  lines: array(
    object({ number: lineNumber, steeredPriceMinor: amount, lowestPrice30DaysMinor: optional(amount) }),
    limits.lines,
  ),
})

/** RFC 9457 with our members. Type: `ProblemDocument`. */
export const problemSchema: JsonSchema = {
  type: 'object',
  properties: {
    type: text(200),
    title: text(200),
    status: integer(400, 599),
    detail: text(500, 0),
    instance: text(200),
    code: codeText(64),
    errors: fieldErrors,
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'errors'],
  additionalProperties: false,
}
