import { createHmac, createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto'

/**
 * All that the engine signs or hides with, derived from the one key of its installation (`EngineConfig.engineKey`) by
 * HMAC with a purpose, so that every process of the installation knows the same keys and no table holds one.
 */
export interface EngineKeys {
  /**
   * What stands in the database instead of a card number: 32 bytes, the same for one number in every program. Numbers
   * are compared as they are, upper and lower case apart.
   */
  cardToken(number: string): Buffer
  /** What stands in the database instead of a voucher's code: 32 bytes. Codes are typed, so case does not matter. */
  voucherToken(code: string): Buffer
  /** Input key of the terminals' session keys. */
  readonly sessionSecret: Buffer
  /** Makes enrolment codes: a command's codes are derived, so that its kept answer need not hold them. */
  readonly enrolKey: Buffer
  /** Signs quotes. */
  readonly quoteKey: Buffer
  /** Signs bundles (Ed25519). */
  readonly bundleKey: KeyObject
  /** Public half of `bundleKey`: 32 bytes in base64url, as terminals get it. */
  readonly bundlePublicKey: string
}

const PKCS8_ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

export const engineKeys = (engineKey: string): EngineKeys => {
  if (engineKey.length < 32) throw new RangeError('the engine key must have at least 32 characters')
  const derive = (purpose: string): Buffer => createHmac('sha256', engineKey).update(purpose).digest()
  const cardKey = derive('card-token')
  const voucherKey = derive('voucher-token')
  const seed = derive('bundle-signature')
  const bundleKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519_HEAD, seed]), format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(bundleKey).export({ format: 'jwk' })
  if (x === undefined) throw new Error('an Ed25519 key has a public half')
  return {
    cardToken: (number) => createHmac('sha256', cardKey).update(number).digest(),
    voucherToken: (code) => createHmac('sha256', voucherKey).update(code.toUpperCase()).digest(),
    sessionSecret: derive('session'),
    enrolKey: derive('enrol-code'),
    quoteKey: derive('quote'),
    bundleKey,
    bundlePublicKey: x,
  }
}

/** SHA-256 in lower-case hex by the native implementation, for what the contract's pure functions take as argument. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex')
