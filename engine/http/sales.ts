import type { RefusalCode } from '@premia/pos-sdk/contract/problems'
import { compareRefusals } from '@premia/pos-sdk/contract/problems'
import { limits, type ProgramResult, type Sale, type SaleResult, type SalesAnswer } from '@premia/pos-sdk/contract/till'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notInProgram } from '../batcher/answer.ts'
import type { Batcher } from '../batcher/batcher.ts'
import type { Item, Settled } from '../batcher/item.ts'
import type { Program } from '../programs/program.ts'
import { type Problem, sendProblem } from './problem.ts'
import { inspect, permission, type Receiving, type Routed, route } from './receive.ts'
import { receiptTexts } from './receipt.ts'
import { withoutStrangeCards } from './strange-cards.ts'
import { provenTerminal, refuseStrangers, type TerminalDoor } from './terminals.ts'

export interface SalesDoor extends Receiving, Pick<TerminalDoor, 'sessions' | 'contacts' | 'nowMs'> {
  readonly batcher: Batcher
  /** How long a request waits for its bookings; they go on, and the till asks again. */
  readonly answerWithinMs: number
}

const BUSY_AFTER_MS = 1_000
const LATER_MS = 2_000

/** One finished sale, or up to 500: checked, routed to the programs of its outlet, answered when they are durable. */
export const salesRoutes = (app: FastifyInstance, door: SalesDoor): void => {
  app.post('/v1/sales', { bodyLimit: limits.bodyBytes, onRequest: refuseStrangers(door) }, async (request, reply) => {
    const { body } = request
    const several = typeof body === 'object' && body !== null && 'sales' in body
    return several ? takeSeveral(request, reply, door) : takeOne(request, reply, door)
  })
}

const takeOne = async (request: FastifyRequest, reply: FastifyReply, door: SalesDoor): Promise<FastifyReply> => {
  const refused = inspect(request.body)
  if (refused !== null) return sendProblem(reply, refused)
  const proven = await provenTerminal(request, reply, door)
  if (proven === undefined) return reply
  const sale = request.body as Sale
  const forbidden = permission(sale, proven.terminal, door)
  if (forbidden !== null) {
    door.contacts.noteRefusal(proven.terminal.terminal, forbidden.code, door.nowMs())
    return sendProblem(reply, forbidden)
  }
  const routed = await route(sale, bytesOf(request), door.nowMs(), door)
  if (routed === null) return sendProblem(reply, NO_OUTLET)
  const full = refusalOfQueue(door, [routed])
  if (full !== null) return sendProblem(reply, full)
  const [settled] = await book(door, [routed])
  const { result, slow } = settled as Booked
  if (slow)
    return sendProblem(reply, { code: 'engine_slow', detail: 'The sale is still being booked', retryAfterMs: LATER_MS })
  if (result.status === 'rejected') {
    door.contacts.noteRefusal(proven.terminal.terminal, result.problem.code, door.nowMs())
    return sendProblem(reply, { ...result.problem, code: result.problem.code as RefusalCode })
  }
  return reply.send(result)
}

const NO_OUTLET: Problem = { code: 'terminal_unknown', detail: 'This terminal stands at no outlet' }

const takeSeveral = async (request: FastifyRequest, reply: FastifyReply, door: SalesDoor): Promise<FastifyReply> => {
  const { sales, ...rest } = request.body as { readonly sales: unknown }
  if (!Array.isArray(sales) || Object.keys(rest).length > 0) {
    return sendProblem(reply, { code: 'malformed', detail: 'The body holds a list of sales and nothing else' })
  }
  if (sales.length > limits.sales) {
    return sendProblem(reply, { code: 'too_many_sales', detail: `${sales.length} sales; at most ${limits.sales}` })
  }
  const proven = await provenTerminal(request, reply, door)
  if (proven === undefined) return reply
  const bytes = Math.ceil(bytesOf(request) / Math.max(1, sales.length))
  const taken: (Routed | SaleResult)[] = []
  for (const value of sales) {
    const problem = inspect(value) ?? permission(value as Sale, proven.terminal, door)
    const routed = problem === null ? await route(value as Sale, bytes, door.nowMs(), door) : null
    taken.push(routed ?? rejected(value, problem ?? NO_OUTLET))
  }
  const routed = taken.filter((each): each is Routed => 'received' in each)
  const full = refusalOfQueue(door, routed)
  if (full !== null) return sendProblem(reply, full)
  const booked = (await book(door, routed)).values()
  const answer: SalesAnswer = {
    results: taken.map((each) => ('received' in each ? (booked.next().value as Booked).result : each)),
  }
  const refusal = answer.results.findLast(({ status }) => status === 'rejected')
  if (refusal?.status === 'rejected') {
    door.contacts.noteRefusal(proven.terminal.terminal, refusal.problem.code, door.nowMs())
  }
  return reply.send(answer)
}

