import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalJson, sha256Hex } from './index.ts'
import { sha256 } from './sha256.ts'

const official = (text: string): string => createHash('sha256').update(text).digest('hex')

test('the hash of a text is SHA-256 of its UTF-8 bytes, at every length around the block', () => {
  for (let length = 0; length <= 200; length += 1) {
    const text = 'aż€🙂'.repeat(length).slice(0, length)
    expect(sha256Hex(text)).toBe(official(text))
  }
})

test('a text that is longer than the buffer has the hash of its bytes, wherever a character of several bytes falls', () => {
  for (const start of ['', 'x', 'xx', 'xxx']) {
    const text = `${start}${'ż€🙂'.repeat(3000)}`
    expect(sha256Hex(text)).toBe(official(text))
  }
})

test('a text that comes piece by piece has the hash of the whole', () => {
  const pieces = Array.from({ length: 150 }, (_, length) => 'x'.repeat(length))
  const hashing = sha256()
  for (const piece of pieces) hashing.add(piece)
  expect(hashing.hex()).toBe(official(pieces.join('')))
})

test('canonical text escapes what JSON escapes, and sorts keys by code unit', () => {
  expect(canonicalJson({ b: 'a"\\\n\u007f', a: 'ż\ud800', B: undefined })).toBe(
    '{"a":"ż\\ud800","b":"a\\"\\\\\\n\u007f"}',
  )
})
