import type { Operator } from './condition.ts'
import type { Field, FieldType } from './section.ts'

const ordered = ['eq', 'lt', 'lte', 'gt', 'gte', 'between', 'empty'] as const
const dates = [...ordered, 'within'] as const
const chosen = ['eq', 'in', 'empty'] as const

const byType: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: ['eq', 'in', 'contains', 'startsWith', 'empty'],
  integer: ordered,
  quantity: ordered,
  points: ordered,
  ppm: ordered,
  money: ordered,
  date: dates,
  instant: dates,
  choice: chosen,
  state: chosen,
  ref: chosen,
  dictionary: chosen,
  flag: ['eq'],
  period: [],
  rows: [],
  file: [],
}

/** How a field may be compared. A text with an index is compared as a whole or by its beginning at most. */
export const operatorsOf = (field: Field): readonly Operator[] => {
  if ((field.filter ?? 'no') === 'no') return []
  const operators = byType[field.type]
  const many = (field.type === 'ref' || field.type === 'dictionary') && field.many === true
  if (many) return operators.filter((operator) => operator !== 'empty')
  return field.type === 'text' && field.filter === 'indexed'
    ? operators.filter((operator) => operator === 'eq' || operator === 'in')
    : operators
}
