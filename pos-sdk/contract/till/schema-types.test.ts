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

/** All optional members made required, so that two types with different optional members are not mutually assignable. */
type Whole<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Each)[]
    ? readonly Whole<Each>[]
    : { readonly [Key in keyof T]-?: Whole<Exclude<T[Key], undefined>> }
type Fits<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
/** As strict as equality for plain data, and a hundred times cheaper for the compiler than a deep comparison of brands. */
type Same<A, B> = Fits<A, B> extends true ? Fits<Whole<A>, Whole<B>> : false

// The compiler decides these: `tsc` fails when a schema and its interface say different things.
test('a schema and the interface of the same document are one type', () => {
  expectTypeOf<Same<Static<typeof lineSchema>, Line>>().toEqualTypeOf<true>()
  expectTypeOf<Same<Static<typeof saleSchema>, Sale>>().toEqualTypeOf<true>()
  expectTypeOf<Same<Static<typeof quoteSchema>, QuoteRequest>>().toEqualTypeOf<true>()
  expectTypeOf<Same<Static<typeof noticeSchema>, Notice>>().toEqualTypeOf<true>()
  expectTypeOf<Same<Static<typeof programResultSchema>, ProgramResult>>().toEqualTypeOf<true>()
  expectTypeOf<Same<Static<typeof saleResultSchema>, SaleResult>>().toEqualTypeOf<true>()
  expectTypeOf<Same<Static<typeof salesAnswerSchema>, SalesAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Same<Static<typeof quoteAnswerSchema>, QuoteAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<ProblemDocument['errors'][number]>().toEqualTypeOf<{ readonly path: string; readonly message: string }>()
})
