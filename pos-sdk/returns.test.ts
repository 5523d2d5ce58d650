import { milli, minor } from '@premia/rules'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkSchema } from './contract/check.ts'
import { inspectSale, type Line, type Reduction, type Sale, saleSchema, uuid } from './contract/till/index.ts'
import { type KnownSale, returnedBy, returnOf, type ReturnReply, unitsLeft, voidOf } from './contract/till/returns.ts'
import { sampleDraft, sampleLine, sampleSale, settledBy } from './testing/sample-sale.ts'

const id = uuid('01964c6e-7000-7000-8000-000000000042')
const document = { kind: 'receipt', number: 'R-1' } as const
const reason = 'customer'
const runs = { numRuns: Number(process.env['FC_RUNS'] ?? 300) }

const known = (change: Parameters<typeof sampleDraft>[1] = {}): KnownSale => ({ ...sampleDraft('4711', change), id })

const made = (reply: ReturnReply) => {
  if (reply.status === 'refused') throw new Error(`${reply.reason}: ${reply.detail}`)
  return reply.draft
}

/** As the engine reads it. */
const refusal = (draft: ReturnType<typeof made>) =>
  inspectSale({ ...sampleSale(), ...draft }, (value) => checkSchema(saleSchema, value))

const three = sampleLine({ quantityMilli: milli(3_000), unitPriceMinor: minor(333), grossMinor: minor(1_000) })

describe('a return of some units', () => {
  test('TRX-05: names the sale and the line, and carries what was paid for the units', () => {
    const sale = known({ lines: [sampleLine(), { ...three, number: 2 }], cards: [] })
    expect(made(returnOf(sale, { units: [{ line: 2, quantityMilli: 1_000 }], document, reason }))).toEqual({
      kind: 'return',
      channel: 'counter',
      document,
      original: { sale: id, document: '4711', reason },
      cards: [],
      lines: [{ ...three, originalLine: 2, quantityMilli: 1_000, grossMinor: 333 }],
      adjustments: [],
      uses: [],
      tenders: [{ kind: 'cash', amountMinor: 333 }],
      totals: { grossMinor: 333, reductionMinor: 0, reimbursedMinor: 0, roundingMinor: 0, payableMinor: 333 },
    })
  })

  test('the last unit carries what rounding left of the others', () => {
    const sale = known({ lines: [three] })
    const grossOf = (before: number): number =>
      made(returnOf(sale, { units: [{ line: 1, quantityMilli: 1_000 }], returned: { 1: before }, document, reason }))
        .totals.grossMinor
    expect([0, 1_000, 2_000].map(grossOf)).toEqual([333, 333, 334])
  })

  test('shares of a discount on the line, on the basket and of a reimbursement stay with the units', () => {
    const lines = [
      sampleLine({
        quantityMilli: milli(2_000),
        grossMinor: minor(2_000),
        reductions: [{ by: 'voucher', amountMinor: minor(300), useRef: 0, rule: 'X' }],
        reimbursement: { payer: 'NFZ', amountMinor: minor(500), level: '30%' },
      }),
      sampleLine({ number: 2, grossMinor: minor(800) }),
    ]
    const adjustments: Reduction[] = [{ by: 'staff', amountMinor: minor(100), reason: 'regular' }]
    const uses = [{ kind: 'voucher', code: 'V', amountMinor: minor(300) }] as const
    const sale = known({ lines, adjustments, uses })
    const draft = made(returnOf(sale, { units: [{ line: 1, quantityMilli: 1_000 }], document, reason }))
    expect(draft.lines[0]).toMatchObject({
      grossMinor: 1_000,
      reductions: [{ by: 'voucher', amountMinor: 150, rule: 'X' }],
      reimbursement: { payer: 'NFZ', amountMinor: 250, level: '30%' },
    })
    // The reimbursed line had no part of the discount on the basket: the other line could bear it all.
    expect(draft.adjustments).toEqual([])
    const other = made(returnOf(sale, { units: [{ line: 2, quantityMilli: 1_000 }], document, reason }))
    expect(other).toMatchObject({ adjustments, totals: { grossMinor: 800, reductionMinor: 100, payableMinor: 700 } })
    // What the voucher was is said by the sale: a return presents nothing.
    expect(draft.lines[0]?.reductions[0]).not.toHaveProperty('useRef')
    expect(refusal(draft)).toBeNull()
  })

  test('one line may come back as several, for example as two batches', () => {
    const sale = known({ lines: [three] })
    const units = [
      { line: 1, quantityMilli: 1_000 },
      { line: 1, quantityMilli: 2_000 },
    ]
    const draft = made(returnOf(sale, { units, document, reason: 'recall' }))
    expect(draft.lines.map(({ number, originalLine, grossMinor }) => [number, originalLine, grossMinor])).toEqual([
      [1, 1, 333],
      [2, 1, 667],
    ])
    expect(returnedBy([draft])).toEqual({ 1: 3_000 })
    expect(unitsLeft(sale, returnedBy([draft]))).toEqual([])
  })
})

