/** A terminal: the one object a till holds. It wires identity, chain, queue, transport and estimate together. */
import type { MemberReply, QuoteReply, SaleAnswer, TerminalStatus } from './answers.ts'
import { BundleKeeper } from './bundle-keeper.ts'
import { emptyChain, signNext } from './chain.ts'
import { refusal } from './contract/problems.ts'
import type {
  CardSearch,
  CardSearchAnswer,
  HelloAnswer,
  QuoteAnswer,
  Refused,
  SaleResult,
  UnsignedSale,
  Uuid,
} from './contract/till/index.ts'
import { instantOf } from './contract/ids.ts'
import { tillPaths } from './contract/till/paths.ts'
import type { Place, QuoteDraft, SaleDraft } from './draft.ts'
import { type Enrolled, enrolOnce } from './enrol.ts'
import type { EngineRequest, Wire } from './exchange.ts'
import type * as localCheck from './local-check.ts'
import { type ChainHead, type Journal, type Kept, openJournal, type ParkedSale, queuedSale } from './journal.ts'
import { type Settings, settingsOf, type TerminalOptions } from './options.ts'
import { SaleQueue, type Trouble } from './queue.ts'
import type { Exchange } from './retry.ts'
import { type Contact, createTransport, type Transport } from './transport.ts'

type LocalCheck = typeof localCheck

interface Parts {
  readonly settings: Settings
  readonly journal: Journal
  readonly wire: Wire
  readonly closing: AbortController
  readonly enrolled: Enrolled
  readonly kept: Kept
  readonly check: LocalCheck
}

type Accepted =
  | { readonly refused: Refused }
  | {
      readonly sale: UnsignedSale
      readonly away: boolean
      /** Resolves when the sale is durable, with the promise of its next result. */
      readonly written: Promise<{ readonly answer: Promise<SaleResult | undefined> }>
    }

/** The engine believes a till that is ahead by so much. */
const SKEW_MAX_MS = 120_000

/** As JSON carries it, and a copy: the host may go on with its basket while we sign. */
const asSent = <T>(draft: T): T => JSON.parse(JSON.stringify(draft)) as T

export class Terminal {
  readonly #settings: Settings
  readonly #journal: Journal
  readonly #closing: AbortController
  readonly #contact: Contact = { skewMs: 0, baseMs: 0, lastAtMs: undefined }
  readonly #parked: Map<Uuid, ParkedSale>
  readonly #transport: Transport
  readonly #queue: SaleQueue
  readonly #bundles: BundleKeeper
  readonly #check: LocalCheck
  #enrolled: Enrolled
  #head: ChainHead
  /** Documents are signed one after the other: each names the one before. */
  #signing: Promise<unknown> = Promise.resolve()
  #beating: Promise<void> | undefined
  /** A sale could not be written: nothing is kept any more until the store has been opened anew. */
  #failure: Trouble | undefined

