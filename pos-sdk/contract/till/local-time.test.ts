import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localTime, periodsOf, utcOffsetMinutes } from './local-time.ts'

const runs = { numRuns: Number(process.env.FC_RUNS ?? 500) }
const zones = [
  'Europe/Warsaw',
  'Europe/Bucharest',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'UTC',
]

describe('local time', () => {
  test.each([
    ['the last minute of winter time', 'Europe/Warsaw', '2026-03-29T00:59:59.999Z', '2026-03-29', 119, 7],
    ['the first minute of summer time', 'Europe/Warsaw', '2026-03-29T01:00:00.000Z', '2026-03-29', 180, 7],
    ['the hour that comes twice, first', 'Europe/Warsaw', '2026-10-25T00:30:00.000Z', '2026-10-25', 150, 7],
    ['the hour that comes twice, second', 'Europe/Warsaw', '2026-10-25T01:30:00.000Z', '2026-10-25', 150, 7],
    ['new year in Bucharest', 'Europe/Bucharest', '2026-12-31T22:00:00.000Z', '2027-01-01', 0, 5],
    ['a leap day', 'Europe/Warsaw', '2028-02-28T23:00:00.000Z', '2028-02-29', 0, 2],
    ['before 1970', 'UTC', '1969-12-31T23:59:00.000Z', '1969-12-31', 1439, 3],
  ] as const)('%s', (_, zone, at, ...[date, minute, weekday]) => {
    expect(localTime(zone, Date.parse(at))).toEqual({ date, minute, weekday, holiday: false })
  })

  test('knows the holidays of the caller’s calendar', () => {
    const isHoliday = (date: string): boolean => date === '2026-11-11'
    expect(localTime('Europe/Warsaw', Date.parse('2026-11-10T23:30:00.000Z'), isHoliday).holiday).toBe(true)
    expect(localTime('Europe/Warsaw', Date.parse('2026-11-10T22:30:00.000Z'), isHoliday).holiday).toBe(false)
  })

  test('is what Intl says, at any instant of any zone', () => {
    const at = fc.integer({ min: Date.UTC(1990), max: Date.UTC(2060) })
    fc.assert(
      fc.property(fc.constantFrom(...zones), at, (zone, epochMs) => {
        const local = localTime(zone, epochMs)
        const told = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'short',
        }).format(epochMs)
        const two = (value: number): string => String(value).padStart(2, '0')
        expect(`${local.date} ${two(Math.floor(local.minute / 60))}:${two(local.minute % 60)}`).toBe(told)
        expect(local.weekday).toBe(new Date(`${local.date}T00:00:00Z`).getUTCDay() || 7)
        expect(periodsOf(zone, epochMs).day).toBe(local.date)
      }),
      runs,
    )
  })

  test('a zone that does not exist is refused', () => {
    expect(() => utcOffsetMinutes('Europe/Nowhere', 0)).toThrow(RangeError)
  })

  test('offsets follow the season and half hours', () => {
    expect(utcOffsetMinutes('Australia/Lord_Howe', Date.parse('2026-04-04T14:59:00.000Z'))).toBe(660)
    expect(utcOffsetMinutes('Australia/Lord_Howe', Date.parse('2026-04-04T15:00:00.000Z'))).toBe(630)
  })
})
