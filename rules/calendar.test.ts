import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  dateOfDay,
  dayNumber,
  expiresOn,
  isoWeek,
  lowestPriceBefore,
  periodKeys,
  weekday,
} from './index.ts'
import { runs } from './testing/arbitrary-parts.ts'

const days = fc.integer({ min: dayNumber('1970-01-01'), max: dayNumber('2199-12-31') })

describe('expiry', () => {
  test('one month from 31 January ends with the last day of February', () => {
    expect(expiresOn({ kind: 'afterMonths', months: 1 }, '2026-01-31')).toBe('2026-02-28')
    expect(expiresOn({ kind: 'afterMonths', months: 1 }, '2028-01-31')).toBe('2028-02-29')
  })
  test('rounding is applied after the addition', () => {
    expect(expiresOn({ kind: 'afterMonths', months: 12, endOf: 'year' }, '2026-03-10')).toBe('2027-12-31')
    expect(expiresOn({ kind: 'afterMonths', months: 1, endOf: 'month' }, '2026-01-31')).toBe('2026-02-28')
  })
  test('days, a fixed date, and never', () => {
    expect(expiresOn({ kind: 'afterDays', days: 60 }, '2026-11-21')).toBe('2027-01-20')
    expect(expiresOn({ kind: 'onDate', date: '2026-12-31' }, '2026-11-21')).toBe('2026-12-31')
    expect(expiresOn({ kind: 'never' }, '2026-11-21')).toBeNull()
  })
})

describe('the lowest price of the 30 days before a cut', () => {
  const span = (from: string, until: string, unitPriceMinor: number) => ({ from, until, unitPriceMinor })
  const prices = [
    span('2026-08-01', '2026-09-29', 700),
    span('2026-10-01', '2026-11-05', 1200),
    span('2026-11-05', '2026-11-05', 900),
    span('2026-11-08', '2026-11-20', 1100),
    span('2026-11-21', '2026-11-30', 500),
  ]
  test('is the lowest that was asked on one of them, not the price of the cut itself', () => {
    expect(lowestPriceBefore(prices, '2026-11-21')).toBe(900)
    expect(lowestPriceBefore(prices.toReversed(), '2026-11-21')).toBe(900)
  })
  test('knows every price that was asked on the first of them, and none from before', () => {
    expect(lowestPriceBefore(prices, '2026-12-05')).toBe(500)
    expect(lowestPriceBefore(prices.slice(0, 4), '2026-12-05')).toBe(900)
    expect(lowestPriceBefore(prices.slice(0, 4), '2026-12-07')).toBe(900)
    expect(lowestPriceBefore(prices.slice(0, 4), '2026-12-08')).toBe(1100)
    expect(lowestPriceBefore(prices, '2026-10-20')).toBe(700)
    expect(lowestPriceBefore(prices, '2026-10-31')).toBe(1200)
  })
  test('takes what was asked last where nothing is known of the first of them', () => {
    expect(lowestPriceBefore(prices, '2026-10-30')).toBe(700)
    expect(lowestPriceBefore(prices.slice(0, 1), '2026-11-21')).toBe(700)
    expect(lowestPriceBefore(prices.slice(0, 3), '2026-12-31')).toBe(900)
  })
  test('is unknown where no price is known', () => {
    expect(lowestPriceBefore(prices, '2026-08-01')).toBeUndefined()
    expect(lowestPriceBefore([], '2026-08-01')).toBeUndefined()
  })
})

describe('calendar', () => {
  test('a date that is none is an error', () => {
    for (const date of [
      '2026-02-29',
      '2026-02-30',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '26-01-01',
      '2026-1-1',
      '2026-01-01Z',
    ]) {
      expect(() => dayNumber(date)).toThrow(RangeError)
    }
  })
  test('periods of the first days of a year', () => {
    expect(periodKeys('2027-01-01')).toEqual({
      day: '2027-01-01',
      week: '2026-W53',
      month: '2027-01',
      quarter: '2027-Q1',
      year: '2027',
    })
    expect(isoWeek('2024-12-30')).toBe('2025-W01')
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28')
  })
  test('equals the platform’s calendar on every day of 230 years', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -40_000, max: 40_000 }), (day, more) => {
        const date = dateOfDay(day)
        const platform = new Date(day * 86_400_000)
        expect(date).toBe(platform.toISOString().slice(0, 10))
        expect(weekday(date)).toBe(platform.getUTCDay() || 7)
        expect(addDays(addDays(date, more), -more)).toBe(date)
      }),
      { numRuns: runs(1000) },
    )
  })
})
