/** The demo's tills at the engine's door: enrolled by their codes, their requests sealed like those of any other till. */
import { createHash, createHmac, hkdfSync } from 'node:crypto'
import {
  enrolText,
  instantOf,
  requestText,
  type Sale,
  type SaleResult,
  type SalesAnswer,
  sessionHeaders,
  sessionIdOf,
  sessionInfo,
  tillRequests,
} from '@premia/pos-sdk/contract/till'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../clock.ts'
import type { DemoTerminal } from './outlets.ts'
import { deviceKey } from './sales/device-key.ts'

interface DoorOptions {
  readonly app: Pick<FastifyInstance, 'inject'>
  readonly clock: Clock
  /** Input key of the session keys: the demo opens its sessions itself instead of saying hello 4,000 times. */
  readonly sessionSecret: Buffer
}

const software = { name: 'demo', version: '1' }
const sessionLifeMs = 600_000

export class TerminalDoor {
  readonly #options: DoorOptions

  constructor(options: DoorOptions) {
    this.#options = options
  }

  async enrol(terminal: DemoTerminal, code: string): Promise<void> {
    const { publicKey, sign } = deviceKey(terminal)
    const body = { code, publicKey, software, signature: sign(enrolText(code, publicKey)) }
    const answer = await this.#options.app.inject({ method: 'POST', url: tillRequests.enrol.path, payload: body })
    if (answer.statusCode !== 200) throw new Error(`${terminal.name} was not enrolled: ${answer.body.slice(0, 300)}`)
  }

  /** Sends sales of one till, in their order. */
  async send(terminal: DemoTerminal, sales: readonly Sale[]): Promise<readonly SaleResult[]> {
    const payload = JSON.stringify({ sales })
    const { method, path } = tillRequests.sales
    const headers = { 'content-type': 'application/json', ...this.#seal(terminal, payload) }
    const answer = await this.#options.app.inject({ method, url: path, headers, payload })
    if (answer.statusCode !== 200)
      throw new Error(`${terminal.name}: ${answer.statusCode} ${answer.body.slice(0, 300)}`)
    return (JSON.parse(answer.body) as SalesAnswer).results
  }

  #seal(terminal: DemoTerminal, payload: string): Readonly<Record<string, string>> {
    const nowMs = this.#options.clock()
    const { keyId } = deviceKey(terminal)
    const expiresAt = instantOf(Math.ceil((nowMs + sessionLifeMs) / sessionLifeMs) * sessionLifeMs)
    const info = sessionInfo(keyId, expiresAt)
    const key = Buffer.from(hkdfSync('sha256', this.#options.sessionSecret, terminal.id, info, 32))
    const session = sessionIdOf(keyId, expiresAt)
    const { method, path } = tillRequests.sales
    const bodyHash = createHash('sha256').update(payload).digest('hex')
    const text = requestText({ method, path, terminal: terminal.id, session, time: String(nowMs), bodyHash })
    return {
      [sessionHeaders.terminal]: terminal.id,
      [sessionHeaders.session]: session,
      [sessionHeaders.time]: String(nowMs),
      [sessionHeaders.mac]: createHmac('sha256', key).update(text).digest('base64url'),
    }
  }
}
