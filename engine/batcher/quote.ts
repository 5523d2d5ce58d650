import type { QuotedProgram, QuoteAnswer, Use, Uuid } from '@premia/pos-sdk/contract/till'
import { counterKey, type EvaluationInput, type LimitKey, limitKeys, matchingRules, type RuleSet } from '@premia/rules'
import { textArray } from '../db/arrays.ts'
import type { Sql, Tx } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { balanceOf } from '../ledger/member-account.ts'
import type { ToldUse } from '../ledger/sale-content.ts'
import { accountKey, noMembers, sendMemberLoad } from '../members/load.ts'
import { cutsOf, type InForce, readInForce } from '../prices/cuts.ts'
import { readLowestPrices } from '../prices/lowest.ts'
import type { Directory } from '../programs/directory.ts'
import { isUsable, sendVoucherLoad, settledBy } from '../vouchers/use.ts'
import { type AccountBalance, judgementAnswer, outsideAnswer } from './answer.ts'
import { tierTold } from './book.ts'
import { openCounterBook } from './counters.ts'
import { type JudgingState, outsideOf, prepare, type Prepared } from './decide.ts'
import type { FactsQuery } from './facts.ts'
import type { Judged } from './item.ts'
import { inputOf, judge, noticeLines } from './judgement.ts'
import { Lacking } from './lacking.ts'
import { sendStateLoad, stateOf } from './load.ts'
import { settledByPoints } from './take-uses.ts'
import { quoteReturn } from './returns/quote-return.ts'

export interface QuoteDependencies {
  readonly sql: Sql
  readonly directory: Directory
}

export interface Quoted {
  readonly answer: QuotedProgram
  /** Only of the program that steers prices at the outlet. */
  readonly lines: QuoteAnswer['lines']
}

const LACKS_MAX = 8

/** What a basket would give in one program. Reads only: no lock, no counter moves. */
export const quoteIn = async (dependencies: QuoteDependencies, programId: number, basket: Judged): Promise<Quoted> => {
  const members = new Set<Uuid>()
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await quoteOnce(dependencies, programId, { basket, members })
    } catch (error) {
      if (!(error instanceof Lacking) || attempt === LACKS_MAX) throw error
      const program = dependencies.directory.program(programId)
      for (const what of error.what) {
        if ('members' in what) for (const member of what.members) members.add(member)
        else if ('ruleSet' in what && program !== undefined) await dependencies.directory.loadSet(program, what.ruleSet)
        else await dependencies.directory.refresh()
      }
    }
  }
}

interface Asked {
  readonly basket: Judged
  readonly members: ReadonlySet<Uuid>
}

const quoteOnce = async (
  { sql, directory }: QuoteDependencies,
  programId: number,
  { basket, members }: Asked,
): Promise<Quoted> => {
  const program = directory.program(programId)
  const operator = program === undefined ? undefined : directory.operator(program.operator)
  if (program === undefined || operator === undefined) throw new Lacking({ directory: true })
  return inProgram(sql, programId, async (tx) => {
    const [row] = await sendStateLoad(tx, programId)
    if (row === undefined || row.config_version !== program.configVersion) throw new Lacking({ directory: true })
    const isReturn = basket.sale.kind === 'return'
    const outside = outsideOf({ program, state: stateOf(row), ...(isReturn && { anyOutlet: true }) }, basket)
    if (outside !== null) return { answer: outsideAnswer(program, outside) as QuotedProgram, lines: [] }
    const ruleSet = (hash: string) => directory.ruleSets.get(programId, hash)
    if (isReturn) {
      const asked = { basket, alsoMembers: [...members] }
      return { answer: await quoteReturn(tx, { program, operator, ruleSet }, asked), lines: [] }
    }
    const nowMs = basket.receivedAtMs
    const tokens = basket.voucherTokens.filter((token) => token !== null)
    const loaded =
      basket.cardTokens.length === 0
        ? noMembers()
        : await sendMemberLoad(tx, {
            programId,
            cardTokens: basket.cardTokens,
            spendingTokens: [],
            alsoMembers: [...members],
            nowMs,
            oldestMs: basket.atMs,
            lock: false,
          })()
    const vouchers = await sendVoucherLoad(tx, programId, { tokens, lock: false })()
    const state: JudgingState = { program, operator, loaded, vouchers, bundles: new Map(), ruleSet }
    return quoted(tx, state, basket)
  })
}

