import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  chainStart,
  documentHash,
  enrolText,
  type HelloAnswer,
  helloText,
  type Instant,
  instantOf,
  type Line,
  partDigests,
  requestText,
  type Sale,
  saleParts,
  signedText,
  type UnsignedSale,
  type Uuid,
  uuidv7,
} from '@premia/pos-sdk/contract/till'
import type { Minor } from '@premia/rules'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../clock.ts'
import { sha256 } from '../keys.ts'

/** What a test says of a sale; the rest is made up so that it adds up. */
export type SaleDraft = Partial<Omit<Sale, 'lines' | 'signature' | 'document'>> & {
  readonly lines?: readonly Partial<Line>[]
  readonly number?: string
  readonly card?: string
  readonly atMs?: number
}

export interface Answer {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads what it expects
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
}

export interface TestTill {
  readonly terminal: Uuid
  readonly keyId: string
  /** A sale of this till, signed, next in its chain. */
  sale(draft?: SaleDraft): Sale
  /** Signs again what a test has changed. */
  signed(sale: Sale | UnsignedSale): Sale
  post(path: string, body: unknown): Promise<Answer>
  get(path: string): Promise<Answer>
  /** A request body and its headers, for whoever sends them over a real socket. */
  seal(method: 'GET' | 'POST', path: string, payload: string): Record<string, string>
}

/** How a till reaches an engine: through `app.inject`, or over HTTP to another process. */
export type Reach = (request: {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Record<string, string>
  readonly payload: string
}) => Promise<Answer>

export const injected =
  (app: FastifyInstance): Reach =>
  async ({ method, url, headers, payload }) => {
    const response = await app.inject({ method, url, headers, ...(payload === '' ? {} : { payload }) })
    return { status: response.statusCode, body: parse(response.body), headers: response.headers }
  }

export const overHttp =
  (base: string): Reach =>
  async ({ method, url, headers, payload }) => {
    const body = payload === '' ? {} : { body: payload }
    const response = await fetch(`${base}${url}`, { method, headers, ...body, signal: AbortSignal.timeout(20_000) })
    return {
      status: response.status,
      body: parse(await response.text()),
      headers: Object.fromEntries(response.headers),
    }
  }

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const software = { name: 'test-till', version: '1' }

/** Enrols a till by its code and says hello, as a real one would. */
export const openTill = async (
  reach: Reach,
  { code, clock }: { readonly code: string; readonly clock: Clock },
): Promise<TestTill> => {
  const device = newDevice()
  const signature = device.sign(enrolText(code, device.publicKey))
  const enrolled = await send(reach, '/v1/terminals/enrol', { code, publicKey: device.publicKey, software, signature })
  const { terminal, keyId } = enrolled as { terminal: Uuid; keyId: string }
  const sayHello = async (): Promise<HelloAnswer> => {
    const said = {
      terminal,
      keyId,
      at: instantOf(clock()),
      nonce: randomBytes(16).toString('hex'),
      software,
      queue: { length: 0, parked: 0, sequence: 0 },
    }
    return (await send(reach, '/v1/terminals/hello', {
      ...said,
      signature: device.sign(helloText(said)),
    })) as HelloAnswer
  }
  return makeTill({ reach, clock, device, terminal, keyId, sayHello, session: await sayHello() })
}

interface Device {
  readonly publicKey: string
  readonly sign: (text: string) => string
}

const newDevice = (): Device => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { publicKey: publicKey.export({ format: 'jwk' }).x as string, sign: signer(privateKey) }
}

const signer =
  (key: KeyObject) =>
  (text: string): string =>
    sign(null, Buffer.from(text), key).toString('base64url')