const bytesOf = (request: FastifyRequest): number => request.rawBody?.length ?? 0

const rejected = (value: unknown, { code, detail, errors = [] }: Problem): SaleResult => {
  const { id } = (typeof value === 'object' && value !== null ? value : {}) as { readonly id?: unknown }
  // A document without a readable id is told apart by its place in the answer.
  return {
    sale: (typeof id === 'string' ? id.slice(0, 36) : '') as never,
    status: 'rejected',
    problem: { code, detail, errors },
  }
}

/** Room for all of a request or for none of it. */
const refusalOfQueue = ({ batcher }: SalesDoor, routed: readonly Routed[]): Problem | null => {
  let items = 0
  let bytes = 0
  for (const { programs, received } of routed) {
    items += programs.length
    bytes += programs.length * received.bytes
  }
  const code = batcher.refusal(items, bytes)
  if (code === null) return null
  const detail = code === 'engine_busy' ? 'The queue is full' : 'The engine is shutting down'
  return { code, detail, retryAfterMs: BUSY_AFTER_MS }
}

interface Booked {
  readonly result: SaleResult
  /** No program had answered in time. */
  readonly slow: boolean
}

/** Sends the sales into the queues of their programs and waits for all answers, or for the deadline. */
const book = (door: SalesDoor, routed: readonly Routed[]): Promise<readonly Booked[]> =>
  new Promise((resolve) => {
    const slots = routed.map(({ programs }) => programs.map((): Settled | null => null))
    let waiting = slots.reduce((sum, slot) => sum + slot.length, 0)
    const finish = (): void => {
      clearTimeout(deadline)
      resolve(routed.map((each, index) => answerOf(door, each, slots[index] as (Settled | null)[])))
    }
    const deadline = setTimeout(finish, door.answerWithinMs)
    const items: Item[] = []
    routed.forEach(({ received, programs }, sale) => {
      programs.forEach(({ programId }, place) => {
        const settle = (settled: Settled): void => {
          ;(slots[sale] as (Settled | null)[])[place] = settled
          waiting -= 1
          if (waiting === 0) finish()
        }
        items.push({ received, programId, settle, attempts: 0 })
      })
    })
    if (waiting === 0) finish()
    else door.batcher.submit(items)
  })

const answerOf = (
  door: SalesDoor,
  { received, programs, strangers }: Routed,
  slots: readonly (Settled | null)[],
): Booked => {
  const sale = received.sale.id
  const refusals = slots.filter((slot) => slot?.kind === 'refused').sort((a, b) => compareRefusals(a.code, b.code))
  const [first] = refusals
  if (first !== undefined) {
    const { code, detail } = first
    return { result: { sale, status: 'rejected', problem: { code, detail, errors: [] } }, slow: false }
  }
  const judged = programs.map((program, index): ProgramResult => {
    const slot = slots[index]
    return slot?.kind === 'result'
      ? slot.result
      : { program: program.publicId, status: 'later', retryAfterMs: LATER_MS }
  })
  const results = [...withoutStrangeCards(judged), ...strangers.map(notInProgram)]
  const byPublicId = (result: ProgramResult): Program | undefined => door.directory.programOf(result.program)
  const result: SaleResult = {
    sale,
    status: statusOf(results, slots),
    programs: results,
    receipt: receiptTexts(results, byPublicId),
  }
  return { result, slow: slots.length > 0 && slots.every((slot) => slot === null) }
}

/** `duplicate` when some program had it already and none booked it now. */
const statusOf = (
  results: readonly ProgramResult[],
  slots: readonly (Settled | null)[],
): 'recorded' | 'duplicate' | 'incomplete' => {
  if (results.some(({ status }) => status === 'later')) return 'incomplete'
  const booked = slots.filter((slot) => slot?.kind === 'result' && slot.result.status === 'booked')
  return booked.length > 0 && booked.every((slot) => slot?.kind === 'result' && slot.duplicate)
    ? 'duplicate'
    : 'recorded'
}
