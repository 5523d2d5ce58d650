import { type CardSearch, type CardSearchAnswer, cardSearchSchema, type Uuid } from '@premia/pos-sdk/contract/till'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { balanceTold } from '../batcher/answer.ts'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { readBalances } from '../ledger/read-balances.ts'
import { findCard } from '../members/find-card.ts'
import { periodAt } from '../programs/directory.ts'
import type { Program } from '../programs/program.ts'
import { GuessBudget } from './guess-budget.ts'
import { sendProblem } from './problem.ts'
import type { Receiving } from './receive.ts'
import { compiledCheck } from './shape.ts'
import { provenTerminal, type TerminalDoor } from './terminals.ts'

export interface CardsDoor extends Receiving, Pick<TerminalDoor, 'sessions' | 'contacts' | 'nowMs'> {
  readonly sql: Sql
}

const checkSearch = compiledCheck(cardSearchSchema)
const BODY_MAX = 4 * 1024

/** Whose card this is, in each program of the terminal's outlet, and what is on it. */
export const cardsRoutes = (app: FastifyInstance, door: CardsDoor): void => {
  const budget = new GuessBudget()
  app.post('/v1/cards/find', { bodyLimit: BODY_MAX }, (request, reply) => answer(request, reply, { ...door, budget }))
}

const answer = async (
  request: FastifyRequest,
  reply: FastifyReply,
  door: CardsDoor & { readonly budget: GuessBudget },
): Promise<FastifyReply> => {
  const errors = checkSearch(request.body)
  const [wrong] = errors
  if (wrong !== undefined) {
    return sendProblem(reply, { code: 'malformed', detail: `${wrong.path || 'the document'} ${wrong.message}`, errors })
  }
  const proven = await provenTerminal(request, reply, door)
  if (proven === undefined) return reply
  const nowMs = door.nowMs()
  const { terminal, operator } = proven.terminal
  const waitMs = door.budget.waitMs(terminal, nowMs)
  if (waitMs > 0) {
    const detail = 'This terminal has asked for too many unknown cards'
    return sendProblem(reply, { code: 'rate_limited', detail, retryAfterMs: waitMs })
  }
  const search = request.body as CardSearch
  const programs = programsOf(door, { terminal, operator, nowMs }).filter(
    ({ publicId }) => search.program === undefined || search.program === publicId,
  )
  const token = door.keys.cardToken(search.number)
  const found = await Promise.all(programs.map((program) => lookUp(door, program, token)))
  const told: CardSearchAnswer = { programs: found.filter((each) => each !== null) }
  if (told.programs.length === 0) door.budget.miss(terminal, nowMs)
  return reply.send(told)
}

interface Asking {
  readonly terminal: Uuid
  readonly operator: Uuid
  readonly nowMs: number
}

const programsOf = ({ directory }: CardsDoor, { terminal, operator, nowMs }: Asking): readonly Program[] => {
  const known = directory.operator(operator)
  const outlet = periodAt(known?.terminals.get(terminal), nowMs)?.outlet
  if (known === undefined || outlet === undefined) return []
  return known.programs.filter((program) => program.admission(outlet, nowMs) !== undefined)
}

const lookUp = async (
  door: CardsDoor,
  program: Program,
  token: Buffer,
): Promise<CardSearchAnswer['programs'][number] | null> =>
  inProgram(door.sql, program.programId, async (tx) => {
    const nowMs = door.nowMs()
    const card = await findCard(tx, program.programId, { token, nowMs })
    if (card === undefined) return null
    const balances = await readBalances(tx, program.programId, [card.memberId], nowMs)
    return {
      program: program.publicId,
      member: card.isActive ? { id: card.memberId, ...(card.tier === null ? undefined : { tier: card.tier }) } : null,
      card: { kind: card.kind, state: card.state },
      balances: card.isActive
        ? (balances.get(card.memberId) ?? []).map((balance) => balanceTold(program, balance))
        : [],
    }
  })
