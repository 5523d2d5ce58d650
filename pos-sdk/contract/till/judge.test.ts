import { type LawFacts, type LineMark, minor } from '@premia/rules'
import { describe, expect, test } from 'vitest'
import { sampleLine, sampleSale } from '../../testing/sample-sale.ts'
import {
  type CatalogueProduct,
  evaluationInput,
  type Law,
  type Line,
  localTime,
  periodsOf,
  type SaleFacts,
  uuid,
} from './index.ts'

const id = (last: string) => uuid(`01964c6e-7000-7000-8000-0000000000${last}`)
const program = id('c1')
const at = Date.parse('2026-11-21T10:15:00.000Z')
const all: LawFacts = { earn: true, discount: true, count: true }
const none: LawFacts = { earn: false, discount: false, count: false }

const facts = (change: Partial<SaleFacts> = {}): SaleFacts => ({
  program: { id: program, document: { alsoEarns: [] } },
  outlet: { id: id('b1'), groups: ['G1'], type: 'pharmacy', country: 'PL' },
  at: localTime('Europe/Warsaw', at),
  periods: periodsOf('Europe/Warsaw', at),
  law: { general: all },
  product: () => undefined,
  mayEarn: true,
  ...change,
})
const vitamin: CatalogueProduct = {
  facts: { id: 'P-1', categories: ['C-vitamins', 'C-health'], producer: 'M-1', tags: ['own'] },
  marks: [],
}

const judged = (line: Partial<Line>, change: Partial<SaleFacts> = {}) =>
  evaluationInput({ sale: sampleSale({ lines: [sampleLine(line)] }), facts: facts(change), mode: 'judge' }).lines[0]

describe('the evaluation input', () => {
  test('says what the sale and the catalogue know, and no card, name or code', () => {
    const sale = sampleSale({
      uses: [
        { kind: 'voucher', code: 'V-OURS', amountMinor: minor(100) },
        { kind: 'voucher', code: 'V-THEIRS', amountMinor: minor(200) },
        { kind: 'points', program: id('c2'), pointType: 'p', points: 5, amountMinor: minor(300) },
        { kind: 'points', program, pointType: 'p', points: 5, amountMinor: minor(400) },
      ],
      adjustments: [{ by: 'till', amountMinor: minor(99) }],
    })
    const input = evaluationInput({
      sale,
      facts: facts({
        product: () => vitamin,
        voucherKind: (code) => (code === 'V-OURS' ? 'welcome' : undefined),
        staff: 'S-1',
      }),
      mode: 'judge',
    })
    expect(input).toEqual({
      schema: 1,
      mode: 'judge',
      kind: 'sale',
      currency: 'PLN',
      at: { date: '2026-11-21', minute: 675, weekday: 6, holiday: false },
      periods: { day: '2026-11-21', week: '2026-W47', month: '2026-11', quarter: '2026-Q4', year: '2026' },
      outlet: { id: id('b1'), groups: ['G1'], type: 'pharmacy', country: 'PL' },
      channel: 'counter',
      staff: 'S-1',
      lines: [
        {
          number: 1,
          kind: 'goods',
          product: vitamin.facts,
          quantityMilli: 1_000,
          unitPriceMinor: 1_299,
          grossMinor: 1_299,
          reductionMinor: 0,
          reimbursedMinor: 0,
          marks: [],
          law: all,
        },
      ],
      basketReductionMinor: 99,
      tenders: [{ kind: 'cash', amountMinor: sale.totals.payableMinor }],
      vouchers: [
        { use: 0, kind: 'welcome', amountMinor: 100 },
        { use: 1, kind: 'external', amountMinor: 200 },
        { use: 2, kind: 'external', amountMinor: 300 },
      ],
      mayEarn: true,
    })
    const text = JSON.stringify(input)
    for (const secret of ['2990000000014', 'V-OURS', 'V-THEIRS', id('c2'), 'Witamina'])
      expect(text).not.toContain(secret)
  })

  test('unites the marks of till and catalogue in one order', () => {
    const marked = (till: readonly LineMark[], catalogue: readonly LineMark[]) =>
      judged({ marks: till }, { product: () => ({ ...vitamin, marks: catalogue }) })?.marks
    expect(marked(['noPoints', 'rx'], ['ageLimited', 'rx'])).toEqual(['rx', 'noPoints', 'ageLimited'])
    expect(marked([], ['ageLimited', 'rx', 'noPoints'])).toEqual(['rx', 'noPoints', 'ageLimited'])
  })
})

describe('the law of a line', () => {
  const strict: Law = {
    general: all,
    medicine: { ...all, discount: false },
    rx: { earn: false, discount: true, count: false },
    reimbursed: none,
    unknown: { ...all, discount: false },
  }
  const known = (change: Partial<CatalogueProduct>): Partial<SaleFacts> => ({
    law: strict,
    product: () => ({ ...vitamin, ...change }),
  })
  const reimbursement = { payer: 'NFZ', amountMinor: minor(1) }

  test.each([
    ['a known product of no class', {}, known({}), all],
    ['a product of a class', {}, known({ regime: 'medicine' }), { ...all, discount: false }],
    ['a class that the regime does not list', {}, known({ regime: 'toys' }), all],
    ['an unknown product', {}, { law: strict }, { ...all, discount: false }],
    [
      'the till’s mark rx on a product of no class',
      { marks: ['rx'] },
      known({}),
      { earn: false, discount: true, count: false },
    ],
    ['the catalogue’s mark rx on a medicine', {}, known({ regime: 'medicine', marks: ['rx'] }), none],
    ['a reimbursed line', { reimbursement }, known({}), none],
    ['noPoints', { marks: ['noPoints'] }, known({}), { ...all, earn: false }],
    ['noDiscount', { marks: ['noDiscount'] }, known({}), { ...all, discount: false }],
    ['regulatedPrice', { marks: ['regulatedPrice'] }, known({}), { ...all, discount: false }],
    ['a gift card', { kind: 'giftCard' }, known({}), { ...none, discount: true }],
    ['a reward', { kind: 'reward' }, known({}), { ...none, discount: true }],
    ['a service', { kind: 'service' }, known({}), all],
    [
      'a delivery where the program says that it earns',
      { kind: 'delivery' },
      { ...known({}), program: { id: program, document: { alsoEarns: ['delivery'] } } },
      all,
    ],
    ['no regime at all', {}, { law: {} }, all],
  ] as const)('%s', (_, line, change, law) => {
    expect(judged(line as Partial<Line>, change as Partial<SaleFacts>)?.law).toEqual(law)
  })
})

test('an input of five lines takes microseconds', () => {
  const lines = [1, 2, 3, 4, 5].map((number) => sampleLine({ number }))
  const sale = sampleSale({ lines })
  const known = facts({ product: () => vitamin })
  const started = performance.now()
  for (let i = 0; i < 20_000; i += 1) evaluationInput({ sale, facts: known, mode: 'judge' })
  // Some 2 µs here; the limit only catches a change of order on a busy machine.
  expect((performance.now() - started) / 20_000).toBeLessThan(0.1)
})
