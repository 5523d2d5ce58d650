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

test('a generous rule without any limit', () => {
  const generous = rule('r', 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm: 900_000 } }])
  expect(found(generous)).toEqual([{ code: 'unbounded', rule: 'r' }])
  expect(
    found({ ...generous, limits: [{ per: 'member', period: 'day', measure: 'amount', most: 1, over: 'drop' }] }),
  ).toEqual([])
})
