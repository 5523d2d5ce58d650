import type { EvaluationInput, LineFacts } from '../sale.ts'

/** The wire allows 2,000 lines a sale. */
const LINES_MAX = 2_000
/** Far above any sale, and low enough that no sum over a sale leaves the safe range. */
const AMOUNT_MAX = 1_000_000_000_000

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= AMOUNT_MAX

const isRight = (line: LineFacts): boolean =>
  Number.isSafeInteger(line.number) &&
  isAmount(line.quantityMilli) &&
  line.quantityMilli > 0 &&
  isAmount(line.unitPriceMinor) &&
  isAmount(line.grossMinor) &&
  isAmount(line.reductionMinor) &&
  isAmount(line.reimbursedMinor) &&
  (line.lowestPrices === undefined || Object.values(line.lowestPrices).every(isAmount))

/** Phase 0: checks the input and puts the lines into the order of their numbers. Throws `RangeError`. */
export const linesInOrder = (input: EvaluationInput): readonly LineFacts[] => {
  const { lines } = input
  if (lines.length > LINES_MAX) throw new RangeError(`a sale has at most ${LINES_MAX} lines`)
  if (!isAmount(input.basketReductionMinor)) throw new RangeError('the basket reduction is whole and not negative')
  if (!(input.at.minute >= 0 && input.at.minute < 1440)) throw new RangeError('a minute of the day is 0 to 1439')
  let sorted = true
  let before = -Infinity
  for (const line of lines) {
    const { number } = line
    if (!isRight(line))
      throw new RangeError(`line ${number}: amounts are whole and not negative, a quantity is positive`)
    if (number <= before) sorted = false
    before = number
  }
  if (sorted) return lines
  const inOrder = [...lines].sort((a, b) => a.number - b.number)
  inOrder.forEach((line, index) => {
    if (line.number === inOrder[index + 1]?.number) throw new RangeError(`line ${line.number} is there twice`)
  })
  return inOrder
}
