import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import { assertAccount, balanceOf, credit, debit, type MemberAccount, newMemberAccount } from './member-account.ts'

const DAY = 86_400_000
const now = 1_000 * DAY

const account = (): MemberAccount => newMemberAccount('a' as Uuid, 'h' as Uuid, 'points')
let number = 0
const lot = (amount: number, times: { readonly activeFromMs?: number; readonly expiresAtMs?: number | null } = {}) => {
  number += 1
  const lotId = String(number).padStart(12, '0') as Uuid
  return { lotId, amount, earnedAtMs: now, activeFromMs: now, expiresAtMs: now + 365 * DAY, ...times }
}

describe('an account', () => {
  it('spends what was credited a moment ago', () => {
    const own = account()
    expect(debit(own, 5, now).taken).toBe(0)
    credit(own, lot(10), now)
    expect(debit(own, 3, now).taken).toBe(3)
    assertAccount(own)
    expect(balanceOf(own, now).spendable).toBe(7)
  })

  it('pays its debt before points become spendable', () => {
    const own = { ...account(), debt: 8 }
    expect(credit(own, lot(5), now)).toMatchObject({ settled: 5, lot: { remaining: 0 } })
    expect(credit(own, lot(5), now)).toMatchObject({ settled: 3, lot: { remaining: 2 } })
    assertAccount(own)
    expect([own.balance, own.debt]).toEqual([2, 0])
  })

  it('gives nothing, and no points out of nothing, where time has left less than is held', () => {
    const own = { ...account(), held: 8 }
    credit(own, lot(10, { expiresAtMs: now + DAY }), now)
    credit(own, lot(3), now)
    expect(debit(own, 5, now + DAY)).toEqual({ taken: 0, parts: [] })
    assertAccount(own)
  })

  it('is empty of points that had expired before they were booked', () => {
    const own = account()
    credit(own, lot(10, { activeFromMs: now - 20 * DAY, expiresAtMs: now - DAY }), now)
    credit(own, lot(4), now)
    assertAccount(own)
    expect(balanceOf(own, now)).toMatchObject({ spendable: 4, pending: 0 })
    expect(debit(own, 100, now).taken).toBe(4)
    assertAccount(own)
  })
})

type Step =
  | { readonly do: 'credit'; readonly amount: number; readonly wait: number; readonly life: number | null }
  | { readonly do: 'debit'; readonly amount: number }
  | { readonly do: 'wait'; readonly days: number }
const amount = fc.integer({ min: 1, max: 1_000 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('credit' as const),
    amount,
    wait: fc.integer({ min: -5, max: 5 }),
    life: fc.option(fc.integer({ min: 0, max: 9 })),
  }),
  fc.record({ do: fc.constant('debit' as const), amount }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 6 }) }),
)

/** The model: lots in a list, asked from scratch each time. */
interface ModelLot {
  readonly id: string
  readonly from: number
  readonly until: number
  left: number
}

it('whatever happens in any order, agrees with a plain list of lots', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const own = account()
      const model: ModelLot[] = []
      let at = now
      for (const each of steps) {
        if (each.do === 'wait') at += each.days * DAY
        else if (each.do === 'credit') {
          const activeFromMs = at + each.wait * DAY
          const expiresAtMs = each.life === null ? null : activeFromMs + each.life * DAY
          const credited = lot(each.amount, { activeFromMs, expiresAtMs })
          credit(own, credited, at)
          model.push({
            id: credited.lotId,
            from: activeFromMs,
            until: expiresAtMs ?? Number.MAX_SAFE_INTEGER,
            left: each.amount,
          })
        } else {
          const spendable = model.filter((entry) => entry.left > 0 && entry.from <= at && at < entry.until)
          spendable.sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1))
          let left = each.amount
          for (const entry of spendable) {
            const taken = Math.min(left, entry.left)
            entry.left -= taken
            left -= taken
          }
          expect(debit(own, each.amount, at).taken).toBe(each.amount - left)
        }
        assertAccount(own)
        const sum = (lots: readonly ModelLot[]): number => lots.reduce((total, entry) => total + entry.left, 0)
        expect(balanceOf(own, at)).toMatchObject({
          spendable: sum(model.filter((entry) => entry.from <= at && at < entry.until)),
          pending: sum(model.filter((entry) => entry.from > at && at < entry.until)),
        })
      }
    }),
    { numRuns: Number(process.env['FC_RUNS'] ?? 500) },
  )
})
