/**
 * An engine on a real port that does what its script says: for tests of this SDK and of tills that use it. It enrols,
 * opens sessions, checks every seal, books like the real one (`fake-ledger.ts`) and has all faults of `faults.ts`.
 * Node only; never for real sales: it forgets with its process.
 */
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { problemDocument, type RefusalCode, refusal } from '../contract/problems.ts'
import {
  type BundleDocument,
  bundleHash,
  checkSchema,
  type EnrolRequest,
  enrolSchema,
  enrolText,
  type HelloRequest,
  helloSchema,
  helloText,
  instantOf,
  keyIdOf,
  requestText,
  type Sale,
  type SaleResult,
  sessionHeaders,
  sessionIdOf,
  type SignedBundle,
  type Uuid,
  uuid,
} from '../contract/till/index.ts'
import { isSigned } from '../crypto.ts'
import { createFakeLedger, type FakeLedger } from './fake-ledger.ts'
import type { Fault } from './faults.ts'

export interface FakeEngine {
  readonly url: string
  readonly enrolmentCode: string
  readonly terminal: Uuid
  readonly outlet: Uuid
  readonly programs: readonly Uuid[]
  readonly ledger: FakeLedger
  /** Faults of the next requests to `/v1/sales`, one each; afterwards all is well. */
  readonly script: (...faults: readonly Fault[]) => void
  /** Faults of the next requests to any other sealed address. */
  readonly scriptQuestions: (...faults: readonly Fault[]) => void
  /** Signs a bundle, which the next hello announces. */
  readonly publish: (bundle: BundleDocument) => SignedBundle
  /** Revokes the newest terminal, from a sequence on where one is named, and answers the code of its replacement. */
  readonly replaceTerminal: (revokedFrom?: number) => string
  /** The code for another key of the newest terminal. */
  readonly renewKey: () => string
  readonly hellos: readonly HelloRequest[]
  /** Number of sales in each request to `/v1/sales`. */
  readonly batches: readonly number[]
  readonly close: () => Promise<void>
}

export interface FakeEngineOptions {
  /** Programs of the outlet; one by default. */
  readonly programs?: number
  /** The engine's clock. */
  readonly now?: () => number
  /** 0: any free port. */
  readonly port?: number
  readonly sessionMs?: number
}

const fixedUuid = (kind: string, number: number): Uuid =>
  uuid(`01964c6e-7000-7000-8000-${kind}${String(number).padStart(12 - kind.length, '0')}`)

class Refusal extends Error {
  readonly code: RefusalCode
  constructor(code: RefusalCode) {
    super(code)
    this.code = code
  }
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** A terminal, and from which sequence on its documents are refused. */
interface FakeTerminal {
  readonly terminal: Uuid
  readonly replaces: Uuid | undefined
  revokedFrom: number | undefined
}

class Engine {
  readonly terminal = fixedUuid('aa', 1)
  readonly outlet = fixedUuid('bb', 1)
  readonly programs: readonly Uuid[]
  readonly ledger: FakeLedger
  readonly enrolmentCode = 'TEST-0001'
  readonly hellos: HelloRequest[] = []
  readonly batches: number[] = []
  readonly saleFaults: Fault[] = []
  readonly questionFaults: Fault[] = []
  bundle: SignedBundle | undefined
  readonly #terminals = new Map<Uuid, FakeTerminal>()
  /** Enrolment codes with the key that has used them. */
  readonly #codes = new Map<string, { readonly terminal: Uuid; usedBy?: string }>()
  readonly #devices = new Map<string, { readonly terminal: Uuid; readonly publicKey: string }>()
  readonly #sessions = new Map<string, Buffer>()
  readonly #keys = generateKeyPairSync('ed25519')
  readonly #options: FakeEngineOptions

  constructor(options: FakeEngineOptions) {
    this.#options = options
    this.programs = Array.from({ length: options.programs ?? 1 }, (_, index) => fixedUuid('cc', index + 1))
    this.ledger = createFakeLedger(this.outlet, this.programs)
    this.#terminals.set(this.terminal, { terminal: this.terminal, replaces: undefined, revokedFrom: undefined })
    this.#codes.set(this.enrolmentCode, { terminal: this.terminal })
  }

  get #newest(): FakeTerminal {
    return [...this.#terminals.values()].at(-1) as FakeTerminal
  }

  renewKey(): string {
    const code = `TEST-${String(this.#codes.size + 1).padStart(4, '0')}`
    this.#codes.set(code, { terminal: this.#newest.terminal })
    return code
  }

