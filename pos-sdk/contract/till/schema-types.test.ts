import { expectTypeOf, test } from 'vitest'
import type { ProblemDocument } from '../problems.ts'
import type { Static } from '../schema.ts'
import type { Line, Notice, ProgramResult, QuoteAnswer, QuoteRequest, Sale, SaleResult, SalesAnswer } from './index.ts'
import type {
  lineSchema,
  noticeSchema,
  programResultSchema,
  quoteAnswerSchema,
  quoteSchema,
  saleResultSchema,
  salesAnswerSchema,
  saleSchema,
} from './index.ts'

// The compiler decides these: `tsc` fails when a schema and its interface say different things.
test('a schema and the interface of the same document are one type', () => {
  expectTypeOf<Static<typeof lineSchema>>().branded.toEqualTypeOf<Line>()
  expectTypeOf<Static<typeof saleSchema>>().branded.toEqualTypeOf<Sale>()
  expectTypeOf<Static<typeof quoteSchema>>().branded.toEqualTypeOf<QuoteRequest>()
  expectTypeOf<Static<typeof noticeSchema>>().branded.toEqualTypeOf<Notice>()
  expectTypeOf<Static<typeof programResultSchema>>().branded.toEqualTypeOf<ProgramResult>()
  expectTypeOf<Static<typeof saleResultSchema>>().branded.toEqualTypeOf<SaleResult>()
  expectTypeOf<Static<typeof salesAnswerSchema>>().branded.toEqualTypeOf<SalesAnswer>()
  expectTypeOf<Static<typeof quoteAnswerSchema>>().branded.toEqualTypeOf<QuoteAnswer>()
  expectTypeOf<ProblemDocument['errors'][number]>().toEqualTypeOf<{ readonly path: string; readonly message: string }>()
})
