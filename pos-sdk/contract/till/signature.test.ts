import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isSigned, makeDeviceKey } from '../../crypto.ts'
import { sampleLine, sampleSale } from '../../testing/sample-sale.ts'
import {
  contentHash,
  documentHash,
  partDigest,
  partDigests,
  partSalt,
  plainParts,
  receiptIdentity,
  type Sale,
  saleParts,
  signedText,
  uuid,
} from './index.ts'

const salt = '000102030405060708090a0b0c0d0e0f'
const sale = sampleSale({ uses: [{ kind: 'voucher', code: 'V-1', amountMinor: 0 as never }] })
const native = (text: string): string => createHash('sha256').update(text).digest('hex')

const reversedKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reversedKeys(each)]),
  )
}

describe('the content hash', () => {
  test('is the same for two deliveries of one receipt', () => {
    const again: Sale = {
      ...sale,
      id: uuid('01964c6e-7000-7000-8000-000000000002'),
      sequence: 9,
      previous: 'a'.repeat(64),
      offline: { bundle: 'b'.repeat(64), outcomes: {}, clockSkewMs: 5 },
      signature: { keyId: 'another', value: 'x', salt },
    }
    expect(contentHash(again)).toBe(contentHash(sale))
    expect(contentHash(reversedKeys(sale) as Sale)).toBe(contentHash(sale))
  })

  test('differs with every other field', () => {
    const { id: _1, sequence: _2, previous: _3, signature: _4, ...said } = sale
    const changed: Readonly<Record<string, unknown>> = {
      ...Object.fromEntries(
        Object.entries(said).map(([key, value]) => [key, typeof value === 'string' ? `${value}x` : []]),
      ),
      schema: 2,
      utcOffsetMinutes: 0,
      terminal: uuid('01964c6e-7000-7000-8000-0000000000ab'),
      cards: [],
      uses: [],
      adjustments: [{ by: 'till', amountMinor: 0 }],
    }
    for (const [key, value] of Object.entries(changed)) {
      expect([key, contentHash({ ...sale, [key]: value } as Sale)]).not.toEqual([key, contentHash(sale)])
    }
  })

  test('and the signature cover what a return says of its sale', () => {
    const lines = [sampleLine({ originalLine: 1 })]
    const back = sampleSale({
      kind: 'return',
      lines,
      original: { sale: sale.terminal, document: '1', reason: 'defect' },
    })
    const others: readonly Partial<Sale>[] = [
      { original: { ...back.original, sale: sale.id, reason: 'defect' } },
      { original: { ...back.original, document: '2', reason: 'defect' } },
      { original: { ...back.original, reason: 'customer' } },
      { original: { reason: 'defect' } },
      { lines: [sampleLine({ originalLine: 2 })] },
      { lines: [sampleLine()] },
    ]
    const told = (each: Sale): string => documentHash(partDigests(saleParts(each), salt))
    for (const change of others) {
      const other = { ...back, ...change }
      expect(contentHash(other)).not.toBe(contentHash(back))
      expect(told(other)).not.toBe(told(back))
    }
  })

  test('does not depend on who computes it, nor how', () => {
    expect(plainParts(sale)).toEqual(saleParts(sale))
    expect(contentHash(sale, native)).toBe(contentHash(sale))
    expect(partDigests(saleParts(sale), salt, native)).toEqual(partDigests(saleParts(sale), salt))
  })

  test('and the signed list never change for a document that exists', () => {
    // Written down from the first version of this file: other values mean that every kept hash and signature is void.
    expect(contentHash(sale)).toBe('ae974107eb9cfd36def55ae87bf47201bf90882e8d6d3a46455028aff656df2b')
    expect(documentHash(partDigests(saleParts(sale), salt))).toBe(
      '00d23a6d1052a2b7728e31a09571bf1941d0e5d94e4ab50c82296a426ea21d31',
    )
  })
})

describe('the signed list', () => {
  test('has one digest for each part', () => {
    expect(saleParts(sale).map(({ name }) => name)).toEqual(
      'header card.0 use.0 lines adjustments tenders totals'.split(' '),
    )
  })

  test('is verified by the public key, and by nothing else', async () => {
    const { key } = await makeDeviceKey()
    const text = signedText(partDigests(saleParts(sale), salt))
    const value = await key.sign(text)
    expect(await isSigned(key.publicKey, text, value)).toBe(true)
    const other = sampleSale({ lines: [sampleLine({ name: 'other' })] })
    expect(await isSigned(key.publicKey, signedText(partDigests(saleParts(other), salt)), value)).toBe(false)
    expect(await isSigned((await makeDeviceKey()).key.publicKey, text, value)).toBe(false)
    expect(await isSigned('garbage', text, value)).toBe(false)
  })

  test('still verifies when a card is redacted, while what stays is provable and the card cannot be guessed', async () => {
    const { key } = await makeDeviceKey()
    const digests = partDigests(saleParts(sale), salt)
    const value = await key.sign(signedText(digests))
    // What a program keeps: the list, the signature, its own parts with their salts. Not the sale's salt, not the card.
    const kept = saleParts(sale)
      .filter(({ name }) => name !== 'card.0')
      .map((part) => ({ ...part, salt: partSalt(salt, part.name) }))
    expect(await isSigned(key.publicKey, signedText(digests), value)).toBe(true)
    for (const part of kept) {
      expect(digests).toContainEqual({ name: part.name, digest: partDigest(part.text, part.salt) })
    }
    const guess = saleParts(sale).find(({ name }) => name === 'card.0')?.text ?? ''
    const cardDigest = digests.find(({ name }) => name === 'card.0')?.digest
    for (const known of ['', ...kept.map((part) => part.salt)]) expect(partDigest(guess, known)).not.toBe(cardDigest)
  })
})

describe('the identity of a receipt', () => {
  const outlet = uuid('01964c6e-7000-7000-8000-0000000000bb')
  const identity = (change: Partial<Sale>): string => receiptIdentity({ ...sale, ...change }, outlet)
  const fiscal = (deviceId: string): Partial<Sale> => ({
    document: { kind: 'receipt', number: '4711', fiscal: { deviceId, number: '1' } },
  })

  test('is outlet, fiscal device or else terminal, business date, kinds and number', () => {
    const other = uuid('01964c6e-7000-7000-8000-0000000000ab')
    expect(identity({ id: other, sequence: 2 })).toBe(identity({}))
    expect(identity({ terminal: other })).not.toBe(identity({}))
    expect(identity({ ...fiscal('EAZ 1'), terminal: other })).toBe(identity(fiscal('EAZ 1')))
    expect(identity(fiscal('EAZ 2'))).not.toBe(identity(fiscal('EAZ 1')))
    expect(identity({ businessDate: '2026-11-22' })).not.toBe(identity({}))
    expect(identity({ kind: 'return' })).not.toBe(identity({}))
    expect(receiptIdentity(sale, other)).not.toBe(identity({}))
  })
})
