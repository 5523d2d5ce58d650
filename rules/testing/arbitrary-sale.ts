import fc from 'fast-check'
import type { EvaluationInput, LineFacts } from '../index.ts'
import { mostly, PRODUCERS, PRODUCTS } from './arbitrary-parts.ts'
import { line, member, product, sale } from './samples.ts'

/** Of every product the same facts, as a catalogue gives them. */
const catalogue = PRODUCTS.map((id, index) =>
  product(id, {
    categories: index % 2 === 0 ? ['C1', 'C3'] : ['C2', 'C3'].slice(index % 3 === 0 ? 1 : 0),
    ...(index !== 3 && { producer: PRODUCERS[index % 2] as string }),
    tags: index % 2 === 1 ? ['new'] : index === 4 ? ['new', 'eco'] : [],
  }),
)

export const arbitraryLine = (whole: boolean): fc.Arbitrary<Omit<LineFacts, 'number'>> =>
  fc
    .record({
      known: fc.boolean(),
      which: fc.nat({ max: PRODUCTS.length - 1 }),
      kind: fc.constantFrom('goods', 'goods', 'goods', 'service', 'reward', 'delivery', 'giftCard'),
      units: fc.integer({ min: 1, max: 9 }),
      grams: whole ? fc.constant(0) : fc.constantFrom(0, 0, 0, 375, 500, 1),
      price: fc.constantFrom(1, 99, 100, 199, 333, 1000, 1999, 12_345),
      reduction: fc.integer({ min: 0, max: 60 }),
      reimbursed: fc.constantFrom(0, 0, 0, 10, 50, 100),
      marks: fc.subarray(['rx', 'noDiscount', 'noPoints', 'regulatedPrice'], { maxLength: 1 }),
      law: fc.record({ earn: mostly, discount: mostly, count: mostly }),
      floor: fc.constantFrom(undefined, undefined, 0, 50, 900),
    })
    .map(({ known, which, kind, units, grams, price, reduction, reimbursed, marks, law, floor }) => {
      const quantityMilli = units * 1000 + grams
      const grossMinor = Math.round((price * quantityMilli) / 1000)
      const reductionMinor = Math.floor((grossMinor * reduction) / 200)
      const facts = line(1, {
        kind: kind as LineFacts['kind'],
        quantityMilli,
        unitPriceMinor: price,
        grossMinor,
        reductionMinor,
        reimbursedMinor: Math.floor(((grossMinor - reductionMinor) * reimbursed) / 100),
        marks: marks as unknown as LineFacts['marks'],
        law,
        ...(floor !== undefined && { floorMinor: floor, lowestPrices: { r0: floor + 7, r1: 100, r3: 1_000 - floor } }),
      })
      const { product: _, ...unknown } = facts
      return known || which > 0 ? { ...facts, product: catalogue[which] as NonNullable<LineFacts['product']> } : unknown
    })

const AT = [
  { date: '2026-11-20', minute: 1380, weekday: 5, holiday: false },
  { date: '2026-11-21', minute: 60, weekday: 6, holiday: false },
  { date: '2026-11-21', minute: 630, weekday: 6, holiday: true },
  { date: '2026-12-01', minute: 0, weekday: 2, holiday: false },
]

export const arbitrarySale = (
  options: { readonly mode?: 'judge' | 'price'; readonly whole?: boolean } = {},
): fc.Arbitrary<EvaluationInput> =>
  fc
    .record({
      lines: fc.array(arbitraryLine(options.whole ?? false), { minLength: 1, maxLength: 7 }),
      mode: options.mode === undefined ? fc.constantFrom('judge', 'price', 'price') : fc.constant(options.mode),
      at: fc.constantFrom(...AT),
      isMember: mostly,
      card: fc.boolean(),
      segments: fc.subarray(['s1', 's2']),
      tier: fc.constantFrom('t1', 't2'),
      visits: fc.integer({ min: 1, max: 6 }),
      newsletter: fc.constantFrom(undefined, true, false),
      basket: fc.constantFrom(0, 0, 1, 77, 500, 100_000),
      points: fc.constantFrom(0, 0, 5, 250, 10_000),
      vouchers: fc.array(fc.constantFrom('V1', 'V2'), { maxLength: 3 }),
      owner: fc.boolean(),
      staff: fc.boolean(),
      groups: fc.subarray(['G1', 'G2']),
    })
    .map((one) => {
      const lines = one.lines.map((facts, index) => ({ ...facts, number: index + 1 }))
      const attributes = one.newsletter === undefined ? { age: 40 } : { newsletter: one.newsletter }
      const {
        member: _,
        staff: __,
        ...rest
      } = sale(lines, {
        mode: one.mode as 'judge' | 'price',
        at: one.at,
        basketReductionMinor: one.basket,
        tenders: [
          { kind: 'cash', amountMinor: 100 },
          { kind: 'points', amountMinor: one.points },
        ],
        vouchers: one.vouchers.map((kind, index) => ({ use: index, kind, amountMinor: 0 })),
      })
      const { owner, ...outlet } = rest.outlet
      return {
        ...rest,
        outlet: { ...outlet, groups: one.groups, ...(one.owner && { owner: owner as string }) },
        ...(one.staff && { staff: 's1' }),
        ...(one.isMember && {
          member: {
            ...member({ tier: one.tier, segments: one.segments, visits: one.visits, attributes }),
            ...(one.card && { card: 'k1' }),
          },
        }),
      }
    })
