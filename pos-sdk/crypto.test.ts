import { sha256Hex } from '@premia/rules'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSigned, makeDeviceKey, openDeviceKey, sha256 } from './crypto.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 300 })

test("the platform's hash is the hash of the rules, also of halves of characters", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom('', '\ud800', 'a\udfffb', '😀')), (text) => {
      expect(sha256(text)).toBe(sha256Hex(text))
    }),
  )
})

test("what the platform's key signs, WebCrypto believes, and so does a key that was stored and opened", async () => {
  const { key, secret } = await makeDeviceKey()
  const opened = await openDeviceKey(key.publicKey, secret)
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const value = await key.sign(text)
      expect(await opened.sign(text)).toBe(value)
      expect(await isSigned(key.publicKey, text, value)).toBe(true)
      expect(await isSigned(key.publicKey, `${text}.`, value)).toBe(false)
    }),
  )
})
