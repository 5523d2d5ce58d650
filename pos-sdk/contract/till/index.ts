/** The door of the tills: what they send, what they get back, and how each side checks it. */
export { checkSchema } from '../check.ts'
export { type Instant, instant, instantOf, type Uuid, uuid } from '../ids.ts'
export { type JsonSchema, type Schema, type Static } from '../schema.ts'
export { uuidv7 } from '../uuidv7.ts'
export * from './bundle.ts'
export * from './bundle-schema.ts'
export * from './card-search.ts'
export * from './inspect.ts'
export * from './judge.ts'
export * from './limits.ts'
export * from './local-time.ts'
export * from './paths.ts'
export * from './requests.ts'
export type * from './result.ts'
export {
  noticeSchema,
  problemSchema,
  programResultSchema,
  quoteAnswerSchema,
  saleResultSchema,
  salesAnswerSchema,
} from './result-schema.ts'
export type * from './sale.ts'
export { lineSchema, quoteSchema, reductionSchema, saleSchema, useSchema } from './sale-schema.ts'
export * from './sale-parts.ts'
export * from './signature.ts'
export * from './terminal.ts'
export * from './terminal-schema.ts'
