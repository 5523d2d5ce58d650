import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { uuid } from './ids.ts'
import { uuidv7 } from './uuidv7.ts'

const random = fc.uint8Array({ minLength: 10, maxLength: 16 })

describe('uuidv7', () => {
  test('makes the id of the standard’s example', () => {
    // RFC 9562, appendix A.6: rand_a 0xcc3, rand_b 0x18c4dc0c0c07398f.
    const bytes = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f])
    expect(uuidv7(0x017f22e279b0, bytes)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  test('is canonical, of version 7, ordered by time and the same for the same input', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 47 }), fc.integer({ min: 1, max: 2 ** 40 }), random, random, (at, later, a, b) => {
        const id = uuidv7(at, a)
        expect(uuid(id)).toBe(uuidv7(at, a))
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/)
        expect(id < uuidv7(at + later, b)).toBe(true)
      }),
    )
  })

  test('refuses too little randomness and a time that does not fit', () => {
    expect(() => uuidv7(0, new Uint8Array(9))).toThrow(RangeError)
    expect(() => uuidv7(-1, new Uint8Array(10))).toThrow(RangeError)
    expect(() => uuidv7(2 ** 48, new Uint8Array(10))).toThrow(RangeError)
  })
})
