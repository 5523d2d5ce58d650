import {
  inspectQuote,
  instantOf,
  limits,
  type QuoteAnswer,
  type QuoteRequest,
  quoteSchema,
} from '@premia/pos-sdk/contract/till'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Judged } from '../batcher/item.ts'
import { quoteIn } from '../batcher/quote.ts'
import { newId } from '../clock.ts'
import type { Sql } from '../db/pool.ts'
import { tooManyGuesses } from './cards.ts'
import type { GuessBudget } from './guess-budget.ts'
import { sendProblem } from './problem.ts'
import { type QuestionLimit, tooManyQuestions } from './question-limit.ts'
import { isOurs, quoteDigest, quoteLifeMs, quoteTime } from './quote-proof.ts'
import { locate, type Receiving, tokensOf } from './receive.ts'
import { compiledCheck } from './shape.ts'
import { knownCards, withoutStrangeCards } from './strange-cards.ts'
import { provenTerminal, refuseStrangers, type TerminalDoor } from './terminals.ts'

export interface QuotesDoor extends Receiving, Pick<TerminalDoor, 'sessions' | 'contacts' | 'nowMs'> {
  readonly sql: Sql
  /** A quote tells of each card and voucher whether there is such a one, as the search for cards does. */
  readonly guesses: GuessBudget
  readonly questions: QuestionLimit
}

const checkQuote = compiledCheck(quoteSchema)

/** What a basket would give, in each program of the outlet. Nothing is kept, nothing moves. */
export const quotesRoutes = (app: FastifyInstance, door: QuotesDoor): void => {
  app.post('/v1/quotes', { bodyLimit: limits.bodyBytes, onRequest: refuseStrangers(door) }, (request, reply) =>
    answer(request, reply, door),
  )
}

const answer = async (request: FastifyRequest, reply: FastifyReply, door: QuotesDoor): Promise<FastifyReply> => {
  const refused = inspectQuote(request.body, checkQuote)
  if (refused !== null) return sendProblem(reply, refused)
  const proven = await provenTerminal(request, reply, door)
  if (proven === undefined) return reply
  const { sql, directory, keys, guesses } = door
  const nowMs = door.nowMs()
  const sale = request.body as QuoteRequest
  if (sale.terminal !== proven.terminal.terminal) {
    return sendProblem(reply, { code: 'not_permitted', detail: 'The quote names another terminal' })
  }
  if (isOver(sale, door, nowMs)) {
    return sendProblem(reply, { code: 'quote_expired', detail: 'The quote that this one renews is over' })
  }
  const found = await locate(sale, nowMs, door)
  if (found === null)
    return sendProblem(reply, { code: 'terminal_unknown', detail: 'This terminal stands at no outlet' })
  const { outlet, atMs } = found
  const programs = await door.originals.programsOf(sale, found)
  const tokens = tokensOf(sale, keys)
  const shown = [...tokens.cardTokens, ...tokens.voucherTokens.filter((token) => token !== null)]
  const waitMs = guesses.ask(sale.terminal, shown, nowMs)
  if (waitMs > 0) return sendProblem(reply, tooManyGuesses(waitMs))
  const clockWrong = atMs !== Date.parse(sale.occurredAt)
  const basket: Judged = {
    sale,
    outlet,
    atMs,
    clockWrong,
    receivedAtMs: nowMs,
    programs: programs.length,
    quote: null,
    ...tokens,
  }
  const quoting = door.questions.run(() =>
    Promise.all(programs.map(({ programId }) => quoteIn({ sql, directory }, programId, basket))),
  )
  const quoted = await quoting.catch((error: unknown) => {
    guesses.forgive(sale.terminal, shown)
    throw error
  })
  if (quoted === undefined) {
    guesses.forgive(sale.terminal, shown)
    return sendProblem(reply, tooManyQuestions)
  }
  const answers = quoted.map((each) => each.answer)
  guesses.forgive(sale.terminal, foundTokens(tokens, answers))
  const quote = newId(nowMs)
  const told: QuoteAnswer = {
    quote,
    digest: quoteDigest(keys, quote, sale.terminal),
    validUntil: instantOf(nowMs + quoteLifeMs),
    programs: withoutStrangeCards(answers),
    lines: quoted.flatMap((each) => each.lines),
  }
  return reply.send(told)
}

/** What was shown and is somebody's; all of it where no program has looked. */
const foundTokens = (
  { cardTokens, voucherTokens }: ReturnType<typeof tokensOf>,
  answers: QuoteAnswer['programs'],
): readonly string[] => {
  const cards = knownCards(answers, cardTokens.length).map((card) => cardTokens[card] as string)
  const quoted = answers.filter((each) => each.status === 'quoted')
  const isTaken = (use: number): boolean =>
    quoted.some(({ uses }) => uses.some(({ useRef, status }) => useRef === use && status === 'taken'))
  const vouchers = voucherTokens.filter((token, use) => token !== null && (quoted.length === 0 || isTaken(use)))
  return [...cards, ...(vouchers as readonly string[])]
}

/** A quote may be asked for again by naming the former one, as long as that one holds. */
const isOver = ({ quote, terminal }: QuoteRequest, { keys }: QuotesDoor, nowMs: number): boolean =>
  quote !== undefined && (!isOurs(keys, quote, terminal) || quoteTime(quote.id) + quoteLifeMs < nowMs)
