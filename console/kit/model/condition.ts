/** One tree for filters, views, segments, form logic, reports and classes. Two-valued: a test on a missing value is false. */
export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year'
export type Operand =
  | string
  | number
  | boolean
  | readonly (string | number)[]
  | { readonly field: string }
  | { readonly me: true }
  | { readonly myTeam: true }
  | { readonly parameter: string }
  | { readonly last: number; readonly unit: Unit }
  | { readonly next: number; readonly unit: Unit }
  | { readonly this: Unit }
export type Operator =
  | 'eq'
  | 'in'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'between'
  | 'contains'
  | 'startsWith'
  | 'within'
  | 'empty'
/** One field compared with one operand. */
export interface FieldTest {
  readonly field: string // 'status', 'company.industry', 'custom.c_size'
  readonly is: Operator
  readonly value?: Operand
}
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | FieldTest
  | {
      readonly related: string
      readonly has: 'some' | 'none' | { readonly atLeast: number }
      readonly where?: Condition
    }
  | { readonly segment: string }

/** A single operand as text; lists and relative periods are read by their own functions. */
export const scalarText = (operand: unknown): string =>
  typeof operand === 'string' || typeof operand === 'number' || typeof operand === 'boolean' ? String(operand) : ''

/** The operands of a comparison: the two of `between`, those of `in`, or the one. */
export const operandsOf = (test: FieldTest): readonly (string | number | boolean)[] => {
  const { value } = test
  if (Array.isArray(value)) return value as readonly (string | number)[]
  return typeof value === 'object' || value === undefined ? [] : [value]
}

/** True for every row. */
export const everything: Condition = { all: [] }

export const conditionLimits = { depth: 6, tests: 100, listed: 1_000, urlCharacters: 2_000 } as const
