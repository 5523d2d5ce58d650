import type { ProgramResult, Uuid } from '@premia/pos-sdk/contract/till'
import { counterKey, type LimitKey } from '@premia/rules'
import type { Clock } from '../clock.ts'
import type { Channel, Transaction } from '../db/channel.ts'
import type { Limits } from '../db/transaction.ts'
import { Entries } from '../ledger/entries.ts'
import { assertAccount, balanceOf } from '../ledger/member-account.ts'
import { readBalances } from '../ledger/read-balances.ts'
import type { KnownHouseAccounts } from '../ledger/write-entries.ts'
import { accountKey, type LoadedMembers } from '../members/load.ts'
import type { Directory } from '../programs/directory.ts'
import type { Program } from '../programs/program.ts'
import { type AccountBalance, bookedAnswer, outsideAnswer } from './answer.ts'
import { assertBatch } from './assertions.ts'
import type { Booking } from './book.ts'
import { lockCounters, openCounterBook } from './counters.ts'
import { type BatchState, countersOf, decide, type StoredBookings, type Verdict } from './decide.ts'
import { documentOf, type Item, type Settled } from './item.ts'
import { type AwaitedKey, lockAwaited, NO_CONTENT } from './gate.ts'
import { collectLacks, type Lack, Lacking } from './lacking.ts'
import { type Loaded, load } from './load.ts'
import { readStored, type StoredBooking } from './stored.ts'
import { sumsOf } from './sums.ts'
import { write } from './write.ts'

export interface BatchDependencies {
  readonly channel: Channel
  readonly directory: Directory
  readonly clock: Clock
  readonly known: KnownHouseAccounts
  readonly slot: number
  /** Milliseconds of each phase, for the metrics. */
  readonly observe: (phase: 'load' | 'judge' | 'write', elapsedMs: number) => void
  /** Sales are booked that returns have waited for. */
  readonly onAwaited: (programId: number) => void
}

/** What became of each item, in the order of the items. `again`: the world moved, it goes into the next batch. */
export type BatchResult = Settled | { readonly kind: 'again' }

export const LIMITS: Limits = { lockTimeoutMs: 250, statementTimeoutMs: 5_000 }
/** Reloading more often than this is no news but a defect. */
const LACKS_MAX = 8

/** Books items of one program in one database transaction, durable when it returns. Faults and defects are thrown. */
export const bookBatch = async (
  dependencies: BatchDependencies,
  programId: number,
  items: readonly Item[],
): Promise<readonly BatchResult[]> => {
  const extra: Extra = { members: new Set(), counters: new Map() }
  const again = { directory: dependencies.directory, programId, extra }
  return withLacks(again, () => bookOnce(dependencies, programId, { items, extra }))
}

export interface Extra {
  readonly members: Set<Uuid>
  readonly counters: Map<string, LimitKey>
}

interface Again {
  readonly directory: Directory
  readonly programId: number
  readonly extra: Extra
}

/** Runs a database transaction again as long as it says what it lacks. */
export const withLacks = async <T>(again: Again, run: () => Promise<T>): Promise<T> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof Lacking) || attempt === LACKS_MAX) throw error
      await bring(again, error.what)
    }
  }
}

const bring = async ({ directory, programId, extra }: Again, lacks: readonly Lack[]): Promise<void> => {
  const sets = new Set<string>()
  for (const lack of lacks) {
    if ('members' in lack) for (const member of lack.members) extra.members.add(member)
    else if ('counters' in lack) for (const key of lack.counters) extra.counters.set(counterKey(key), key)
    else if ('ruleSet' in lack) sets.add(lack.ruleSet)
  }
  if (lacks.some((lack) => 'directory' in lack)) await directory.refresh()
  for (const hash of sets) {
    const program = directory.program(programId)
    const set = program === undefined ? undefined : await directory.loadSet(program, hash)
    if (set === undefined) throw new Error(`program ${programId} has no rule set ${hash}`)
  }
}

interface Work {
  readonly items: readonly Item[]
  readonly extra: Extra
}

