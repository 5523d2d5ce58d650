import { addDays, lowestPriceBefore, type PriceSpan } from '@premia/rules'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinDays } from './spans.ts'

const FIRST = '2026-01-01'
const DAYS = 150
const dayOf = (number: number): string => addDays(FIRST, number)
const day = fc.integer({ min: 0, max: DAYS }).map(dayOf)
const sighting = fc.record({ day, unitPriceMinor: fc.constantFrom(700, 800, 900, 1_000) })
type Sighting = { readonly day: string; readonly unitPriceMinor: number }

/** The record of some sightings that come in this order, some at a time. */
const recorded = (sightings: readonly Sighting[], atATime: number): readonly PriceSpan[] => {
  const record = new Map<number, ReturnType<typeof joinDays>>()
  for (let from = 0; from < sightings.length; from += atATime) {
    const part = sightings.slice(from, from + atATime)
    for (const price of new Set(part.map(({ unitPriceMinor }) => unitPriceMinor))) {
      const days = part.filter(({ unitPriceMinor }) => unitPriceMinor === price).map((each) => each.day)
      record.set(price, joinDays(record.get(price) ?? [], days))
    }
  }
  return [...record].flatMap(([unitPriceMinor, spans]) => spans.map((span) => ({ ...span, unitPriceMinor })))
}

describe('days on which a price was seen', () => {
  it('become spans, one where no gap is longer than 30 days', () => {
    const days = ['2026-03-01', '2026-01-10', '2026-01-10', '2026-02-09', '2026-05-01']
    expect(joinDays([], days)).toEqual([
      { from: '2026-01-10', until: '2026-03-01' },
      { from: '2026-05-01', until: '2026-05-01' },
    ])
    expect(joinDays([{ from: '2026-01-01', until: '2026-01-05' }], ['2026-02-05'])).toHaveLength(2)
    expect(joinDays([{ from: '2026-01-01', until: '2026-01-05' }], ['2026-02-04'])).toHaveLength(1)
  })

  it('a late one that lies between two spans joins them', () => {
    const apart = [
      { from: '2026-01-01', until: '2026-01-01' },
      { from: '2026-02-20', until: '2026-02-25' },
    ]
    expect(joinDays(apart, ['2026-01-25'])).toEqual([{ from: '2026-01-01', until: '2026-02-25' }])
  })
})

describe('PRO-03: the record of prices', () => {
  it('is the same in whatever order, how often and in whatever batches the sales come', () => {
    const sightings = fc.array(sighting, { maxLength: 30 })
    fc.assert(
      fc.property(
        sightings.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray([...all, ...all.slice(0, 5)], { minLength: all.length + Math.min(5, all.length) }),
            fc.integer({ min: 1, max: 7 }),
          ),
        ),
        ([inOrder, shuffled, atATime]) => {
          const by = (a: PriceSpan, b: PriceSpan): number =>
            a.unitPriceMinor - b.unitPriceMinor || (a.from < b.from ? -1 : 1)
          expect([...recorded(shuffled, atATime)].sort(by)).toEqual([...recorded(inOrder, 1)].sort(by))
        },
      ),
    )
  })

  it('says of the 30 days before any date exactly which prices were seen on one of them', () => {
    fc.assert(
      fc.property(
        fc.array(sighting, { maxLength: 30 }),
        fc.integer({ min: 0, max: DAYS + 40 }),
        (sightings, number) => {
          const [first, last] = [dayOf(number - 30), dayOf(number - 1)]
          const seen = sightings.filter((each) => each.day >= first && each.day <= last)
          const spans = recorded(sightings, 3).filter(({ from, until }) => from <= last && until >= first)
          expect(new Set(spans.map(({ unitPriceMinor }) => unitPriceMinor))).toEqual(
            new Set(seen.map(({ unitPriceMinor }) => unitPriceMinor)),
          )
        },
      ),
    )
  })

  it('never tells more than what was really asked on one of these days, and nothing only where nothing was seen before', () => {
    fc.assert(
      fc.property(
        fc.array(sighting, { maxLength: 30 }),
        fc.integer({ min: 0, max: DAYS + 40 }),
        (sightings, number) => {
          const date = dayOf(number)
          const before = sightings.filter((each) => each.day < date)
          const lowest = lowestPriceBefore(recorded(sightings, 2), date)
          expect(lowest === undefined).toBe(before.length === 0)
          for (const { day: seen, unitPriceMinor } of before) {
            if (seen >= addDays(date, -30)) expect(lowest).toBeLessThanOrEqual(unitPriceMinor)
          }
          expect(before.some(({ unitPriceMinor }) => lowest === undefined || unitPriceMinor === lowest)).toBe(
            before.length > 0,
          )
        },
      ),
    )
  })

  it('does not let a price that came late hold on later days on which another was seen', () => {
    const shelf = Array.from({ length: 100 }, (_, number) => ({ day: dayOf(number), unitPriceMinor: 1_000 }))
    const late = { day: dayOf(20), unitPriceMinor: 700 }
    const lowestOn = (number: number): number | undefined =>
      lowestPriceBefore(recorded([...shelf, late], 10), dayOf(number))
    expect([20, 21, 50, 51, 99].map(lowestOn)).toEqual([1_000, 700, 700, 1_000, 1_000])
  })
})
