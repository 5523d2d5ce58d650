import { describe, expect, test } from 'vitest'
import type { EvaluationInput, Limit, Rule } from './index.ts'
import { byRule, judge, line, product, rule, sale } from './testing/samples.ts'

const priced = (changes: object = {}): EvaluationInput =>
  sale([line(1, { quantityMilli: 4000 }), line(2, { product: product('B') })], { mode: 'price', ...changes })
const vouchers = (count: number) => Array.from({ length: count }, (_, use) => ({ use, kind: 'V', amountMinor: 0 }))

describe('what a limit counts', () => {
  const uses = (over: Limit['over']): Limit => ({
    id: 'L',
    per: 'member',
    period: 'day',
    measure: 'uses',
    most: 2,
    over,
  })
  const tenner = (over: Limit['over'], minor = 1000): Rule =>
    rule('v', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor }, voucher: 'V' }], {
      slots: [{ name: 'a', each: { valueMinor: 1000 } }],
      limits: [uses(over)],
    })

  test('a voucher is one use, however often the basket would allow more', () => {
    for (const over of ['truncate', 'drop'] as const) {
      const { claims, applied, redeemed } = judge([tenner(over)], priced({ vouchers: vouchers(1) }))
      expect([claims.map(({ amount }) => amount), redeemed?.length, applied[0]?.cut]).toEqual([[1], 1, undefined])
    }
  })

  test('a voucher that takes nothing off is no use', () => {
    const { claims, redeemed } = judge([tenner('truncate', 5000)], priced({ vouchers: vouchers(2) }))
    expect([claims.map(({ amount }) => amount), redeemed?.length]).toEqual([[1], 1])
  })

  test('a limit of three needs three vouchers to be cut at two', () => {
    const { claims, redeemed, applied } = judge([tenner('truncate')], priced({ vouchers: vouchers(3) }))
    expect([claims.map(({ amount }) => amount), redeemed?.length]).toEqual([[2], 2])
    expect(applied[0]?.cut).toEqual({ limit: 'L', wanted: 3 })
    expect(judge([tenner('drop')], priced({ vouchers: vouchers(3) })).applied).toEqual([])
  })

  test('what may be paid with points is limited like any other amount', () => {
    const most = (minor: number, over: Limit['over']): Rule =>
      rule('pay', 'payment', [{ do: 'pointsPay', mostPpm: 500_000 }], {
        limits: [{ per: 'sale', period: 'sale', measure: 'amount', most: minor, over }],
      })
    const payable = (one: Rule) =>
      judge([one], priced()).payable?.map(({ amountMinor, points }) => [amountMinor, points])
    expect(payable(most(9999, 'drop'))).toEqual([[2500, 500]])
    expect(payable(most(1003, 'truncate'))).toEqual([[1000, 200]])
    expect(payable(most(1003, 'drop'))).toBeUndefined()
  })

  test('a promotion price that a limit leaves to some lines only says what was wanted', () => {
    const cheap = rule('p', 'price', [{ do: 'priceOff', off: { kind: 'percent', ppm: 500_000 } }], {
      limits: [{ id: 'L', per: 'campaign', period: 'day', measure: 'amount', most: 1000, over: 'truncate' }],
    })
    const { applied, claims } = judge([cheap], priced())
    expect(applied).toMatchObject([{ amountMinor: 500, cut: { limit: 'L', wanted: 2500 } }])
    expect(claims.map(({ amount }) => amount)).toEqual([500])
  })
})

test('a gift is no reward for goods that may not be reduced, whatever else lies in the basket', () => {
  const gift = rule('g', 'basket', [{ do: 'gift', products: ['G'], quantityMilli: 1000 }], {
    slots: [{ name: 'a', items: { products: ['RX'] } }],
  })
  const medicine = line(1, { product: product('RX'), marks: ['regulatedPrice'] })
  const basket = sale([medicine, line(2, { product: product('B') })], { mode: 'price' })
  expect(judge([gift], basket).gifts).toBeUndefined()
  expect(byRule(judge([gift], basket))).toEqual({})
  expect(judge([{ ...gift, slots: [{ name: 'a', items: { products: ['B'] } }] }], basket).gifts).toHaveLength(1)
})