const bookOnce = async (
  dependencies: BatchDependencies,
  programId: number,
  work: Work,
): Promise<readonly BatchResult[]> => {
  const { channel, directory, clock } = dependencies
  const program = directory.program(programId)
  const operator = program === undefined ? undefined : directory.operator(program.operator)
  if (program === undefined || operator === undefined) throw new Lacking({ directory: true })
  const bookedAtMs = clock()
  const transaction = channel.begin({ programs: [programId] }, LIMITS)
  try {
    const started = performance.now()
    const [loaded] = await Promise.all([
      load(channel.sql, { programId, items: work.items, alsoMembers: [...work.extra.members], bookedAtMs }),
      transaction.begun,
    ])
    if (loaded.configVersion !== program.configVersion) throw new Lacking({ directory: true })
    const { awaited, ...stored } = await readKnown(dependencies, programId, work.items, {
      held: loaded.held,
      bookedAtMs,
    })
    const base = {
      program,
      operator,
      state: loaded.state,
      bookedAtMs,
      slot: dependencies.slot,
      held: awaited.size === 0 ? loaded.held : new Set([...loaded.held, ...awaited]),
      awaited,
      stored,
      loaded: loaded.members,
      vouchers: loaded.vouchers,
      voucherUses: [],
      bundles: loaded.bundles,
      ruleSet: (hash: string) => directory.ruleSets.get(programId, hash),
      entries: new Entries(),
    }
    const counters = await loadCounters(channel, base, work)
    dependencies.observe('load', performance.now() - started)
    const results = await judgeAndWrite(dependencies, transaction, { ...base, counters }, work.items)
    if (awaited.size > 0) dependencies.onAwaited(programId)
    return results
  } catch (error) {
    // What was sent after a loss met a new connection, outside of any transaction, and failed of that alone.
    const told = transaction.isIntact() ? error : connectionLost()
    await transaction.rollback().catch(() => undefined)
    throw told
  }
}

/** What the gate did not give us is booked already, under this id or this receipt, or awaited. Few batches need the round trips. */
const readKnown = async (
  { channel }: BatchDependencies,
  programId: number,
  items: readonly Item[],
  { held, bookedAtMs }: { readonly held: Loaded['held']; readonly bookedAtMs: number },
): Promise<StoredBookings & { readonly awaited: ReadonlySet<Uuid> }> => {
  const met = items.filter((item) => !held.has(documentOf(item)))
  if (met.length === 0) return NOTHING_KNOWN
  const found = await readStored(channel.sql, programId, {
    documents: met.map(documentOf),
    receipts: met.map(({ received }) => received.receiptKey),
  })
  const members = found.flatMap(({ memberId }) => (memberId === null ? [] : [memberId]))
  const byDocument = new Map(found.map((each) => [each.documentId, each]))
  const byReceipt = new Map(found.map((each) => [each.receiptKey, each]))
  const unknown = met.filter((item) => !byDocument.has(documentOf(item)) && !byReceipt.has(item.received.receiptKey))
  const awaited = unknown.length === 0 ? [] : await lockAwaited(channel.sql, programId, unknown.map(documentOf))
  const isSale = ({ contentHash }: AwaitedKey): boolean => contentHash === NO_CONTENT
  return {
    balances: await readBalances(channel.sql, programId, members, bookedAtMs),
    byDocument,
    byReceipt,
    waiting: new Set(awaited.filter((key) => !isSale(key)).map(({ documentId }) => documentId)),
    awaited: new Set(awaited.filter(isSale).map(({ documentId }) => documentId)),
  }
}

const NOTHING_KNOWN = {
  byDocument: new Map(),
  byReceipt: new Map(),
  balances: new Map(),
  waiting: new Set<Uuid>(),
  awaited: new Set<Uuid>(),
} as const

/**
 * Counters of limits, by their very keys, which only the matched rules tell: one more round trip for programs with limits,
 * none for the others.
 */
const loadCounters = async (
  { sql }: Channel,
  base: Omit<BatchState, 'counters'>,
  { items, extra }: Work,
): Promise<BatchState['counters']> => {
  const keys = new Map(extra.counters)
  const probe = { ...base, counters: openCounterBook(new Map()) }
  const wanted = collectLacks(items, (item) => countersOf(probe, item))
  for (const key of wanted.flat()) keys.set(counterKey(key), key)
  return openCounterBook(await lockCounters(sql, base.program.programId, [...keys.values()]))
}

