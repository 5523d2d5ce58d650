import { type CardSearch, type CardSearchAnswer, cardSearchSchema, type Uuid } from '@premia/pos-sdk/contract/till'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { balanceTold } from '../batcher/answer.ts'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { readBalances } from '../ledger/read-balances.ts'
import { findCard } from '../members/find-card.ts'
import { periodAt } from '../programs/directory.ts'
import type { Program } from '../programs/program.ts'
import type { GuessBudget } from './guess-budget.ts'
import { type Problem, sendProblem } from './problem.ts'
import { type QuestionLimit, tooManyQuestions } from './question-limit.ts'
import type { Receiving } from './receive.ts'
import { compiledCheck } from './shape.ts'
import { provenTerminal, type TerminalDoor } from './terminals.ts'

export interface CardsDoor extends Receiving, Pick<TerminalDoor, 'sessions' | 'contacts' | 'nowMs'> {
  readonly sql: Sql
  readonly guesses: GuessBudget
  readonly questions: QuestionLimit
}

const checkSearch = compiledCheck(cardSearchSchema)
const BODY_MAX = 4 * 1024

/** Whose card this is, in each program of the terminal's outlet, and what is on it. */
export const cardsRoutes = (app: FastifyInstance, door: CardsDoor): void => {
  app.post('/v1/cards/find', { bodyLimit: BODY_MAX }, (request, reply) => answer(request, reply, door))
}

const answer = async (request: FastifyRequest, reply: FastifyReply, door: CardsDoor): Promise<FastifyReply> => {
  const errors = checkSearch(request.body)
  const [wrong] = errors
  if (wrong !== undefined) {
    return sendProblem(reply, { code: 'malformed', detail: `${wrong.path || 'the document'} ${wrong.message}`, errors })
  }
  const proven = await provenTerminal(request, reply, door)
  if (proven === undefined) return reply
  const nowMs = door.nowMs()
  const { terminal, operator } = proven.terminal
  const search = request.body as CardSearch
  const token = door.keys.cardToken(search.number)
  const number = token.toString('hex')
  const waitMs = door.guesses.ask(terminal, [number], nowMs)
  if (waitMs > 0) return sendProblem(reply, tooManyGuesses(waitMs))
  const programs = programsOf(door, { terminal, operator, nowMs }).filter(
    ({ publicId }) => search.program === undefined || search.program === publicId,
  )
  const looking = door.questions.run(() => Promise.all(programs.map((program) => lookUp(door, program, token))))
  const found = await looking.catch((error: unknown) => {
    door.guesses.forgive(terminal, [number])
    throw error
  })
  if (found === undefined) {
    door.guesses.forgive(terminal, [number])
    return sendProblem(reply, tooManyQuestions)
  }
  const told: CardSearchAnswer = { programs: found.filter((each) => each !== null) }
  if (told.programs.length > 0) door.guesses.forgive(terminal, [number])
  return reply.send(told)
}

export const tooManyGuesses = (retryAfterMs: number): Problem => ({
  code: 'rate_limited',
  detail: 'This terminal has shown too many unknown cards or vouchers',
  retryAfterMs,
})

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
