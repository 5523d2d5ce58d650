/** The few primitives of a terminal, on WebCrypto: the same in Node and in browsers. Bytes travel as base64url. */
import { sha256Hex } from '@premia/rules'

/** What Node has of its own. */
interface NodeCrypto {
  readonly hash: (algorithm: 'sha256', text: string, encoding: 'hex') => string
  readonly sign: (algorithm: null, bytes: Uint8Array, key: object) => Uint8Array
  readonly KeyObject: { readonly from: (key: CryptoKey) => object }
}
interface NodeProcess {
  readonly getBuiltinModule?: (name: 'node:crypto') => NodeCrypto
}

/**
 * A sale is signed and hashed while the customer waits, and in Node WebCrypto takes a thread for each signature, which costs
 * more than signing. Asked for at run time, because a browser's bundle must not name it.
 */
const node = (globalThis as { readonly process?: NodeProcess }).process?.getBuiltinModule?.('node:crypto')

/** SHA-256 of a text's UTF-8 bytes in lower-case hex, at once. */
export const sha256: (text: string) => string =
  node === undefined ? sha256Hex : (text) => node.hash('sha256', text, 'hex')

const utf8 = new TextEncoder()

/** @example toBase64Url(new Uint8Array([255, 0])) // '_wA' */
export const toBase64Url = (bytes: Uint8Array): string => {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The inverse of `toBase64Url`. Throws on text that is no base64url. */
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0))

export const toHex = (bytes: Uint8Array): string => {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}

export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

/** SHA-256 of the UTF-8 bytes of a long text, off the main thread where the platform can. */
export const sha256OfBody = async (text: string): Promise<string> =>
  toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text))))

/** The key of a device. The private half never leaves it: a browser may keep it unextractable, a till in its own store. */
export interface DeviceKey {
  /** Raw public key, 32 bytes in base64url. */
  readonly publicKey: string
  /** Ed25519 over the UTF-8 bytes of the text, in base64url. */
  readonly sign: (text: string) => Promise<string>
}

const signer = (privateKey: CryptoKey): ((bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>) => {
  if (node === undefined) return async (bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, bytes))
  const key = node.KeyObject.from(privateKey)
  return (bytes) => Promise.resolve(node.sign(null, bytes, key))
}

const deviceKey = (publicKey: string, privateKey: CryptoKey): DeviceKey => {
  const sign = signer(privateKey)
  return { publicKey, sign: async (text) => toBase64Url(await sign(utf8.encode(text))) }
}

/** A new device key and its secret (PKCS #8, base64url) for the terminal's own store. */
export const makeDeviceKey = async (): Promise<{ readonly key: DeviceKey; readonly secret: string }> => {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
  const secret = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)))
  return { key: deviceKey(publicKey, pair.privateKey), secret }
}

/** The device key of a stored secret. */
export const openDeviceKey = async (publicKey: string, secret: string): Promise<DeviceKey> =>
  deviceKey(publicKey, await crypto.subtle.importKey('pkcs8', fromBase64Url(secret), 'Ed25519', false, ['sign']))

/** Whether a text was signed by the owner of a public key. Never throws: garbage is not signed. */
export const isSigned = async (publicKey: string, text: string, value: string): Promise<boolean> => {
  try {
    const key = await crypto.subtle.importKey('raw', fromBase64Url(publicKey), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, fromBase64Url(value), utf8.encode(text))
  } catch {
    return false
  }
}

/** Seals texts with a session key: HMAC-SHA256 in base64url. */
export const sealWith = async (sessionKey: string): Promise<(text: string) => Promise<string>> => {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', fromBase64Url(sessionKey), algorithm, false, ['sign'])
  return async (text) => toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text))))
}
