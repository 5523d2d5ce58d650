/** Everything that can be refused about a sale by reading it alone: shape, sums, quantities. Engine and SDK run the same. */
import type { FieldError, RefusalCode } from '../problems.ts'
import type { Line, QuoteRequest, Reduction, Sale } from './sale.ts'
import { limits } from './limits.ts'

/** Why a document is refused. */
export interface Refused {
  readonly code: RefusalCode
  readonly detail: string
  readonly errors: readonly FieldError[]
}

/** Says what of a value does not fit the schema; ajv in the engine, `checkSchema` in the SDK. */
export type SchemaCheck = (value: unknown) => readonly FieldError[]

const refused = (code: RefusalCode, errors: readonly FieldError[]): Refused => ({
  code,
  detail: errors[0] === undefined ? code : `${errors[0].path || 'the document'} ${errors[0].message}`.slice(0, 500),
  errors,
})

const sum = (reductions: readonly Reduction[]): number =>
  reductions.reduce((total, reduction) => total + reduction.amountMinor, 0)

type Basket = Pick<Sale, 'lines' | 'adjustments' | 'tenders' | 'totals'>

const differs = (path: string, is: number, should: number): FieldError[] =>
  is === should ? [] : [{ path, message: `is ${is}, the parts make ${should}` }]

const checkLineSums = (line: Line, path: string): FieldError[] => {
  const left = line.grossMinor - sum(line.reductions) - (line.reimbursement?.amountMinor ?? 0)
  if (left >= 0) return []
  return [{ path: `${path}/grossMinor`, message: `is ${-left} less than its reductions and reimbursement` }]
}

/**
 * Whether the amounts add up: gross − reduction − reimbursed + rounding = payable = Σ tenders, each total the sum of
 * its parts, no line below zero. A quote may leave the tenders empty: then they are not compared.
 *
 * @example checkSums(sale, 'sale') // []
 */
export const checkSums = (sale: Basket, document: 'sale' | 'quote'): readonly FieldError[] => {
  const errors: FieldError[] = []
  const parts = { gross: 0, reduction: sum(sale.adjustments), reimbursed: 0, tendered: 0 }
  sale.lines.forEach((line, index) => {
    errors.push(...checkLineSums(line, `/lines/${index}`))
    parts.gross += line.grossMinor
    parts.reduction += sum(line.reductions)
    parts.reimbursed += line.reimbursement?.amountMinor ?? 0
  })
  for (const tender of sale.tenders) parts.tendered += tender.amountMinor
  const { grossMinor, reductionMinor, reimbursedMinor, roundingMinor, payableMinor } = sale.totals
  errors.push(
    ...differs('/totals/grossMinor', grossMinor, parts.gross),
    ...differs('/totals/reductionMinor', reductionMinor, parts.reduction),
    ...differs('/totals/reimbursedMinor', reimbursedMinor, parts.reimbursed),
    ...differs('/totals/payableMinor', payableMinor, grossMinor - reductionMinor - reimbursedMinor + roundingMinor),
  )
  if (document === 'sale' || sale.tenders.length > 0) {
    errors.push(...differs('/tenders', parts.tendered, payableMinor))
  }
  return errors
}

/** There was no year 0, and no database keeps one. */
const isDate = (text: string): boolean => isInstant(`${text}T00:00:00.000Z`)

/** Whether a text of the shape of an instant is one: 30 February is not. @example isInstant('2026-02-30T10:00:00.000Z') // false */
export const isInstant = (text: string): boolean => {
  const at = Date.parse(text)
  return !Number.isNaN(at) && new Date(at).toISOString() === text && !text.startsWith('0000')
}

const checkUseRefs = (refs: readonly { readonly useRef?: number }[], path: string, uses: number): FieldError[] =>
  refs.flatMap(({ useRef }, index) =>
    useRef === undefined || useRef < uses ? [] : [{ path: `${path}/${index}/useRef`, message: 'names no use' }],
  )

/** Below `items` a till leaves out what tells the product. */
const checkPrivacy = (line: Line, path: string, privacy: Sale['privacy']): FieldError[] => {
  if (privacy === undefined || privacy === 'items') return []
  const hidden =
    privacy === 'totals' ? (['product', 'name', 'category', 'batch'] as const) : (['product', 'name', 'batch'] as const)
  return hidden
    .filter((key) => line[key] !== undefined)
    .map((key) => ({ path: `${path}/${key}`, message: `must be left out when privacy is ${privacy}` }))
}

