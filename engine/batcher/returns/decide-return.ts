import type { RefusalCode } from '@premia/pos-sdk/contract/problems'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import { evaluate } from '@premia/rules'
import type { Booking } from '../book.ts'
import { contentOf } from '../content.ts'
import { outsideOf, type ProgramState } from '../decide.ts'
import { placeOf, staffOf } from '../facts.ts'
import { NO_CONTENT } from '../gate.ts'
import type { Item, Judged, Received } from '../item.ts'
import { inputOf, type Judgement } from '../judgement.ts'
import { Lacking } from '../lacking.ts'
import { type KeptNotice, Notices } from '../notices.ts'
import type { StoredBooking } from '../stored.ts'
import type { SaleContent, Told } from '../../ledger/sale-content.ts'
import type { Operator } from '../../programs/directory.ts'
import type { Program } from '../../programs/program.ts'
import { type PublishedSet, publishedSet } from '../../programs/rule-sets.ts'
import { takeBack } from './book-return.ts'
import type { ReturnBooks } from './return-books.ts'
import {
  beforeOf,
  isReversible,
  judgeReturn,
  type PlainReturn,
  type ReturnedSale,
  type ReturnJudgement,
  sealed,
} from '../../returns/judge-return.ts'
import { type LoadedKeys, originalOf } from './load-returns.ts'
import type { Original } from '../../returns/original.ts'

export interface ReturnState extends ReturnBooks {
  readonly operator: Operator
  readonly state: ProgramState
  readonly keys: LoadedKeys
  /** Bookings of what the gate did not give us. */
  readonly stored: ReadonlyMap<Uuid, StoredBooking>
  /** What this batch has taken back of each sale comes behind what was taken back before. */
  readonly originals: Map<Uuid, Original>
  readonly ruleSet: (hash: string) => PublishedSet | undefined
}

export type ReturnVerdict =
  | { readonly kind: 'booked'; readonly booking: Booking; readonly original: Uuid | undefined }
  /** Its sale has not come. */
  | { readonly kind: 'waiting'; readonly received: Received; readonly original: Uuid; readonly isNew: boolean }
  | { readonly kind: 'outside'; readonly notices: readonly KeptNotice[] }
  | { readonly kind: 'duplicate'; readonly stored: StoredBooking }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string }
  | { readonly kind: 'again' }

const DAY_MS = 86_400_000

/**
 * One return, in the order of the catalogue: what is already there, what is outside of the program, what has to wait for its
 * sale, and then the booking, which nothing stops. Changes the batch's state; never awaits.
 */
export const decideReturn = (batch: ReturnState, item: Item): ReturnVerdict => {
  const { received } = item
  const known = decideKnown(batch, item)
  if (known !== null) return known
  const isNew = batch.keys.byDocument.get(received.sale.id)?.isWaiting !== true
  const outside = isNew ? outsideOf({ ...batch, anyOutlet: true }, received) : null
  if (outside !== null) return { kind: 'outside', notices: outside }
  const originalId = originalOf(item)
  const original = originalId === undefined ? undefined : batch.originals.get(originalId)
  if (originalId !== undefined && original === undefined && !hasWaitedEnough(batch, item)) {
    // Who let its key go was faster: nobody would tell the sale that we wait.
    if (!batch.keys.byDocument.has(originalId)) return { kind: 'again' }
    return { kind: 'waiting', received, original: originalId, isNew }
  }
  return bookReturn(batch, received, original)
}

/** Whether this document is booked already, or another one is in its place; `null`: neither. */
const decideKnown = ({ keys, stored }: ReturnState, item: Item): ReturnVerdict | null => {
  const { sale, contentHash, receiptKey } = item.received
  if (keys.made.has(sale.id)) return null
  const own = keys.byDocument.get(sale.id)
  if (own !== undefined && own.contentHash !== NO_CONTENT) {
    if (own.contentHash !== contentHash) {
      return { kind: 'refused', code: 'sale_conflict', detail: `${sale.id} is here with other content` }
    }
    const booking = stored.get(sale.id)
    if (own.state === 'awaited') return null
    return booking === undefined ? { kind: 'again' } : { kind: 'duplicate', stored: booking }
  }
  const twin = keys.byReceipt.get(receiptKey)
  if (twin === undefined) return own === undefined ? { kind: 'again' } : null
  if (twin.contentHash === contentHash) {
    const original = originalOf(item)
    if (twin.state === 'awaited' && original !== undefined) {
      return { kind: 'waiting', received: item.received, original, isNew: false }
    }
    const booking = stored.get(twin.documentId)
    return booking === undefined ? { kind: 'again' } : { kind: 'duplicate', stored: booking }
  }
  return {
    kind: 'refused',
    code: 'document_taken',
    detail: `Receipt ${sale.document.number} is here as ${twin.documentId} with other content`,
  }
}

/**
 * A sale that has not come within the program's late limit would book nothing any more, and one that another program has
 * booked need not be one of this program's.
 */
const hasWaitedEnough = ({ program, bookedAtMs }: ReturnState, { received, soldElsewhere }: Item): boolean =>
  soldElsewhere === true || bookedAtMs - received.receivedAtMs > program.document.lateLimitDays * DAY_MS

interface Own extends PlainReturn {
  readonly staff: Uuid | undefined
}

/** What judging a return alone needs: a quote has no more. */
export type ReturnJudgingState = Pick<ReturnState, 'program' | 'operator' | 'loaded' | 'ruleSet'> & ReturnBooks

const ownFacts = ({ program, operator }: ReturnJudgingState, received: Judged): Own => {
  const { sale, atMs, outlet } = received
  const place = placeOf(operator, outlet, atMs)
  if (place === undefined) throw new Lacking({ directory: true })
  const staff = staffOf(operator, sale, atMs)
  const plain = program.emptySet
  const facts = {
    operator,
    program,
    place,
    atMs,
    staff,
    member: undefined,
    mayEarn: false,
    voucherKind: () => undefined,
  }
  return { staff, plain, input: inputOf(received, { facts, set: plain }) }
}

