import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { FieldTest, Operator } from '../model/condition.ts'
import { operatorsOf } from '../model/operators.ts'
import type { Field, FieldType } from '../model/section.ts'
import { words } from './language.ts'
import { DateValue, FigureValue, ListedValue, RefValue, TextValue } from './filter-values.tsx'
import type { EditorProps, ValueProps } from './filter-props.ts'
import { operatorText } from './filter-text.ts'

/** One comparison: which, and with what. Its value's control depends on the type of the field. */
export const FilterEditor = (props: EditorProps) => {
  const { test, context, onDone, onCancel } = props
  const text = words.value.filter
  const field = context.fields[test.field]
  const [operator, setOperator] = useState(test.is)
  const [value, setValue] = useState(test.value)
  if (field === undefined) return null
  // A choice needs no operator: one value or several say it themselves.
  const listed =
    field.type === 'choice' || field.type === 'state' || field.type === 'dictionary' || field.type === 'ref'
  const operators = operatorsOf(field).filter((each) => each !== 'in' || field.type !== 'text')
  const offered = listed ? operators.filter((each) => each !== 'eq') : operators
  const ready = operator === 'empty' || value !== undefined
  const submit = (event: Event): void => {
    event.preventDefault()
    if (!ready) return
    onDone(
      operator === 'empty' || value === undefined
        ? { field: test.field, is: operator }
        : { field: test.field, is: operator, value },
    )
  }
  const Value = controls[field.type] ?? FigureValue
  return (
    <form class="filter-editor" onSubmit={submit}>
      <strong>{context.texts.fields[test.field]?.label}</strong>
      {offered.length > 1 ? (
        <label class="field">
          <span>{text.operator}</span>
          <select
            value={operator}
            onChange={(event) => {
              setOperator(event.currentTarget.value as Operator)
              setValue(undefined)
            }}
          >
            {offered.map((each) => (
              <option key={each} value={each}>
                {operatorText(field, each)}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {operator === 'empty' ? null : (
        <Value
          key={operator}
          name={test.field}
          field={field}
          operator={operator}
          value={value}
          onChange={setValue}
          editor={props}
        />
      )}
      <div class="buttons">
        <button type="submit" class="button main" disabled={!ready}>
          {text.apply}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {text.cancel}
        </button>
      </div>
    </form>
  )
}

const controls: Readonly<Partial<Record<FieldType, (props: ValueProps) => JSX.Element>>> = {
  instant: DateValue,
  date: DateValue,
  choice: ListedValue,
  state: ListedValue,
  dictionary: ListedValue,
  flag: ListedValue,
  ref: RefValue,
  text: TextValue,
}

/** The comparison a fresh filter begins with. */
export const firstTest = (name: string, field: Field): FieldTest => {
  const operators = operatorsOf(field)
  const wanted: readonly Operator[] =
    field.type === 'instant' || field.type === 'date' ? ['within'] : ['in', 'contains', 'gte', 'eq']
  const listed = field.type !== 'text'
  const is = wanted.find((each) => operators.includes(each) && (each !== 'in' || listed)) ?? operators[0] ?? 'eq'
  return { field: name, is }
}
