/** One HTTP request to the engine and what its answer means. Bounded in time and size; never throws, never decides. */
import type { Clock } from './clock.ts'
import { type ProblemDocument, refusal } from './contract/problems.ts'
import { type Exchange, type Problem, retryAfterMs } from './retry.ts'

export interface EngineRequest {
  readonly method: 'GET' | 'POST'
  /** With query, without address. */
  readonly path: string
  readonly body?: string
}

export interface Wire {
  /** Address of the engine, for example `https://engine.example:4100`. */
  readonly engineUrl: string
  readonly timeoutMs: number
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** Ends all requests. */
  readonly closing: AbortSignal
}

/** An exchange and the `Date` the engine put on it. */
export type Dated<T> = Exchange<T> & { readonly engineDateMs?: number }

/** A bundle and 500 results fit; what is longer is no answer of the engine. */
const ANSWER_BYTES_MAX = 32 * 1_048_576

const readBounded = async (response: Response): Promise<string> => {
  if (Number(response.headers.get('content-length') ?? 0) > ANSWER_BYTES_MAX) throw new Error('the answer is too long')
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.length
    if (bytes > ANSWER_BYTES_MAX) {
      await reader.cancel()
      throw new Error('the answer is too long')
    }
    text += decoder.decode(value, { stream: true })
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const problemOf = (status: number, value: unknown): Problem | undefined => {
  // A proxy in between has a limit of its own and does not speak our language.
  if (status === 413 && value === undefined)
    return { code: 'body_too_large', detail: 'refused on the way to the engine', errors: [] }
  if (typeof value !== 'object' || value === null) return undefined
  const { code, type, detail, errors } = value as Partial<Record<keyof ProblemDocument, unknown>>
  // Others say `not_found` too, of addresses of theirs: ours names its page.
  if (refusal(String(code)) === undefined || !String(type).endsWith(`/problems/${String(code)}`)) return undefined
  return { code: code as Problem['code'], detail: String(detail), errors: Array.isArray(errors) ? errors : [] }
}

const detailOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

const understand = <T>(response: Response, value: unknown, nowMs: number): Exchange<T> => {
  if (response.ok) {
    return value === undefined
      ? { kind: 'silent', reason: 'the answer cannot be read' }
      : { kind: 'answered', value: value as T }
  }
  const hint = retryAfterMs(response.headers.get('retry-after'), nowMs)
  const after = hint === undefined ? {} : { retryAfterMs: hint }
  const problem = problemOf(response.status, value)
  return problem === undefined
    ? { kind: 'silent', reason: `status ${response.status} without a code of the catalogue`, ...after }
    : { kind: 'refused', problem, ...after }
}

/** Sends one request. Whatever goes wrong on the way is silence: what the engine did is then unknown. */
export const exchange = async <T>(
  wire: Wire,
  { method, path, body }: EngineRequest,
  headers: Readonly<Record<string, string>>,
): Promise<Dated<T>> => {
  // Not `AbortSignal.any`: with a signal that lives as long as the till it has kept dead requests in memory.
  const ending = new AbortController()
  const end = (): void => ending.abort(new Error('the terminal is closed'))
  const timer = setTimeout(() => ending.abort(new Error(`no answer in ${wire.timeoutMs} ms`)), wire.timeoutMs)
  wire.closing.addEventListener('abort', end)
  try {
    const response = await wire.fetch(wire.engineUrl.replace(/\/+$/, '') + path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
      signal: ending.signal,
    })
    const value = parse(await readBounded(response))
    const date = Date.parse(response.headers.get('date') ?? '')
    return {
      ...understand<T>(response, value, wire.clock.now()),
      ...(Number.isNaN(date) ? {} : { engineDateMs: date }),
    }
  } catch (error) {
    return { kind: 'silent', reason: detailOf(error) }
  } finally {
    clearTimeout(timer)
    wire.closing.removeEventListener('abort', end)
  }
}
