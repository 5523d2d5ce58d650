import { strict as assert } from 'node:assert'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Award } from '@premia/rules'
import { newId } from '../clock.ts'
import { awardTimes } from '../ledger/award-times.ts'
import { credit } from '../ledger/member-account.ts'
import type { Told } from '../ledger/sale-content.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import { accountOf, type Books, type ToBook } from './books.ts'
import { contentOf } from './content.ts'
import type { MemberAt } from './facts.ts'
import type { Received } from './item.ts'
import type { Judgement } from './judgement.ts'
import { takeUses } from './take-uses.ts'

/** A sale as it will stand in the database. */
export interface Booking {
  readonly received: Received
  readonly judgement: Judgement
  readonly set: PublishedSet
  readonly memberId: Uuid | null
  readonly staffId: Uuid | null
  /** Earned by the member in the main point type. */
  readonly mainPoints: number
  readonly told: Told
  readonly content: string
  /** Whether the content tells what was bought. */
  readonly keepsLines: boolean
}

/** Spends what the sale spends, credits what it earns, and says what the row has to hold. Nothing can be refused here. */
export const book = (books: Books, sale: ToBook): Booking => {
  const { received, judgement, buyer, notices } = sale
  const { entries, program } = books
  entries.begin(received.sale.id)
  const uses = takeUses(books, sale)
  let mainPoints = 0
  for (const award of judgement.outcome.awards) {
    assert(award.points > 0, 'an award is positive')
    if (award.to === 'customer') {
      assert(buyer !== null, 'only a member earns as a customer')
      creditMember(books, buyer.member.memberId, award, received)
      if (award.pointType === program.document.mainPointType) mainPoints += award.points
    } else creditHouse(books, sale, award)
  }
  books.counters.claim(judgement.outcome.claims)
  books.counters.claim(sale.priceClaims)
  if (buyer !== null && received.sale.kind === 'sale') {
    buyer.member.visits += 1
    buyer.member.lastSaleAtMs = Math.max(buyer.member.lastSaleAtMs ?? 0, received.atMs)
    buyer.member.changed = true
  }
  const told: Told = {
    ...(received.atMs === received.occurredAtMs ? undefined : { atMs: received.atMs }),
    ...tierTold(buyer),
    ...(uses.told.length === 0 ? undefined : { uses: uses.told }),
    ...(uses.redeemed.length === 0 ? undefined : { redeemed: uses.redeemed }),
    ...(notices.kept.length === 0 ? undefined : { notices: notices.kept }),
    ...(sale.priceClaims.length === 0 ? undefined : { priceClaims: sale.priceClaims }),
    ...(sale.difference === undefined ? undefined : { difference: sale.difference }),
  }
  return {
    received,
    judgement,
    set: sale.set,
    memberId: buyer?.member.memberId ?? null,
    staffId: sale.staff ?? null,
    mainPoints,
    told,
    content: contentOf(books, sale),
    keepsLines: sale.keeps === 'all',
  }
}

/** The member's tier as the till is told it: today's. */
export const tierTold = (buyer: MemberAt | null): Pick<Told, 'tier'> => {
  const tier = buyer?.member.tier ?? null
  return tier === null ? {} : { tier }
}

const creditMember = (books: Books, memberId: Uuid, award: Award, { atMs }: Received): void => {
  const { entries, bookedAtMs, program } = books
  const account = accountOf(books, memberId, award.pointType)
  const times = awardTimes(award, Math.min(atMs, bookedAtMs), program.zone)
  const lot = { lotId: newId(bookedAtMs), amount: award.points, earnedAtMs: atMs, ...times }
  entries.credited(account, lot, credit(account, lot, bookedAtMs))
}

const creditHouse = (books: Books, { received, judgement, owner }: ToBook, award: Award): void => {
  const { program, bookedAtMs, slot, entries } = books
  if (award.to === 'customer') return
  const holders = { staff: judgement.input.staff as Uuid | undefined, owner, organizer: program.organizer }
  const holderId = holders[award.to]
  assert(holderId !== undefined, `the sale has no ${award.to} to credit`)
  const { activeFromMs, expiresAtMs } = awardTimes(award, Math.min(received.atMs, bookedAtMs), program.zone)
  const { programId } = program
  const { pointType, points: amount, to: holderKind } = award
  entries.creditHouse({
    programId,
    holderKind,
    holderId,
    pointType,
    amount,
    activeFromMs,
    expiresAtMs,
    slot,
    bookedAtMs,
  })
}
