import { Ajv2020 } from 'ajv/dist/2020.js'
import { milli, minor } from '@premia/rules'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleLine, sampleSale, settledBy } from '../../testing/sample-sale.ts'
import { compareRefusals, type RefusalCode } from '../problems.ts'
import {
  checkSchema,
  inspectQuote,
  inspectSale,
  type Line,
  limits,
  quoteSchema,
  type Sale,
  saleSchema,
  uuid,
} from './index.ts'

const check = (value: unknown) => checkSchema(saleSchema, value)
const codeOf = (value: unknown): string | undefined => inspectSale(value, check)?.code
const pathOf = (value: unknown): string | undefined => inspectSale(value, check)?.errors[0]?.path
const manyLines = (count: number): Line[] =>
  Array.from({ length: count }, (_, index) => sampleLine({ number: index + 1 }))

type Spoilt = readonly [what: string, code: RefusalCode, path: string, sale: unknown]

const sale = sampleSale()
const line = sampleLine()
const reimbursement = { payer: 'NFZ', amountMinor: minor(500) }
const withLine = (change: Partial<Line>): Sale => sampleSale({ lines: [sampleLine(change)] })

const spoilt: readonly Spoilt[] = [
  ['nothing', 'malformed', '', undefined],
  ['a list', 'malformed', '', [sale]],
  ['no version', 'malformed', '/schema', { ...sale, schema: undefined }],
  ['a version that is no number', 'malformed', '/schema', { ...sale, schema: '1' }],
  ['a later version', 'unsupported_schema', '/schema', { ...sale, schema: 2 }],
  ['an unknown field', 'malformed', '/colour', { ...sale, colour: 'red' }],
  ['a null where a thing is absent', 'malformed', '/staff', { ...sale, staff: null }],
  ['a fraction of a grosz', 'malformed', '/lines/0/grossMinor', { ...sale, lines: [{ ...line, grossMinor: 12.5 }] }],
  ['an id in capitals', 'malformed', '/id', { ...sale, id: sale.id.toUpperCase() }],
  ['an instant that does not exist', 'malformed', '/occurredAt', { ...sale, occurredAt: '2026-02-30T10:00:00.000Z' }],
  ['a day of a year that never was', 'malformed', '/businessDate', { ...sale, businessDate: '0000-01-01' }],
  [
    'an instant of a year that never was',
    'malformed',
    '/occurredAt',
    { ...sale, occurredAt: '0000-01-01T00:00:00.000Z' },
  ],
  ['a date that does not exist', 'malformed', '/businessDate', { ...sale, businessDate: '2026-02-30' }],
  ['21 cards', 'malformed', '/cards', { ...sale, cards: Array.from({ length: 21 }, () => sale.cards[0]) }],
  ['21 tenders', 'malformed', '/tenders', { ...sale, tenders: Array.from({ length: 21 }, () => sale.tenders[0]) }],
  [
    '51 uses',
    'malformed',
    '/uses',
    { ...sale, uses: Array.from({ length: 51 }, () => ({ kind: 'voucher', code: 'V', amountMinor: 0 })) },
  ],
  ['an unknown use', 'malformed', '/uses/0/kind', { ...sale, uses: [{ kind: 'coupon', code: 'V' }] }],
  ['line numbers with a gap', 'malformed', '/lines/0/number', withLine({ number: 2 })],
  ['a line number twice', 'malformed', '/lines/1/number', sampleSale({ lines: [line, line] })],
  [
    'a reduction by a use that is not there',
    'malformed',
    '/lines/0/reductions/0/useRef',
    withLine({ reductions: [{ by: 'voucher', amountMinor: minor(1), useRef: 0 }] }),
  ],
  [
    'a tender by a use that is not there',
    'malformed',
    '/tenders/0/useRef',
    { ...sale, tenders: [{ ...sale.tenders[0], useRef: 1 }] },
  ],
  [
    'a prescription number',
    'malformed',
    '/lines/0/reimbursement/prescription',
    withLine({ reimbursement: { ...reimbursement, prescription: '0123456789012345678901' } }),
  ],
  [
    'a patient number in place of a prescription',
    'malformed',
    '/lines/0/reimbursement/prescription',
    withLine({ reimbursement: { ...reimbursement, prescription: '90010112345' } }),
  ],
  [
    'a list date that does not exist',
    'malformed',
    '/lines/0/reimbursement/listDate',
    withLine({ reimbursement: { ...reimbursement, listDate: '2026-13-01' } }),
  ],
  ['a return without a reason', 'malformed', '/original', { ...sale, kind: 'return' }],
  ['a return of itself', 'malformed', '/original/sale', backOf({ original: { sale: sale.id, reason: 'void' } })],
  [
    'a return that presents a voucher',
    'malformed',
    '/uses',
    backOf({ uses: [{ kind: 'voucher', code: 'V', amountMinor: minor(0) }] }),
  ],
  ['an original line 0', 'malformed', '/lines/0/originalLine', backOf({ lines: [sampleLine({ originalLine: 0 })] })],
  [
    'an original line beyond the last',
    'malformed',
    '/lines/0/originalLine',
    backOf({ lines: [sampleLine({ originalLine: 2_001 })] }),
  ],
  [
    'half an original line',
    'malformed',
    '/lines/0/originalLine',
    backOf({ lines: [sampleLine({ originalLine: 1.5 })] }),
  ],
  ['an original line on a sale', 'malformed', '/lines/0/originalLine', withLine({ originalLine: 1 })],
  ['a product where only totals are told', 'malformed', '/lines/0/product', { ...sale, privacy: 'totals' }],
  [
    'a name where only categories are told',
    'malformed',
    '/lines/0/name',
    { ...withLineWithout('product'), privacy: 'categories' },
  ],
  ['2,001 lines', 'too_many_lines', '/lines', sampleSale({ lines: manyLines(2_001) })],
  [
    'a line below zero',
    'sums_disagree',
    '/lines/0/grossMinor',
    sampleSale({
      lines: [sampleLine({ reductions: [{ by: 'till', amountMinor: minor(1_300) }] }), sampleLine({ number: 2 })],
    }),
  ],
  ['another gross', 'sums_disagree', '/totals/grossMinor', { ...sale, totals: { ...sale.totals, grossMinor: 1_300 } }],
  [
    'a tender short of a grosz',
    'sums_disagree',
    '/tenders',
    { ...sale, tenders: [{ kind: 'cash', amountMinor: 1_298 }] },
  ],
  [
    'a forgotten rounding',
    'sums_disagree',
    '/totals/payableMinor',
    { ...sale, totals: { ...sale.totals, roundingMinor: 1 } },
  ],
  ['no quantity', 'quantity_not_positive', '/lines/0/quantityMilli', withLine({ quantityMilli: milli(0) })],
  [
    'a negative quantity',
    'quantity_not_positive',
    '/lines/0/quantityMilli',
    withLine({ quantityMilli: milli(-1_000) }),
  ],
]

