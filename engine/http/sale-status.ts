import type { ProgramResult, SaleResult, Uuid } from '@premia/pos-sdk/contract/till'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bookedAnswer, waitingAnswer } from '../batcher/answer.ts'
import { findWaiting } from '../batcher/returns/waiting.ts'
import { readStored, type StoredBooking } from '../batcher/stored.ts'
import type { Sql } from '../db/pool.ts'
import { inProgram } from '../db/transaction.ts'
import { readBalances } from '../ledger/read-balances.ts'
import type { ReturnOutcome } from '../ledger/sale-content.ts'
import type { Program } from '../programs/program.ts'
import { follows } from '../terminals/authenticate.ts'
import type { RegisteredTerminal } from '../terminals/register.ts'
import { sendProblem } from './problem.ts'
import { type QuestionLimit, tooManyQuestions } from './question-limit.ts'
import { receiptTexts } from './receipt.ts'
import type { Receiving } from './receive.ts'
import { withoutStrangeCards } from './strange-cards.ts'
import { provenTerminal, type TerminalDoor } from './terminals.ts'

export interface StatusDoor extends Receiving, Pick<TerminalDoor, 'sessions' | 'contacts' | 'nowMs'> {
  readonly sql: Sql
  readonly questions: QuestionLimit
}

const LATER_MS = 2_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What became of a sale of this terminal: after silence a till asks instead of guessing. */
export const saleStatusRoutes = (app: FastifyInstance, door: StatusDoor): void => {
  app.get<{ Params: { id: string } }>('/v1/sales/:id', (request, reply) => answer(request, reply, door))
}

const answer = async (
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
  door: StatusDoor,
): Promise<FastifyReply> => {
  const { id } = request.params
  if (!UUID.test(id)) return sendProblem(reply, { code: 'malformed', detail: 'The address ends with a sale id' })
  const proven = await provenTerminal(request, reply, door)
  if (proven === undefined) return reply
  const { terminal } = proven
  const programs = door.directory.operator(terminal.operator)?.programs ?? []
  const found = await door.questions.run(() =>
    Promise.all(programs.map((program) => lookUp(door, program, { id: id as Uuid, terminal }))),
  )
  if (found === undefined) return sendProblem(reply, tooManyQuestions)
  const booked = found.filter((each) => each !== null)
  const [first] = booked
  if (first === undefined)
    return sendProblem(reply, { code: 'not_found', detail: 'This terminal has no such sale here' })
  const wanted = await wantedBy(door, programs, first)
  const missing = wanted.filter((program) => !booked.some((each) => each.program === program)).map(laterIn)
  const results = [...withoutStrangeCards(booked.map((each) => each.result)), ...missing]
  const status = results.some((result) => result.status === 'later') ? 'incomplete' : 'recorded'
  const receipt = receiptTexts(results, (result) => door.directory.programOf(result.program))
  const told: SaleResult = { sale: id as Uuid, status, programs: results, receipt }
  return reply.send(told)
}

interface Looked extends Pick<StoredBooking, 'kind' | 'terminal' | 'outlet'> {
  readonly atMs: number
  /** Of a return: the sale it takes back. */
  readonly original: Uuid | undefined
  readonly program: Program
  readonly result: ProgramResult
}

const lookUp = async (
  door: StatusDoor,
  program: Program,
  { id, terminal }: { readonly id: Uuid; readonly terminal: RegisteredTerminal },
): Promise<Looked | null> => {
  const { programId } = program
  return inProgram(door.sql, programId, async (tx) => {
    const [stored] = await readStored(tx, programId, { documents: [id], receipts: [] })
    // Another terminal's sale is none of this one's business, and neither is that there is one.
    const isOurs = (other: Uuid): boolean => other === terminal.terminal || follows(door.register, terminal, other)
    if (stored === undefined) {
      const waiting = await findWaiting(tx, programId, id)
      if (waiting === undefined || !isOurs(waiting.sale.terminal)) return null
      const { sale, outlet, atMs } = waiting
      const result = waitingAnswer(program, id)
      return { kind: 'return', terminal: sale.terminal, outlet, atMs, original: sale.original?.sale, program, result }
    }
    if (!isOurs(stored.terminal)) return null
    const { kind, outlet, memberId, outcome } = stored
    const members = memberId === null ? [] : [memberId]
    const balances = await readBalances(tx, programId, members, door.nowMs())
    const set = await door.directory.loadSet(program, stored.ruleSet)
    const atMs = stored.told.atMs ?? stored.occurredAtMs
    const own = balances.get(memberId as Uuid) ?? []
    const result = bookedAnswer({ program, set, decision: { ...stored, atMs }, balances: own })
    const original = (outcome as Partial<ReturnOutcome>).returned?.sale
    return { kind, terminal: stored.terminal, outlet, atMs, original, program, result }
  })
}

/** Programs that this document belongs to: those that have not booked it are sent it again. */
const wantedBy = (
  { originals, directory }: StatusDoor,
  programs: readonly Program[],
  { kind, terminal, outlet, atMs, original }: Looked,
): Promise<readonly Program[]> | readonly Program[] => {
  const there = programs.filter((program) => program.admission(outlet, atMs) !== undefined)
  const operator = directory.operatorOfTerminal(terminal)
  if (kind === 'sale' || operator === undefined) return there
  return originals.programsOf(
    { kind, original: { reason: 'customer', ...(original && { sale: original }) } },
    { operator, programs: there },
  )
}

const laterIn = (program: Program): ProgramResult => ({
  program: program.publicId,
  status: 'later',
  retryAfterMs: LATER_MS,
})
