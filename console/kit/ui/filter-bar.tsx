import { useQuery } from '@tanstack/preact-query'
import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import type { Condition, FieldTest } from '../model/condition.ts'
import { foldText } from '../model/fold-text.ts'
import { operatorsOf } from '../model/operators.ts'
import type { Field } from '../model/section.ts'
import type { RefCell } from '../model/wire.ts'
import { getJson } from './api.ts'
import { FilterEditor, firstTest } from './filter-editor.tsx'
import { sentenceOf, type TextContext, tokenText } from './filter-text.ts'
import { useKeys } from './keys.ts'
import { words } from './language.ts'
import type { LoadedSection } from './section-page.ts'
import { useShell } from './shell-context.ts'

interface FilterBarProps {
  readonly loaded: LoadedSection
  readonly parts: readonly Condition[]
  readonly onChange: (parts: readonly Condition[]) => void
}

const isTest = (part: Condition): part is FieldTest => 'field' in part

/** Labels of the rows that a filter names by id. */
const useLabels = (loaded: LoadedSection, parts: readonly Condition[]): ReadonlyMap<string, string> => {
  const { scope } = useShell()
  const { section } = loaded
  const wanted = parts.flatMap((part) => {
    if (!isTest(part) || section.fields[part.field]?.type !== 'ref' || part.value === undefined) return []
    const ids = (Array.isArray(part.value) ? part.value : [part.value]).map(String)
    return ids.length === 0 ? [] : [{ field: part.field, ids }]
  })
  const { data } = useQuery({
    queryKey: ['labels', section.name, scope, JSON.stringify(wanted)],
    queryFn: async () => {
      const answers = await Promise.all(
        wanted.map(({ field, ids }) =>
          getJson<readonly RefCell[]>(`/sections/${section.name}/options/${field}`, { scope, ids: ids.join(',') }),
        ),
      )
      return answers.flat()
    },
    enabled: wanted.length > 0,
    placeholderData: (previous) => previous,
    staleTime: 300_000,
  })
  return useMemo(() => new Map(data?.map((each) => [each.id, each.label])), [data])
}

/** The person's fields: those with personal data are not there for who may not see them. */
export const useFields = (loaded: LoadedSection): Readonly<Record<string, Field>> => {
  const { me } = useShell()
  const personal = me.rights.includes('personal')
  return useMemo(
    () =>
      Object.fromEntries(
        Object.entries(loaded.section.fields).filter(([, field]) => personal || field.personal !== true),
      ),
    [loaded.section, personal],
  )
}

export const useTextContext = (loaded: LoadedSection, parts: readonly Condition[]): TextContext => {
  const { programs, zone } = useShell()
  return { fields: useFields(loaded), texts: loaded.texts, programs, zone, labels: useLabels(loaded, parts) }
}

/** Tokens and one field to add another: type a column's name, choose a comparison. The same tree a saved view holds. */
export const FilterBar = ({ loaded, parts, onChange }: FilterBarProps) => {
  const text = words.value.list
  const { scope } = useShell()
  const context = useTextContext(loaded, parts)
  const [editing, setEditing] = useState<{ readonly index: number; readonly test: FieldTest } | undefined>()
  const input = useRef<HTMLInputElement>(null)
  useKeys({
    '/': () => {
      input.current?.focus()
      // What can be chosen is seen before anything is typed.
      input.current?.click()
    },
  })
  const finish = (): void => {
    setEditing(undefined)
    input.current?.focus()
  }
  return (
    <div class="filter-bar" role="search" aria-label={text.filter}>
      <span class="unseen" id="filter-sentence">
        {parts.length === 0 ? text.filter : sentenceOf({ all: parts }, context)}
      </span>
      {parts.map((part, index) => (
        <Token
          key={JSON.stringify(part)}
          part={part}
          context={context}
          onEdit={() => isTest(part) && setEditing({ index, test: part })}
          onRemove={() => {
            onChange(parts.filter((_, at) => at !== index))
            input.current?.focus()
          }}
        />
      ))}
      <FieldPicker
        inputRef={input}
        context={context}
        onPick={(name, field) => setEditing({ index: parts.length, test: firstTest(name, field) })}
        onBackspace={() => parts.length > 0 && onChange(parts.slice(0, -1))}
      />
      {parts.length > 1 ? (
        <button type="button" class="quiet" onClick={() => onChange([])}>
          {text.clear}
        </button>
      ) : null}
      {editing === undefined ? null : (
        <EditorPopover onClose={finish}>
          <FilterEditor
            key={`${editing.index}${editing.test.field}`}
            section={loaded.section.name}
            scope={scope}
            test={editing.test}
            context={context}
            onCancel={finish}
            onDone={(test) => {
              onChange(editing.index < parts.length ? parts.with(editing.index, test) : [...parts, test])
              finish()
            }}
          />
        </EditorPopover>
      )}
    </div>
  )
}