describe('how the customer is paid back', () => {
  const uses = [
    { kind: 'points', program: id, pointType: 'PTS', points: 400, amountMinor: minor(400) },
  ] as const satisfies Sale['uses']
  const sale = known({
    lines: [three],
    uses,
    tenders: [
      { kind: 'points', amountMinor: minor(400), useRef: 0 },
      { kind: 'card', amountMinor: minor(600) },
    ],
  })
  const tendersOf = (change: Partial<Parameters<typeof returnOf>[1]>) =>
    made(returnOf(sale, { units: [{ line: 1, quantityMilli: 1_500 }], document, reason, ...change })).tenders

  test('as he paid, in the same proportions', () => {
    expect(tendersOf({})).toEqual([
      { kind: 'points', amountMinor: 200 },
      { kind: 'card', amountMinor: 300 },
    ])
  })

  test('in another kind of money, but points for points', () => {
    expect(tendersOf({ paidBack: 'cash' })).toEqual([
      { kind: 'points', amountMinor: 200 },
      { kind: 'cash', amountMinor: 300 },
    ])
  })

  test('by a list that makes what is paid back, and by no other', () => {
    const all = [{ kind: 'cash', amountMinor: minor(500) }] as const
    expect(tendersOf({ paidBack: all })).toEqual(all)
    const units = [{ line: 1, quantityMilli: 1_000 }]
    expect(returnOf(sale, { units, document, reason, paidBack: all })).toEqual({
      status: 'refused',
      reason: 'amounts_differ',
      detail: '/tenders is 500, the parts make 333',
    })
  })

  test('as points where a sale is voided: money for them would be paid on top', () => {
    const cash = [{ kind: 'cash', amountMinor: minor(1_000) }] as const
    expect(voidOf(sale, { document, paidBack: cash })).toMatchObject({
      reason: 'amounts_differ',
      detail: 'a void pays 400 back as points',
    })
    expect(voidOf(sale, { document, paidBack: cash, reason })).toMatchObject({ status: 'made' })
    const split = [
      { kind: 'points', amountMinor: minor(400) },
      { kind: 'cash', amountMinor: minor(600) },
    ] as const
    expect(voidOf(sale, { document, paidBack: split })).toMatchObject({ status: 'made', draft: { tenders: split } })
  })

  test('rounded as cash where the till says so, but never below zero', () => {
    const cash = known({ lines: [three] })
    const units = [{ line: 1, quantityMilli: 1_000 }]
    const draft = made(returnOf(cash, { units, document, reason, roundingMinor: minor(2) }))
    expect(draft).toMatchObject({
      tenders: [{ kind: 'cash', amountMinor: 335 }],
      totals: { roundingMinor: 2, payableMinor: 335 },
    })
    expect(refusal(draft)).toBeNull()
    expect(returnOf(cash, { units, document, reason, roundingMinor: minor(-334) })).toMatchObject({
      reason: 'amounts_differ',
    })
  })
})

