import { useQuery } from '@tanstack/preact-query'
import { useState } from 'preact/hooks'
import { type Operand, scalarText } from '../model/condition.ts'
import type { RefCell } from '../model/wire.ts'
import { getJson } from './api.ts'
import type { ValueProps } from './filter-props.ts'
import { words } from './language.ts'
import { parseMinor, parseNumber } from './parse-number.ts'

/** One or two figures; money with its currency, because an amount without one means nothing. */
export const FigureValue = ({ field, operator, value, onChange, editor }: ValueProps) => {
  const text = words.value.filter
  const currencies = [...new Set(editor.context.programs.map((program) => program.currency))]
  const money = field.type === 'money'
  const given = Array.isArray(value) ? value : value === undefined ? [] : [value]
  const [currency, setCurrency] = useState(String(given[0] ?? '').split(' ')[1] ?? currencies[0] ?? '')
  const show = (operand: unknown): string =>
    operand === undefined ? '' : money ? String(Number(scalarText(operand).split(' ')[0]) / 100) : scalarText(operand)
  const [texts, setTexts] = useState<readonly string[]>([show(given[0]), show(given[1])])
  const change = (next: readonly string[], inCurrency: string): void => {
    setTexts(next)
    const figures = next.slice(0, operator === 'between' ? 2 : 1).map((each) => {
      const figure = money ? parseMinor(each) : parseNumber(each)
      if (figure === undefined || (field.type !== 'points' && !Number.isInteger(figure))) return undefined
      return money ? `${figure} ${inCurrency}` : figure
    })
    const whole = figures.every((each) => each !== undefined) ? (figures as (string | number)[]) : undefined
    onChange(operator === 'between' ? whole : whole?.[0])
  }
  return (
    <div class="figures-input">
      {(operator === 'between' ? [text.from, text.to] : [text.value]).map((label, index) => (
        <label key={label} class="field">
          <span>{label}</span>
          <input
            inputMode="decimal"
            autoComplete="off"
            value={texts[index]}
            onInput={(event) => change(texts.with(index, event.currentTarget.value), currency)}
          />
        </label>
      ))}
      {money ? (
        <label class="field">
          <span>{words.value.currency}</span>
          <select
            value={currency}
            onChange={(event) => {
              setCurrency(event.currentTarget.value)
              change(texts, event.currentTarget.value)
            }}
          >
            {currencies.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      ) : null}
    </div>
  )
}

export const TextValue = ({ value, onChange }: ValueProps) => (
  <label class="field">
    <span>{words.value.filter.value}</span>
    <input
      value={typeof value === 'string' ? value : ''}
      maxLength={300}
      autoComplete="off"
      onInput={(event) =>
        onChange(event.currentTarget.value.trim() === '' ? undefined : event.currentTarget.value.trim())
      }
    />
  </label>
)

const everydayPeriods: readonly (readonly [name: keyof typeof words.value.filter.periods, operand: Operand])[] = [
  ['today', { this: 'day' }],
  ['thisWeek', { this: 'week' }],
  ['thisMonth', { this: 'month' }],
  ['thisQuarter', { this: 'quarter' }],
  ['thisYear', { this: 'year' }],
  ['last7', { last: 7, unit: 'day' }],
  ['last30', { last: 30, unit: 'day' }],
  ['last90', { last: 90, unit: 'day' }],
  ['next30', { next: 30, unit: 'day' }],
]

/** A named period, or one or two days. */
export const DateValue = ({ operator, value, onChange }: ValueProps) => {
  const text = words.value.filter
  if (operator === 'within') {
    return (
      <fieldset class="choices">
        <legend class="unseen">{text.value}</legend>
        {everydayPeriods.map(([name, operand]) => (
          <label key={name}>
            <input
              type="radio"
              name="period"
              checked={JSON.stringify(value) === JSON.stringify(operand)}
              onChange={() => onChange(operand)}
            />
            {text.periods[name]}
          </label>
        ))}
      </fieldset>
    )
  }
  const given = Array.isArray(value) ? value.map(String) : [typeof value === 'string' ? value.slice(0, 10) : '', '']
  const change = (next: readonly string[]): void => {
    const whole = next.slice(0, operator === 'between' ? 2 : 1)
    if (whole.some((each) => each === '')) onChange(operator === 'between' ? next : undefined)
    else onChange(operator === 'between' ? next : next[0])
  }
  return (
    <div class="figures-input">
      {(operator === 'between' ? [text.from, text.to] : [text.value]).map((label, index) => (
        <label key={label} class="field">
          <span>{label}</span>
          <input
            type="date"
            value={given[index]}
            onInput={(event) => change(given.with(index, event.currentTarget.value))}
          />
        </label>
      ))}
    </div>
  )
}

/** Values known to code, or to the programs in scope. */
export const ListedValue = ({ name, field, value, onChange, editor }: ValueProps) => {
  const { texts, programs } = editor.context
  const options: readonly (readonly [string, string])[] =
    field.type === 'choice' || field.type === 'state'
      ? field.of.map((each) => [each, texts.choices[name]?.[each] ?? each] as const)
      : field.type === 'dictionary'
        ? [...new Map(programs.flatMap((program) => Object.entries(program.tiers)))]
        : [
            ['true', words.value.filter.yes],
            ['false', words.value.filter.no],
          ]
  const chosen = Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value as string)]
  const toggle = (option: string): void => {
    if (field.type === 'flag') return onChange(option === 'true')
    const next = chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option]
    onChange(next.length === 0 ? undefined : next)
  }
  return (
    <fieldset class="choices">
      <legend class="unseen">{words.value.filter.value}</legend>
      {options.map(([option, label]) => (
        <label key={option}>
          <input
            type={field.type === 'flag' ? 'radio' : 'checkbox'}
            checked={chosen.includes(option)}
            onChange={() => toggle(option)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}

/** Rows of another list, found by typing. */
export const RefValue = ({ name, value, onChange, editor }: ValueProps) => {
  const text = words.value.filter
  const [typed, setTyped] = useState('')
  const chosen = Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value as string)]
  const { data = [] } = useQuery({
    queryKey: ['options', editor.section, name, editor.scope, typed],
    queryFn: () =>
      getJson<readonly RefCell[]>(`/sections/${editor.section}/options/${name}`, { scope: editor.scope, text: typed }),
    placeholderData: (previous) => previous,
    staleTime: 60_000,
  })
  const known = chosen
    .filter((id) => !data.some((option) => option.id === id))
    .map((id) => ({ id, label: editor.context.labels.get(id) ?? '…' }))
  const toggle = (id: string): void => {
    const next = chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]
    onChange(next.length === 0 ? undefined : next)
  }
  return (
    <div>
      <label class="field">
        <span class="unseen">{text.value}</span>
        <input
          type="search"
          placeholder={text.choose}
          value={typed}
          autoComplete="off"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <fieldset class="choices scrolling">
        <legend class="unseen">{text.value}</legend>
        {[...known, ...data].map((option) => (
          <label key={option.id}>
            <input type="checkbox" checked={chosen.includes(option.id)} onChange={() => toggle(option.id)} />
            {option.label}
          </label>
        ))}
        {data.length + known.length === 0 ? <span class="muted">{text.noOption}</span> : null}
      </fieldset>
    </div>
  )
}
