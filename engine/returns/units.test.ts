import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchUnits, type ReturnedLine, returnedOf, type SoldLine } from './units.ts'

const runs = Number(process.env['FC_RUNS'] ?? 500)

/** A line as `number quantity product`. */
const sold = (text: string): SoldLine => {
  const [number, quantityMilli, code] = text.split(' ')
  const product = code === undefined ? undefined : { product: { code } }
  return { number: Number(number), quantityMilli: Number(quantityMilli), ...product } as unknown as SoldLine
}
/** A line as `number quantity originalLine`, or with a product behind `p`. */
const back = (text: string): ReturnedLine => {
  const [number, quantityMilli, named = ''] = text.split(' ')
  const of = named.startsWith('p') ? { product: { code: named } } : { originalLine: Number(named) }
  return { number: Number(number), quantityMilli: Number(quantityMilli), ...of } as unknown as ReturnedLine
}

describe('units of a return', () => {
  it('TRX-05: are those of the line they name, also a part of what was weighed', () => {
    const found = matchUnits([sold('1 1200 p1'), sold('2 3000 p2')], {}, [back('1 375 1'), back('2 1000 2')])
    expect(found).toEqual({
      units: [
        { line: 1, quantityMilli: 375 },
        { line: 2, quantityMilli: 1_000 },
      ],
      unknown: [],
      tooMany: [],
    })
  })

  it('that name no line are found by their product, first sold first', () => {
    const lines = [sold('1 1000 p1'), sold('2 1000 p2'), sold('3 2000 p1')]
    expect(matchUnits(lines, { 1: 500 }, [back('1 1500 p1')]).units).toEqual([
      { line: 1, quantityMilli: 500 },
      { line: 3, quantityMilli: 1_000 },
    ])
  })

  it('that nobody sold, or more than were sold, say so and come back as far as they can', () => {
    const found = matchUnits([sold('1 2000 p1')], { 1: 1_000 }, [
      back('1 1000 7'),
      back('2 1500 1'),
      back('3 1 1'),
      back('4 1 p9'),
    ])
    expect(found).toEqual({ units: [{ line: 1, quantityMilli: 1_000 }], unknown: [1, 4], tooMany: [2, 3] })
  })

  it('of any returns together are never more than were sold, and all of them when enough comes', () => {
    const quantity = fc.integer({ min: 1, max: 5_000 })
    const lines = fc.array(fc.tuple(quantity, fc.constantFrom('p1', 'p2')), { minLength: 1, maxLength: 4 })
    const returns = fc.array(
      fc.array(fc.tuple(quantity, fc.constantFrom('1', '2', '3', 'p1', 'p2', 'p3')), { maxLength: 3 }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(lines, returns, (drawn, brought) => {
        const all = drawn.map(([milli, code], index) => sold(`${index + 1} ${milli} ${code}`))
        let before: Record<number, number> = {}
        const take = (list: readonly ReturnedLine[]): void => {
          const { units } = matchUnits(all, before, list)
          for (const { quantityMilli } of units) expect(quantityMilli).toBeGreaterThan(0)
          before = returnedOf([
            { units },
            { units: Object.entries(before).map(([line, milli]) => ({ line: Number(line), quantityMilli: milli })) },
          ])
          for (const { number, quantityMilli } of all) expect(before[number] ?? 0).toBeLessThanOrEqual(quantityMilli)
        }
        for (const each of brought) take(each.map(([milli, name], index) => back(`${index + 1} ${milli} ${name}`)))
        take(all.map(({ number, quantityMilli }) => back(`${number} ${quantityMilli} ${number}`)))
        expect(before).toEqual(Object.fromEntries(all.map(({ number, quantityMilli }) => [number, quantityMilli])))
      }),
      { numRuns: runs },
    )
  })
})
