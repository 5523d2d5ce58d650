/** The requests of the till door: method, path, body and answer. */
import { array, type JsonSchema, object, type Static } from '../schema.ts'
import { signedBundleSchema } from './bundle-schema.ts'
import { cardSearchAnswerSchema, cardSearchSchema } from './card-search.ts'
import { tillPaths } from './paths.ts'
import { quoteAnswerSchema, saleResultSchema, salesAnswerSchema } from './result-schema.ts'
import { limits } from './limits.ts'
import { quoteSchema, saleSchema } from './sale-schema.ts'
import { enrolAnswerSchema, enrolSchema, helloAnswerSchema, helloSchema } from './terminal-schema.ts'

/**
 * Several sales in one request. The answer is 200 with one result a sale, in the same order; a sale that does not fit
 * `saleSchema` is `rejected` alone and never fails its neighbours, so engines check the sales one by one.
 */
export const salesSchema = object({ sales: array(saleSchema, limits.sales) })
export type SalesRequest = Static<typeof salesSchema>

/** How a request proves who sends it: not at all, by the device key in its body, or by the session's MAC. */
export type Proof = 'none' | 'device' | 'session'

export interface TillRequest {
  readonly method: 'GET' | 'POST'
  /** `{id}` stands for a UUID. */
  readonly path: string
  readonly proof: Proof
  readonly summary: string
  readonly body?: JsonSchema
  readonly answer: JsonSchema
}

/**
 * `POST /v1/sales` takes one sale or `{ sales: […] }`. A single one answers its `SaleResult`, or a problem with the
 * status of its code when it is refused; several always answer `SalesAnswer`.
 */
export const tillRequests = {
  enrol: {
    ...tillPaths.enrol,
    proof: 'none',
    summary: 'Make a terminal known by a code from the console',
    body: enrolSchema,
    answer: enrolAnswerSchema,
  },
  hello: {
    ...tillPaths.hello,
    proof: 'device',
    summary: 'Open a session',
    body: helloSchema,
    answer: helloAnswerSchema,
  },
  bundle: {
    ...tillPaths.bundle,
    proof: 'session',
    summary: 'What the terminal needs to judge sales offline',
    answer: signedBundleSchema,
  },
  quote: {
    ...tillPaths.quote,
    proof: 'session',
    summary: 'What a basket would give; changes nothing',
    body: quoteSchema,
    answer: quoteAnswerSchema,
  },
  sale: {
    ...tillPaths.sale,
    proof: 'session',
    summary: 'Book one finished sale',
    body: saleSchema,
    answer: saleResultSchema,
  },
  sales: {
    ...tillPaths.sales,
    proof: 'session',
    summary: 'Book up to 500 finished sales',
    body: salesSchema,
    answer: salesAnswerSchema,
  },
  saleResult: {
    ...tillPaths.saleResult,
    proof: 'session',
    summary: 'What became of a sale',
    answer: saleResultSchema,
  },
  findCard: {
    ...tillPaths.findCard,
    proof: 'session',
    summary: 'Whose card this is and what is on it',
    body: cardSearchSchema,
    answer: cardSearchAnswerSchema,
  },
} as const satisfies Readonly<Record<string, TillRequest>>