  replaceTerminal(revokedFrom = Number.MAX_SAFE_INTEGER): string {
    const old = this.#newest
    old.revokedFrom = revokedFrom
    const terminal = fixedUuid('aa', this.#terminals.size + 1)
    this.#terminals.set(terminal, { terminal, replaces: old.terminal, revokedFrom: undefined })
    return this.renewKey()
  }

  now(): number {
    return this.#options.now?.() ?? Date.now()
  }

  engineKey(): { readonly keyId: string; readonly publicKey: string } {
    const publicKey = this.#keys.publicKey.export({ format: 'jwk' }).x as string
    return { keyId: keyIdOf(publicKey), publicKey }
  }

  publish(bundle: BundleDocument): SignedBundle {
    const text = JSON.stringify(bundle)
    const value = sign(null, Buffer.from(text), this.#keys.privateKey).toString('base64url')
    this.bundle = { text, keyId: this.engineKey().keyId, value, schema: 1 }
    return this.bundle
  }

  place(): object {
    return {
      outlet: { id: this.outlet, name: 'Apteka Testowa', zone: 'Europe/Warsaw', currency: 'PLN' },
      programs: this.programs.map((id, index) => ({ id, name: `Program ${index + 1}`, steersPrices: index === 0 })),
      engineKeys: [this.engineKey()],
    }
  }

  async enrol(body: EnrolRequest): Promise<object> {
    if (checkSchema(enrolSchema, body).length > 0) throw new Refusal('malformed')
    const code = this.#codes.get(body.code)
    if (code === undefined) throw new Refusal('enrolment_code_invalid')
    if (!(await isSigned(body.publicKey, enrolText(body.code, body.publicKey), body.signature))) {
      throw new Refusal('enrolment_code_invalid')
    }
    // The same key again has lost our answer; another key would be a second terminal on one code.
    if (code.usedBy !== undefined && code.usedBy !== body.publicKey) throw new Refusal('enrolment_code_invalid')
    code.usedBy = body.publicKey
    const { terminal } = code
    const keyId = keyIdOf(body.publicKey)
    this.#devices.set(keyId, { terminal, publicKey: body.publicKey })
    return {
      terminal,
      keyId,
      ...this.place(),
      serverTime: instantOf(this.now()),
    }
  }

  async hello(body: HelloRequest): Promise<object> {
    if (checkSchema(helloSchema, body).length > 0) throw new Refusal('malformed')
    const device = this.#devices.get(body.keyId)
    if (device === undefined || body.terminal !== device.terminal) throw new Refusal('terminal_unknown')
    if (this.#terminals.get(body.terminal)?.revokedFrom !== undefined) throw new Refusal('terminal_revoked')
    if (!(await isSigned(device.publicKey, helloText(body), body.signature))) throw new Refusal('mac_invalid')
    if (Math.abs(Date.parse(body.at) - this.now()) > 300_000) throw new Refusal('session_expired')
    this.hellos.push(body)
    const expiresAt = instantOf(this.now() + (this.#options.sessionMs ?? 3_600_000))
    const sessionKeyId = sessionIdOf(body.keyId, expiresAt)
    const key = this.#sessions.get(sessionKeyId) ?? randomBytes(32)
    this.#sessions.set(sessionKeyId, key)
    return {
      sessionKeyId,
      sessionKey: key.toString('base64url'),
      expiresAt,
      serverTime: instantOf(this.now()),
      ...this.place(),
      ...(this.bundle === undefined ? {} : { bundle: bundleHash(this.bundle.text) }),
    }
  }

  /** Who has sealed the request. */
  checkSeal(request: IncomingMessage, body: string): FakeTerminal {
    const header = (name: string): string => String(request.headers[name] ?? '')
    const session = header(sessionHeaders.session)
    const time = header(sessionHeaders.time)
    const key = this.#sessions.get(session)
    if (key === undefined || Math.abs(Number(time) - this.now()) > 300_000) throw new Refusal('session_expired')
    const terminal = this.#terminals.get(header(sessionHeaders.terminal) as Uuid)
    if (terminal === undefined) throw new Refusal('terminal_unknown')
    if (terminal.revokedFrom !== undefined) throw new Refusal('terminal_revoked')
    const text = requestText({
      method: request.method ?? '',
      path: request.url ?? '',
      terminal: terminal.terminal,
      session,
      time,
      bodyHash: createHash('sha256').update(body).digest('hex'),
    })
    const mac = createHmac('sha256', key).update(text).digest('base64url')
    if (mac !== header(sessionHeaders.mac)) throw new Refusal('mac_invalid')
    return terminal
  }

  async sales(
    body: { readonly sales: readonly unknown[] },
    sender: FakeTerminal,
    fault: Fault,
  ): Promise<{ readonly results: SaleResult[] }> {
    const later =
      fault.kind === 'later' ? { programs: this.programs.slice(-1), retryAfterMs: fault.retryAfterMs } : undefined
    const results: SaleResult[] = []
    for (const document of body.sales) {
      const sale = document as Sale
      const code = this.#refusalOf(sale, sender)
      results.push(
        code === undefined
          ? await this.ledger.book(document, this.#devices.get(sale.signature.keyId)?.publicKey ?? '', later)
          : { sale: sale.id, status: 'rejected', problem: { code, detail: 'as scripted', errors: [] } },
      )
    }
    return { results }
  }

  /** Why this terminal may not bring this document. */
  #refusalOf({ terminal, sequence }: Sale, sender: FakeTerminal): RefusalCode | undefined {
    let may: FakeTerminal | undefined = sender
    while (may !== undefined && may.terminal !== terminal) may = may.replaces && this.#terminals.get(may.replaces)
    if (may === undefined) return 'not_permitted'
    return sequence < (may.revokedFrom ?? Number.POSITIVE_INFINITY) ? undefined : 'terminal_revoked'
  }
}

const answer = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

const refuse = (response: ServerResponse, code: RefusalCode, headers: Record<string, string> = {}): void =>
  answer(response, refusal(code)?.status ?? 500, problemDocument(code, 'as scripted'), headers)

/** Faults that need no work of the engine. Answers whether there was one. */
const failEarly = (fault: Fault, response: ServerResponse): boolean => {
  if (fault.kind === 'lost') response.destroy()
  else if (fault.kind === 'status500') refuse(response, 'internal_error')
  else if (fault.kind === 'busy') refuse(response, 'engine_busy', { 'retry-after': String(fault.retryAfterSeconds) })
  else if (fault.kind === 'proxy') response.writeHead(502).end('<html>Bad Gateway</html>')
  else if (fault.kind === 'garbage') answer(response, 200, { results: [{ sale: 'x' }] })
  else if (fault.kind === 'sessionExpired') refuse(response, 'session_expired')
  else if (fault.kind === 'refusal') refuse(response, fault.code as RefusalCode)
  else return false
  return true
}

/** Faults after the work: booked, but the till does not learn it. */
const failLate = (fault: Fault, response: ServerResponse): boolean => {
  if (fault.kind === 'bookedThen500') refuse(response, 'internal_error')
  else if (fault.kind === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
    response.write('{"results":[{"sale":"')
    // The headers must have left before the connection ends, else this would be a lost request.
    setImmediate(() => response.destroy())
  } else return fault.kind === 'silence'
  return true
}

const handle = async (engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await readBody(request)
  const parsed = (): unknown => JSON.parse(body)
  if (request.url === '/v1/terminals/enrol') return answer(response, 200, await engine.enrol(parsed() as EnrolRequest))
  if (request.url === '/v1/terminals/hello') return answer(response, 200, await engine.hello(parsed() as HelloRequest))
  const sender = engine.checkSeal(request, body)
  const isSales = request.url === '/v1/sales'
  const fault = (isSales ? engine.saleFaults : engine.questionFaults).shift() ?? { kind: 'none' }
  if (isSales) engine.batches.push((parsed() as { sales: readonly unknown[] }).sales.length)
  if (failEarly(fault, response)) return
  if (isSales) {
    const results = await engine.sales(parsed() as { sales: readonly unknown[] }, sender, fault)
    if (!failLate(fault, response)) answer(response, 200, results)
  } else if (failLate(fault, response)) return
  else if (request.url === '/v1/bundle' && engine.bundle !== undefined) answer(response, 200, engine.bundle)
  else if (request.url === '/v1/cards/find') {
    const { number } = parsed() as { readonly number: string }
    answer(response, 200, { programs: engine.programs.map((program) => fakeMember(engine, program, number)) })
  } else if (request.url === '/v1/quotes') answer(response, 200, fakeQuote(engine))
  else refuse(response, 'not_found')
}

const fakeMember = (engine: Engine, program: Uuid, number: string): object => ({
  program,
  member: { id: fixedUuid('dd', 1) },
  card: { kind: 'standard', state: 'active' },
  balances: [{ pointType: 'points', scale: 0, spendable: engine.ledger.points(number), pending: 0, held: 0, debt: 0 }],
})

const fakeQuote = (engine: Engine): object => ({
  quote: fixedUuid('ee', 1),
  digest: '0'.repeat(64),
  validUntil: instantOf(engine.now() + 600_000),
  programs: [],
  lines: [],
})

/**
 * Starts a fake engine.
 *
 * @example
 * const engine = await startFakeEngine()
 * engine.script({ kind: 'silence' }, { kind: 'busy', retryAfterSeconds: 1 })
 */
export const startFakeEngine = async (options: FakeEngineOptions = {}): Promise<FakeEngine> => {
  const engine = new Engine(options)
  const server = createServer((request, response) => {
    handle(engine, request, response).catch((error: unknown) => {
      if (response.destroyed || response.headersSent) return
      if (error instanceof Refusal) refuse(response, error.code)
      else refuse(response, error instanceof SyntaxError ? 'malformed' : 'internal_error')
    })
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { terminal, outlet, programs, ledger, enrolmentCode, hellos, batches } = engine
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    terminal,
    outlet,
    programs,
    ledger,
    enrolmentCode,
    hellos,
    batches,
    script: (...faults) => engine.saleFaults.push(...faults),
    scriptQuestions: (...faults) => engine.questionFaults.push(...faults),
    publish: (bundle) => engine.publish(bundle),
    replaceTerminal: (revokedFrom) => engine.replaceTerminal(revokedFrom),
    renewKey: () => engine.renewKey(),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