describe('what cannot come back', () => {
  const sale = known({ lines: [three] })
  const units = (line: number, quantityMilli: number) => [{ line, quantityMilli }]
  test.each([
    ['nothing', 'nothing', { units: [] }],
    ['more than was sold', 'too_much', { units: units(1, 3_001) }],
    ['more than is left', 'too_much', { units: units(1, 2_000), returned: { 1: 1_001 } }],
    ['more than is left, said in two lines', 'too_much', { units: [...units(1, 2_000), ...units(1, 1_001)] }],
    ['more than is left of what came back too often', 'too_much', { units: units(1, 1), returned: { 1: 9_000 } }],
    ['a line that the sale has not', 'line_unknown', { units: units(2, 1_000) }],
    ['no quantity', 'quantity_not_positive', { units: units(1, 0) }],
    ['half a thousandth', 'quantity_not_positive', { units: units(1, 0.5) }],
  ])('%s is refused as %s', (_, expected, asked) => {
    expect(returnOf(sale, { document, reason, ...asked })).toMatchObject({ status: 'refused', reason: expected })
  })

  test('a return is no sale, and neither is what does not add up', () => {
    const back = { ...made(voidOf(sale, { document })), id }
    expect(voidOf(back, { document })).toMatchObject({ reason: 'not_a_sale' })
    const off = { ...sale, totals: { ...sale.totals, grossMinor: minor(1) } }
    expect(voidOf(off, { document })).toMatchObject({ reason: 'not_a_sale' })
  })

  test('a void of what is all back is nothing', () => {
    expect(voidOf(sale, { document, returned: { 1: 3_000 } })).toMatchObject({ reason: 'nothing' })
  })
})

const money = fc.nat({ max: 9_999 })
const reduction = fc.record({
  by: fc.constantFrom('rule' as const, 'till' as const, 'staff' as const),
  amountMinor: money,
})
const line = fc.record({
  left: money,
  reductions: fc.array(reduction, { maxLength: 3 }),
  reimbursed: fc.option(money),
  quantityMilli: fc.oneof(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 5 }).map((n) => n * 1_000),
  ),
  isRegulated: fc.boolean(),
})

/** Sales of every make: their sums fit, all else is as it comes. */
const sales: fc.Arbitrary<KnownSale> = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    adjustments: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
    rounding: fc.integer({ min: -99, max: 99 }),
    tenders: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
  })
  .map(({ lines: parts, adjustments: shares, rounding, tenders: cuts }) => {
    const lines = parts.map((each, index): Line => {
      const reduced = each.reductions.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
      return sampleLine({
        number: index + 1,
        quantityMilli: milli(each.quantityMilli),
        grossMinor: minor(each.left + reduced + (each.reimbursed ?? 0)),
        reductions: each.reductions.map((one) => ({ ...one, amountMinor: minor(one.amountMinor) })),
        marks: each.isRegulated ? ['regulatedPrice'] : [],
        ...(each.reimbursed === null ? {} : { reimbursement: { payer: 'NFZ', amountMinor: minor(each.reimbursed) } }),
      })
    })
    let left = parts.reduce((sum, each) => sum + each.left, 0) + Math.max(0, rounding)
    const adjustments = shares.map((share): Reduction => {
      const amountMinor = minor(Math.floor(left * share))
      left -= amountMinor
      return { by: 'till', amountMinor }
    })
    const { totals } = settledBy(lines, adjustments)
    const roundingMinor = minor(Math.max(rounding, 0 - totals.payableMinor))
    const payableMinor = minor(totals.payableMinor + roundingMinor)
    let open = Number(payableMinor)
    const kinds: readonly Sale['tenders'][number]['kind'][] = ['giftCard', 'card', 'points']
    const tenders = cuts.map((cut, index) => {
      const amountMinor = minor(Math.floor(open * cut))
      open -= amountMinor
      return { kind: kinds[index] ?? 'other', amountMinor }
    })
    return known({
      lines,
      adjustments,
      totals: { ...totals, roundingMinor, payableMinor },
      tenders: [...tenders, { kind: 'cash', amountMinor: minor(open) }],
    })
  })

