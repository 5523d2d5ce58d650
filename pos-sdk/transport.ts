/**
 * Requests under a session. A session is opened by a signed hello when there is none or it is about to end, and once
 * more when the engine says that it has ended or that the seal does not fit; then the same request is sent again.
 */
import type { DeviceKey } from './crypto.ts'
import { randomBytes, sealWith, sha256OfBody, toHex } from './crypto.ts'
import { refusal } from './contract/problems.ts'
import type { HelloAnswer, HelloRequest, Uuid } from './contract/till/index.ts'
import { instantOf } from './contract/ids.ts'
import { tillPaths } from './contract/till/paths.ts'
import { helloText, requestText, sessionHeaders } from './contract/till/terminal.ts'
import { type EngineRequest, exchange, type Wire } from './exchange.ts'
import type { Exchange } from './retry.ts'

/** Who speaks, known after the enrolment. */
export interface Speaker {
  readonly terminal: Uuid
  readonly keyId: string
  readonly key: DeviceKey
  readonly software: HelloRequest['software']
  /** What the hello tells of the queue. */
  readonly queue: () => HelloRequest['queue']
  /** Whether a body is the engine's answer to a hello. */
  readonly isAnswer: (value: unknown) => boolean
  /** Called after each hello. */
  readonly onHello: (answer: HelloAnswer) => void
}

/** What is known of the engine's clock and when it last spoke. */
export interface Contact {
  /** Engine's clock minus ours. */
  skewMs: number
  /** `now` minus `elapsed` when that was learned: another one since then means that our clock was set, or slept. */
  baseMs: number
  lastAtMs: number | undefined
}

export type Send = <T>(request: EngineRequest) => Promise<Exchange<T>>

export interface Transport {
  readonly send: Send
  /** Opens a new session now: the heartbeat, which also tells the engine of the queue. */
  readonly hello: () => Promise<Exchange<unknown>>
}

interface Session {
  readonly id: string
  readonly seal: (text: string) => Promise<string>
  readonly endsAtMs: number
}

const SESSION_MARGIN_MS = 60_000

const isSessionOver = (answer: Exchange<unknown>): boolean =>
  answer.kind === 'refused' && refusal(answer.problem.code)?.retry === 'same-id'

const silent = (reason: string): { readonly kind: 'silent'; readonly reason: string } => ({
  kind: 'silent',
  reason: `hello: ${reason}`,
})

const learnSkew = ({ clock }: Wire, contact: Contact, skewMs: number): void => {
  contact.skewMs = Math.round(skewMs)
  contact.baseMs = clock.now() - clock.elapsed()
}

const sayHello = async (wire: Wire, speaker: Speaker, contact: Contact): Promise<Exchange<HelloAnswer>> => {
  const { clock } = wire
  const { terminal, keyId, software } = speaker
  const said = { terminal, keyId, at: instantOf(clock.now() + contact.skewMs), nonce: toHex(randomBytes(16)) }
  const signature = await speaker.key.sign(helloText(said))
  const body: HelloRequest = { ...said, software, queue: speaker.queue(), signature }
  const { method, path } = tillPaths.hello
  const startedAt = clock.now()
  const answer = await exchange<HelloAnswer>(wire, { method, path, body: JSON.stringify(body) }, {})
  if (answer.kind === 'answered') {
    if (!speaker.isAnswer(answer.value)) return silent('the answer is not that of an engine')
    learnSkew(wire, contact, Date.parse(answer.value.serverTime) - (startedAt + clock.now()) / 2)
    contact.lastAtMs = clock.now()
  } else if (isSessionOver(answer) && answer.engineDateMs !== undefined) {
    // Our idea of the engine's time was too wrong for it: the refusal tells a better one.
    learnSkew(wire, contact, answer.engineDateMs - clock.now())
  }
  return answer
}

const openSession = async (wire: Wire, speaker: Speaker, contact: Contact): Promise<Exchange<Session>> => {
  let answer = await sayHello(wire, speaker, contact)
  if (isSessionOver(answer)) answer = await sayHello(wire, speaker, contact)
  if (answer.kind === 'refused') {
    const { code, detail } = answer.problem
    const row = refusal(code)
    // The hello is refused, not what was to follow it: no sale may be judged by that.
    if (row?.retry === 'never' && row.about !== 'terminal') return silent(`${code}: ${detail}`)
  }
  if (answer.kind !== 'answered') return answer
  const { sessionKeyId, sessionKey, expiresAt, serverTime } = answer.value
  const livesMs = Date.parse(expiresAt) - Date.parse(serverTime)
  const seal = await sealWith(sessionKey)
  speaker.onHello(answer.value)
  return { kind: 'answered', value: { id: sessionKeyId, seal, endsAtMs: wire.clock.now() + livesMs } }
}

/** Makes the functions that speak to the engine for one terminal. */
export const createTransport = (wire: Wire, speaker: Speaker, contact: Contact): Transport => {
  let session: Session | undefined
  let opening: Promise<Exchange<Session>> | undefined

  const newSession = async (): Promise<Exchange<Session>> => {
    // Requests that start together share one hello.
    opening ??= openSession(wire, speaker, contact)
      // A device key that its host keeps elsewhere may be out of reach.
      .catch((error: unknown) => silent(String(error)))
      .finally(() => {
        opening = undefined
      })
    const opened = await opening
    if (opened.kind === 'answered') session = opened.value
    return opened
  }

  const currentSession = async (): Promise<Exchange<Session>> =>
    session !== undefined && session.endsAtMs - SESSION_MARGIN_MS > wire.clock.now()
      ? { kind: 'answered', value: session }
      : newSession()

  const sendOnce = async <T>(request: EngineRequest, { id, seal }: Session): Promise<Exchange<T>> => {
    const { terminal } = speaker
    const time = String(wire.clock.now() + contact.skewMs)
    const bodyHash = await sha256OfBody(request.body ?? '')
    const { method, path } = request
    const answer = await exchange<T>(wire, request, {
      [sessionHeaders.terminal]: terminal,
      [sessionHeaders.session]: id,
      [sessionHeaders.time]: time,
      [sessionHeaders.mac]: await seal(requestText({ method, path, terminal, session: id, time, bodyHash })),
    })
    if (answer.kind !== 'silent') contact.lastAtMs = wire.clock.now()
    return answer
  }

  const send = async <T>(request: EngineRequest): Promise<Exchange<T>> => {
    const first = await currentSession()
    if (first.kind !== 'answered') return first
    const answer = await sendOnce<T>(request, first.value)
    if (!isSessionOver(answer)) return answer
    if (session === first.value) session = undefined
    const second = await currentSession()
    return second.kind === 'answered' ? sendOnce<T>(request, second.value) : second
  }

  return { send, hello: newSession }
}
