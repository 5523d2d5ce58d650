import { expect, test } from 'vitest'
import { findings } from './validate.ts'
import { group, perZloty, program, rule } from './testing/samples.ts'

const found = (...rules: Parameters<typeof findings>[0]) =>
  findings(rules, program({ groups: [group('f', 'first'), group('b', 'best')] }))

test('a condition that can never hold', () => {
  expect(found(perZloty('r', { valid: { to: '2026-01-01T00:00' }, when: { dates: ['2026-02-01'] } }))).toEqual([
    { code: 'never_true', rule: 'r' },
  ])
  expect(found(perZloty('r', { when: { identified: false, tiers: ['t1'] } }))).toEqual([
    { code: 'never_true', rule: 'r' },
  ])
  expect(found(perZloty('r', { when: { tiers: ['t1'], not: { tiers: ['t1', 't2'] } } }))).toEqual([
    { code: 'never_true', rule: 'r' },
  ])
  expect(found(perZloty('r', { when: { tiers: ['t1'] } }))).toEqual([])
})

test('a rule that an earlier one of its group always beats, or overlaps', () => {
  const wide = perZloty('wide', { group: 'f' })
  const narrow = perZloty('narrow', { group: 'f', when: { tiers: ['t1'] } })
  expect(found(wide, narrow)).toEqual([{ code: 'shadowed', rule: 'narrow', with: 'wide' }])
  expect(found(narrow, wide)).toEqual([])
  expect(found({ ...wide, group: 'b' }, { ...narrow, group: 'b' })).toEqual([
    { code: 'overlap', rule: 'narrow', with: 'wide' },
  ])
})

test('more tests of the member accept less, and more dates that are left out too', () => {
  const newsletter = { attr: 'newsletter', is: true } as const
  const both = { member: [newsletter, { attr: 'age', atLeast: 18 }] } as const
  const in_ = (id: string, when: object) => perZloty(id, { group: 'f', when })
  expect(found(in_('one', { member: [newsletter] }), in_('two', both))).toMatchObject([
    { code: 'shadowed', rule: 'two' },
  ])
  expect(found(in_('two', both), in_('one', { member: [newsletter] }))).toEqual([])
  const days = ['2026-12-24', '2026-12-31']
  expect(found(in_('two', { exceptDates: days }), in_('one', { exceptDates: days.slice(1) }))).toEqual([])
  expect(found(perZloty('r', { when: { member: [newsletter], not: both } }))).toEqual([])
  expect(found(perZloty('r', { when: { ...both, not: { member: [newsletter] } } }))).toMatchObject([
    { code: 'never_true' },
  ])
})

test('points that are kept apart from a price rule: a booking does not know which rule made a price', () => {
  const leaflet = rule('leaflet', 'price', [{ do: 'setPrice', unitPriceMinor: 1 }], { tags: ['promo'] })
  expect(found(leaflet, perZloty('r', { excludes: ['promo'] }), perZloty('s'))).toEqual([
    { code: 'excludes_prices', rule: 'r', with: 'leaflet' },
  ])
  expect(found({ ...leaflet, excludes: ['points'] }, perZloty('r', { tags: ['points'] }))).toMatchObject([
    { rule: 'r' },
  ])
})

test('a generous rule without any limit', () => {
  const generous = rule('r', 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 900_000 } }])
  expect(found(generous)).toEqual([{ code: 'unbounded', rule: 'r' }])
  expect(
    found({ ...generous, limits: [{ per: 'member', period: 'day', measure: 'amount', most: 1, over: 'drop' }] }),
  ).toEqual([])
})

test('categories and outlet groups that the catalogue does not know are told, once each', () => {
  const rules = [
    perZloty('r', {
      when: { any: [{ outletGroups: ['G1', 'G9'] }, { not: { outletGroups: ['G9'] } }] },
      slots: [
        { name: 'a', items: { categories: ['creams', 'craems'], except: { categories: ['craems'] } } },
        { name: 'b', items: { tags: ['new'], and: { categories: ['soaps'] } } },
      ],
    }),
  ]
  const facts = { categories: [{ id: 'creams' }], outletGroups: ['G1'] }
  expect(findings(rules, program(), facts)).toEqual([
    { code: 'unknown_category', rule: 'r', with: 'craems' },
    { code: 'unknown_category', rule: 'r', with: 'soaps' },
    { code: 'unknown_outlet_group', rule: 'r', with: 'G9' },
  ])
  expect(findings(rules, program())).toEqual([])
})