const send = async (reach: Reach, url: string, body: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' }
  const answer = await reach({ method: 'POST', url, headers, payload: JSON.stringify(body) })
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

interface Making {
  readonly reach: Reach
  readonly clock: Clock
  readonly device: Device
  readonly terminal: Uuid
  readonly keyId: string
  readonly session: HelloAnswer
  readonly sayHello: () => Promise<HelloAnswer>
}

const makeTill = (making: Making): TestTill => {
  const { reach, clock, device, terminal, keyId } = making
  let { session } = making
  let sequence = 0
  let previous = chainStart
  let random = 0
  const signed = (sale: Sale | UnsignedSale): Sale => {
    const salt = createHash('sha256').update(sale.id).digest('hex').slice(0, 32)
    const digests = partDigests(saleParts(sale), salt, sha256)
    return { ...sale, signature: { keyId, value: device.sign(signedText(digests)), salt } }
  }
  const seal = (method: 'GET' | 'POST', path: string, payload: string): Record<string, string> => {
    const time = String(clock())
    const bodyHash = createHash('sha256').update(payload).digest('hex')
    const text = requestText({ method, path, terminal, session: session.sessionKeyId, time, bodyHash })
    return {
      ...(payload === '' ? {} : { 'content-type': 'application/json' }),
      'premia-terminal': terminal,
      'premia-session': session.sessionKeyId,
      'premia-time': time,
      'premia-mac': createHmac('sha256', Buffer.from(session.sessionKey, 'base64url')).update(text).digest('base64url'),
    }
  }
  const call = async (method: 'GET' | 'POST', url: string, payload: string): Promise<Answer> => {
    // A test that moves its clock needs a new session, as a till would.
    if (Date.parse(session.expiresAt) <= clock()) session = await making.sayHello()
    return reach({ method, url, headers: seal(method, url, payload), payload })
  }
  return {
    terminal,
    keyId,
    signed,
    seal,
    sale: (draft = {}) => {
      sequence += 1
      random += 1
      const bytes = createHash('sha256').update(`${keyId} ${random}`).digest()
      const id = uuidv7(draft.atMs ?? clock(), bytes)
      const sale = signed(unsignedSale(draft, { id, terminal, sequence, previous, nowMs: clock() }))
      previous = documentHash(partDigests(saleParts(sale), sale.signature.salt, sha256), sha256)
      return sale
    },
    post: (path, body) => call('POST', path, JSON.stringify(body)),
    get: (path) => call('GET', path, ''),
  }
}

/** One line of 10.00 that the catalogue knows. */
const line = (draft: Partial<Line>, index: number): Line => ({
  number: index + 1,
  kind: 'goods',
  product: { code: 'P1', gtin: '5900000000015' },
  name: 'Hand cream 100 ml',
  quantityMilli: 1_000 as Line['quantityMilli'],
  unit: 'piece',
  unitPriceMinor: (draft.grossMinor ?? 1_000) as Minor,
  grossMinor: 1_000 as Minor,
  reductions: [],
  vat: { ratePpm: 230_000 as never, code: 'A' },
  marks: [],
  ...draft,
})

interface Head {
  readonly id: Uuid
  readonly terminal: Uuid
  readonly sequence: number
  readonly previous: string
  readonly nowMs: number
}

const unsignedSale = (draft: SaleDraft, { id, terminal, sequence, previous, nowMs }: Head): UnsignedSale => {
  const { lines: drafts = [{}], number, card, atMs = nowMs, ...rest } = draft
  const lines = drafts.map(line)
  const at = new Date(atMs).toISOString() as Instant
  const sum = (of: (each: Line) => number): number => lines.reduce((total, each) => total + of(each), 0)
  const adjustments = rest.adjustments ?? []
  const grossMinor = sum((each) => each.grossMinor)
  const reductionMinor =
    sum((each) => each.reductions.reduce((total, { amountMinor }) => total + amountMinor, 0)) +
    adjustments.reduce((total, { amountMinor }) => total + amountMinor, 0)
  const reimbursedMinor = sum((each) => each.reimbursement?.amountMinor ?? 0)
  const payableMinor = grossMinor - reductionMinor - reimbursedMinor
  const totals = { grossMinor, reductionMinor, reimbursedMinor, roundingMinor: 0, payableMinor } as Sale['totals']
  return {
    schema: 1,
    id,
    kind: 'sale',
    terminal,
    sequence,
    previous,
    occurredAt: at,
    utcOffsetMinutes: 60,
    businessDate: at.slice(0, 10),
    currency: 'PLN',
    channel: 'counter',
    document: { kind: 'receipt', number: number ?? `R${sequence}` },
    cards: card === undefined ? [] : [{ number: card, entry: 'scanned', role: 'identify' }],
    lines,
    adjustments,
    uses: [],
    tenders: [{ kind: 'cash', amountMinor: payableMinor as Minor }],
    totals,
    ...rest,
  }
}
