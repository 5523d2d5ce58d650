import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusals } from './contract/problems.ts'
import { backOffMs, decide, retryAfterMs } from './retry.ts'

const limits = { firstMs: 500, mostMs: 120_000 }

describe('the back-off', () => {
  test('doubles from 0.5 s to 2 min, between half and all of it', () => {
    const fullAt = (failures: number) => backOffMs({ failures, limits, random: 0.999_999 })
    expect([1, 2, 3, 8, 9, 50].map(fullAt)).toEqual([500, 1_000, 2_000, 64_000, 120_000, 120_000])
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const ms = backOffMs({ failures, limits, random })
          expect(ms).toBeGreaterThanOrEqual(250)
          expect(ms).toBeLessThanOrEqual(120_000)
        },
      ),
    )
  })

  test('is never shorter than the server’s hint, and no server silences a till for more than an hour', () => {
    expect(backOffMs({ failures: 1, limits, random: 0, hintMs: 30_000 })).toBe(30_000)
    expect(backOffMs({ failures: 9, limits, random: 0, hintMs: 1 })).toBe(60_000)
    expect(backOffMs({ failures: 1, limits, random: 0, hintMs: 1e12 })).toBe(3_600_000)
  })
})

describe('the decision about a refused request', () => {
  test('parks only what the catalogue says is wrong with the document or the request itself', () => {
    for (const { code, retry, about } of refusals) {
      const parks = retry === 'never' && (about === 'document' || about === 'request')
      expect([code, decide(code, 1)]).toEqual([code, parks ? 'park' : 'wait'])
      expect([code, decide(code, 20)]).toEqual([code, parks ? 'split' : 'wait'])
    }
  })

  test('keeps the queue when the terminal is refused or the code is of a later catalogue', () => {
    expect(decide('terminal_revoked', 1)).toBe('wait')
    expect(decide('invented_next_year', 1)).toBe('wait')
  })
})

test.each([
  ['3', 3_000],
  ['0', 0],
  [null, undefined],
  ['soon', undefined],
  ['-1', undefined],
  ['Sat, 21 Nov 2026 10:00:05 GMT', 5_000],
  ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
])('a Retry-After of %s is %s ms', (header, ms) => {
  expect(retryAfterMs(header, Date.parse('2026-11-21T10:00:00.000Z'))).toBe(ms)
})