const EditorPopover = ({
  children,
  onClose,
}: {
  readonly children: ComponentChildren
  readonly onClose: () => void
}) => {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('select, input')?.focus()
    const away = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onClose()
    }
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [])
  return (
    <div
      ref={box}
      class="popover filter-popover"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      {children}
    </div>
  )
}

interface TokenProps {
  readonly part: Condition
  readonly context: TextContext
  readonly onEdit: () => void
  readonly onRemove: () => void
}

const Token = ({ part, context, onEdit, onRemove }: TokenProps) => {
  const text = words.value
  const shown = isTest(part)
    ? tokenText(part, context)
    : { label: sentenceOf(part, context), operator: '', value: '', unknown: false }
  return (
    <span class={`token ${shown.unknown ? 'unknown' : ''}`}>
      <button
        type="button"
        class="token-text"
        onClick={onEdit}
        title={shown.unknown ? text.filter.unknown(shown.label) : undefined}
      >
        <span class="token-label">{shown.label}</span> {shown.operator === '' ? '' : `${shown.operator} `}
        <strong>{shown.value}</strong>
      </button>
      <button type="button" class="token-remove" aria-label={text.list.remove(shown.label)} onClick={onRemove}>
        ×
      </button>
    </span>
  )
}

interface PickerProps {
  readonly inputRef: RefObject<HTMLInputElement | null>
  readonly context: TextContext
  readonly onPick: (name: string, field: Field) => void
  readonly onBackspace: () => void
}

const FieldPicker = ({ inputRef, context, onPick, onBackspace }: PickerProps) => {
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const listId = useId()
  const offered = Object.entries(context.fields).filter(
    ([name, field]) =>
      operatorsOf(field).length > 0 && foldText(context.texts.fields[name]?.label ?? name).includes(foldText(typed)),
  )
  const pick = (index: number): void => {
    const found = offered[index]
    if (found === undefined) return
    setTyped('')
    setOpen(false)
    onPick(...found)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setOpen(true)
      setAt((index) =>
        Math.max(0, Math.min(offered.length - 1, index + (event.key === 'ArrowDown' ? (open ? 1 : 0) : -1))),
      )
    } else if (event.key === 'Enter' && !open) setOpen(true)
    else if (event.key === 'Enter') pick(at)
    else if (event.key === 'Escape' && open) setOpen(false)
    else if (event.key === 'Escape') document.getElementById('rows')?.focus()
    else if (event.key === 'Backspace' && typed === '') onBackspace()
    else return
    event.preventDefault()
  }
  return (
    <span class="picker">
      <input
        ref={inputRef}
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && offered.length > 0 ? `${listId}-${at}` : undefined}
        aria-label={words.value.list.addFilter}
        aria-describedby="filter-sentence"
        placeholder={words.value.list.addFilter}
        value={typed}
        autoComplete="off"
        onFocus={() => setAt(0)}
        onClick={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
        onInput={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
          setOpen(true)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" class="popover options" hidden={!open} aria-label={words.value.filter.field}>
        {offered.map(([name], index) => (
          <FieldOption
            key={name}
            id={`${listId}-${index}`}
            label={context.texts.fields[name]?.label ?? name}
            current={index === at}
            onPick={() => pick(index)}
          />
        ))}
      </ul>
    </span>
  )
}

interface FieldOptionProps {
  readonly id: string
  readonly label: string
  readonly current: boolean
  readonly onPick: () => void
}

const FieldOption = ({ id, label, current, onPick }: FieldOptionProps) => {
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (current) element.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <li
      ref={element}
      id={id}
      role="option"
      aria-selected={current}
      onPointerDown={(event) => {
        event.preventDefault()
        onPick()
      }}
    >
      {label}
    </li>
  )
}