const quoted = async (tx: Tx, state: JudgingState, basket: Judged): Promise<Quoted> => {
  const { program, loaded } = state
  const nowMs = basket.receivedAtMs
  const prepared = prepare(state, basket)
  if (prepared === 'again') throw new Lacking({ directory: true })
  const { buyer, choice, notices, admission } = prepared
  const mode = admission?.steersPrices === true ? 'price' : 'judge'
  const input = inputOf(basket, { facts: prepared.facts, set: choice.set }, mode)
  const facts = mode === 'price' ? await withLowest(tx, prepared, { basket, input }) : prepared.facts
  const keys = limitKeys(choice.set.ruleSet, input)
  const counters = openCounterBook(await readCounters(tx, program.programId, keys))
  const judgement = judge(basket, { facts, set: choice.set, counters }, mode)
  noticeLines(basket, judgement, notices)
  const memberId = buyer?.member.memberId ?? null
  const balances: AccountBalance[] = [...program.pointTypes.keys()].flatMap((pointType) => {
    const account = memberId === null ? undefined : loaded.accounts.get(accountKey(memberId, pointType))
    if (account === undefined) return []
    return [{ pointType, held: account.held, debt: account.debt, ...balanceOf(account, nowMs) }]
  })
  const uses = basket.sale.uses.flatMap(
    (use, index) => wish(state, { prepared, balances, basket }, { use, index }) ?? [],
  )
  const { outcome, outcomeHash } = judgement
  const decision = {
    documentId: basket.sale.id,
    bookedAtMs: nowMs,
    atMs: basket.atMs,
    ruleSet: outcome.ruleSet,
    semantics: outcome.semantics,
    outcomeHash,
    outcome,
    memberId,
    told: {
      ...tierTold(buyer),
      uses,
      notices: notices.kept,
    },
  }
  const answer = judgementAnswer({ program, set: choice.set, decision, balances })
  return {
    answer: { program: program.publicId, status: 'quoted', ...answer },
    lines: outcome.steered.map(({ line, unitPriceMinor, ...lowest }) => ({
      number: line,
      steeredPriceMinor: unitPriceMinor,
      ...lowest,
    })),
  }
}

const inForce = new WeakMap<RuleSet, { readonly configVersion: number; readonly since: InForce }>()

/** With what has to be told beside the price cuts that this basket may get. */
const withLowest = async (
  tx: Tx,
  { facts, choice }: Prepared,
  { basket, input }: { readonly basket: Judged; readonly input: EvaluationInput },
): Promise<FactsQuery> => {
  const { program, operator, place, atMs } = facts
  const { programId, configVersion } = program
  const { ruleSet } = choice.set
  let known = inForce.get(ruleSet)
  if (known?.configVersion !== configVersion) {
    known = { configVersion, since: await readInForce(tx, programId, { rules: ruleSet.rules, nowMs: atMs }) }
    inForce.set(ruleSet, known)
  }
  const cuts = cutsOf({ rules: matchingRules(ruleSet, input), zone: place.zone, nowMs: atMs }, known.since)
  const products = basket.sale.lines.flatMap((line) => operator.catalogue.product(line, basket.outlet, atMs) ?? [])
  return { ...facts, lowestPrices: await readLowestPrices(tx, { programId, outlet: basket.outlet, cuts, products }) }
}

const readCounters = async (
  tx: Tx,
  programId: number,
  keys: readonly LimitKey[],
): Promise<ReadonlyMap<string, number>> => {
  const values = new Map(keys.map((key) => [counterKey(key), 0]))
  if (keys.length === 0) return values
  const rows = await tx<{ limit: string; subject: string; period: string; used: number }[]>`
    SELECT c.limit_id AS limit, c.subject_id AS subject, c.period, c.used
    FROM unnest(${textArray(keys.map((key) => key.subject))}::text[], ${textArray(keys.map((key) => key.limit))}::text[],
      ${textArray(keys.map((key) => key.period))}::text[]) AS n(s, l, p)
    JOIN loyalty.counter c
      ON c.program_id = ${programId} AND c.subject_id = n.s AND c.limit_id = n.l AND c.period = n.p`
  for (const row of rows) values.set(counterKey(row), row.used)
  return values
}

interface Wishing {
  readonly prepared: Prepared
  readonly balances: readonly AccountBalance[]
  readonly basket: Judged
}

/** Whether what the customer would like to use is there now; `null` for what is another program's. */
const wish = (
  state: JudgingState,
  wishing: Wishing,
  { use, index }: { readonly use: Use; readonly index: number },
): ToldUse | null => {
  const { prepared, basket, balances } = wishing
  const member = prepared.buyer?.member.memberId ?? null
  switch (use.kind) {
    case 'voucher': {
      const voucher = state.vouchers.get(basket.voucherTokens[index] ?? '')
      if (voucher === undefined && basket.programs > 1) return null
      if (voucher === undefined || !isUsable(voucher, member, basket.atMs))
        return { useRef: index, status: 'shortfall', code: 'voucher_gone', shortfallMinor: use.amountMinor }
      const shortfallMinor = use.amountMinor - settledBy(voucher, use.amountMinor)
      if (shortfallMinor === 0) return { useRef: index, status: 'taken' }
      return { useRef: index, status: 'shortfall', code: 'voucher_short', shortfallMinor }
    }
    case 'points': {
      if (use.program !== state.program.publicId) return null
      const spendable = balances.find(({ pointType }) => pointType === use.pointType)?.spendable ?? 0
      // All or nothing before payment: the customer can still pay otherwise.
      const isThere = prepared.mayRedeem && spendable >= use.points
      return { useRef: index, ...settledByPoints(use, isThere ? use.points : 0, prepared.choice.set) }
    }
    case 'reward':
    case 'discretionary':
      return use.program === state.program.publicId
        ? { useRef: index, status: 'shortfall', code: 'not_permitted' }
        : null
  }
}
