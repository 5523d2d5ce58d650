import { describe, expect, test } from 'vitest'
import { compileRuleSet, type Example, type Rule } from '../index.ts'
import { group, perZloty, program, rule } from '../testing/samples.ts'
import { validateRules } from '../validate.ts'

const facts = { categories: [{ id: 'creams', parent: 'cosmetics' }, { id: 'cosmetics' }] }
const gold = (examples: readonly Example[], changes: object = {}): Rule =>
  rule('gold', 'accrual.bonus', [{ do: 'points', to: 'customer', of: 'a', formula: { kind: 'fixed', points: 40 } }], {
    when: { cardKinds: ['gold'] },
    slots: [{ name: 'a', items: { categories: ['cosmetics'] }, atLeast: { quantityMilli: 2000 } }],
    examples,
    ...changes,
  })
const two = { categories: ['creams'], quantityMilli: 2000, unitPriceMinor: 1999 }
const holder = { cardKind: 'gold' }
const issuesOf = (rules: readonly Rule[], changes = {}) => validateRules(rules, program(changes), facts)

describe('RUL-01: a rule carries examples that are run before it is published', () => {
  test('“this basket gives 40 points, this one none” holds, with categories from the tree', () => {
    const examples: Example[] = [
      { name: 'two creams with the gold card', basket: [two], member: holder, gives: { points: 40 } },
      { name: 'one cream', basket: [{ ...two, quantityMilli: 1000 }], member: holder, gives: {} },
      { name: 'no card', basket: [two], anonymous: true, gives: {} },
    ]
    expect(issuesOf([gold(examples), perZloty()])).toEqual([])
  })

  test('what differs is refused with its path, the numbers, the reason and a fix', () => {
    const examples: Example[] = [
      { name: 'one cream', basket: [{ ...two, quantityMilli: 1000 }], member: holder, gives: { points: 40 } },
      { name: 'two creams', basket: [two], member: holder, gives: {} },
      { name: 'another card', basket: [two], gives: { points: 40 } },
    ]
    expect(issuesOf([perZloty(), gold(examples)])).toEqual([
      {
        path: '/1/examples/0/gives/points',
        code: 'example_differs',
        reason: 'Example “one cream”: the rule gives 0 points, not 40, because slot a has 1000 of 2000 quantityMilli.',
        fix: 'Correct the rule, or what the example expects of it.',
      },
      expect.objectContaining({
        path: '/1/examples/1/gives',
        reason: 'Example “two creams”: the rule gives something where it must give nothing.',
      }),
      expect.objectContaining({
        path: '/1/examples/2/gives/points',
        reason: 'Example “another card”: the rule gives 0 points, not 40, because its condition fails at cardKinds.',
      }),
    ])
  })

  test('an example is judged in the whole set, so that a rule that wins over this one is told', () => {
    const example: Example = { name: 'two creams', basket: [two], member: holder, gives: { points: 40 } }
    const better = rule(
      'better',
      'accrual.bonus',
      [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 50 } }],
      { group: 'g' },
    )
    const changes = { groups: [group('g', 'best')] }
    expect(issuesOf([gold([example], { group: 'g' })], changes)).toEqual([])
    expect(issuesOf([gold([example], { group: 'g' }), better], changes)[0]?.reason).toContain('better won in group g')
  })

  test('price rules are tried on shelf prices: amounts, gifts and vouchers', () => {
    const basket = [{ product: 'P1', quantityMilli: 3000, unitPriceMinor: 1000 }]
    const rules = [
      rule(
        'offer',
        'line',
        [{ do: 'priceOff', off: { kind: 'percent', ppm: 1_000_000 }, pick: { take: 'cheapest', units: 1, outOf: 3 } }],
        { examples: [{ name: 'three for two', basket, gives: { amountMinor: 1000 } }] },
      ),
      rule('gift', 'basket', [{ do: 'gift', products: ['G'], quantityMilli: 2000 }], {
        examples: [{ name: 'a gift', basket, gives: { giftMilli: 2000 } }],
      }),
      rule('next', 'accrual.bonus', [{ do: 'voucherIssue', voucher: 'V1', count: 2 }], {
        examples: [{ name: 'two vouchers', basket, gives: { vouchers: 2, points: 0 } }],
      }),
    ]
    expect(issuesOf(rules)).toEqual([])
  })

  test('time, outlet, staff, tenders and payers of an example reach the rule', () => {
    const everything = rule(
      'all',
      'accrual.base',
      [{ do: 'points', to: 'staff', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'copayment' } }],
      {
        valid: { from: '2026-11-01T00:00', to: '2026-12-01T00:00' },
        when: {
          weekdays: [6],
          hours: [['10:00', '11:00']],
          holidays: 'only',
          outletGroups: ['G1'],
          outletTypes: ['pharmacy'],
          channels: ['online'],
          staff: ['s7'],
          tenders: ['card'],
          vouchers: ['V1'],
          segments: ['vip'],
          member: [{ attr: 'age', atLeast: 18 }],
        },
        examples: [
          {
            name: 'all at once',
            basket: [{ unitPriceMinor: 5000, reductionMinor: 1000, reimbursedMinor: 3000 }],
            at: '2026-11-21T10:30',
            holiday: true,
            outlet: { groups: ['G1'], type: 'pharmacy' },
            channel: 'online',
            staff: 's7',
            tenders: [{ kind: 'card', amountMinor: 1000 }],
            vouchers: ['V1'],
            member: { segments: ['vip'], attributes: { age: 40 } },
            gives: { points: 10, to: 'staff' },
          },
        ],
      },
    )
    expect(issuesOf([everything])).toEqual([])
  })

  test('a day that is not, and an example of the wrong form, are refused before anything runs', () => {
    const wrong = gold([{ name: 'x', basket: [two], at: '2026-02-30T10:00', gives: {} }])
    expect(issuesOf([wrong]).map(({ code, path }) => `${code} ${path}`)).toEqual(['no_such_date /0/examples/0/at'])
    const empty = gold([{ name: 'x', basket: [], gives: {} }])
    expect(issuesOf([empty])[0]).toMatchObject({ code: 'shape_minItems', path: '/0/examples/0/basket' })
  })

  test('examples change no hash: a till need not carry them', () => {
    const example: Example = { name: 'two creams', basket: [two], member: holder, gives: { points: 40 } }
    const { examples: _, ...bare } = gold([example])
    expect(compileRuleSet([gold([example])], program()).hash).toBe(compileRuleSet([bare as Rule], program()).hash)
  })
})
