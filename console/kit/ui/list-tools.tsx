import { Columns3, Download, Printer } from 'lucide-preact'
import { useId, useState } from 'preact/hooks'
import type { Section } from '../model/section.ts'
import { address } from './api.ts'
import { language, words } from './language.ts'
import type { LoadedSection } from './section-page.ts'
import { useShell } from './shell-context.ts'
import type { ListQuestion } from './use-list.ts'

/** Columns a person does not want in this section; kept in the browser. */
export const useHiddenColumns = (
  section: Section,
): readonly [readonly string[], (hidden: readonly string[]) => void] => {
  const key = `premia-hidden-${section.name}`
  const [hidden, setHidden] = useState<readonly string[]>(() =>
    (localStorage.getItem(key) ?? '').split(',').filter((name) => name !== ''),
  )
  return [
    hidden,
    (next) => {
      localStorage.setItem(key, next.join(','))
      setHidden(next)
    },
  ]
}

interface ToolsProps {
  readonly loaded: LoadedSection
  readonly question: ListQuestion
  readonly available: readonly string[]
  readonly hidden: readonly string[]
  readonly onHide: (hidden: readonly string[]) => void
}

export const ListTools = ({ loaded, question, available, hidden, onHide }: ToolsProps) => {
  const text = words.value.list
  const { me } = useShell()
  const id = useId()
  const { section, scope, columns, filter, sort } = question
  const csv = address(`/api/sections/${section}/rows.csv`, {
    scope,
    filter,
    sort,
    columns: columns.join(','),
    language: language.value,
  })
  const toggle = (name: string): void => {
    const next = hidden.includes(name) ? hidden.filter((each) => each !== name) : [...hidden, name]
    // One column stays, whatever is hidden.
    if (available.some((each) => !next.includes(each))) onHide(next)
  }
  return (
    <div class="tools">
      <button type="button" class="icon-button" popovertarget={id} title={text.columns} aria-label={text.columns}>
        <Columns3 size={16} aria-hidden="true" />
      </button>
      <fieldset id={id} popover="auto" class="popover menu choices">
        <legend>{text.columns}</legend>
        {available.map((name) => (
          <label key={name}>
            <input type="checkbox" checked={!hidden.includes(name)} onChange={() => toggle(name)} />
            {loaded.texts.fields[name]?.label ?? name}
          </label>
        ))}
      </fieldset>
      {me.rights.includes('export') ? (
        <a class="icon-button" href={csv} download title={text.exportCsv} aria-label={text.exportCsv} target="_self">
          <Download size={16} aria-hidden="true" />
        </a>
      ) : null}
      <button type="button" class="icon-button" onClick={() => print()} title={text.print} aria-label={text.print}>
        <Printer size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
