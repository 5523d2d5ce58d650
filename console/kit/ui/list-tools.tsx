import { ChevronDown, ChevronUp, Columns3, Download, Minus, Plus, Printer } from 'lucide-preact'
import type { FunctionComponent } from 'preact'
import { useId } from 'preact/hooks'
import { address } from './api.ts'
import { type ColumnTaste, moveColumn, noTaste, widened } from './column-taste.ts'
import { startExport } from './exports.tsx'
import { language, words } from './language.ts'
import type { LoadedSection } from './section-page.ts'
import { useShell } from './shell-context.ts'
import { type ListQuestion, useCount } from './use-list.ts'

interface ToolsProps {
  readonly loaded: LoadedSection
  readonly question: ListQuestion
  /** All columns the person may see, in their order. */
  readonly available: readonly string[]
  readonly taste: ColumnTaste
  readonly onTaste: (taste: ColumnTaste) => void
  readonly onPrint: () => void
}

export const ListTools = (props: ToolsProps) => {
  const { question } = props
  const text = words.value.list
  const { me } = useShell()
  const id = useId()
  const { section, scope, columns, filter, sort } = question
  const { data: of } = useCount(question, false)
  const path = address(`/sections/${section}/rows.csv`, {
    scope,
    filter,
    sort,
    columns: columns.join(','),
    language: language.value,
  })
  return (
    <div class="tools">
      <button type="button" class="icon-button" popovertarget={id} title={text.columns} aria-label={text.columns}>
        <Columns3 size={16} aria-hidden="true" />
      </button>
      <ColumnChoices id={id} {...props} />
      {me.rights.includes('export') ? (
        <button
          type="button"
          class="icon-button"
          title={text.exportCsv}
          aria-label={text.exportCsv}
          onClick={() => void startExport({ path, title: props.loaded.texts.title, of })}
        >
          <Download size={16} aria-hidden="true" />
        </button>
      ) : null}
      <button type="button" class="icon-button" onClick={props.onPrint} title={text.print} aria-label={text.print}>
        <Printer size={16} aria-hidden="true" />
      </button>
    </div>
  )
}

interface OrderProps {
  readonly loaded: LoadedSection
  readonly available: readonly string[]
  readonly sort: string
  readonly onSort: (sort: string) => void
}

/** The order of a list that shows no heads to press. */
export const OrderChoice = ({ loaded, available, sort, onSort }: OrderProps) => {
  const { section, texts } = loaded
  const orders = available
    .filter((name) => section.fields[name]?.sort === true)
    .flatMap((name) => [`-${name}`, name])
    .map((value) => {
      const name = value.replace('-', '')
      return { value, label: `${texts.fields[name]?.label ?? name} ${value === name ? '↑' : '↓'}` }
    })
  if (orders.length === 0) return null
  return (
    <select
      class="order"
      aria-label={words.value.list.order}
      value={sort}
      onChange={(event) => onSort(event.currentTarget.value)}
    >
      {orders.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  )
}

const step = 24

/** Which columns, in which order, how wide: everything the mouse can do at the head of the table, too. */
const ColumnChoices = ({ id, loaded, available, taste, onTaste }: ToolsProps & { readonly id: string }) => {
  const text = words.value.list
  const { hidden, widths } = taste
  const toggle = (name: string): void => {
    const next = hidden.includes(name) ? hidden.filter((each) => each !== name) : [...hidden, name]
    // One column stays, whatever is hidden.
    if (available.some((each) => !next.includes(each))) onTaste({ ...taste, hidden: next })
  }
  const turn = (name: string, by: number): void => {
    const now = widths[name] ?? document.querySelector(`.head [data-column="${name}"]`)?.clientWidth ?? 120
    onTaste(widened(taste, name, now + by))
  }
  return (
    <fieldset id={id} popover="auto" class="popover menu choices">
      <legend>{text.columns}</legend>
      {available.map((name, index) => {
        const label = loaded.texts.fields[name]?.label ?? name
        const shown = !hidden.includes(name)
        return (
          <div key={name} class="choice">
            <label>
              <input type="checkbox" checked={shown} onChange={() => toggle(name)} />
              {label}
            </label>
            <Turn
              icon={ChevronUp}
              label={text.column.earlier(label)}
              disabled={index === 0}
              onTurn={() => onTaste({ ...taste, order: moveColumn(available, name, -1) })}
            />
            <Turn
              icon={ChevronDown}
              label={text.column.later(label)}
              disabled={index === available.length - 1}
              onTurn={() => onTaste({ ...taste, order: moveColumn(available, name, 1) })}
            />
            <Turn icon={Minus} label={text.column.narrower(label)} disabled={!shown} onTurn={() => turn(name, -step)} />
            <Turn icon={Plus} label={text.column.wider(label)} disabled={!shown} onTurn={() => turn(name, step)} />
          </div>
        )
      })}
      <button type="button" class="quiet" onClick={() => onTaste(noTaste)}>
        {text.column.reset}
      </button>
    </fieldset>
  )
}

interface TurnProps {
  readonly icon: FunctionComponent<{ size: number }>
  readonly label: string
  readonly disabled: boolean
  readonly onTurn: () => void
}

const Turn = ({ icon: Icon, label, disabled, onTurn }: TurnProps) => (
  <button type="button" class="turn" title={label} aria-label={label} disabled={disabled} onClick={onTurn}>
    <Icon size={14} aria-hidden="true" />
  </button>
)
