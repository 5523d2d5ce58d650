import type { Condition, FieldTest, Operand } from '../model/condition.ts'
import type { Field } from '../model/section.ts'
import type { SectionTexts } from '../model/texts.ts'
import type { ProgramInfo } from '../model/wire.ts'
import { currencySign, formatAmount, formatExact, formatLocalDate, formatNumber } from './format.ts'
import { words } from './language.ts'

/** What turns a condition into words: texts of the section, labels of what it refers to. */
export interface TextContext {
  readonly fields: Readonly<Record<string, Field>>
  readonly texts: SectionTexts
  readonly programs: readonly ProgramInfo[]
  readonly labels: ReadonlyMap<string, string>
  readonly zone: string
}

export const operatorText = (field: Field, operator: FieldTest['is']): string => {
  const { operators, dateOperators } = words.value.filter
  return field.type === 'instant' || field.type === 'date'
    ? (dateOperators[operator] ?? operators[operator])
    : operators[operator]
}

/** A relative period in words, with the everyday ones named. */
export const periodText = (operand: Operand): string => {
  const { periods, last, next } = words.value.filter
  if (typeof operand !== 'object') return ''
  if ('this' in operand) {
    const names = {
      day: periods.today,
      week: periods.thisWeek,
      month: periods.thisMonth,
      quarter: periods.thisQuarter,
      year: periods.thisYear,
    }
    return names[operand.this]
  }
  if ('last' in operand) return last(operand.last, operand.unit)
  return 'next' in operand ? next(operand.next, operand.unit) : ''
}

const valueText = (name: string, field: Field, value: string | number | boolean, context: TextContext): string => {
  switch (field.type) {
    case 'money': {
      const [amount, currency] = String(value).split(' ')
      return `${formatAmount(Number(amount))} ${currency === undefined ? '' : currencySign(currency)}`
    }
    case 'points':
    case 'integer':
    case 'quantity':
    case 'ppm':
      return formatNumber(Number(value), Number.isInteger(value) ? 0 : 2)
    case 'instant':
    case 'date':
      return String(value).length === 10
        ? formatLocalDate(String(value), { day: 'numeric', month: 'short', year: 'numeric' })
        : formatExact(String(value), context.zone)
    case 'choice':
    case 'state':
      return context.texts.choices[name]?.[String(value)] ?? String(value)
    case 'dictionary':
      return context.programs.map((program) => program.tiers[String(value)]).find(Boolean) ?? String(value)
    case 'ref':
      return context.labels.get(String(value)) ?? '…'
    case 'flag':
      return value === true ? words.value.filter.yes : words.value.filter.no
    case 'text':
      return `„${String(value)}”`
    case 'period':
    case 'rows':
    case 'file':
      return ''
  }
}

const operandText = (test: FieldTest, field: Field, context: TextContext): string => {
  const { value } = test
  if (value === undefined) return ''
  if (Array.isArray(value)) {
    const texts = value.map((each: string | number) => valueText(test.field, field, each, context))
    if (test.is === 'between') return `${texts[0] ?? ''} – ${texts[1] ?? ''}`
    const shown = texts.slice(0, 3).join(', ')
    return texts.length > 3 ? `${shown} +${texts.length - 3}` : shown
  }
  return typeof value === 'object'
    ? periodText(value)
    : valueText(test.field, field, value as string | number | boolean, context)
}

export interface TokenText {
  readonly label: string
  readonly operator: string
  readonly value: string
  /** The field is not there, or not for this person: the token is shown struck out. */
  readonly unknown: boolean
}

export const tokenText = (test: FieldTest, context: TextContext): TokenText => {
  const field = Object.hasOwn(context.fields, test.field) ? context.fields[test.field] : undefined
  if (field === undefined) return { label: test.field, operator: '', value: '', unknown: true }
  // "within last 30 days" says itself, and so does a single choice.
  const implied = test.is === 'within' || ((test.is === 'eq' || test.is === 'in') && field.type !== 'instant')
  return {
    label: context.texts.fields[test.field]?.label ?? test.field,
    operator: implied ? '' : operatorText(field, test.is),
    value: operandText(test, field, context),
    unknown: false,
  }
}

/** The whole condition as a sentence: what a screen reader hears and what stands on the printed page. */
export const sentenceOf = (condition: Condition, context: TextContext): string => {
  const { and, or, not } = words.value.filter
  if ('all' in condition) return condition.all.map((part) => sentenceOf(part, context)).join(` ${and} `)
  if ('any' in condition) return `(${condition.any.map((part) => sentenceOf(part, context)).join(` ${or} `)})`
  if ('not' in condition) return `${not} (${sentenceOf(condition.not, context)})`
  if (!('field' in condition)) return ''
  const { label, operator, value } = tokenText(condition, context)
  return [label, operator, value].filter((text) => text !== '').join(' ')
}