/** From here to the second flush nothing is awaited: what was loaded under locks is what is judged. */
const judgeAndWrite = async (
  dependencies: BatchDependencies,
  transaction: Transaction,
  state: BatchState,
  items: readonly Item[],
): Promise<readonly BatchResult[]> => {
  const { channel, known, slot } = dependencies
  const started = performance.now()
  const decided = collectLacks(items, (item) => {
    const verdict = decide(state, item)
    // A later sale of this batch goes on changing the member's accounts: what this one is told is said now.
    return { verdict, balances: verdict.kind === 'booked' ? balancesNow(state, verdict.booking.memberId) : [] }
  })
  const bookings = decided.flatMap(({ verdict }) => (verdict.kind === 'booked' ? [verdict.booking] : []))
  for (const account of state.loaded.accounts.values()) if (account.changed) assertAccount(account)
  assertBatch(state, bookings)
  const judged = performance.now()
  dependencies.observe('judge', judged - started)
  if (!transaction.isIntact()) throw connectionLost()
  if (bookings.length === 0) await transaction.rollback()
  else {
    const sums = sumsOf(state, bookings)
    const sent = write(channel.sql, {
      programId: state.program.programId,
      bookedAtMs: state.bookedAtMs,
      bookings,
      awaited: bookings.flatMap(({ received }) => (state.awaited.has(received.sale.id) ? [received] : [])),
      // What is awaited goes on being awaited: a return says so.
      released: items.map(documentOf).filter((document, index) => {
        const kind = decided[index]?.verdict.kind
        return state.held.has(document) && !state.awaited.has(document) && kind !== 'booked'
      }),
      members: state.loaded,
      entries: state.entries,
      voucherUses: state.voucherUses,
      claimed: state.counters.claimed(),
      sums,
      slot,
      known,
    })
    await Promise.all([...sent, transaction.commit()])
    known.add(state.entries.house.keys())
    state.program.seenPrices.keep(sums.prices)
  }
  dependencies.observe('write', performance.now() - judged)
  return decided.map(({ verdict, balances }) => settled(state, verdict, balances))
}

export const connectionLost = (): Error =>
  Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' })

export const balancesNow = (
  { program, loaded, bookedAtMs }: Pick<BatchState, 'program' | 'loaded' | 'bookedAtMs'>,
  memberId: Uuid | null,
): AccountBalance[] => (memberId === null ? [] : balancesIn(program, loaded, { memberId, nowMs: bookedAtMs }))

const balancesIn = (
  program: Program,
  { accounts }: LoadedMembers,
  { memberId, nowMs }: { readonly memberId: Uuid; readonly nowMs: number },
): AccountBalance[] => {
  const balances: AccountBalance[] = []
  for (const pointType of program.pointTypes.keys()) {
    const account = accounts.get(accountKey(memberId, pointType))
    if (account === undefined) continue
    balances.push({ pointType, held: account.held, debt: account.debt, ...balanceOf(account, nowMs) })
  }
  return balances
}

const settled = (state: BatchState, verdict: Verdict, balances: readonly AccountBalance[]): BatchResult => {
  const { program } = state
  switch (verdict.kind) {
    case 'again':
    case 'refused':
      return verdict
    case 'outside':
      return result(outsideAnswer(program, verdict.notices), false)
    case 'duplicate':
      return result(
        storedAnswer(state, verdict.stored, state.stored.balances.get(verdict.stored.memberId as Uuid) ?? []),
        true,
      )
    case 'booked':
      return bookingAnswer(state, verdict.booking, balances)
  }
}

/** What the till is told of what was booked just now. */
export const bookingAnswer = (
  { program, bookedAtMs }: Pick<BatchState, 'program' | 'bookedAtMs'>,
  { received, judgement, set, memberId, told }: Booking,
  balances: readonly AccountBalance[],
): Settled => {
  const { outcome, outcomeHash } = judgement
  const decision = {
    documentId: received.sale.id,
    bookedAtMs,
    atMs: received.atMs,
    ruleSet: outcome.ruleSet,
    semantics: outcome.semantics,
    outcomeHash,
    outcome,
    memberId,
    told,
  }
  return result(bookedAnswer({ program, set, decision, balances }), false)
}

export const result = (value: ProgramResult, duplicate: boolean): Settled => ({
  kind: 'result',
  result: value,
  duplicate,
})

/** The stored decision, with the balances of now. */
export const storedAnswer = (
  { program, ruleSet }: Pick<BatchState, 'program' | 'ruleSet'>,
  booking: StoredBooking,
  balances: readonly AccountBalance[],
): ProgramResult => {
  const decision = { ...booking, atMs: booking.told.atMs ?? booking.occurredAtMs }
  return bookedAnswer({ program, set: ruleSet(booking.ruleSet), decision, balances })
}
