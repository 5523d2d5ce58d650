import { describe, expect, test } from 'vitest'
import type { LineFacts, Rule } from '../index.ts'
import { byRule, judge, line, perZloty, product, rule, sale } from '../testing/samples.ts'

const free = { kind: 'percent', ppm: 1_000_000 } as const
const tenth = { kind: 'percent', ppm: 100_000 } as const
const inSlot = (items: object) => ({ slots: [{ name: 'a', items }] })
const priced = (lines: readonly LineFacts[]) => sale(lines, { mode: 'price' })

/** A costs 10.00 and 3.00 in the leaflet, B costs 5.00. */
const basket = [line(1, { product: product('A') }), line(2, { product: product('B'), unitPriceMinor: 500 })]
const leaflet = rule(
  'leaflet',
  'price',
  [{ do: 'setPrice', of: 'a', unitPriceMinor: 300 }],
  inSlot({ products: ['A'] }),
)

describe('a phase sees what earlier ones left', () => {
  test('the cheapest unit is the one whose promotion price is lowest', () => {
    const offer = rule('offer', 'line', [{ do: 'priceOff', off: free, pick: { take: 'cheapest', units: 1, outOf: 2 } }])
    expect(judge([offer, leaflet], priced(basket)).applied[1]?.amountShares).toEqual([{ line: 1, amountMinor: 300 }])
    const set = rule(
      'set',
      'line',
      [{ do: 'bundlePrice', priceMinor: 100, parts: [{ of: 'a', units: 1 }], atMostSets: 1 }],
      inSlot({ products: ['A', 'B'] }),
    )
    expect(judge([set, leaflet], priced(basket)).applied[1]?.amountShares).toEqual([{ line: 2, amountMinor: 400 }])
  })

  test('goods that an earlier phase has reduced are reduced already, and the others are not', () => {
    const others = (phase: 'line' | 'basket'): Rule =>
      phase === 'line'
        ? rule('others', phase, [{ do: 'priceOff', of: 'a', off: tenth }], inSlot({ where: { discounted: false } }))
        : rule('others', phase, [{ do: 'basketOff', of: 'a', off: tenth }], inSlot({ where: { discounted: false } }))
    for (const phase of ['line', 'basket'] as const)
      expect(byRule(judge([leaflet, others(phase)], priced(basket)))).toEqual({ leaflet: 700, others: 50 })
    const again = rule(
      'again',
      'line',
      [{ do: 'priceOff', of: 'a', off: tenth }],
      inSlot({ where: { discounted: true } }),
    )
    expect(byRule(judge([leaflet, again], priced(basket)))).toEqual({ leaflet: 700, again: 30 })
  })

  test('a rule of the same phase has not reduced anything yet', () => {
    const half = rule('half', 'line', [{ do: 'priceOff', of: 'a', off: tenth }], {
      ...inSlot({ products: ['A'] }),
      priority: 1,
    })
    const others = rule(
      'others',
      'line',
      [{ do: 'priceOff', of: 'a', off: tenth }],
      inSlot({ where: { discounted: false } }),
    )
    expect(byRule(judge([half, others], priced(basket)))).toEqual({ half: 100, others: 140 })
  })

  test('points of goods that are not reduced are the same in a quote and in the booking of its prices', () => {
    const points = perZloty('points', inSlot({ where: { discounted: false } }))
    const of = { ...points, then: [{ ...points.then[0], of: 'a' }] } as Rule
    const quote = judge([leaflet, of], priced(basket))
    const [first, second] = basket as [LineFacts, LineFacts]
    const booking = judge(
      [leaflet, of],
      sale([{ ...first, reductionMinor: 700 as LineFacts['reductionMinor'] }, second]),
    )
    expect([quote, booking].map(({ awards }) => awards.map((each) => each.points))).toEqual([[5], [5]])
  })
})
