/** How a terminal becomes known, once. */
import { type DeviceKey, makeDeviceKey, openDeviceKey } from './crypto.ts'
import type { EnrolAnswer, EnrolRequest, HelloRequest } from './contract/till/index.ts'
import { tillPaths } from './contract/till/paths.ts'
import { enrolText } from './contract/till/terminal.ts'
import { exchange, type Wire } from './exchange.ts'
import type * as localCheck from './local-check.ts'
import type { Identity, Journal } from './journal.ts'

/** The terminal could not be enrolled: `code` of the catalogue, or `silent`. */
export class EnrolmentError extends Error {
  readonly code: string
  constructor(code: string, detail: string) {
    super(`the terminal could not be enrolled (${code}): ${detail}`)
    this.name = 'EnrolmentError'
    this.code = code
  }
}

export interface Enrolled {
  readonly key: DeviceKey
  readonly identity: Identity & { readonly enrolled: NonNullable<Identity['enrolled']> }
}

export interface EnrolmentOptions {
  readonly enrolmentCode?: string | undefined
  readonly deviceKey?: DeviceKey | undefined
  readonly software: HelloRequest['software']
}

const keyOf = async (
  kept: Identity | undefined,
  given: DeviceKey | undefined,
): Promise<{ readonly key: DeviceKey; readonly identity: Identity }> => {
  if (given !== undefined) {
    if (kept !== undefined && kept.publicKey !== given.publicKey) {
      throw new EnrolmentError('terminal_unknown', 'the store belongs to another device key')
    }
    return { key: given, identity: kept ?? { publicKey: given.publicKey } }
  }
  if (kept?.secret !== undefined) return { key: await openDeviceKey(kept.publicKey, kept.secret), identity: kept }
  if (kept !== undefined)
    throw new EnrolmentError('terminal_unknown', 'the store needs the device key it was made with')
  const { key, secret } = await makeDeviceKey()
  return { key, identity: { publicKey: key.publicKey, secret } }
}

/**
 * Answers the identity of the store, enrolling it first where it has none. The key is on disk before the engine hears of
 * it: when the answer is lost, the same code and key are sent again and the engine gives the same answer.
 */
export const enrolOnce = async (
  kept: Identity | undefined,
  options: EnrolmentOptions,
  { journal, wire, check }: { readonly journal: Journal; readonly wire: Wire; readonly check: typeof localCheck },
): Promise<Enrolled> => {
  const { key, identity } = await keyOf(kept, options.deviceKey)
  if (identity.enrolled !== undefined) return { key, identity: { ...identity, enrolled: identity.enrolled } }
  const code = options.enrolmentCode
  if (code === undefined) throw new EnrolmentError('terminal_unknown', 'an enrolment code is needed the first time')
  await journal.saveIdentity(identity)
  const { publicKey } = key
  const signature = await key.sign(enrolText(code, publicKey))
  const body: EnrolRequest = { code, publicKey, software: options.software, signature }
  const answer = await exchange<EnrolAnswer>(wire, { ...tillPaths.enrol, body: JSON.stringify(body) }, {})
  if (answer.kind === 'silent') throw new EnrolmentError('silent', answer.reason)
  if (answer.kind === 'refused') throw new EnrolmentError(answer.problem.code, answer.problem.detail)
  // What is kept once is never asked for again.
  if (!check.isEnrolAnswer(answer.value)) throw new EnrolmentError('silent', 'the answer is not that of an engine')
  const { serverTime: _, ...enrolled } = answer.value
  await journal.saveIdentity({ ...identity, enrolled })
  return { key, identity: { ...identity, enrolled } }
}
