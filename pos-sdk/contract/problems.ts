/**
 * THE catalogue: every code a till or the console can meet, in the order in which they are decided.
 * When several codes apply, the first row wins. The row drives the HTTP status, the SDK's decision and the documents.
 */

/** One thing wrong with a body: a JSON pointer into it (`/lines/0/grossMinor`) and what is wrong there. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

/**
 * - `never`: the same document will not be accepted, ever. A till parks it for a person.
 * - `same-id`: send the very same document again, at once after mending what `about` names (a new hello for the session).
 * - `after`: send the very same document again after `Retry-After`, or after a back-off where the header is absent.
 */
export type RetryAdvice = 'never' | 'same-id' | 'after'

/** What is at fault. Only a refusal about the document parks it: a till keeps its queue when terminal or engine is at fault. */
export type ProblemSubject = 'document' | 'request' | 'terminal' | 'engine'

interface Row<Code extends string> {
  readonly code: Code
  readonly status: number
  readonly title: string
  readonly retry: RetryAdvice
  readonly about: ProblemSubject
}

const row = <Code extends string>(
  code: Code,
  status: number,
  title: string,
  advice: readonly [RetryAdvice, ProblemSubject],
): Row<Code> => ({ code, status, title, retry: advice[0], about: advice[1] })

const inDocument = ['never', 'document'] as const
const inRequest = ['never', 'request'] as const
const ofTerminal = ['never', 'terminal'] as const
const ofEngine = ['after', 'engine'] as const

/** Every refusal, most basic first. The rows from `enrolment_code_invalid` on are not answers to a sale. */
export const refusals = /* @__PURE__ */ [
  row('malformed', 400, 'The document cannot be understood', inDocument),
  row('unsupported_schema', 400, 'This version of the document is not supported', inDocument),
  row('too_many_lines', 422, 'A sale holds at most 2,000 lines', inDocument),
  row('too_many_sales', 413, 'A request holds at most 500 sales', inRequest),
  row('body_too_large', 413, 'A request holds at most 4 MiB', inRequest),
  row('sums_disagree', 422, 'The amounts of the document do not add up', inDocument),
  row('quantity_not_positive', 422, 'A quantity must be greater than zero, on returns too', inDocument),
  row('terminal_unknown', 401, 'This terminal is not enrolled', ofTerminal),
  row('terminal_revoked', 403, 'The key of this terminal has been revoked', ofTerminal),
  row('terminal_quarantined', 403, 'This terminal waits for an inspection of its signatures', ['after', 'terminal']),
  row('session_expired', 401, 'The session has ended: say hello again', ['same-id', 'request']),
  row('mac_invalid', 401, 'The seal of the request does not fit its content', ['same-id', 'request']),
  row('sale_conflict', 409, 'A document with this id and other content is already booked', inDocument),
  row('document_taken', 409, 'This receipt number is already booked with other content', inDocument),
  row('not_permitted', 403, 'This is not permitted here', inDocument),
  row('not_found', 404, 'There is nothing with this id here', inDocument),
  row('quote_expired', 409, 'The quote is no longer valid: ask for a new one', inDocument),
  row('engine_busy', 503, 'The engine has too much to do', ofEngine),
  row('engine_slow', 504, 'The engine did not finish in time', ofEngine),
  row('engine_stopping', 503, 'The engine is shutting down', ofEngine),
  row('enrolment_code_invalid', 403, 'The enrolment code is unknown, used or out of date', ofTerminal),
  row('unauthorized', 401, 'Who is asking is not known', inRequest),
  row('validation_failed', 422, 'Some of the values cannot be accepted', inDocument),
  row('already_exists', 409, 'There is already something with this key', inDocument),
  row('command_conflict', 409, 'A command with this id and other content was already given', inDocument),
  row('version_conflict', 409, 'Someone else has changed this in the meantime', inDocument),
  row('state_not_allowed', 409, 'The present state does not allow this', inDocument),
  row('rate_limited', 429, 'Too many attempts', ['after', 'request']),
  row('method_not_allowed', 405, 'This address does not know the method', inRequest),
  row('media_type_unsupported', 415, 'The body must be application/json', inRequest),
  row('queue_full', 503, 'The queue of the terminal is full', ['after', 'terminal']),
  row('internal_error', 500, 'The engine met a defect of its own', ['after', 'engine']),
] as const

/** A code of the catalogue's refusals. */
export type RefusalCode = (typeof refusals)[number]['code']
export type Refusal = Row<RefusalCode>

const refusalOf: ReadonlyMap<string, { readonly row: Refusal; readonly rank: number }> = /* @__PURE__ */ new Map(
  refusals.map((each, rank) => [each.code, { row: each, rank }]),
)

/** The row of a code, `undefined` for a text that is no code of ours. @example refusal('engine_busy')?.status // 503 */
export const refusal = (code: string): Refusal | undefined => refusalOf.get(code)?.row

/** Negative when `a` is decided before `b`. @example compareRefusals('malformed', 'sums_disagree') < 0 // true */
export const compareRefusals = (a: RefusalCode, b: RefusalCode): number =>
  (refusalOf.get(a)?.rank ?? 0) - (refusalOf.get(b)?.rank ?? 0)

/** RFC 9457 problem details with our two members `code` and `errors`. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance?: string
  readonly code: RefusalCode
  readonly errors: readonly FieldError[]
}

/** Media type of a problem document. */
export const problemMediaType = 'application/problem+json'

/** Where the page about a code lives, relative to the engine. @example problemType('engine_busy') // '/problems/engine_busy' */
export const problemType = (code: RefusalCode): string => `/problems/${code}`

/**
 * The problem document of a refusal.
 *
 * @example problemDocument('not_found', 'no sale of this id', []).status // 404
 */
export const problemDocument = (
  code: RefusalCode,
  detail: string,
  errors: readonly FieldError[] = [],
): ProblemDocument => {
  const found = refusalOf.get(code)
  if (found === undefined) throw new TypeError(`no refusal has the code ${code}`)
  return { type: problemType(code), title: found.row.title, status: found.row.status, detail, code, errors }
}

export { type Language, type NoticeCode, noticeText, notices } from './notices.ts'
