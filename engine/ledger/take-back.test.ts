import type { Uuid } from '@premia/pos-sdk/contract/till'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Entries } from './entries.ts'
import { assertAccount, balanceOf, credit, debit, type MemberAccount, newMemberAccount } from './member-account.ts'
import { clawBack, giveBack } from './take-back.ts'

const runs = Number(process.env['FC_RUNS'] ?? 500)
const NOW = 1_000
const lotId = (name: string): Uuid => name as Uuid
const own = (...names: string[]): ReadonlySet<Uuid> => new Set(names.map(lotId))

/** Lots as `name amount activeFrom expires`, 0 for never. */
const accountOf = (...lots: string[]): MemberAccount => {
  const account = newMemberAccount('account' as Uuid, 'member' as Uuid, 'points')
  lots.forEach((text, index) => {
    const [name = '', amount, activeFromMs, expires] = text.split(' ')
    const expiresAtMs = Number(expires) === 0 ? null : Number(expires)
    const lot = {
      lotId: lotId(name),
      amount: Number(amount),
      earnedAtMs: index,
      activeFromMs: Number(activeFromMs),
      expiresAtMs,
    }
    credit(account, lot, 0)
  })
  return account
}

const left = ({ lots }: MemberAccount): string =>
  (lots ?? []).flatMap(({ lotId: name, remaining }) => (remaining === 0 ? [] : [`${name} ${remaining}`])).join(', ')

const claw = (account: MemberAccount, amount: number, changes: Partial<Parameters<typeof clawBack>[1]> = {}) => {
  const taken = clawBack(account, { own: own('s1', 's2'), amount, expired: 0, mayOwe: true, nowMs: NOW, ...changes })
  assertAccount(account)
  return taken
}

const give = (account: MemberAccount, ...parts: (readonly [string, number])[]) => {
  const given = giveBack(account, {
    parts: parts.map(([name, amount]) => ({ lotId: lotId(name), amount })),
    nowMs: NOW,
    lateLot: (amount) => ({ lotId: lotId('late'), amount, earnedAtMs: NOW, activeFromMs: NOW, expiresAtMs: NOW + 30 }),
  })
  assertAccount(account)
  return given
}

describe('points of a returned sale', () => {
  it('TRX-05: are taken from what the sale left pending, then from what else it left, then from others as they would be spent', () => {
    const lots = ['a 10 0 5000', 's1 10 0 9000', 'b 10 0 3000', 's2 10 2000 0'] as const
    const after = (amount: number): string => {
      const account = accountOf(...lots)
      claw(account, amount)
      return left(account)
    }
    expect(after(7)).toBe('a 10, s1 10, b 10, s2 3')
    expect(after(15)).toBe('a 10, s1 5, b 10')
    expect(after(27)).toBe('a 10, b 3')
    expect(after(33)).toBe('a 7')
  })

  it('leave no empty lot pending, which the night would look at for ever', () => {
    const account = accountOf('s1 10 2000 0')
    claw(account, 10)
    expect(account.lots).toMatchObject([{ remaining: 0, pending: false }])
    expect(account).toMatchObject({ pending: 0, dueAtMs: null })
  })

  it('become a debt where there are not enough, or are let go', () => {
    const owing = accountOf('s1 10 0 0')
    expect(claw(owing, 25)).toMatchObject({ taken: 10, owed: 15, uncollected: 0 })
    expect(owing).toMatchObject({ balance: 0, debt: 15, earnedTotal: -15 })
    const poor = accountOf('s1 10 0 0')
    expect(claw(poor, 25, { mayOwe: false })).toMatchObject({ taken: 10, owed: 0, uncollected: 15 })
    expect(poor).toMatchObject({ balance: 0, debt: 0, earnedTotal: 0 })
  })

  it('are not taken from others where the night has expired them, and what waits is taken first all the same', () => {
    const account = accountOf('a 10 0 0', 's2 5 2000 0')
    expect(claw(account, 20, { expired: 12 })).toMatchObject({ taken: 8, expired: 12, owed: 0 })
    expect(left(account)).toBe('a 7')
  })

  it('that have expired and wait for the night are taken, because the balance has them', () => {
    const account = accountOf('s1 10 0 500', 'a 10 0 0')
    claw(account, 10)
    expect(left(account)).toBe('a 10')
  })

  it('leave others of the member that are pending or expired alone', () => {
    const account = accountOf('a 10 2000 0', 'b 10 0 500')
    expect(claw(account, 5)).toMatchObject({ taken: 0, owed: 5 })
    expect(left(account)).toBe('a 10, b 10')
  })

  it('leave what is held, of the sale’s own lots too', () => {
    const account = { ...accountOf('s1 10 0 0', 'a 10 0 0'), held: 15 }
    expect(claw(account, 20)).toMatchObject({ taken: 5, owed: 15 })
    expect(balanceOf(account, NOW).spendable).toBe(0)
  })
})

