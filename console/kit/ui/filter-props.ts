import type { FieldTest, Operand, Operator } from '../model/condition.ts'
import type { Field } from '../model/section.ts'
import type { TextContext } from './filter-text.ts'

export interface EditorProps {
  readonly section: string
  readonly scope: string | undefined
  readonly test: FieldTest
  readonly context: TextContext
  readonly onDone: (test: FieldTest) => void
  readonly onCancel: () => void
}

export interface ValueProps {
  readonly name: string
  readonly field: Field
  readonly operator: Operator
  readonly value: Operand | undefined
  readonly onChange: (value: Operand | undefined) => void
  readonly editor: EditorProps
}
