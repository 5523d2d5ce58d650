import { describe, expect, test } from 'vitest'
import { moveColumn, noTaste, orderColumns, readTaste, widened } from './column-taste.ts'

describe('the columns as a person likes them', () => {
  test('are read from the browser, and what makes no sense there is passed over', () => {
    const taste = { hidden: ['staff'], order: ['paid'], widths: { paid: 120 } }
    expect(readTaste(JSON.stringify(taste))).toEqual(taste)
    for (const text of [null, '', 'null', '[]', '7', '{"hidden":"staff"}', '{"order":[1]}', '{"widths":{"a":"b"}}']) {
      expect(readTaste(text)).toEqual(noTaste)
    }
  })

  test('stand in their order; columns that came later follow, those that are gone are not missed', () => {
    expect(orderColumns(['a', 'b', 'c'], [])).toEqual(['a', 'b', 'c'])
    expect(orderColumns(['a', 'b', 'c'], ['c', 'gone', 'a'])).toEqual(['c', 'a', 'b'])
  })

  test('move by one place and not beyond the ends', () => {
    expect(moveColumn(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b'])
    expect(moveColumn(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c'])
    expect(moveColumn(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c'])
    expect(moveColumn(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c'])
    expect(moveColumn(['a', 'b', 'c'], 'x', 1)).toEqual(['a', 'b', 'c'])
  })

  test('are never so narrow that they are lost, nor so wide that they fill the screen', () => {
    expect(widened(noTaste, 'a', -5).widths).toEqual({ a: 48 })
    expect(widened(noTaste, 'a', 5000).widths).toEqual({ a: 640 })
    expect(widened(noTaste, 'a', 100.4).widths).toEqual({ a: 100 })
  })
})
