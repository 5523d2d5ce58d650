// Written out here because this package has no imports and must answer synchronously in a browser (FIPS 180-4).

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND = new Int32Array(64)
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

const utf8 = new TextEncoder()
/** Used by one block after the other. */
const words = new Int32Array(64)
/** Greater than two blocks, so that there is room for a character behind what waits for its block to fill. */
const BUFFER = 4096

/** SHA-256 of text that comes piece by piece. */
export interface Hashing {
  add(text: string): void
  /** In lower-case hex. Nothing may be added after it. */
  hex(): string
}

export const sha256 = (): Hashing => {
  const state = new Int32Array(START)
  const bytes = new Uint8Array(BUFFER)
  const view = new DataView(bytes.buffer)
  let total = 0
  let waiting = 0
  const compressAll = (end: number): number => {
    let at = 0
    for (; at + 64 <= end; at += 64) compress(state, view, at)
    return at
  }
  return {
    add(text) {
      for (let at = 0; at < text.length; ) {
        const { read, written } = utf8.encodeInto(at === 0 ? text : text.slice(at), bytes.subarray(waiting))
        at += read
        total += written
        const end = waiting + written
        const done = compressAll(end)
        bytes.copyWithin(0, done, end)
        waiting = end - done
      }
    },
    hex() {
      const end = waiting < 56 ? 64 : 128
      bytes.fill(0, waiting, end)
      bytes[waiting] = 0x80
      // The number of bits.
      view.setUint32(end - 8, total / 2 ** 29)
      view.setUint32(end - 4, total * 8)
      compressAll(end)
      return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
    },
  }
}

/**
 * SHA-256 of the UTF-8 bytes of a text, in lower-case hex.
 *
 * @example sha256Hex('abc').slice(0, 8) // 'ba7816bf'
 */
export const sha256Hex = (text: string): string => {
  const hashing = sha256()
  hashing.add(text)
  return hashing.hex()
}

const compress = (state: Int32Array, block: DataView, at: number): void => {
  for (let i = 0; i < 16; i += 1) words[i] = block.getInt32(at + i * 4)
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15] as number
    const y = words[i - 2] as number
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    words[i] = ((words[i - 16] as number) + s0 + (words[i - 7] as number) + s1) | 0
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const choice = g ^ (e & (f ^ g))
    const t1 = (h + s1 + choice + (ROUND[i] as number) + (words[i] as number)) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}
