import { describe, expect, test } from 'vitest'
import { compileRuleSet, counterKey, evaluate, explain, type Limit, offlineCounters, reconcile } from './index.ts'
import { byRule, group, line, perZloty, program, rule, sale, without } from './testing/samples.ts'

const basket = sale([line(1, { unitPriceMinor: 3000 })])
const slice = (amount: number) => ({ limit: 'L', subject: 'm1', period: '2026-11', amount })
const limited = (offline: Limit['offline'], changes: Partial<Limit> = {}) =>
  compileRuleSet(
    [
      perZloty('r', {
        limits: [
          {
            id: 'L',
            per: 'member',
            period: 'month',
            measure: 'points',
            most: 100,
            over: 'truncate',
            ...(offline !== undefined && { offline }),
            ...changes,
          },
        ],
      }),
    ],
    program(),
  )

describe('a limit at a till without connection', () => {
  test('allows as if nothing were used where the rule says so, or nothing', () => {
    for (const offline of ['allow', undefined] as const) {
      expect(byRule(evaluate(limited(offline), basket, offlineCounters()))).toEqual({ r: 30 })
    }
    expect(evaluate(limited('allow'), basket, offlineCounters()).denied).toBeUndefined()
  })

  test('denies all and says so in the outcome and in the explanation', () => {
    const outcome = evaluate(limited('deny'), basket, offlineCounters())
    expect([outcome.applied, outcome.claims, outcome.denied]).toEqual([[], [], [{ rule: 'r', limit: 'L' }]])
    expect(explain(limited('deny'), basket, offlineCounters(), 'r').rules[0]?.whyNot).toMatchObject({
      kind: 'limitUsedUp',
      limit: 'L',
      left: 0,
    })
    expect(byRule(evaluate(limited('deny'), basket, {}))).toEqual({ r: 30 })
  })

  test('gives from a slice in escrow, less what this till has given of it, and never more than the limit', () => {
    const give = (amount: number, used = 0, over: Limit['over'] = 'truncate') =>
      evaluate(limited('escrow', { over }), basket, offlineCounters([slice(amount)], { 'L|m1|2026-11': used }))
    expect(byRule(give(50))).toEqual({ r: 30 })
    expect(give(50, 30).applied[0]).toMatchObject({ points: 20, cut: { limit: 'L', wanted: 30 } })
    expect(give(50, 50).denied).toEqual([{ rule: 'r', limit: 'L' }])
    expect(give(50, 30, 'drop').denied).toEqual([{ rule: 'r', limit: 'L' }])
    expect(give(9999, 90).applied[0]?.points).toBe(10)
    expect(byRule(evaluate(limited('escrow'), basket, offlineCounters()))).toEqual({})
  })

  test('any number of tills in escrow together give no more than their slices', () => {
    const ruleSet = limited('escrow')
    const given = [40, 35, 25].map((amount) => {
      const used: Record<string, number> = {}
      for (let n = 0; n < 5; n += 1) {
        const { claims } = evaluate(ruleSet, basket, offlineCounters([slice(amount)], used))
        for (const claim of claims) used[counterKey(claim)] = (used[counterKey(claim)] ?? 0) + claim.amount
      }
      return used['L|m1|2026-11']
    })
    expect(given).toEqual([40, 35, 25])
  })

  test('a limit within the sale needs no connection', () => {
    const ruleSet = limited('deny', { per: 'sale', period: 'sale', most: 10 })
    expect(byRule(evaluate(ruleSet, basket, offlineCounters()))).toEqual({ r: 10 })
  })

  test('a limit per member is no matter of the connection where nobody is identified', () => {
    expect(evaluate(limited('deny'), without(basket, 'member'), offlineCounters()).denied).toBeUndefined()
  })

  test('what a group tried and did not choose is told, what it chose is not', () => {
    const points = (id: string, amount: number, offline: 'deny' | 'allow') =>
      rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: amount } }], {
        group: 'g',
        limits: [{ per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop', offline }],
      })
    const rules = [points('best', 50, 'deny'), points('next', 20, 'allow')]
    const ruleSet = compileRuleSet(rules, program({ groups: [group('g', 'best')] }))
    const outcome = evaluate(ruleSet, basket, offlineCounters())
    expect([byRule(outcome), outcome.denied]).toEqual([{ next: 20 }, [{ rule: 'best', limit: 'best.1' }]])
  })

  test('the booking gives the difference and names the limit that held the till back', () => {
    const booked = evaluate(limited('deny'), basket, { 'L|m1|2026-11': 80 })
    expect(reconcile(evaluate(limited('deny'), basket, offlineCounters()), booked)).toEqual({
      same: false,
      points: [{ to: 'customer', pointType: 'main', points: 20 }],
      amountMinor: 0,
      causes: [{ rule: 'r', points: 20, amountMinor: 0, limit: 'L' }],
    })
    const whole = evaluate(limited('escrow'), basket, {})
    const { causes } = reconcile(evaluate(limited('escrow'), basket, offlineCounters([slice(12)])), whole)
    expect(causes).toEqual([{ rule: 'r', points: 18, amountMinor: 0, heldBack: 'L' }])
    expect(reconcile(evaluate(limited('escrow'), basket, offlineCounters([slice(50)])), whole).same).toBe(true)
  })
})

test('the receipt’s text stands with what a rule gave, as a key', () => {
  const texts = [
    perZloty('r', { text: { receipt: 'msg.base' } }),
    rule('off', 'line', [{ do: 'priceOff', off: { kind: 'amount', minor: 100 } }], { text: { receipt: 'msg.off' } }),
  ]
  const outcome = evaluate(compileRuleSet(texts, program()), { ...basket, mode: 'price' }, {})
  expect(outcome.applied.map(({ rule: id, text }) => [id, text])).toEqual([
    ['off', 'msg.off'],
    ['r', 'msg.base'],
  ])
})
