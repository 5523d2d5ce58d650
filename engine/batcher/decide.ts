import type { RefusalCode } from '@premia/pos-sdk/contract/problems'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import { type Award, type LimitKey, limitKeys } from '@premia/rules'
import type { Operator } from '../programs/directory.ts'
import type { Admission } from '../programs/directory-rows.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import type { AccountBalance } from './answer.ts'
import { book, type Booking } from './book.ts'
import { accountOf, type Books } from './books.ts'
import { type FactsQuery, memberFacts, placeOf, staffOf } from './facts.ts'
import { type Identified, identify } from './identify.ts'
import type { Item, Judged, Received } from './item.ts'
import { comparePrices, differenceFromEstimate, differenceFromQuote, inputOf, judge, noticeLines } from './judgement.ts'
import { Lacking } from './lacking.ts'
import { type KeptNotice, Notices } from './notices.ts'
import { limitsPrices } from './price-claims.ts'
import { type BundleRow, chooseSet, type SetChoice } from './rule-choice.ts'
import type { StoredBooking } from './stored.ts'

/** What flush 1 brought, and what the batch adds to it while it judges. One a database transaction. */
export interface BatchState extends Books {
  readonly operator: Operator
  readonly state: ProgramState
  readonly held: ReadonlySet<Uuid>
  /** Of `held`: what returns have waited for. */
  readonly awaited: ReadonlySet<Uuid>
  readonly stored: StoredBookings
  readonly bundles: ReadonlyMap<string, BundleRow>
  readonly ruleSet: (hash: string) => PublishedSet | undefined
}

/** What judging alone needs of it: a quote has no more. */
export type JudgingState = Pick<BatchState, 'program' | 'operator' | 'loaded' | 'vouchers' | 'bundles' | 'ruleSet'>

export interface ProgramState {
  readonly state: 'draft' | 'active' | 'suspended' | 'closed'
  readonly startsAtMs: number
  readonly endsAtMs: number | null
}

export interface StoredBookings {
  readonly byDocument: ReadonlyMap<Uuid, StoredBooking>
  readonly byReceipt: ReadonlyMap<string, StoredBooking>
  /** Ids of returns that wait for their sale: no sale has them. */
  readonly waiting: ReadonlySet<Uuid>
  /** Of their members, as of now. */
  readonly balances: ReadonlyMap<Uuid, readonly AccountBalance[]>
}

export type Verdict =
  | { readonly kind: 'booked'; readonly booking: Booking }
  | { readonly kind: 'outside'; readonly notices: readonly KeptNotice[] }
  | { readonly kind: 'duplicate'; readonly stored: StoredBooking }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string }
  /** The world moved while the batch was loading: it goes into the next one. */
  | { readonly kind: 'again' }

const DAY_MS = 86_400_000

/**
 * One item, in the order of the catalogue: what is already there, what is outside of the program, and then the booking,
 * which nothing stops any more. Changes the batch's state; never awaits.
 */
export const decide = (batch: BatchState, item: Item): Verdict => {
  const { received } = item
  if (!batch.held.has(received.sale.id)) return decideKnown(batch, received)
  const outside = outsideOf(batch, received)
  if (outside !== null) return { kind: 'outside', notices: outside }
  return decideBooking(batch, received)
}

const decideKnown = ({ stored }: BatchState, { sale, contentHash, receiptKey }: Received): Verdict => {
  const same = stored.byDocument.get(sale.id)
  if (same !== undefined) {
    if (same.contentHash === contentHash) return { kind: 'duplicate', stored: same }
    return { kind: 'refused', code: 'sale_conflict', detail: `${sale.id} is booked with other content` }
  }
  if (stored.waiting.has(sale.id)) {
    return { kind: 'refused', code: 'sale_conflict', detail: `${sale.id} is a return that waits for its sale` }
  }
  const twin = stored.byReceipt.get(receiptKey)
  if (twin === undefined) return { kind: 'again' }
  if (twin.contentHash === contentHash) return { kind: 'duplicate', stored: twin }
  return {
    kind: 'refused',
    code: 'document_taken',
    detail: `Receipt ${sale.document.number} is booked as ${twin.documentId} with other content`,
  }
}

/** Why a program books nothing of this sale; `null` when it does. */
export const outsideOf = (
  batch: Pick<BatchState, 'program' | 'state'> & { readonly anyOutlet?: true },
  received: Judged,
): readonly KeptNotice[] | null => {
  const { program, state } = batch
  const { atMs } = received
  const ageMs = received.receivedAtMs - atMs
  if (state.state === 'suspended') return [{ code: 'program_suspended' }]
  if (state.state === 'closed' || (state.endsAtMs !== null && state.endsAtMs <= atMs))
    return [{ code: 'program_closed' }]
  if (state.state === 'draft' || atMs < state.startsAtMs) return [{ code: 'program_not_started' }]
  // Goods may come back anywhere: the program of a return follows from its sale.
  if (batch.anyOutlet !== true && program.admission(received.outlet, atMs) === undefined)
    return [{ code: 'outlet_not_in_program' }]
  if (ageMs > program.document.lateLimitDays * DAY_MS) return [{ code: 'sale_too_old' }]
  if (received.sale.currency !== program.currency) return [{ code: 'currency_differs' }]
  return null
}