/** A return as it is judged: what it takes back is in the books already, and stands in `told`. */
export interface JudgedReturn {
  readonly own: Own
  readonly notices: Notices
  readonly set: PublishedSet
  readonly memberId: Uuid | null
  readonly told: Told
  /** Absent where nobody knows the sale, or too little of it is kept. */
  readonly known: { readonly before: ReturnedSale['before']; readonly judged: ReturnJudgement } | undefined
}

export const judgeAndTakeBack = (
  batch: ReturnJudgingState,
  received: Judged,
  { documentId, original }: { readonly documentId: Uuid; readonly original: Original | undefined },
): JudgedReturn => {
  const { sale } = received
  const notices = new Notices()
  if (received.clockWrong) notices.add('clock_wrong')
  const own = ownFacts(batch, received)
  if (sale.staff !== undefined && own.staff === undefined) notices.add('staff_unknown')
  const set = original === undefined ? batch.program.emptySet : setOf(batch, original)
  const memberId = original === undefined ? null : finalMember(batch, original)
  if (original === undefined || !isReversible(original)) {
    notices.add('original_unknown')
    return { own, notices, set: batch.program.emptySet, memberId, told: {}, known: undefined }
  }
  const before = beforeOf(original)
  const judged = judgeReturn({ original, set, before }, sale.lines, own)
  for (const line of judged.matched.unknown) notices.add('return_line_unknown', { line })
  for (const line of judged.matched.tooMany) notices.add('returned_too_much', { line })
  const told = takeBack(batch, {
    documentId,
    original,
    before,
    judged,
    memberId,
    pointsTenderMinor: sale.tenders.reduce(
      (sum, { kind, amountMinor }) => sum + (kind === 'points' ? amountMinor : 0),
      0,
    ),
    isVoid: sale.original?.reason === 'void',
    notices,
  })
  return { own, notices, set, memberId, told, known: { before, judged } }
}

const bookReturn = (batch: ReturnState, received: Received, original: Original | undefined): ReturnVerdict => {
  const documentId = received.sale.id
  const member = original === undefined ? null : finalMember(batch, original)
  const place = original ?? received
  const stores = member === null ? (batch.program.admission(place.outlet, place.atMs)?.stores ?? 'all') : 'all'
  if (stores === 'nothing') return { kind: 'outside', notices: [] }
  batch.entries.begin(documentId)
  const { known, ...rest } = judgeAndTakeBack(batch, received, { documentId, original })
  const { input, plain } = rest.own
  const outcome = known?.judged.outcome ?? evaluate(plain.ruleSet, input, {})
  const judgement = { input, outcome, ...sealed(outcome), counters: {} }
  const booking = bookingOf(batch, { ...rest, received, judgement, before: known?.before, stores })
  if (original === undefined || known === undefined) return { kind: 'booked', booking, original: undefined }
  batch.originals.set(original.documentId, {
    ...original,
    returns: [...original.returns, { outcome: known.judged.outcome, told: booking.told }],
  })
  return { kind: 'booked', booking, original: original.documentId }
}

const setOf = ({ program, ruleSet }: ReturnJudgingState, { ruleSet: hash }: Original): PublishedSet => {
  const set = ruleSet(hash) ?? emptySetOf(program, hash)
  if (set === undefined) throw new Lacking({ ruleSet: hash })
  return set
}

/** A sale from before the first set was judged by none, as the program's document of that time has it. */
const emptySetOf = ({ documents }: Program, hash: string): PublishedSet | undefined => {
  for (const document of documents.values()) {
    const set = publishedSet([], document)
    if (set.ruleSet.hash === hash) return set
  }
  return undefined
}

/** Whose account it is now: a merged member's sales go on to whom it was merged into. */
const finalMember = ({ loaded }: ReturnJudgingState, { memberId }: Original): Uuid | null => {
  if (memberId === null) return null
  const member = loaded.members.get(memberId)
  if (member === undefined) throw new Lacking({ members: [memberId] })
  if (member.mergedInto === null) return memberId
  if (!loaded.members.has(member.mergedInto)) throw new Lacking({ members: [member.mergedInto] })
  return member.mergedInto
}

interface ToKeep {
  readonly received: Received
  readonly judgement: Judgement
  readonly before: SaleContent['before'] | undefined
  readonly set: PublishedSet
  readonly memberId: Uuid | null
  readonly own: Own
  readonly notices: Notices
  readonly stores: 'all' | 'totals'
  readonly told: Told
}

const bookingOf = (batch: ReturnState, kept: ToKeep): Booking => {
  const { received, judgement, set, memberId, own, notices, stores } = kept
  const told: Told = {
    ...(received.atMs === received.occurredAtMs ? undefined : { atMs: received.atMs }),
    ...kept.told,
    ...(notices.kept.length === 0 ? undefined : { notices: notices.kept }),
  }
  // What was shown with the goods is no matter of the return: its sale says whose it was.
  const bare: Received = { ...received, sale: { ...received.sale, cards: [] }, cardTokens: [] }
  const mainType = batch.program.document.mainPointType
  return {
    received,
    judgement,
    set,
    memberId,
    staffId: own.staff ?? null,
    mainPoints: -(told.clawedBack ?? []).reduce(
      (sum, { to, pointType, points }) => sum + (to === 'customer' && pointType === mainType ? points : 0),
      0,
    ),
    told,
    content: contentOf(batch, { received: bare, judgement, keeps: stores, before: kept.before }),
    keepsLines: stores === 'all',
  }
}
