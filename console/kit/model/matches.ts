import { type Condition, type FieldTest, operandsOf, scalarText } from './condition.ts'
import { foldText } from './fold-text.ts'
import { type Clock, dateRange, instantRange } from './period.ts'
import { pointUnits } from './points-scale.ts'
import type { Field, Section } from './section.ts'
import type { Cell, MoneyCell, PointsCell, RefCell } from './wire.ts'

/** The condition in JS: the same answer as its SQL for the same row. Two-valued: a missing value fails every test but `empty`. */
export const matches = (
  condition: Condition,
  cells: Readonly<Record<string, Cell>>,
  context: { readonly section: Section; readonly clock: Clock },
): boolean => {
  if ('all' in condition) return condition.all.every((part) => matches(part, cells, context))
  if ('any' in condition) return condition.any.some((part) => matches(part, cells, context))
  if ('not' in condition) return !matches(condition.not, cells, context)
  if ('field' in condition) {
    const field = context.section.fields[condition.field]
    if (field === undefined) throw new TypeError(`no field ${condition.field} in ${context.section.name}`)
    return passes(condition, field, cells[condition.field] ?? null, context.clock)
  }
  throw new TypeError('relations and segments are not compiled yet')
}

const passes = (test: FieldTest, field: Field, cell: Cell, clock: Clock): boolean => {
  const missing = cell === null
  if (test.is === 'empty') return missing
  if (missing) return false
  switch (field.type) {
    case 'text':
      return passesText(test, cell as string)
    case 'money':
      return passesMoney(test, cell as MoneyCell)
    case 'points':
      return ordered(test, (cell as PointsCell).points, (value) =>
        pointUnits(Number(value), (cell as PointsCell).scale),
      )
    case 'integer':
    case 'quantity':
    case 'ppm':
      return ordered(test, cell as number, Number)
    case 'date': {
      const { from, until } = dateRange(test, clock)
      return (from === undefined || from <= (cell as string)) && (until === undefined || (cell as string) < until)
    }
    case 'instant': {
      const { fromMs, untilMs } = instantRange(test, clock)
      const at = Date.parse(cell as string)
      return (fromMs === undefined || fromMs <= at) && (untilMs === undefined || at < untilMs)
    }
    case 'flag':
      return cell === test.value
    case 'ref':
      return Array.isArray(cell)
        ? cell.some((each: RefCell) => chosen(test, each.id))
        : chosen(test, (cell as RefCell).id)
    case 'choice':
    case 'state':
    case 'dictionary':
      return chosen(test, cell as string)
    case 'period':
    case 'rows':
    case 'file':
      return false
  }
}

const chosen = (test: FieldTest, value: string): boolean =>
  test.is === 'in' ? (test.value as readonly string[]).includes(value) : test.value === value

const passesText = (test: FieldTest, text: string): boolean => {
  if (test.is === 'contains') return foldText(text).includes(foldText(scalarText(test.value)))
  if (test.is === 'startsWith') return foldText(text).startsWith(foldText(scalarText(test.value)))
  return chosen(test, text)
}

/** Money compares only within its currency: another one is as good as missing. */
const passesMoney = (test: FieldTest, cell: MoneyCell): boolean => {
  if (operandsOf(test).some((each) => !scalarText(each).endsWith(` ${cell.currency}`))) return false
  return ordered(test, cell.amountMinor, (operand) => Number(scalarText(operand).split(' ')[0]))
}

const ordered = (test: FieldTest, value: number, read: (operand: unknown) => number): boolean => {
  const [first = Number.NaN, last = Number.NaN] = operandsOf(test).map(read)
  if (test.is === 'eq') return value === first
  if (test.is === 'lt') return value < first
  if (test.is === 'lte') return value <= first
  if (test.is === 'gt') return value > first
  if (test.is === 'gte') return value >= first
  return value >= first && value <= last
}
