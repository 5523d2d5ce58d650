import fc from 'fast-check'
import type { Condition, EvaluationInput, ItemSelector, LineFacts, ProgramDocument, Rule, Slot } from '../index.ts'
import { group, line, member, product, program, sale } from './samples.ts'

/** Cases of a law: `FC_RUNS` sets the nightly size. */
export const runs = (usual = 500): number => Number(process.env['FC_RUNS'] ?? usual)

const PRODUCTS = ['P1', 'P2', 'P3', 'P4', 'P5']
const CATEGORIES = ['C1', 'C2', 'C3']
const PRODUCERS = ['X', 'Y']
const TAGS = ['new', 'eco']
/** Of every product the same facts, as a catalogue gives them. */
const catalogue = PRODUCTS.map((id, index) =>
  product(id, {
    categories: index % 2 === 0 ? ['C1', 'C3'] : ['C2', 'C3'].slice(index % 3 === 0 ? 1 : 0),
    ...(index !== 3 && { producer: PRODUCERS[index % 2] as string }),
    tags: index % 2 === 1 ? ['new'] : index === 4 ? ['new', 'eco'] : [],
  }),
)

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values], { minLength: 1 })
const maybe = <T>(arbitrary: fc.Arbitrary<T>, one = 3): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: one })
/** Leaves undefined fields out, as JSON does. */
const tidy = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T
const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K] | undefined> }): fc.Arbitrary<T> =>
  fc.record(model as { [K in keyof T]: fc.Arbitrary<T[K]> }).map(tidy) as fc.Arbitrary<T>

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
        ...(floor !== undefined && { floorMinor: floor }),
      })
      const { product: _, ...unknown } = facts
      return known || which > 0 ? { ...facts, product: catalogue[which] as NonNullable<LineFacts['product']> } : unknown
    })

const mostly = fc.constantFrom(true, true, true, true, false)
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
      mode: options.mode === undefined ? fc.constantFrom('judge', 'price') : fc.constant(options.mode),
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
const arbitraryCondition: fc.Arbitrary<Condition> = fc.oneof(
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
    maybe(fc.constantFrom({ discounted: true }, { withoutMarks: ['rx' as const] }, { unitPriceAtLeastMinor: 100 }), 1),
  )
  .map(([set, and, except, where]) => tidy({ ...set, and, except, where }) as ItemSelector)

const bases = fc.constantFrom('gross', 'afterLine', 'afterBasket', 'copayment', 'paidInMoney')
const arbitraryThreshold = fc.oneof(
  fc.integer({ min: 1, max: 6 }).map((units) => ({ quantityMilli: units * 1000 })),
  fc.record({ valueMinor: fc.integer({ min: 1, max: 5000 }), basis: bases }),
  fc.integer({ min: 1, max: 3 }).map((products) => ({ products })),
  fc.integer({ min: 1, max: 3 }).map((lines) => ({ lines })),
)
const arbitrarySlot = (name: string): fc.Arbitrary<Slot> =>
  fc
    .record({
      items: maybe(arbitraryItems, 6),
      atLeast: maybe(arbitraryThreshold),
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
  })
  .map(({ take, units, more, atMostGroups }) => tidy({ take, units, outOf: units + more, atMostGroups }))
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

