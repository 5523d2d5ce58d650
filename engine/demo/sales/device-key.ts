import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { keyIdOf } from '@premia/pos-sdk/contract/till'
import type { DemoTerminal } from '../outlets.ts'

/** An Ed25519 key as PKCS #8 is this prefix and 32 bytes. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The device key of one of the demo's tills: made from its name, so that a second run signs the same bytes. */
export interface DeviceKey {
  readonly keyId: string
  readonly publicKey: string
  readonly sign: (text: string) => string
}

const deviceKeyOf = (terminal: DemoTerminal): DeviceKey => {
  const seed = createHash('sha256').update(`premia-demo:device-key:${terminal.id}`).digest()
  const key: KeyObject = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'jwk' }).x
  if (publicKey === undefined) throw new TypeError('an Ed25519 key has a public half')
  return {
    keyId: keyIdOf(publicKey, sha256),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  }
}

const keys = new Map<DemoTerminal, DeviceKey>()

export const deviceKey = (terminal: DemoTerminal): DeviceKey => {
  const known = keys.get(terminal) ?? deviceKeyOf(terminal)
  keys.set(terminal, known)
  return known
}