/** All of a sale, in returns of so many units at a time. */
const inParts = (sale: KnownSale, picks: readonly number[]) => {
  const returns: ReturnType<typeof made>[] = []
  for (let index = 0; ; index += 1) {
    const returned = returnedBy(returns)
    const left = unitsLeft(sale, returned)
    if (left.length === 0) return returns
    const pick = picks[index % picks.length] ?? 0
    const { line: number, quantityMilli } = left[pick % left.length] ?? { line: 0, quantityMilli: 0 }
    const some = Math.max(1, Math.ceil((quantityMilli * ((pick % 7) + 1)) / 7))
    returns.push(made(returnOf(sale, { units: [{ line: number, quantityMilli: some }], returned, document, reason })))
  }
}

type Amounts = Readonly<Record<string, number>>

/** All amounts of documents, added up by what they are. */
const amountsOf = (documents: readonly Pick<Sale, 'lines' | 'adjustments' | 'tenders' | 'totals'>[]): Amounts => {
  const amounts: Record<string, number> = {}
  const add = (what: string, amount: number): void => {
    if (amount !== 0) amounts[what] = (amounts[what] ?? 0) + amount
  }
  for (const { lines, adjustments, tenders, totals } of documents) {
    for (const [what, amount] of Object.entries(totals)) add(what, amount)
    for (const { kind, amountMinor } of tenders) add(`tender ${kind}`, amountMinor)
    for (const { by, amountMinor } of adjustments) add(`adjustment ${by}`, amountMinor)
    for (const { number, originalLine = number, ...each } of lines) {
      add(`gross ${originalLine}`, each.grossMinor)
      add(`quantity ${originalLine}`, each.quantityMilli)
      add(`reimbursed ${originalLine}`, each.reimbursement?.amountMinor ?? 0)
      for (const { by, amountMinor } of each.reductions) add(`reduction ${originalLine} ${by}`, amountMinor)
    }
  }
  return amounts
}

describe('any returns of any sale', () => {
  test('TRX-05: add up to the sale, part by part, in whatever order and portions', () => {
    fc.assert(
      fc.property(sales, fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 9 }), (sale, picks) => {
        expect(amountsOf(inParts(sale, picks))).toEqual(amountsOf([sale]))
      }),
      runs,
    )
  })

  test('TRX-05: are each taken by the engine, and none of them costs money', () => {
    fc.assert(
      fc.property(sales, fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 9 }), (sale, picks) => {
        for (const draft of inParts(sale, picks)) {
          expect(refusal(draft)).toBeNull()
          expect(draft.totals.payableMinor).toBeGreaterThanOrEqual(0)
        }
      }),
      runs,
    )
  })

  test('a void of what is left is the rest of them, and of a whole sale the sale itself', () => {
    fc.assert(
      fc.property(sales, fc.nat({ max: 99 }), (sale, pick) => {
        const whole = made(voidOf(sale, { document }))
        expect(amountsOf([whole])).toEqual(amountsOf([sale]))
        const [first] = inParts(sale, [pick])
        const rest = voidOf(sale, { document, returned: returnedBy(first === undefined ? [] : [first]) })
        if (rest.status === 'refused') expect(rest.reason).toBe('nothing')
        else if (first !== undefined) expect(amountsOf([first, rest.draft])).toEqual(amountsOf([sale]))
      }),
      runs,
    )
  })

  test('do not change what they are made of', () => {
    const sale = known({ lines: [three] })
    const copy = structuredClone(sale)
    voidOf(sale, { document })
    expect(sale).toEqual(copy)
  })
})
