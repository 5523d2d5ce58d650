import type { Applied, Counters, Effect, EvaluationInput, LineFacts, PointType, ProgramDocument } from '../index.ts'

/** All that rules change, as plain data that can be cloned. */
export interface Book {
  /** By line number. */
  remaining: Record<number, number>
  original: Record<number, number>
  unitPrice: Record<number, number>
  steered: Record<number, number>
  /** What is told beside a steered price. */
  lowest: Record<number, number>
  claimed: Record<string, Record<number, number>>
  used: Record<string, number>
  tags: string[]
  excluded: string[]
  pools: Record<string, { base: Record<number, number>; added: Record<number, number> }>
  caps: { minor: number; points: number }[]
  applied: { entry: Applied; effect: Effect }[]
  claims: { limit: string; subject: string; period: string; amount: number }[]
  issues: { rule: string; voucherKind: string; count: number }[]
  gifts: { rule: string; products: readonly string[]; quantityMilli: number }[]
  messages: { rule: string; at: 'till' | 'receipt'; text: string }[]
  payable: { rule: string; pointType: string; points: number; amountMinor: number }[]
  redeemed: { rule: string; use: number; amountMinor: number }[]
}

/** What rules look at. */
export interface World {
  readonly program: ProgramDocument
  readonly input: EvaluationInput
  readonly counters: Counters
  readonly lines: readonly LineFacts[]
  /** Amounts by basis and line number, filled before each phase. */
  readonly amounts: Record<string, Record<number, number>>
  /** Rules held back without connection, with the limit; a search tells what it met as well. */
  readonly denied: Record<string, string>
  book: Book
}

const ordinary = (line: LineFacts, { alsoEarns }: ProgramDocument): boolean =>
  ['goods', 'service', ...alsoEarns].includes(line.kind)
export const earns = (world: World, line: LineFacts): boolean =>
  line.law.earn && !line.marks.includes('noPoints') && ordinary(line, world.program)
export const counts = (world: World, line: LineFacts): boolean => line.law.count && ordinary(line, world.program)
export const discounts = (line: LineFacts): boolean =>
  line.law.discount &&
  !line.marks.includes('noDiscount') &&
  !line.marks.includes('regulatedPrice') &&
  ['goods', 'service', 'delivery'].includes(line.kind)
export const typeOf = (world: World, code: string | undefined): PointType =>
  world.program.pointTypes.find((type) => type.code === (code ?? world.program.mainPointType)) as PointType
