/**
 * The part of the fake engine that books: exactly once by id, content and receipt, like the real one, in a map. One point
 * for each whole unit of currency paid, to the first card; a return takes back the share of what it pays back, and waits
 * where its sale is not known. It also checks what a till must do: signatures and the chain.
 */
import { type NoticeCode, noticeText, refusal } from '../contract/problems.ts'
import {
  chainStart,
  checkSchema,
  contentHash,
  documentHash,
  inspectSale,
  type ProgramResult,
  partDigests,
  receiptIdentity,
  type Sale,
  type SaleResult,
  saleParts,
  saleSchema,
  signedText,
  type Uuid,
} from '../contract/till/index.ts'
import { isSigned } from '../crypto.ts'

export interface FakeBooking {
  readonly sale: Sale
  readonly hash: string
  /** Where it is booked, with the points that it gave or, below zero, took back there. */
  readonly programs: Map<Uuid, FakeJudgement>
  /** Where it is a return that waits for its sale. */
  readonly waiting: Set<Uuid>
}

export interface FakeJudgement {
  readonly points: number
  readonly notices: readonly NoticeCode[]
}

export interface FakeLedger {
  readonly bookings: ReadonlyMap<Uuid, FakeBooking>
  /** Points by card and program: what a lost or doubled sale would change. */
  readonly points: (card: string) => number
  /** How often each id arrived. */
  readonly deliveries: ReadonlyMap<Uuid, number>
  /** What a real engine would quarantine the terminal for. */
  readonly suspicions: readonly string[]
  /** Books a document in all programs, without those of `later`. */
  readonly book: (document: unknown, publicKey: string, later?: Later) => Promise<SaleResult>
}

/** Programs that do not book now. */
export interface Later {
  readonly programs: readonly Uuid[]
  readonly retryAfterMs: number
}

