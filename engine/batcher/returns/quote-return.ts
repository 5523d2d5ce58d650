import type { QuotedProgram, ReturnedShare, Uuid } from '@premia/pos-sdk/contract/till'
import { evaluate, type Milli, type Minor } from '@premia/rules'
import type { Tx } from '../../db/pool.ts'
import { Entries } from '../../ledger/entries.ts'
import { sealed } from '../../returns/judge-return.ts'
import { type Original, sendOriginals } from '../../returns/original.ts'
import { judgementAnswer } from '../answer.ts'
import { balancesNow } from '../batch.ts'
import type { JudgingState } from '../decide.ts'
import type { Judged } from '../item.ts'
import { judgeAndTakeBack, type JudgedReturn } from './decide-return.ts'
import { loadHoldings } from './load-returns.ts'

interface AskedReturn {
  readonly basket: Judged
  /** Behind whom a merged member stands now. */
  readonly alsoMembers: readonly Uuid[]
}

type Asking = Pick<JudgingState, 'program' | 'operator' | 'ruleSet'>

/** What a return would take back and give back in one program, and what was paid for its units. Reads only. */
export const quoteReturn = async (
  tx: Tx,
  asking: Asking,
  { basket, alsoMembers }: AskedReturn,
): Promise<QuotedProgram> => {
  const { program } = asking
  const { sale, receivedAtMs: nowMs } = basket
  const named = sale.original?.sale
  const originals = await sendOriginals(tx, program.programId, named === undefined ? [] : [named])()
  const original = named === undefined ? undefined : originals.get(named)
  const { programId } = program
  const holdings = await loadHoldings(tx, {
    programId,
    originals: [...originals.values()],
    alsoMembers,
    nowMs,
    lock: false,
  })
  // Books that nobody writes.
  const books = {
    ...asking,
    bookedAtMs: nowMs,
    slot: 0,
    loaded: holdings.members,
    holdings,
    vouchers: new Map(),
    voucherUses: [],
    vouchersBack: [],
    counters: holdings.counters,
    entries: new Entries(),
  }
  const judged = judgeAndTakeBack(books, basket, { documentId: sale.id, original })
  const { input, plain } = judged.own
  const outcome = judged.known?.judged.outcome ?? evaluate(plain.ruleSet, input, {})
  const decision = {
    documentId: sale.id,
    bookedAtMs: nowMs,
    atMs: basket.atMs,
    ruleSet: outcome.ruleSet,
    semantics: outcome.semantics,
    outcomeHash: sealed(outcome).outcomeHash,
    outcome,
    memberId: judged.memberId,
    told: { ...judged.told, notices: judged.notices.kept },
  }
  const balances = balancesNow(books, judged.memberId)
  const answer = judgementAnswer({ program, set: judged.set, decision, balances })
  return { program: program.publicId, status: 'quoted', ...backOf(original, judged), ...answer }
}

const backOf = (
  original: Original | undefined,
  { known }: JudgedReturn,
): { readonly back?: readonly ReturnedShare[] } => {
  if (original === undefined || known === undefined) return {}
  const { before, judged } = known
  const sold = new Map<number, number>(
    original.content?.lines.map(({ number, quantityMilli }) => [number, quantityMilli]),
  )
  const back = judged.lines.map(({ line, quantityMilli, copaymentMinor, paidInMoneyMinor }) => ({
    line,
    quantityMilli: quantityMilli as Milli,
    leftMilli: ((sold.get(line) ?? 0) - (before.returned[line] ?? 0) - quantityMilli) as Milli,
    inMoneyMinor: paidInMoneyMinor,
    inPointsMinor: (copaymentMinor - paidInMoneyMinor) as Minor,
  }))
  return { back }
}
