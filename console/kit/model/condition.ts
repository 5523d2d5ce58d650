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

/** True for every row. */
export const everything: Condition = { all: [] }

export const conditionLimits = { depth: 6, tests: 100, listed: 1_000, urlCharacters: 2_000 } as const
