import { createHmac, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'

/**
 * Everything that is derived from the engine's key (PREMIA_ENGINE_KEY), one purpose each, so that no key opens two doors.
 * Nothing of it is stored: every process of an installation derives the same.
 */
export interface Keys {
  /** Token of a card number in one program. Programs share no token, so that their tables cannot be joined by it. */
  readonly cardToken: (programId: number, number: string) => Buffer
  readonly voucherToken: (programId: number, code: string) => Buffer
  /** The enrolment code that a command gives a terminal: derived, so that no table holds it. */
  readonly enrolCode: (terminal: string, command: string) => string
  /** HKDF-SHA256 with the terminal as salt: 32 bytes that seal requests until the session ends. */
  readonly sessionKey: (terminal: string, info: string) => Buffer
  /** Ed25519 key that signs bundles. */
  readonly bundleKey: KeyObject
  /** Its public half, 32 bytes in base64url. */
  readonly bundlePublicKey: string
}

const LENGTH = 32
/** Crockford's alphabet: nothing that a person could mistake for something else. */
const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_GROUPS = 4
/** What precedes the 32 bytes of an Ed25519 private key in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export const deriveKeys = (engineKey: string): Keys => {
  if (engineKey.length < LENGTH) throw new RangeError('the engine key is too short to derive from')
  const part = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', engineKey, 'premia-engine-1', purpose, LENGTH))
  const [cards, vouchers, enrolment, sessions] = ['card-token', 'voucher-token', 'enrol-code', 'session'].map(part)
  const token = (key: Buffer | undefined, programId: number, text: string): Buffer =>
    createHmac('sha256', key as Buffer)
      .update(`${programId}\n${text}`)
      .digest()
  const bundleKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, part('bundle-signature')]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    cardToken: (programId, number) => token(cards, programId, number),
    voucherToken: (programId, code) => token(vouchers, programId, code),
    enrolCode: (terminal, command) =>
      codeOf(
        createHmac('sha256', enrolment as Buffer)
          .update(`${terminal}\n${command}`)
          .digest(),
      ),
    sessionKey: (terminal, info) => Buffer.from(hkdfSync('sha256', sessions as Buffer, terminal, info, LENGTH)),
    bundleKey,
    bundlePublicKey: createPublicKey(bundleKey).export({ format: 'jwk' }).x as string,
  }
}

/** 80 bits as four groups of four signs. */
const codeOf = (bytes: Buffer): string =>
  Array.from({ length: CODE_GROUPS }, (_, group) =>
    Array.from({ length: 4 }, (_, sign) => CODE_ALPHABET[(bytes[group * 4 + sign] as number) & 31]).join(''),
  ).join('-')
