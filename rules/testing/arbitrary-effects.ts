import fc from 'fast-check'
import type { Rule, Slot } from '../index.ts'
import { bases } from './arbitrary-condition.ts'
import { maybe, record, tidy } from './arbitrary-parts.ts'

const modes = fc.constantFrom('floor', 'ceil', 'truncate', 'halfUp', 'halfEven')
const arbitraryRounding = record({
  mode: maybe(modes),
  increment: maybe(fc.constantFrom(1, 5, 100), 1),
  at: maybe(fc.constantFrom('rule', 'line', 'unit')),
})
const arbitraryOff = fc.oneof(
  fc.constantFrom(1, 50, 300).map((minor) => ({ kind: 'amount' as const, minor })),
  fc.constantFrom(1, 33_333, 100_000, 500_000, 1_000_000).map((ppm) => ({ kind: 'percent' as const, ppm })),
)
const arbitraryPick = fc
  .record({
    take: fc.constantFrom('cheapest', 'dearest'),
    units: fc.integer({ min: 1, max: 3 }),
    more: fc.integer({ min: 0, max: 2 }),
    atMostGroups: maybe(fc.integer({ min: 1, max: 3 }), 1),
    sameProduct: maybe(fc.boolean(), 1),
  })
  .map(({ take, units, more, ...rest }) => tidy({ take, units, outOf: units + more, ...rest }))
const arbitraryFormula = fc.oneof(
  fc.integer({ min: 1, max: 50 }).map((points) => ({ kind: 'fixed', points })),
  fc.record({
    kind: fc.constant('perValue'),
    minor: fc.constantFrom(1, 7, 100, 500),
    points: fc.constantFrom(1, 2, 13),
    basis: bases,
    fullSteps: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('perUnit'), quantityMilli: fc.constantFrom(1000, 375), points: fc.constantFrom(1, 7) }),
  fc.record({ kind: fc.constant('percent'), ppm: fc.constantFrom(10_000, 33_333), basis: bases }),
  fc.record({
    kind: fc.constant('brackets'),
    basis: bases,
    brackets: fc.constant([
      { fromMinor: 0, points: 1 },
      { fromMinor: 2000, points: 9 },
    ]),
  }),
)

const of = (slots: readonly Slot[] | undefined): fc.Arbitrary<string | undefined> =>
  slots === undefined ? fc.constant(undefined) : fc.constantFrom(undefined, ...slots.map(({ name }) => name))
const to = fc.constantFrom('customer', 'customer', 'staff', 'owner', 'organizer')
const pointType = fc.constantFrom(undefined, undefined, 'fine')

export const effectsOf = (phase: Rule['phase'], slots: readonly Slot[] | undefined): fc.Arbitrary<object> => {
  const points = record({
    do: fc.constant('points'),
    to,
    pointType,
    of: of(slots),
    formula: arbitraryFormula,
    rounding: maybe(arbitraryRounding),
    base: maybe(fc.constantFrom('base', 'other'), 1),
    expiry: maybe(fc.constantFrom({ kind: 'never' }, { kind: 'afterMonths', months: 12 }), 1),
    activation: maybe(
      fc.constantFrom({ kind: 'afterReturnWindow' }, { days: 14, kind: 'afterDays' }, { kind: 'now' }),
      1,
    ),
  })
  const priceOff = record({
    do: fc.constant('priceOff'),
    of: of(slots),
    off: arbitraryOff,
    on: maybe(fc.constantFrom('original', 'remaining')),
    rounding: maybe(arbitraryRounding),
  })
  const setPrice = record({
    do: fc.constant('setPrice'),
    of: of(slots),
    unitPriceMinor: fc.constantFrom(0, 80, 150, 1500),
  })
  const picked = fc
    .tuple(fc.oneof(priceOff, setPrice), maybe(arbitraryPick))
    .map(([effect, pick]) => tidy({ ...effect, pick }))
  switch (phase) {
    case 'price':
      return fc.oneof(priceOff, setPrice)
    case 'line':
      return fc.oneof(
        { weight: 4, arbitrary: picked },
        {
          weight: 1,
          arbitrary: record({
            do: fc.constant('priceTiers'),
            of: of(slots),
            tiers: fc.tuple(arbitraryOff, arbitraryOff).map(([a, b]) => [
              { fromMilli: 2000, off: a },
              { fromMilli: 5000, off: b },
            ]),
          }),
        },
        {
          weight: slots === undefined ? 0 : 2,
          arbitrary: record({
            do: fc.constant('bundlePrice'),
            priceMinor: fc.constantFrom(0, 100, 1000),
            atMostSets: maybe(fc.integer({ min: 1, max: 2 }), 1),
            parts: fc.constant((slots ?? []).map(({ name }, index) => ({ of: name, units: index + 1 }))),
          }),
        },
      )
    case 'basket':
      return fc.oneof(
        record({
          do: fc.constant('basketOff'),
          of: of(slots),
          off: arbitraryOff,
          voucher: maybe(fc.constantFrom('V1', 'V2')),
          rounding: maybe(arbitraryRounding),
        }),
        record({
          do: fc.constant('basketSteps'),
          of: of(slots),
          steps: fc.tuple(arbitraryOff, arbitraryOff).map(([a, b]) => [
            { fromMinor: 100, off: a },
            { fromMinor: 3000, off: b },
          ]),
        }),
        fc.constant({ do: 'gift', products: ['P1', 'P2'], quantityMilli: 1000 }),
        fc.constant({ do: 'message', at: 'till', text: 'hello' }),
      )
    case 'payment':
      return record({
        do: fc.constant('pointsPay'),
        pointType,
        of: of(slots),
        mostPpm: fc.constantFrom(500_000, 1_000_000),
      })
    case 'accrual.base':
      return points
    case 'accrual.bonus':
      return fc.oneof(
        { weight: 3, arbitrary: points },
        {
          weight: 2,
          arbitrary: record({
            do: fc.constant('multiply'),
            to,
            pointType,
            of: of(slots),
            base: maybe(fc.constantFrom('base', 'other')),
            how: fc.constant('times'),
            ppm: fc.constantFrom(1_500_000, 2_000_000),
            rounding: maybe(arbitraryRounding),
          }),
        },
        {
          weight: 2,
          arbitrary: record({
            do: fc.constant('multiply'),
            to,
            pointType,
            of: of(slots),
            how: fc.constant('add'),
            ppm: fc.constantFrom(100_000, 1_000_000),
          }),
        },
        { weight: 1, arbitrary: fc.constant({ do: 'voucherIssue', voucher: 'V9', count: 1 }) },
      )
  }
}
