import {
  instantOf,
  localTime,
  lowestPricesTold,
  type Notice,
  type ProgramResult,
  type Uuid,
} from '@premia/pos-sdk/contract/till'
import type { Language, NoticeCode } from '@premia/pos-sdk/contract/problems'
import type { Minor, Outcome } from '@premia/rules'
import { awardTimes } from '../ledger/award-times.ts'
import type { MemberBalance } from '../ledger/member-account.ts'
import type { Told } from '../ledger/sale-content.ts'
import type { Program } from '../programs/program.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import { type KeptNotice, tell } from './notices.ts'

export type Booked = Extract<ProgramResult, { readonly status: 'booked' | 'waiting' }>

/** A decision, fresh or stored: both are told by the same code, so that a repeated sale hears the same. */
export interface Decision {
  readonly documentId: Uuid
  readonly bookedAtMs: number
  readonly atMs: number
  readonly ruleSet: string
  readonly semantics: number
  readonly outcomeHash: string
  readonly outcome: Outcome
  readonly memberId: Uuid | null
  readonly told: Told
}

export interface AccountBalance extends MemberBalance {
  readonly pointType: string
  readonly held: number
  readonly debt: number
}

export interface AnswerQuery {
  readonly program: Program
  /** The set that judged; absent where it is not in memory: then rules are told by their id. */
  readonly set: PublishedSet | undefined
  readonly decision: Decision
  readonly balances: readonly AccountBalance[]
}

/** The semantics that judged, as the till sees them. */
export const engineName = (semantics: number): string => `premia-rules-${semantics}`

export const bookedAnswer = (query: AnswerQuery): Booked => {
  const { program, decision } = query
  return {
    program: program.publicId,
    status: 'booked',
    booking: decision.documentId,
    ...judgementAnswer(query),
  }
}

/** What a booking and a quote say alike. */
export const judgementAnswer = ({
  program,
  set,
  decision,
  balances,
}: AnswerQuery): Omit<Booked, 'program' | 'status' | 'booking'> => {
  const { outcome, told, memberId } = decision
  return {
    ruleSet: decision.ruleSet,
    engine: engineName(decision.semantics),
    outcome: decision.outcomeHash,
    member: memberId === null ? null : { id: memberId, ...(told.tier === undefined ? undefined : { tier: told.tier }) },
    points: pointsTold(program, decision),
    balances: balances.map((balance) => balanceTold(program, balance)),
    applied: appliedTold(outcome, set),
    uses: (told.uses ?? []) as Booked['uses'],
    issued: [],
    hints: [],
    ...(told.difference === undefined
      ? undefined
      : { difference: told.difference as NonNullable<Booked['difference']> }),
    notices: noticesTold(program, (told.notices ?? []) as readonly KeptNotice[]),
  }
}

export const noticesTold = (program: Program, kept: readonly KeptNotice[]): Notice[] =>
  tell(kept, (program.document.languages[0] ?? 'en') satisfies Language)

export const outsideAnswer = (program: Program, codes: readonly KeptNotice[]): ProgramResult => ({
  program: program.publicId,
  status: 'outside',
  notices: noticesTold(program, codes),
})

/** What a program says of a sale whose outlet it has not got. */
export const notInProgram = (program: Program): ProgramResult =>
  outsideAnswer(program, [{ code: 'outlet_not_in_program' satisfies NoticeCode }])

type PointsTold = Booked['points'][number]

/** `earned` is all that the sale gave, `pending` the part of it that is not spendable yet. */
const pointsTold = (program: Program, { outcome, told, atMs, bookedAtMs }: Decision): PointsTold[] => {
  const points: PointsTold[] = outcome.awards.map((award) => {
    const { activeFromMs, expiresOn } = awardTimes(award, Math.min(atMs, bookedAtMs), program.zone)
    const pending = activeFromMs > bookedAtMs
    return {
      to: award.to,
      pointType: award.pointType,
      earned: award.points,
      pending: pending ? award.points : 0,
      redeemed: 0,
      clawedBack: 0,
      ...(pending ? { activeFrom: instantOf(activeFromMs) } : undefined),
      ...(expiresOn === null ? undefined : { expiresOn }),
    }
  })
  for (const { pointType, points: redeemed } of told.redeemed ?? []) {
    points.push({ to: 'customer', pointType, earned: 0, pending: 0, redeemed, clawedBack: 0 })
  }
  for (const { to, pointType, points: clawedBack } of told.clawedBack ?? []) {
    points.push({ to, pointType, earned: 0, pending: 0, redeemed: 0, clawedBack })
  }
  // Spent once and given back: less than nothing is redeemed.
  for (const { pointType, points: given } of told.givenBack ?? []) {
    points.push({ to: 'customer', pointType, earned: 0, pending: 0, redeemed: -given, clawedBack: 0 })
  }
  return points
}

export const balanceTold = (program: Program, balance: AccountBalance): Booked['balances'][number] => {
  const { pointType, spendable, pending, held, debt, nextExpiryAtMs, nextExpiryPoints } = balance
  return {
    pointType,
    scale: program.pointTypes.get(pointType)?.scale ?? 0,
    spendable,
    pending,
    held,
    debt,
    ...(nextExpiryAtMs === null
      ? undefined
      : { nextExpiry: { points: nextExpiryPoints, onDate: localTime(program.zone, nextExpiryAtMs - 1).date } }),
  }
}

/** One entry for each applied effect that gave something. */
const appliedTold = (outcome: Outcome, set: PublishedSet | undefined): Booked['applied'] =>
  outcome.applied.map(({ rule, version, points, amountMinor, pointShares, amountShares }) => ({
    rule,
    version,
    name: set?.nameOf(rule, version) ?? rule,
    lines: [...new Set([...(pointShares ?? []), ...(amountShares ?? [])].map(({ line }) => line))],
    ...(points === undefined ? undefined : { points: points as number }),
    ...(amountMinor === undefined ? undefined : { amountMinor: amountMinor satisfies Minor }),
    ...lowestPricesTold(amountShares),
  }))

/** A return that waits for its sale. Nothing is decided yet: hashes of nothing stand for rules and outcome. */
export const waitingAnswer = (program: Program, document: Uuid): Booked => ({
  program: program.publicId,
  status: 'waiting',
  booking: document,
  ruleSet: NOTHING_HASHED,
  engine: engineName(0),
  outcome: NOTHING_HASHED,
  member: null,
  points: [],
  balances: [],
  applied: [],
  uses: [],
  issued: [],
  hints: [],
  notices: [],
})

const NOTHING_HASHED = '0'.repeat(64)
