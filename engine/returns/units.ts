import type { Line } from '@premia/pos-sdk/contract/till'
import type { ReturnedUnits } from '@premia/rules'

/** A line of the sale, as far as the program keeps it. */
export type SoldLine = Pick<Line, 'number' | 'quantityMilli' | 'product'>
export type ReturnedLine = Pick<Line, 'number' | 'quantityMilli' | 'product' | 'originalLine'>

export interface MatchedUnits {
  /** At most what had not come back yet, in the order of the sale's lines. */
  readonly units: readonly ReturnedUnits[]
  /** Numbers of the return's lines whose line of the sale nobody knows. */
  readonly unknown: readonly number[]
  /** Numbers of the return's lines that bring more than was left. */
  readonly tooMany: readonly number[]
}

/**
 * Which units of a sale a return brings back. A line that names none of the sale's is matched by its product, first sold
 * first; more than was sold, less what came back before, comes back no second time.
 */
export const matchUnits = (
  sold: readonly SoldLine[],
  before: Readonly<Record<number, number>>,
  lines: readonly ReturnedLine[],
): MatchedUnits => {
  const back = new Map<number, number>()
  const left = (line: SoldLine): number =>
    line.quantityMilli - (before[line.number] ?? 0) - (back.get(line.number) ?? 0)
  const unknown: number[] = []
  const tooMany: number[] = []
  for (const { number, quantityMilli, originalLine, product } of lines) {
    const candidates =
      originalLine === undefined
        ? sold.filter((line) => product !== undefined && line.product?.code === product.code)
        : sold.filter((line) => line.number === originalLine)
    if (candidates.length === 0) unknown.push(number)
    let wanted: number = candidates.length === 0 ? 0 : quantityMilli
    for (const line of candidates) {
      const taken = Math.min(wanted, left(line))
      if (taken > 0) back.set(line.number, (back.get(line.number) ?? 0) + taken)
      wanted -= Math.max(0, taken)
    }
    if (wanted > 0) tooMany.push(number)
  }
  const units = [...back].sort(([a], [b]) => a - b).map(([line, quantityMilli]) => ({ line, quantityMilli }))
  return { units, unknown, tooMany }
}

/** Thousandths of each line that returns have brought back. */
export const returnedOf = (
  returns: readonly { readonly units: readonly ReturnedUnits[] }[],
): Record<number, number> => {
  const returned: Record<number, number> = {}
  for (const { units } of returns) {
    for (const { line, quantityMilli } of units) returned[line] = (returned[line] ?? 0) + quantityMilli
  }
  return returned
}