const effectsOf = (phase: Rule['phase'], slots: readonly Slot[] | undefined): fc.Arbitrary<object> => {
  const points = record({
    do: fc.constant('points'),
    to,
    pointType,
    of: of(slots),
    formula: arbitraryFormula,
    rounding: maybe(arbitraryRounding),
    base: maybe(fc.constantFrom('base', 'other'), 1),
    expiry: maybe(fc.constantFrom({ kind: 'never' }, { kind: 'afterMonths', months: 12 }), 1),
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

const arbitraryLimit = (phase: Rule['phase'], index: number): fc.Arbitrary<object> =>
  record({
    per: fc.constantFrom('sale', 'member', 'card', 'outlet', 'staff', 'campaign'),
    period: fc.constantFrom('sale', 'day', 'week', 'month', 'ever'),
    measure: fc.constantFrom('uses', phase.startsWith('accrual') ? 'points' : 'amount'),
    most: fc.constantFrom(0, 1, 10, 100, 1000),
    over: fc.constantFrom('truncate', 'drop'),
    offline: maybe(fc.constantFrom('allow', 'deny', 'escrow'), 1),
    id: fc.constant(`L${index}`),
  })

const PHASE_LIST = ['price', 'line', 'basket', 'payment', 'accrual.base', 'accrual.bonus'] as const
const GROUPS = PHASE_LIST.map((phase) => phase.replace('.', '-'))

/** Some scenes look at few phases, so that rules meet each other more often. */
const FOCUS: readonly (readonly Rule['phase'][])[] = [
  PHASE_LIST,
  ['accrual.base', 'accrual.bonus'],
  ['accrual.base', 'accrual.bonus'],
  ['line'],
  ['line', 'basket'],
  ['price', 'line'],
]

const arbitraryRule = (index: number, phases: readonly Rule['phase'][]): fc.Arbitrary<Rule> =>
  fc
    .tuple(
      fc.constantFrom(...phases),
      maybe(
        fc
          .tuple(arbitrarySlot('a'), maybe(arbitrarySlot('b'), 2))
          .map((slots) => slots.filter((slot) => slot !== undefined)),
        5,
      ),
    )
    .chain(([phase, slots]) =>
      record({
        schema: fc.constant(1),
        id: fc.constant(`r${index}`),
        version: fc.constant(1),
        name: fc.constant(`r${index}`),
        phase: fc.constant(phase),
        priority: maybe(fc.integer({ min: -1, max: 2 })),
        group: maybe(fc.constantFrom(GROUPS[PHASE_LIST.indexOf(phase)], `${GROUPS[PHASE_LIST.indexOf(phase)]}-in`), 2),
        valid: maybe(
          fc.constantFrom(
            { from: '2026-11-21T10:00' },
            { to: '2026-11-21T10:30' },
            { from: '2026-11-20T00:00', to: '2026-12-01T00:00' },
          ),
          1,
        ),
        when: maybe(arbitraryCondition, 1),
        slots: fc.constant(slots),
        limits: maybe(
          arbitraryLimit(phase, index % 3).map((limit) => [limit]),
          1,
        ),
        tags: maybe(some(['x', 'y']), 1),
        excludes: maybe(some(['x', 'y']), 1),
        text: maybe(fc.constant({ receipt: 'msg.r' }), 1),
        funding: maybe(
          fc.constant([
            { party: 'p', ppm: 333_333 },
            { party: 'q', ppm: 666_667 },
          ]),
          1,
        ),
        then: fc.array(effectsOf(phase, slots), { minLength: 1, maxLength: 2 }),
      }),
    ) as unknown as fc.Arbitrary<Rule>

export interface Scene {
  readonly rules: readonly Rule[]
  readonly program: ProgramDocument
  readonly counters: Readonly<Record<string, number>>
}

const MODES = ['stack', 'first', 'best', 'worst', 'sumCapped'] as const

/** A random set of rules with the groups of their program and counters of their limits. */
export const arbitraryScene = (most = 6): fc.Arbitrary<Scene> =>
  fc
    .record({
      rules: fc
        .tuple(fc.integer({ min: 1, max: most }), fc.constantFrom(...FOCUS))
        .chain(([count, phases]) =>
          fc.tuple(...Array.from({ length: count }, (_, index) => arbitraryRule(index, phases))),
        ),
      outer: fc.array(fc.constantFrom(...MODES), { minLength: GROUPS.length, maxLength: GROUPS.length }),
      inner: fc.array(fc.constantFrom(...MODES), { minLength: GROUPS.length, maxLength: GROUPS.length }),
      quota: maybe(fc.integer({ min: 1, max: 3 })),
      used: fc.integer({ min: 0, max: 20 }),
      slice: maybe(fc.integer({ min: 0, max: 60 }), 1),
    })
    .map(({ rules, outer, inner, quota, used, slice }) => {
      const extra = quota === undefined ? {} : { atMostRules: quota }
      const groups = GROUPS.flatMap((code, index) => [
        group(code, outer[index] as (typeof MODES)[number], { ...extra, capMinor: 500, capPoints: 40 }),
        group(`${code}-in`, inner[index] as (typeof MODES)[number], { parent: code, capMinor: 100 }),
      ])
      const keys = ['L0', 'L1', 'L2'].flatMap((limit) =>
        ['m1', 'k1', 'o1', 's1', '*'].map((subject) => `${limit}|${subject}|*`),
      )
      const counters = Object.fromEntries(keys.map((key) => [key, used]))
      const alone =
        slice === undefined ? {} : { offline: 1, ...Object.fromEntries(keys.map((key) => [`${key}|slice`, slice])) }
      return { rules, program: program({ groups }), counters: { ...counters, ...alone } }
    })