describe('points that were spent on a returned sale', () => {
  it('TRX-05: go back to the lots they came from, whose expiry stays', () => {
    const account = accountOf('a 10 0 5000', 'b 10 0 0')
    debit(account, 15, NOW)
    expect(left(account)).toBe('b 5')
    give(account, ['a', 10], ['b', 2])
    expect(left(account)).toBe('a 10, b 7')
    expect(account).toMatchObject({ nextExpiryAtMs: 5_000, nextExpiryPoints: 10, earnedTotal: 20 })
  })

  it('get a grace where their lot has expired since, and are not earned once more', () => {
    const account = accountOf('a 10 0 1500')
    debit(account, 10, NOW)
    const later = giveBack(account, {
      parts: [{ lotId: lotId('a'), amount: 10 }],
      nowMs: 2_000,
      lateLot: (amount) => ({
        lotId: lotId('late'),
        amount,
        earnedAtMs: 2_000,
        activeFromMs: 2_000,
        expiresAtMs: 2_030,
      }),
    })
    assertAccount(account)
    expect(later).toMatchObject({ parts: [], late: { lot: { amount: 10 } } })
    expect(account).toMatchObject({ balance: 10, earnedTotal: 10, nextExpiryAtMs: 2_030 })
  })

  it('pay a debt before they are spendable', () => {
    const account = accountOf('a 10 0 0')
    debit(account, 10, NOW)
    claw(account, 4)
    expect(give(account, ['a', 3])).toMatchObject({ settled: 3, parts: [] })
    give(account, ['a', 7])
    expect(account).toMatchObject({ balance: 6, debt: 0 })
  })
})

type Step =
  | {
      readonly do: 'credit'
      readonly amount: number
      readonly wait: number
      readonly live: number
      readonly isOwn: boolean
    }
  | { readonly do: 'spend'; readonly amount: number }
  | { readonly do: 'claw'; readonly amount: number; readonly mayOwe: boolean }
  | { readonly do: 'give'; readonly amount: number }
  | { readonly do: 'wait'; readonly ms: number }

const amount = fc.integer({ min: 1, max: 50 })
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('credit' as const), amount, wait: fc.nat(20), live: fc.nat(60), isOwn: fc.boolean() }),
    fc.record({ do: fc.constant('spend' as const), amount }),
    fc.record({ do: fc.constant('claw' as const), amount, mayOwe: fc.boolean() }),
    fc.record({ do: fc.constant('give' as const), amount }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.nat(30) }),
  ),
  { maxLength: 25 },
)

describe('whatever happens to an account', () => {
  it('account, lots and postings stay equal at every step, and nothing is ever negative', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const account = newMemberAccount('account' as Uuid, 'member' as Uuid, 'points')
        const entries = new Entries()
        const mine = new Set<Uuid>()
        const spent: { lotId: Uuid; amount: number }[] = []
        let nowMs = 100
        list.forEach((step, index) => {
          entries.begin(`document ${index}` as Uuid)
          const newLot = (points: number, wait: number, live: number) => ({
            lotId: lotId(`lot ${String(index).padStart(2, '0')}`),
            amount: points,
            earnedAtMs: nowMs,
            activeFromMs: nowMs + wait,
            expiresAtMs: live === 0 ? null : nowMs + wait + live,
          })
          if (step.do === 'wait') nowMs += step.ms
          else if (step.do === 'credit') {
            const lot = newLot(step.amount, step.wait, step.live)
            if (step.isOwn) mine.add(lot.lotId)
            entries.credited(account, lot, credit(account, lot, nowMs))
          } else if (step.do === 'spend') {
            const taken = debit(account, step.amount, nowMs)
            entries.debited(account, taken)
            spent.push(...taken.parts)
          } else if (step.do === 'claw') {
            const taken = clawBack(account, { own: mine, amount: step.amount, expired: 0, mayOwe: step.mayOwe, nowMs })
            entries.clawedBack(account, taken)
            expect(taken.taken + taken.owed + taken.uncollected).toBe(step.amount)
            expect(step.mayOwe ? taken.uncollected : taken.owed).toBe(0)
          } else {
            const [part] = spent.splice(0, 1)
            if (part === undefined) return
            const lateLot = (points: number) => newLot(points, 0, 30)
            const given = giveBack(account, { parts: [part], nowMs, lateLot })
            entries.gaveBack(account, given)
          }
          assertAccount(account)
          const posted = entries.postings.reduce((sum, each) => sum + each.amount, 0)
          expect(account.balance + account.pending - account.debt).toBe(posted)
          const used = new Map<Uuid, number>()
          for (const each of entries.lotUses) used.set(each.lotId, (used.get(each.lotId) ?? 0) + each.amount)
          for (const lot of entries.lots) expect(lot.open.remaining).toBe(lot.amount - (used.get(lot.lotId) ?? 0))
          const earned = entries.postings.reduce(
            (sum, { kind, amount: points }) => sum + (kind === 'earn' || kind === 'clawBack' ? points : 0),
            0,
          )
          expect(account.earnedTotal).toBe(earned)
        })
      }),
      { numRuns: runs },
    )
  })
})