  constructor({ settings, journal, wire, closing, enrolled, kept, check }: Parts) {
    this.#check = check
    this.#settings = settings
    this.#journal = journal
    this.#closing = closing
    this.#enrolled = enrolled
    this.#head = kept.head ?? emptyChain
    this.#parked = new Map(kept.parked.map((parked) => [parked.id, parked]))
    const { terminal, keyId } = enrolled.identity.enrolled
    const speaker = {
      terminal,
      keyId,
      key: enrolled.key,
      software: settings.software,
      queue: () => this.#queueReport(),
      isAnswer: check.isHelloAnswer,
      onHello: (answer: HelloAnswer) => this.#learn(answer),
    }
    this.#transport = createTransport(wire, speaker, this.#contact)
    this.#bundles = new BundleKeeper({ journal, send: this.#transport.send, terminal, kept: kept.bundle })
    this.#queue = new SaleQueue({
      ...settings,
      journal,
      keyId,
      send: this.#transport.send,
      onParked: (parked) => {
        this.#parked.set(parked.id, parked)
        return settings.onParked(parked)
      },
      resultsOf: check.resultsOf,
    })
    for (const sale of kept.queued) this.#queue.add(sale)
  }

  /** Begins to send what waits and to say hello. */
  async start(): Promise<void> {
    await this.#bundles.open()
    this.#queue.start()
    this.#beating ??= this.#beat()
  }

  /**
   * Takes a finished sale: checks it, signs it, keeps it durably, and waits a moment for the engine's answer. When this
   * resolves with anything but `rejected`, the sale is safe, whatever happens to network, engine or power.
   *
   * Throws only when the store fails; then nothing is known to be kept.
   *
   * @example const answer = await till.sale(draft)
   */
  async sale(draft: SaleDraft, options: { readonly answerWithinMs?: number } = {}): Promise<SaleAnswer> {
    this.#assertOpen()
    const unsigned = this.#check.completeSale(asSent(draft), this.#place(), this.#nowMs())
    const refused = this.#check.refuseSale(unsigned)
    if (refused !== null) return { sale: unsigned.id, status: 'rejected', problem: refused }
    const accepted = this.#signing.then(() => this.#accept(unsigned))
    this.#signing = accepted.catch(() => undefined)
    const taken = await accepted
    if ('refused' in taken) return { sale: unsigned.id, status: 'rejected', problem: taken.refused }
    const { sale, away } = taken
    const { answer } = await taken.written
    const waitMs = options.answerWithinMs ?? this.#settings.answerWithinMs
    if (waitMs === 0) return { sale: sale.id, status: 'provisional', estimate: null }
    const result = away ? undefined : await this.#within(waitMs, answer)
    if (result !== undefined) return result
    return { sale: sale.id, status: 'provisional', estimate: this.#estimate(sale, 'judge') }
  }

  /**
   * What a basket would give, before payment. Changes nothing anywhere.
   *
   * @example const quote = await till.quote(basket)
   */
  async quote(draft: QuoteDraft): Promise<QuoteReply> {
    this.#assertOpen()
    const basket = this.#check.completeBasket(asSent(draft), this.#place(), this.#nowMs())
    const refused = this.#check.refuseQuote(basket)
    if (refused !== null) return { status: 'refused', problem: refused }
    const { path, method } = tillPaths.quote
    const answer = await this.#ask<QuoteAnswer>({ path, method, body: JSON.stringify(basket) })
    if (answer?.kind === 'answered' && this.#check.hasPrograms(answer.value)) {
      return { status: 'quoted', ...answer.value }
    }
    if (answer?.kind === 'refused' && refusal(answer.problem.code)?.about === 'document') {
      return { status: 'refused', problem: answer.problem }
    }
    return { status: 'provisional', estimate: this.#estimate(basket, 'price') }
  }

  /**
   * Whose card this is and what is on it, in each program of the outlet. An empty list: nobody here knows it.
   *
   * @example const reply = await till.member({ number: '2990000000014', entry: 'scanned' })
   */
  async member(search: CardSearch): Promise<MemberReply> {
    this.#assertOpen()
    const { path, method } = tillPaths.findCard
    const answer = await this.#ask<CardSearchAnswer>({ path, method, body: JSON.stringify(search) })
    if (answer?.kind === 'answered' && this.#check.hasPrograms(answer.value)) {
      return { status: 'found', ...answer.value }
    }
    if (answer?.kind === 'refused' && refusal(answer.problem.code)?.about !== 'engine') {
      return { status: 'refused', problem: answer.problem }
    }
    return { status: 'away' }
  }

  /** How the terminal does; never waits. @example till.status().queued // 0 */
  status(): TerminalStatus {
    const { terminal, outlet } = this.#enrolled.identity.enrolled
    const trouble = this.#trouble
    const { oldestAt } = this.#queueReport()
    const { lastAtMs, skewMs } = this.#contact
    return {
      state: this.#state(),
      terminal,
      outlet: { id: outlet.id, name: outlet.name },
      sequence: this.#head.sequence,
      queued: this.#queue.length,
      takenOver: this.#queue.takenOver,
      parked: this.#parked.size,
      ...(oldestAt === undefined ? {} : { oldestQueuedAt: oldestAt }),
      ...(lastAtMs === undefined ? {} : { lastContactAt: instantOf(lastAtMs) }),
      clockSkewMs: skewMs,
      ...(this.#bundles.current === undefined ? {} : { bundle: this.#bundles.current }),
      ...(trouble === undefined ? {} : { trouble }),
    }
  }

  /** The sales that wait for a person, with their reasons. */
  parked(): readonly ParkedSale[] {
    return [...this.#parked.values()]
  }

  /** Puts a parked sale back into the queue, unchanged. Answers false when it is not parked. */
  async resend(id: Uuid): Promise<boolean> {
    this.#assertOpen()
    const parked = this.#parked.get(id)
    if (parked === undefined) return false
    this.#parked.delete(id)
    this.#queue.add(await this.#journal.unpark(parked))
    return true
  }

  /** Resolves when nothing is queued any more, or the terminal is closed. */
  drained(): Promise<void> {
    return this.#queue.whenEmpty()
  }

  /** Stops sending and closes the store. What is queued is sent after the next start. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    await this.#signing
    await this.#queue.close()
    await this.#beating
    await this.#bundles.settled()
    await this.#journal.close()
  }

  /** Refused, or signed and on its way to the disk. Runs alone. */
  async #accept(unsigned: UnsignedSale): Promise<Accepted> {
    const away = this.#queue.trouble !== undefined && this.#queue.trouble.code !== 'host'
    const twin = this.#queue.find(unsigned.id)
    if (twin !== undefined) {
      const same = this.#check.saysTheSame(twin.text, unsigned)
      const path = { path: '/id', message: 'is queued with other content' }
      return same
        ? { sale: unsigned, away, written: Promise.resolve({ answer: this.#queue.nextResult(unsigned.id) }) }
        : { refused: { code: 'sale_conflict', detail: path.message, errors: [path] } }
    }
    if (this.#queue.length >= this.#settings.queueMax) {
      const detail = `${this.#queue.length} sales wait already`
      return { refused: { code: 'queue_full', detail, errors: [] } }
    }
    const told = away ? this.#withEstimate(unsigned) : unsigned
    const { keyId } = this.#enrolled.identity.enrolled
    const { sale, head } = await signNext(told, this.#head, { key: this.#enrolled.key, keyId })
    this.#head = head
    const queued = queuedSale(sale, JSON.stringify(sale))
    const written = this.#journal.append(queued, head).then(
      () => {
        const answer = this.#queue.nextResult(sale.id)
        this.#queue.add(queued)
        return { answer }
      },
      (error: unknown) => {
        this.#failure ??= { code: 'store', detail: String(error), sinceMs: this.#settings.clock.now() }
        throw error
      },
    )
    return { sale, away, written }
  }

  #withEstimate(sale: UnsignedSale): UnsignedSale {
    const estimate = this.#estimate(sale, 'judge')
    if (estimate === null) return sale
    const outcomes = Object.fromEntries(estimate.programs.map(({ program, outcome }) => [program, outcome]))
    return { ...sale, offline: { bundle: estimate.bundle, outcomes, clockSkewMs: this.#contact.skewMs } }
  }

  #estimate(sale: Parameters<BundleKeeper['estimate']>[0], mode: 'judge' | 'price') {
    // The validity of a bundle is the engine's time.
    return this.#bundles.estimate(sale, mode, this.#settings.clock.now() + this.#contact.skewMs)
  }

  /** A question that a cashier waits for: not asked while the engine is known to be away. */
  async #ask<T>(request: EngineRequest): Promise<Exchange<T> | undefined> {
    if (this.#state() !== 'ready') return undefined
    return this.#within(this.#settings.answerWithinMs, this.#transport.send<T>(request))
  }

  async #within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
    const done = new AbortController()
    const late = this.#settings.clock.wait(ms, done.signal).then(() => undefined)
    const first = await Promise.race([answer, late])
    done.abort()
    return first
  }

  #state(): TerminalStatus['state'] {
    if (this.#closing.signal.aborted) return 'closed'
    const code = this.#trouble?.code
    if (code === undefined || code === 'host') return 'ready'
    if (code === 'store') return 'failed'
    return refusal(code)?.about === 'terminal' ? 'blocked' : 'away'
  }

  get #trouble(): Trouble | undefined {
    return this.#failure ?? this.#queue.trouble
  }

  #queueReport() {
    const oldest = this.#queue.oldest
    return {
      length: this.#queue.length,
      parked: this.#parked.size,
      ...(oldest === undefined ? {} : { oldestAt: oldest.occurredAt }),
      sequence: this.#head.sequence,
    }
  }

  /** The till's time, unless it is so wrong that the engine would not believe it, or find the sale too old. */
  #nowMs(): number {
    const { skewMs, baseMs } = this.#contact
    const nowMs = this.#settings.clock.now()
    const isSame = Math.abs(nowMs - this.#settings.clock.elapsed() - baseMs) < SKEW_MAX_MS
    return isSame && Math.abs(skewMs) > SKEW_MAX_MS ? nowMs + skewMs : nowMs
  }

  #place(): Place {
    const { terminal, outlet } = this.#enrolled.identity.enrolled
    return { terminal, zone: outlet.zone, currency: outlet.currency }
  }

  #learn({ outlet, programs, engineKeys, bundle }: HelloAnswer): void {
    const { identity } = this.#enrolled
    const enrolled = { ...identity.enrolled, outlet, programs, engineKeys }
    if (JSON.stringify(enrolled) !== JSON.stringify(identity.enrolled)) {
      this.#enrolled = { ...this.#enrolled, identity: { ...identity, enrolled } }
      // A failing store shows itself at the next sale; what the hello said comes again with the next one.
      this.#journal.saveIdentity(this.#enrolled.identity).catch(() => undefined)
    }
    this.#bundles.refresh(bundle, engineKeys)
  }

  async #beat(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#transport.hello()
      await this.#settings.clock.wait(this.#settings.heartbeatMs, this.#closing.signal)
    }
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw new Error('the terminal is closed')
  }
}

/**
 * Opens a terminal on its store, enrolling it the first time, and begins to send what waits there.
 *
 * Throws `EnrolmentError` when it cannot be enrolled, and the store's own error when that cannot be opened.
 *
 * @example
 * const till = await createTerminal({
 *   engineUrl: 'https://engine.example',
 *   store: fileStore('/var/lib/till-3'),
 *   enrolmentCode: '4F7K-92QD',
 *   software: { name: 'apteka-till', version: '12.4.0' },
 * })
 */
export const createTerminal = async (options: TerminalOptions): Promise<Terminal> => {
  const settings = settingsOf(options)
  const journal = openJournal(settings.store)
  const closing = new AbortController()
  const { engineUrl, clock, requestTimeoutMs } = settings
  const wire: Wire = { engineUrl, clock, fetch: settings.fetch, timeoutMs: requestTimeoutMs, closing: closing.signal }
  try {
    const kept = await journal.load()
    const check = await import('./local-check.ts')
    const enrolled = await enrolOnce(kept.identity, settings, { journal, wire, check })
    const terminal = new Terminal({ settings, journal, wire, closing, enrolled, kept, check })
    await terminal.start()
    return terminal
  } catch (error) {
    await journal.close()
    throw error
  }
}