function backOf(change: Partial<Sale>): Sale {
  return sampleSale({ kind: 'return', original: { reason: 'customer' }, ...change })
}

function withLineWithout(key: 'product'): Sale {
  const { [key]: _, ...rest } = line
  return sampleSale({ lines: [rest] })
}

describe('what is refused of a sale by its content', () => {
  test.each(spoilt)('a sale with %s is %s at %s', (_, code, path, value) => {
    const plain: unknown = value === undefined ? value : JSON.parse(JSON.stringify(value))
    expect(inspectSale(plain, check)).toMatchObject({
      code,
      errors: expect.arrayContaining([expect.objectContaining({ path })]),
    })
  })

  test('of two reasons the earlier in the catalogue is told', () => {
    const faults: readonly { readonly code: RefusalCode; readonly spoil: (sale: Sale) => Sale }[] = [
      { code: 'malformed', spoil: (each) => ({ ...each, currency: 'zł' }) },
      {
        code: 'too_many_lines',
        spoil: (each) => ({ ...each, lines: manyLines(2_001), ...settledBy(manyLines(2_001)) }),
      },
      { code: 'sums_disagree', spoil: (each) => ({ ...each, tenders: [] }) },
      {
        code: 'quantity_not_positive',
        spoil: (each) => ({ ...each, lines: each.lines.map((one) => ({ ...one, quantityMilli: milli(0) })) }),
      },
    ]
    for (const a of faults) {
      for (const b of faults) {
        expect(codeOf(b.spoil(a.spoil(sale)))).toBe(compareRefusals(a.code, b.code) <= 0 ? a.code : b.code)
      }
    }
  })

  test('a sale at every maximum is accepted', () => {
    const lines = manyLines(limits.lines)
    const full = sampleSale({
      lines,
      cards: Array.from({ length: limits.cards }, () => sale.cards[0] as Sale['cards'][number]),
      uses: Array.from({ length: limits.uses }, () => ({ kind: 'voucher', code: 'V', amountMinor: minor(0) }) as const),
    })
    const tenders = Array.from({ length: limits.tenders }, (_, index) => ({
      kind: 'cash' as const,
      amountMinor: index === 0 ? full.totals.payableMinor : minor(0),
    }))
    expect(inspectSale({ ...full, tenders }, check)).toBeNull()
  })

  test('sums that fit are accepted, and any total off by any amount is refused', () => {
    const money = fc.nat({ max: 1_000_000 })
    const lineParts = fc.record({ left: money, reduced: money, reimbursed: money })
    const key = fc.constantFrom('grossMinor', 'reductionMinor', 'reimbursedMinor', 'roundingMinor', 'payableMinor')
    const offBy = fc.integer({ min: -999, max: 999 }).filter((by) => by !== 0)
    fc.assert(
      fc.property(fc.array(lineParts, { maxLength: 8 }), key, offBy, (parts, total, by) => {
        const lines = parts.map(({ left, reduced, reimbursed }, index) =>
          sampleLine({
            number: index + 1,
            grossMinor: minor(left + reduced + reimbursed),
            reductions: [{ by: 'till', amountMinor: minor(reduced) }],
            reimbursement: { payer: 'NFZ', amountMinor: minor(reimbursed) },
          }),
        )
        const fits = sampleSale({ lines })
        expect(inspectSale(fits, check)).toBeNull()
        const off = { ...fits, totals: { ...fits.totals, [total]: fits.totals[total] + by } }
        expect(codeOf(off)).toBe('sums_disagree')
      }),
    )
  })

  test('the check of the shape may be ajv’s: the code is the same', () => {
    const validate = new Ajv2020({ discriminator: true }).compile(saleSchema)
    const byAjv = (value: unknown) =>
      validate(value)
        ? []
        : (validate.errors ?? []).map((error) => ({ path: error.instancePath, message: error.message ?? '' }))
    for (const [, code, , value] of spoilt) {
      const plain: unknown = value === undefined ? value : JSON.parse(JSON.stringify(value))
      expect(inspectSale(plain, byAjv)?.code).toBe(code)
    }
  })

  test('a return of everything without receipt is a return, and amounts stay positive', () => {
    expect(inspectSale({ ...sale, kind: 'return', original: { reason: 'defect' } }, check)).toBeNull()
    expect(pathOf({ ...sale, kind: 'return', original: { reason: 'because' } })).toBe('/original/reason')
  })

  test('two lines of a return may come from one line, and a line may name none', () => {
    const of = uuid('01964c6e-7000-7000-8000-000000000009')
    const lines = [
      sampleLine({ originalLine: 1 }),
      sampleLine({ number: 2, originalLine: 1 }),
      sampleLine({ number: 3 }),
    ]
    expect(inspectSale(backOf({ lines, original: { sale: of, reason: 'defect' } }), check)).toBeNull()
  })
})

describe('what is refused of a quote', () => {
  const { document: _1, sequence: _2, previous: _3, signature: _4, ...basket } = sale
  const checkQuote = (value: unknown) => checkSchema(quoteSchema, value)

  test('it may leave the tenders open, but not disagree with them', () => {
    expect(inspectQuote({ ...basket, tenders: [] }, checkQuote)).toBeNull()
    expect(inspectQuote({ ...basket, tenders: [{ kind: 'cash', amountMinor: 1 }] }, checkQuote)?.code).toBe(
      'sums_disagree',
    )
  })

  test('of a return it presents nothing, as the return itself', () => {
    const back = { ...basket, kind: 'return', original: { reason: 'customer' } }
    expect(inspectQuote(back, checkQuote)).toBeNull()
    const uses = [{ kind: 'voucher', code: 'V', amountMinor: 0 }]
    expect(inspectQuote({ ...back, uses }, checkQuote)).toMatchObject({
      code: 'malformed',
      errors: [{ path: '/uses' }],
    })
  })

  test('it has no document, sequence, previous or signature', () => {
    expect(inspectQuote(sale, checkQuote)?.errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/document', '/sequence', '/previous', '/signature']),
    )
  })
})
