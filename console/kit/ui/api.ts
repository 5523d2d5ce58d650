import type { FieldError } from '@premia/pos-sdk/contract/problems'
import { signal } from '@preact/signals'

/** The server said no, or nobody answered (`status` 0). */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]
  readonly trace: string | undefined
  constructor(fields: {
    status: number
    code: string
    detail: string
    errors?: readonly FieldError[]
    trace?: string | undefined
  }) {
    super(fields.detail)
    this.name = 'ApiProblem'
    this.status = fields.status
    this.code = fields.code
    this.errors = fields.errors ?? []
    this.trace = fields.trace
  }
}

/** Sent with every change; told by /api/me. */
export const csrf = signal('')
/** Raised by an answer 401: the shell gives way to the login, and comes back where it was. */
export const sessionOver = signal(false)

const timeoutMs = 15_000

interface Sent {
  readonly body?: unknown
  readonly signal?: AbortSignal
}

const send = async (method: string, path: string, { body, signal }: Sent = {}): Promise<Response> => {
  let response: Response
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'premia-csrf': csrf.value }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ?? AbortSignal.timeout(timeoutMs),
    })
  } catch {
    throw new ApiProblem({ status: 0, code: 'network', detail: '' })
  }
  if (response.ok) return response
  throw await problemOf(response)
}

const problemOf = async (response: Response): Promise<ApiProblem> => {
  const trace = response.headers.get('premia-trace') ?? undefined
  if (response.status === 401 && !response.url.endsWith('/login')) sessionOver.value = true
  try {
    const document = (await response.json()) as { code: string; detail: string; errors: readonly FieldError[] }
    return new ApiProblem({ status: response.status, ...document, trace })
  } catch {
    return new ApiProblem({ status: response.status, code: 'internal_error', detail: '', trace })
  }
}

export type Params = Readonly<Record<string, string | undefined>>

/** @example address('/sections/sales/rows', { scope: undefined, limit: '50' }) // '/sections/sales/rows?limit=50' */
export const address = (path: string, params: Params): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined && value !== '') search.set(name, value)
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

export const getJson = async <T>(path: string, params: Params = {}): Promise<T> =>
  (await (await send('GET', address(path, params))).json()) as T

/** A file, for as long as it takes; `signal` ends it. */
export const getFile = async (path: string, signal: AbortSignal): Promise<Response> =>
  await send('GET', path, { signal })

export const sendJson = async <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> => {
  const response = await send(method, path, { body })
  return (response.status === 204 ? undefined : await response.json()) as T
}