export const createFakeLedger = (outlet: Uuid, programs: readonly Uuid[]): FakeLedger => {
  const bookings = new Map<Uuid, FakeBooking>()
  const receipts = new Map<string, Uuid>()
  const deliveries = new Map<Uuid, number>()
  const balances = new Map<string, number>()
  /** Hashes by key and sequence. */
  const heads = new Map<string, string>()
  const suspicions: string[] = []
  /** What returns have paid back of a sale in a program. */
  const paidBack = new Map<string, number>()

  /** The share of the sale's points that the money paid back had in the money paid: any returns of all of it take all. */
  const takeBack = (original: FakeBooking, program: Uuid, payableMinor: number): FakeJudgement => {
    const paid = original.sale.totals.payableMinor
    const earned = original.programs.get(program)?.points ?? 0
    const before = paidBack.get(`${original.sale.id} ${program}`) ?? 0
    const after = Math.min(paid, before + payableMinor)
    paidBack.set(`${original.sale.id} ${program}`, after)
    const taken = paid === 0 ? 0 : Math.floor((earned * after) / paid) - Math.floor((earned * before) / paid)
    return { points: 0 - taken, notices: after < before + payableMinor ? ['returned_too_much'] : [] }
  }

  /** `undefined`: a return whose sale is not known in this program. */
  const judge = ({ kind, original, totals }: Sale, program: Uuid): FakeJudgement | undefined => {
    if (kind === 'sale') return { points: Math.floor(totals.payableMinor / 100), notices: [] }
    if (original?.sale === undefined) return { points: 0, notices: ['original_unknown'] }
    const known = bookings.get(original.sale)
    return known?.programs.has(program) === true ? takeBack(known, program, totals.payableMinor) : undefined
  }

  /** Books in one program, and right behind a sale the returns that wait for it there. */
  const bookIn = (booking: FakeBooking, program: Uuid): void => {
    const { sale } = booking
    const judgement = judge(sale, program)
    if (judgement === undefined) {
      booking.waiting.add(program)
      return
    }
    booking.waiting.delete(program)
    booking.programs.set(program, judgement)
    const of = sale.kind === 'sale' ? sale : bookings.get(sale.original?.sale ?? sale.id)?.sale
    const card = of?.cards[0]?.number
    if (card !== undefined) balances.set(card, (balances.get(card) ?? 0) + judgement.points)
    for (const each of bookings.values()) {
      if (each.sale.original?.sale === sale.id && each.waiting.has(program)) bookIn(each, program)
    }
  }

  const inspectChain = async (sale: Sale, publicKey: string): Promise<void> => {
    const digests = partDigests(saleParts(sale), sale.signature.salt)
    if (!(await isSigned(publicKey, signedText(digests), sale.signature.value))) {
      suspicions.push(`sale ${sale.id} is not signed by its terminal`)
    }
    const own = documentHash(digests)
    const place = (sequence: number): string => `${sale.signature.keyId} ${sequence}`
    const known = heads.get(place(sale.sequence))
    if (known !== undefined && known !== own) suspicions.push(`two documents have the sequence ${sale.sequence}`)
    const before = sale.sequence === 1 ? chainStart : heads.get(place(sale.sequence - 1))
    if (before !== undefined && before !== sale.previous)
      suspicions.push(`document ${sale.sequence} names another before it`)
    heads.set(place(sale.sequence), own)
  }

  const result = (sale: Sale, program: Uuid, judgement: FakeJudgement | undefined): ProgramResult => ({
    program,
    status: judgement === undefined ? 'waiting' : 'booked',
    booking: sale.id,
    ruleSet: '0'.repeat(64),
    engine: 'fake',
    outcome: '0'.repeat(64),
    member: null,
    points: judgement === undefined || judgement.points === 0 ? [] : [pointsTold(judgement.points)],
    balances: [],
    applied: [],
    uses: [],
    issued: [],
    hints: [],
    notices: (judgement?.notices ?? []).map((code) => noticeText(code, 'en')),
  })

  const rejected = (sale: Uuid, code: string): SaleResult => ({
    sale,
    status: 'rejected',
    problem: { code, detail: refusal(code)?.title ?? code, errors: [] },
  })

  const book = async (document: unknown, publicKey: string, later?: Later): Promise<SaleResult> => {
    const refused = inspectSale(document, (value) => checkSchema(saleSchema, value))
    const sale = document as Sale
    if (refused !== null) return { sale: sale.id, status: 'rejected', problem: refused }
    deliveries.set(sale.id, (deliveries.get(sale.id) ?? 0) + 1)
    await inspectChain(sale, publicKey)
    const hash = contentHash(sale)
    const identity = receiptIdentity(sale, outlet)
    const first = receipts.get(identity)
    if (first !== undefined && first !== sale.id && bookings.get(first)?.hash !== hash) {
      return rejected(sale.id, 'document_taken')
    }
    const booking = bookings.get(first ?? sale.id) ?? { sale, hash, programs: new Map(), waiting: new Set() }
    if (booking.hash !== hash) return rejected(sale.id, 'sale_conflict')
    const isKept = (program: Uuid): boolean => booking.programs.has(program) || booking.waiting.has(program)
    const open = programs.filter((program) => !isKept(program) && later?.programs.includes(program) !== true)
    if (programs.some(isKept) || open.length > 0) {
      bookings.set(first ?? sale.id, booking)
      receipts.set(identity, first ?? sale.id)
    }
    for (const program of open) bookIn(booking, program)
    const results = programs.map(
      (program): ProgramResult =>
        isKept(program)
          ? result(sale, program, booking.programs.get(program))
          : { program, status: 'later', retryAfterMs: later?.retryAfterMs ?? 0 },
    )
    const status = !programs.every(isKept) ? 'incomplete' : open.length === 0 ? 'duplicate' : 'recorded'
    return { sale: sale.id, status, programs: results, receipt: {} }
  }

  return { bookings, points: (card) => balances.get(card) ?? 0, deliveries, suspicions, book }
}

/** Of a sale what it gave, of a return what it took back. */
const pointsTold = (points: number) => ({
  to: 'customer' as const,
  pointType: 'points',
  earned: Math.max(0, points),
  pending: 0,
  redeemed: 0,
  clawedBack: Math.max(0, 0 - points),
})
