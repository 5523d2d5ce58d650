import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packText, unpackJson, unpackText } from './kept-text.ts'

const sale = {
  lines: Array.from({ length: 5 }, (_, index) => ({
    number: index + 1,
    kind: 'goods',
    name: `Woda mineralna niegazowana, ${index},5 l`,
    unit: 'piece',
    quantityMilli: 1000,
    unitPriceMinor: 199 + index,
    grossMinor: 199 + index,
    reductions: [],
  })),
}

describe('a kept text', () => {
  it('comes back as it was, whatever JSON stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (text) => {
        // JSON escapes what has no UTF-8, a lone surrogate.
        const json = JSON.stringify(text)
        expect(unpackText(packText(json))).toBe(json)
      }),
    )
  })

  it('takes less than a quarter of the room of a receipt', () => {
    const text = JSON.stringify(sale)
    expect(packText(text).length).toBeLessThan(text.length / 4)
    expect(unpackJson(packText(text))).toEqual(sale)
  })

  it('is refused where its end is lost, or where it is none of ours', () => {
    const packed = packText(JSON.stringify(sale))
    expect(() => unpackText(packed.subarray(0, -10))).toThrow('unexpected end')
    expect(() => unpackText(Buffer.of(9, ...packed.subarray(1)))).toThrow('begins with 9')
    expect(() => unpackText(Buffer.alloc(0))).toThrow('begins with nothing')
  })
})