const checkLine = (line: Line, index: number, sale: QuoteRequest): FieldError[] => {
  const path = `/lines/${index}`
  const errors = checkUseRefs(line.reductions, `${path}/reductions`, sale.uses.length)
  const listDate = line.reimbursement?.listDate
  if (listDate !== undefined && !isDate(listDate)) {
    errors.push({ path: `${path}/reimbursement/listDate`, message: 'is not a date' })
  }
  if (line.originalLine !== undefined && sale.kind === 'sale') {
    errors.push({ path: `${path}/originalLine`, message: 'belongs to returns only' })
  }
  if (sale.privacy !== undefined) errors.push(...checkPrivacy(line, path, sale.privacy))
  return errors
}

/** What a schema cannot say about the shape: real dates, line numbers 1…n, references that name something. */
export const checkMeaning = (sale: QuoteRequest): readonly FieldError[] => {
  const errors: FieldError[] = []
  if (!isInstant(sale.occurredAt)) errors.push({ path: '/occurredAt', message: 'is not an instant' })
  if (!isDate(sale.businessDate)) errors.push({ path: '/businessDate', message: 'is not a date' })
  const seen = new Set<number>()
  sale.lines.forEach((line, index) => {
    if (line.number > sale.lines.length || seen.has(line.number)) {
      errors.push({ path: `/lines/${index}/number`, message: 'lines are numbered 1, 2, 3…, each once' })
    }
    seen.add(line.number)
    errors.push(...checkLine(line, index, sale))
  })
  errors.push(...checkUseRefs(sale.adjustments, '/adjustments', sale.uses.length))
  errors.push(...checkUseRefs(sale.tenders, '/tenders', sale.uses.length))
  if (sale.kind === 'return') errors.push(...checkReturn(sale))
  return errors.slice(0, 20)
}

const checkReturn = ({ id, original, uses }: QuoteRequest): FieldError[] => {
  const errors: FieldError[] = []
  if (original === undefined) {
    const message = 'is missing: a return says what it takes back, or why it has no receipt'
    errors.push({ path: '/original', message })
  }
  // It would wait for itself for ever.
  if (original?.sale === id) errors.push({ path: '/original/sale', message: 'names the return itself' })
  if (uses.length > 0) errors.push({ path: '/uses', message: 'must be empty on a return: it presents nothing' })
  return errors
}

const checkQuantities = (sale: Pick<Sale, 'lines'>): readonly FieldError[] =>
  sale.lines.flatMap((line, index) =>
    line.quantityMilli > 0 ? [] : [{ path: `/lines/${index}/quantityMilli`, message: 'must be greater than 0' }],
  )

const inspect = (value: unknown, check: SchemaCheck, document: 'sale' | 'quote'): Refused | null => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('malformed', [{ path: '', message: 'must be an object' }])
  }
  const { schema, lines } = value as { readonly schema?: unknown; readonly lines?: unknown }
  // Another version has another shape: what it is cannot be told apart from malformed by looking further.
  if (Number.isInteger(schema) && schema !== 1) {
    return refused('unsupported_schema', [{ path: '/schema', message: 'must be 1' }])
  }
  const tooMany = Array.isArray(lines) && lines.length > limits.lines
  const bounded = tooMany ? { ...value, lines: lines.slice(0, limits.lines) } : value
  const shape = check(bounded)
  if (shape.length > 0) return refused('malformed', shape)
  const sale = bounded as Sale
  const meaning = tooMany ? [] : checkMeaning(sale)
  if (meaning.length > 0) return refused('malformed', meaning)
  if (tooMany)
    return refused('too_many_lines', [{ path: '/lines', message: `must have at most ${limits.lines} items` }])
  const sums = checkSums(sale, document)
  if (sums.length > 0) return refused('sums_disagree', sums.slice(0, 20))
  const quantities = checkQuantities(sale)
  return quantities.length > 0 ? refused('quantity_not_positive', quantities.slice(0, 20)) : null
}

/**
 * The refusal of a sale by its content alone, in catalogue order; `null` when it can be trusted so far.
 *
 * @example inspectSale({ schema: 2 }, (value) => checkSchema(saleSchema, value))?.code // 'unsupported_schema'
 */
export const inspectSale = (value: unknown, check: SchemaCheck): Refused | null => inspect(value, check, 'sale')

/** As `inspectSale`, for a quote request. */
export const inspectQuote = (value: unknown, check: SchemaCheck): Refused | null => inspect(value, check, 'quote')
