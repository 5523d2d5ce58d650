/**
 * The part of the fake engine that books: exactly once by id, content and receipt, like the real one, in a map. One point
 * for each whole unit of currency paid, to the first card. It also checks what a till must do: signatures and the chain.
 */
import { refusal } from '../contract/problems.ts'
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
  readonly programs: Set<Uuid>
}

export interface FakeLedger {
  readonly bookings: ReadonlyMap<Uuid, FakeBooking>
  /** Points by card and program: what a lost or doubled sale would change. */
  readonly points: (card: string) => number
  /** How often each id arrived. */
  readonly deliveries: ReadonlyMap<Uuid, number>
  /** What a real engine would quarantine the terminal for. */
  readonly suspicions: readonly string[]
  /** Books a sale in all programs, without those of `later`. */
  readonly book: (document: unknown, publicKey: string, later?: readonly Uuid[]) => Promise<SaleResult>
}

const pointsOf = (sale: Sale): number => Math.floor(sale.totals.payableMinor / 100) * (sale.kind === 'sale' ? 1 : -1)

export const createFakeLedger = (outlet: Uuid, programs: readonly Uuid[]): FakeLedger => {
  const bookings = new Map<Uuid, FakeBooking>()
  const receipts = new Map<string, Uuid>()
  const deliveries = new Map<Uuid, number>()
  const balances = new Map<string, number>()
  /** Hashes by key and sequence. */
  const heads = new Map<string, string>()
  const suspicions: string[] = []

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

  const result = (sale: Sale, program: Uuid): ProgramResult => ({
    program,
    status: 'booked',
    booking: sale.id,
    ruleSet: '0'.repeat(64),
    engine: 'fake',
    outcome: '0'.repeat(64),
    member: null,
    points: [],
    balances: [],
    applied: [],
    uses: [],
    issued: [],
    hints: [],
    notices: [],
  })

  const rejected = (sale: Uuid, code: string): SaleResult => ({
    sale,
    status: 'rejected',
    problem: { code, detail: refusal(code)?.title ?? code, errors: [] },
  })

  const book = async (document: unknown, publicKey: string, later: readonly Uuid[] = []): Promise<SaleResult> => {
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
    const booking = bookings.get(first ?? sale.id) ?? { sale, hash, programs: new Set<Uuid>() }
    if (booking.hash !== hash) return rejected(sale.id, 'sale_conflict')
    const open = programs.filter((program) => !booking.programs.has(program) && !later.includes(program))
    if (booking.programs.size + open.length > 0) {
      bookings.set(first ?? sale.id, booking)
      receipts.set(identity, first ?? sale.id)
    }
    const card = sale.cards[0]?.number
    for (const program of open) {
      booking.programs.add(program)
      if (card !== undefined) balances.set(card, (balances.get(card) ?? 0) + pointsOf(sale))
    }
    const results = programs.map(
      (program): ProgramResult =>
        booking.programs.has(program) ? result(sale, program) : { program, status: 'later', retryAfterMs: 0 },
    )
    const incomplete = booking.programs.size < programs.length
    const status = incomplete ? 'incomplete' : open.length === 0 ? 'duplicate' : 'recorded'
    return { sale: sale.id, status, programs: results, receipt: {} }
  }

  return { bookings, points: (card) => balances.get(card) ?? 0, deliveries, suspicions, book }
}
