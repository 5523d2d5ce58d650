/** How a terminal becomes known, once. */
import { type DeviceKey, makeDeviceKey, openDeviceKey, sha256OfBody } from './crypto.ts'
import type { EnrolAnswer, EnrolRequest, HelloRequest } from './contract/till/index.ts'
import { tillPaths } from './contract/till/paths.ts'
import { enrolText } from './contract/till/terminal.ts'
import { exchange, type Wire } from './exchange.ts'
import type * as localCheck from './local-check.ts'
import type { Identity, Journal, Kept } from './journal.ts'

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

export interface EnrolmentTools {
  readonly journal: Journal
  readonly wire: Wire
  readonly check: typeof localCheck
}

/** However a person has typed it. */
const hashOfCode = (code: string): Promise<string> => sha256OfBody(code.toUpperCase().replace(/[^0-9A-Z]/g, ''))

const askEngine = async (
  key: DeviceKey,
  { enrolmentCode: code, software }: EnrolmentOptions,
  { wire, check }: EnrolmentTools,
): Promise<Required<Pick<Identity, 'enrolled' | 'codeHash'>>> => {
  if (code === undefined) throw new EnrolmentError('terminal_unknown', 'an enrolment code is needed the first time')
  const { publicKey } = key
  const signature = await key.sign(enrolText(code, publicKey))
  const body: EnrolRequest = { code, publicKey, software, signature }
  const answer = await exchange<EnrolAnswer>(wire, { ...tillPaths.enrol, body: JSON.stringify(body) }, {})
  if (answer.kind === 'silent') throw new EnrolmentError('silent', answer.reason)
  if (answer.kind === 'refused') throw new EnrolmentError(answer.problem.code, answer.problem.detail)
  // What is kept once is never asked for again.
  if (!check.isEnrolAnswer(answer.value)) throw new EnrolmentError('silent', 'the answer is not that of an engine')
  const { serverTime: _, ...enrolled } = answer.value
  return { enrolled, codeHash: await hashOfCode(code) }
}

/**
 * Answers the identity of the store, enrolling it first where it has none. The key is on disk before the engine hears of
 * it: when the answer is lost, the same code and key are sent again and the engine gives the same answer.
 */
export const enrolOnce = async (
  kept: Identity | undefined,
  options: EnrolmentOptions,
  tools: EnrolmentTools,
): Promise<Enrolled> => {
  const { key, identity } = await keyOf(kept, options.deviceKey)
  if (identity.enrolled !== undefined) return { key, identity: { ...identity, enrolled: identity.enrolled } }
  if (options.enrolmentCode !== undefined) await tools.journal.saveIdentity(identity)
  const known = { ...identity, ...(await askEngine(key, options, tools)) }
  await tools.journal.saveIdentity(known)
  return { key, identity: known }
}

/**
 * Enrols a store that has an identity once more, with a new key: as another terminal or as the same, whichever the code is
 * for. Until the engine has answered the old identity stays. A repetition with the same code changes nothing.
 */
export const enrolAnew = async (
  { identity, next }: Pick<Kept, 'identity' | 'next'>,
  options: EnrolmentOptions,
  tools: EnrolmentTools,
): Promise<Enrolled['identity']> => {
  const { enrolmentCode: code, deviceKey } = options
  if (code !== undefined && identity?.enrolled !== undefined && identity.codeHash === (await hashOfCode(code))) {
    return { ...identity, enrolled: identity.enrolled }
  }
  // A chain begins with its key: the same one again would contradict itself.
  if (deviceKey !== undefined && deviceKey.publicKey === identity?.publicKey) {
    throw new EnrolmentError('terminal_unknown', 'a terminal that takes over needs a device key of its own')
  }
  const made = await keyOf(deviceKey === undefined ? next : undefined, deviceKey)
  if (code !== undefined) await tools.journal.saveNext(made.identity)
  const known = { ...made.identity, ...(await askEngine(made.key, options, tools)) }
  await tools.journal.succeed(known)
  return known
}