/** All that a judgement needs, found without changing anything. */
export interface Prepared extends Identified {
  readonly notices: Notices
  readonly admission: Admission | undefined
  readonly staff: Uuid | undefined
  readonly facts: FactsQuery
  readonly choice: SetChoice
  readonly mayRedeem: boolean
}

export const prepare = (batch: JudgingState, received: Judged): Prepared | 'again' => {
  const { program, operator } = batch
  const { sale, atMs } = received
  const notices = new Notices()
  if (received.clockWrong) notices.add('clock_wrong')
  const place = placeOf(operator, received.outlet, atMs)
  if (place === undefined) throw new Lacking({ directory: true })
  const identified = identify(batch, received, notices)
  if (identified === 'again') return 'again'
  const { buyer, ownCard } = identified
  const staff = staffOf(operator, sale, atMs)
  if (sale.staff !== undefined && staff === undefined) notices.add('staff_unknown')
  if (ownCard) notices.add('own_card')
  const mayEarn = received.receivedAtMs - atMs <= program.document.pointsLimitDays * DAY_MS
  if (!mayEarn) notices.add('sale_too_old')
  const cardKind = program.document.cardKinds.find(({ code }) => code === buyer?.card.kind)
  // A card that only spends: its owner is known, but the rules judge the sale as anonymous.
  const earner = cardKind?.mayEarn === false ? null : buyer
  return {
    ...identified,
    notices,
    admission: program.admission(received.outlet, atMs),
    staff,
    facts: {
      operator,
      program,
      place,
      atMs,
      staff: ownCard ? undefined : staff,
      member: earner === null ? undefined : memberFacts(earner, atMs, place.at.date),
      mayEarn,
      voucherKind: voucherKinds(batch, received),
    },
    choice: chooseSet(batch, received),
    mayRedeem: cardKind?.mayRedeem !== false,
  }
}

/** The counters of limits that this item may meet; empty where no rule that could apply has one. */
export const countersOf = (batch: BatchState, item: Item): readonly LimitKey[] => {
  const { received } = item
  if (!batch.held.has(received.sale.id) || outsideOf(batch, received) !== null) return []
  if (chooseSet(batch, received).set.ruleSet.stats.limits === 0) return []
  const prepared = prepare(batch, received)
  if (prepared === 'again') return []
  const { facts, admission } = prepared
  const { set } = prepared.choice
  const keys = limitKeys(set.ruleSet, inputOf(received, { facts, set }))
  // Where prices are compared with what the rules would have taken, the limits of their rules are read as well.
  if (admission?.steersPrices !== true || !(set.steersPrices || limitsPrices(set.ruleSet))) return keys
  return [...keys, ...limitKeys(set.ruleSet, inputOf(received, { facts, set }, 'price'))]
}

const decideBooking = (batch: BatchState, received: Received): Verdict => {
  const prepared = prepare(batch, received)
  if (prepared === 'again') return { kind: 'again' }
  const { buyer, admission, choice, facts, notices } = prepared
  if (buyer === null && admission?.stores === 'nothing') return { kind: 'outside', notices: [] }
  const query = { facts, set: choice.set, counters: batch.counters }
  const wanted = judge(received, query)
  const isFull = buyer !== null && overflows(batch, buyer.member.memberId, wanted.outcome.awards)
  if (isFull) notices.add('balance_full')
  const judgement = isFull ? judge(received, { ...query, facts: { ...facts, mayEarn: false } }) : wanted
  noticeLines(received, judgement, notices)
  const priceClaims = admission?.steersPrices === true ? comparePrices(received, query, notices) : []
  const fromEstimate = differenceFromEstimate(received, query, judgement, choice)
  if (fromEstimate !== undefined) notices.add('estimate_differs')
  const difference = fromEstimate ?? differenceFromQuote(received, query, judgement, choice)
  const booking = book(batch, {
    received,
    judgement,
    priceClaims,
    buyer,
    staff: prepared.staff,
    mayRedeem: prepared.mayRedeem,
    owner: facts.place.outlet.owner,
    keeps: buyer === null ? (admission?.stores ?? 'all') : 'all',
    difference,
    notices,
    set: choice.set,
  })
  return { kind: 'booked', booking }
}

/** Half of what a number counts exactly: the rest is room for sums over accounts. */
const ACCOUNT_MAX = 2 ** 52

/** A balance beyond it would be wrong, and its row unreadable: such a sale earns nothing, which is said and booked. */
const overflows = (batch: BatchState, memberId: Uuid, awards: readonly Award[]): boolean =>
  awards.some(({ to, pointType }) => {
    if (to !== 'customer') return false
    const { balance, pending, earnedTotal } = accountOf(batch, memberId, pointType)
    const sum = awards.reduce(
      (total, each) => total + (each.to === to && each.pointType === pointType ? each.points : 0),
      0,
    )
    return Math.max(balance + pending, earnedTotal) + sum > ACCOUNT_MAX
  })

const voucherKinds = (batch: JudgingState, received: Judged): ((code: string) => string | undefined) => {
  if (received.sale.uses.length === 0 || batch.vouchers.size === 0) return () => undefined
  const kinds = new Map<string, string>()
  received.sale.uses.forEach((use, index) => {
    const voucher = batch.vouchers.get(received.voucherTokens[index] ?? '')
    if (use.kind === 'voucher' && voucher !== undefined) kinds.set(use.code, voucher.kind)
  })
  return (code) => kinds.get(code)
}
