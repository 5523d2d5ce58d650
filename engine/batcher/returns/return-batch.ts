import type { Uuid } from '@premia/pos-sdk/contract/till'
import { assertAccounts, assertLots } from '../assertions.ts'
import {
  balancesNow,
  type BatchDependencies,
  type BatchResult,
  bookingAnswer,
  connectionLost,
  type Extra,
  LIMITS,
  result,
  storedAnswer,
  withLacks,
} from '../batch.ts'
import { outsideAnswer, waitingAnswer } from '../answer.ts'
import { documentOf, type Item } from '../item.ts'
import { collectLacks, Lacking } from '../lacking.ts'
import { stateOf } from '../load.ts'
import { readStored, type StoredBooking } from '../stored.ts'
import { sumsOf } from '../sums.ts'
import { write } from '../write.ts'
import type { Transaction } from '../../db/channel.ts'
import { Entries } from '../../ledger/entries.ts'
import { assertAccount } from '../../ledger/member-account.ts'
import { readBalances } from '../../ledger/read-balances.ts'
import { decideReturn, type ReturnState, type ReturnVerdict } from './decide-return.ts'
import { loadHoldings, loadKeys } from './load-returns.ts'
import { writeReturns } from './write-returns.ts'

/**
 * Books returns of one program in one database transaction. They have batches of their own: what a return takes from the
 * lots of staff and owners is locked before it is judged, while a batch of sales locks such lots only when it writes.
 */
export const bookReturns = (
  dependencies: BatchDependencies,
  programId: number,
  items: readonly Item[],
): Promise<readonly BatchResult[]> => {
  const extra: Extra = { members: new Set(), counters: new Map() }
  const { directory } = dependencies
  return withLacks({ directory, programId, extra }, () => bookOnce(dependencies, programId, { items, extra }))
}

interface Work {
  readonly items: readonly Item[]
  readonly extra: Extra
}

const bookOnce = async (
  dependencies: BatchDependencies,
  programId: number,
  { items, extra }: Work,
): Promise<readonly BatchResult[]> => {
  const { channel, directory, clock, observe, slot } = dependencies
  const { sql } = channel
  const program = directory.program(programId)
  const operator = program === undefined ? undefined : directory.operator(program.operator)
  if (program === undefined || operator === undefined) throw new Lacking({ directory: true })
  const bookedAtMs = clock()
  const transaction = channel.begin({ programs: [programId] }, LIMITS)
  try {
    const started = performance.now()
    const [keys] = await Promise.all([loadKeys(sql, programId, items), transaction.begun])
    if (keys.state.config_version !== program.configVersion) throw new Lacking({ directory: true })
    const holdings = await loadHoldings(sql, {
      programId,
      originals: [...keys.originals.values()],
      alsoMembers: [...extra.members],
      nowMs: bookedAtMs,
      lock: true,
    })
    const known = items.filter((item) => !keys.made.has(documentOf(item)))
    const stored = await readStored(sql, programId, {
      documents: known.map(documentOf),
      receipts: known.map(({ received }) => received.receiptKey),
    })
    const members = stored.flatMap(({ memberId }) => (memberId === null ? [] : [memberId]))
    const balances = await readBalances(sql, programId, members, bookedAtMs)
    observe('load', performance.now() - started)
    const state: ReturnState = {
      program,
      operator,
      state: stateOf(keys.state),
      bookedAtMs,
      slot,
      keys,
      holdings,
      stored: new Map(stored.map((each) => [each.documentId, each])),
      originals: new Map(keys.originals),
      loaded: holdings.members,
      counters: holdings.counters,
      vouchers: new Map(),
      voucherUses: [],
      vouchersBack: [],
      ruleSet: (hash) => directory.ruleSets.get(programId, hash),
      entries: new Entries(),
    }
    return await judgeAndWrite(dependencies, transaction, { state, balances }, items)
  } catch (error) {
    const told = transaction.isIntact() ? error : connectionLost()
    await transaction.rollback().catch(() => undefined)
    throw told
  }
}

interface Judging {
  readonly state: ReturnState
  /** Of the members of what is stored already. */
  readonly balances: Awaited<ReturnType<typeof readBalances>>
}

const judgeAndWrite = async (
  { channel, known, observe }: BatchDependencies,
  transaction: Transaction,
  { state, balances }: Judging,
  items: readonly Item[],
): Promise<readonly BatchResult[]> => {
  const started = performance.now()
  const decided = collectLacks(items, (item) => {
    const verdict = decideReturn(state, item)
    const told = verdict.kind === 'booked' ? balancesNow(state, verdict.booking.memberId) : []
    return { verdict, told }
  })
  const verdicts = decided.map(({ verdict }) => verdict)
  const bookings = verdicts.flatMap((verdict) => (verdict.kind === 'booked' ? [verdict.booking] : []))
  const waiting = verdicts.filter((verdict) => verdict.kind === 'waiting')
  for (const account of state.loaded.accounts.values()) if (account.changed) assertAccount(account)
  assertAccounts(state)
  assertLots(state.entries)
  const judged = performance.now()
  observe('judge', judged - started)
  if (!transaction.isIntact()) throw connectionLost()
  if (bookings.length === 0 && !waiting.some(({ isNew }) => isNew)) await transaction.rollback()
  else {
    const { programId } = state.program
    const { bookedAtMs, slot, entries } = state
    const own = writeReturns(channel.sql, state, { items, verdicts })
    const sent =
      bookings.length === 0
        ? []
        : write(channel.sql, {
            programId,
            bookedAtMs,
            bookings,
            awaited: [],
            released: [],
            members: state.loaded,
            entries,
            voucherUses: [],
            claimed: state.counters.claimed(),
            sums: sumsOf(state, bookings),
            slot,
            known,
          })
    await Promise.all([...own, ...sent, transaction.commit()])
    known.add(entries.house.keys())
  }
  observe('write', performance.now() - judged)
  return decided.map(({ verdict, told }) => {
    if (verdict.kind === 'booked') return bookingAnswer(state, verdict.booking, told)
    return settled(state, verdict, (stored) => balances.get(stored.memberId as Uuid) ?? [])
  })
}

const settled = (
  state: ReturnState,
  verdict: Exclude<ReturnVerdict, { readonly kind: 'booked' }>,
  balancesOf: (stored: StoredBooking) => Parameters<typeof storedAnswer>[2],
): BatchResult => {
  switch (verdict.kind) {
    case 'again':
    case 'refused':
      return verdict
    case 'outside':
      return result(outsideAnswer(state.program, verdict.notices), false)
    case 'duplicate':
      return result(storedAnswer(state, verdict.stored, balancesOf(verdict.stored)), true)
    case 'waiting':
      return result(waitingAnswer(state.program, verdict.received.sale.id), !verdict.isNew)
  }
}
