import fc from 'fast-check'
import type { Condition, ItemSelector, Slot } from '../index.ts'
import { CATEGORIES, maybe, PRODUCERS, PRODUCTS, some, TAGS, tidy } from './arbitrary-parts.ts'

const arbitraryLeaf: fc.Arbitrary<Condition> = fc.oneof(
  some([1, 2, 5, 6]).map((weekdays) => ({ weekdays })),
  fc.constantFrom<Condition>(
    { hours: [['22:00', '02:00']] },
    { hours: [['10:00', '11:00']] },
    { weekdays: [5], hours: [['22:00', '02:00']] },
  ),
  some(['G1', 'G2', 'G3']).map((outletGroups) => ({ outletGroups })),
  some(['t1', 't2']).map((tiers) => ({ tiers })),
  some(['gold', 'tin']).map((cardKinds) => ({ cardKinds })),
  some(['s1', 's2']).map((segments) => ({ segments })),
  fc.boolean().map((identified) => ({ identified })),
  fc.constantFrom<Condition>(
    { holidays: 'only' },
    { holidays: 'never' },
    { dates: ['2026-11-21'] },
    { exceptDates: ['2026-12-01'] },
  ),
  fc.constantFrom<Condition>(
    { visits: { every: 3 } },
    { visits: { atLeast: 2, atMost: 4 } },
    { firstPurchase: false },
    { birthday: true },
  ),
  fc.constantFrom<Condition>(
    { member: [{ attr: 'newsletter', is: true }] },
    { member: [{ attr: 'age', atLeast: 18 }] },
    { member: [{ attr: 'newsletter', known: false }] },
  ),
  fc.constantFrom<Condition>(
    { tenders: ['points'] },
    { vouchers: ['V1'] },
    { outlets: ['o1', 'o2'] },
    { owners: ['c1'] },
    { staff: ['s1'] },
  ),
)
export const arbitraryCondition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: arbitraryLeaf },
  { weight: 1, arbitrary: fc.tuple(arbitraryLeaf, arbitraryLeaf).map(([a, b]) => ({ any: [a, b] })) },
  { weight: 1, arbitrary: fc.tuple(arbitraryLeaf, arbitraryLeaf).map(([a, not]) => ({ ...a, not })) },
)

const arbitrarySet = fc.oneof(
  some(PRODUCTS).map((products) => ({ products })),
  some(CATEGORIES).map((categories) => ({ categories })),
  some(PRODUCERS).map((producers) => ({ producers })),
  some(TAGS).map((tags) => ({ tags })),
)
const arbitraryItems: fc.Arbitrary<ItemSelector> = fc
  .tuple(
    arbitrarySet,
    maybe(arbitrarySet, 1),
    maybe(arbitrarySet, 1),
    maybe(
      fc.constantFrom(
        { discounted: true },
        { discounted: false },
        { withoutMarks: ['rx' as const] },
        { unitPriceAtLeastMinor: 100 },
      ),
      1,
    ),
  )
  .map(([set, and, except, where]) => tidy({ ...set, and, except, where }) as ItemSelector)

export const bases = fc.constantFrom('gross', 'afterLine', 'afterBasket', 'copayment', 'paidInMoney')
const arbitraryThreshold = fc.oneof(
  fc.integer({ min: 1, max: 6 }).map((units) => ({ quantityMilli: units * 1000 })),
  fc.record({ valueMinor: fc.integer({ min: 1, max: 5000 }), basis: bases }),
  fc.integer({ min: 1, max: 3 }).map((products) => ({ products })),
  fc.integer({ min: 1, max: 3 }).map((lines) => ({ lines })),
)
export const arbitrarySlot = (name: string): fc.Arbitrary<Slot> =>
  fc
    .record({
      items: maybe(arbitraryItems, 4),
      atLeast: maybe(arbitraryThreshold, 1),
      atMost: maybe(arbitraryThreshold, 1),
      each: maybe(
        fc.oneof(
          fc.record({ quantityMilli: fc.constantFrom(500, 1000, 2000, 3000) }),
          fc.record({
            valueMinor: fc.integer({ min: 50, max: 3000 }),
            basis: bases,
            atMostTimes: fc.integer({ min: 1, max: 3 }),
          }),
        ),
        1,
      ),
      claims: maybe(fc.boolean()),
    })
    .map((slot) => tidy({ name, ...slot }) as Slot)
