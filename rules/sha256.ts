// Written out here because this package has no imports and must answer synchronously in a browser (FIPS 180-4).

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND = new Uint32Array(64)
/** First 32 bits of the fractional parts of the square roots of the first 8 primes. */
const START = new Uint32Array(8)

const fill = (): void => {
  let found = 0
  for (let candidate = 2; found < 64; candidate += 1) {
    let prime = true
    for (let factor = 2; factor * factor <= candidate; factor += 1) if (candidate % factor === 0) prime = false
    if (!prime) continue
    if (found < 8) START[found] = (candidate ** 0.5 % 1) * 2 ** 32
    ROUND[found] = (candidate ** (1 / 3) % 1) * 2 ** 32
    found += 1
  }
}
fill()

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const pad = (bytes: Uint8Array): Uint8Array => {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0)
  return padded
}

/**
 * SHA-256 of the UTF-8 bytes of a text, in lower-case hex.
 *
 * @example sha256Hex('abc').slice(0, 8) // 'ba7816bf'
 */
export const sha256Hex = (text: string): string => {
  const bytes = pad(utf8(text))
  const view = new DataView(bytes.buffer)
  const state = new Int32Array(START)
  const words = new Int32Array(64)
  for (let block = 0; block < bytes.length; block += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(block + i * 4)
    compress(state, words)
  }
  let hex = ''
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, '0')
  return hex
}

const compress = (state: Int32Array, words: Int32Array): void => {
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15] as number
    const y = words[i - 2] as number
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    words[i] = ((words[i - 16] as number) + s0 + (words[i - 7] as number) + s1) | 0
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const choice = (e & f) ^ (~e & g)
    const t1 = (h + s1 + choice + (ROUND[i] as number) + (words[i] as number)) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const next = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i += 1) state[i] = ((state[i] as number) + (next[i] as number)) | 0
}
